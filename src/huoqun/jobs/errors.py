"""How a job function ends other than by returning."""

from __future__ import annotations

from datetime import timedelta


class Cancelled(Exception):
    """Somebody asked to stop. Let it pass through; what is written so far must be fit to be left or to be gone on with."""


class LostIt(Exception):
    """This run was thought dead and another one has taken the job. Let it pass through: nothing may be written any more."""


class CannotGoOn(Exception):
    """The work cannot be done. The text is shown to whoever asked, so it says what is wrong and what to do, in plain words."""


class TryLater(Exception):
    """The work cannot be done right now; the job waits and is run again."""

    def __init__(self, after: timedelta, why: str = "") -> None:
        super().__init__(why)
        self.after = after
