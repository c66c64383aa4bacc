"""Is a group alive, at which level, and since when: arithmetic only, no database.

`judge.judge` is the door; the other modules are its parts.
"""
