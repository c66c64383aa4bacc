"""When a live account is asked what is new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from huoqun.carriers.base import LONGEST_CALL

Dice = Callable[[], float]
"""A number from 0 to below 1."""

EVERY = timedelta(seconds=5)
"""Between two questions to one account that has told everything."""

LONGEST_WAIT = timedelta(minutes=5)

TURN = LONGEST_CALL + timedelta(seconds=30)
"""How long one worker has an account for itself: longer than any call, so that whoever takes it over finds nobody there."""

LASTING = 3
"""So many failures in a row are shown above every page: one alone is gone before anybody has read it."""


def wait_after(failures: int, dice: Dice) -> timedelta:
    """After so many failures in a row: longer and longer, and never in step with others, as half of it is chance."""
    whole: timedelta = min(EVERY * 2 ** min(failures, 20), LONGEST_WAIT)
    return whole * (0.5 + dice() / 2)


def due_before(now: datetime) -> datetime:
    """Whose time lies after this was put off by a clock which has been set back since: nobody waits so long."""
    return now + max(LONGEST_WAIT, TURN)
