"""Two playbooks, one group, the same hour: the one that matters more keeps it, the other finds the next or is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

APART = timedelta(hours=1)


def _any_time(moment: datetime) -> datetime:
    return moment


def placed(
    due: datetime,
    taken: Iterable[datetime],
    *,
    latest: datetime,
    apart: timedelta = APART,
    within: Callable[[datetime], datetime] = _any_time,
) -> datetime | None:
    """The first moment from `due` on that is `apart` from each of those; None where there is none up to `latest`. `within`
    moves a moment on into the hours it has to be in.
    """
    others, at = sorted(taken), within(due)
    while at <= latest:
        moved = within(_past(others, at, apart))
        if moved == at:
            return at
        at = moved
    return None


def _past(others: Iterable[datetime], at: datetime, apart: timedelta) -> datetime:
    for other in others:
        if abs(other - at) < apart:
            at = other + apart
    return at
