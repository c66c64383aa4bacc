"""A little world outside, in one SQLite file: rooms, people, what they say, and a door through which it is asked to do things.

It plays the far side of a carrier, so it knows nothing of Huoqun and has words of its own. What it has done stays done when
the process that asked is killed.
"""
