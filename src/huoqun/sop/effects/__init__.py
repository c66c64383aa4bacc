"""Does a playbook help? Fair tests over groups, and what may be said afterwards: arithmetic on arrays, no database, no clock.

A test is drawn before it begins (`waves`), says how small an effect it could see (`smallest`), and is read with intervals that
rest on the draw alone (`reading`). What was started without a draw has no comparison, and gets no effect.
"""
