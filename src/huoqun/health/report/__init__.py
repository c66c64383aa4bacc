"""The audit as one file to keep or send on: HTML without scripts, fonts or pictures from elsewhere.

`render.render(told.told(trial), language=...)` needs neither settings nor a database.
"""
