"""One budget for all processes of an installation: they meet now and then over rows of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import OperationalError

from . import pace_rows
from .budget import Budget

MEET = timedelta(seconds=5)
"""In between, processes may together overrun a limit by what they call in so long; WeCom's own "too often" then closes the path
for all of them.
"""


class Pace:
    """Of one company. Not to be used by threads which do not touch the database."""

    def __init__(self, whose: str, budget: Budget, *, now: Callable[[], datetime]) -> None:
        self._whose, self._budget, self._now = whose, budget, now

    def before(self, path: str) -> None:
        self._budget.know(self._whose, path)
        last, now = self._budget.met.get(self._whose), self._now()
        if self._budget.is_rare(path) or last is None or abs(now - last) >= MEET:
            self._meet(now)

    def after(self, path: str) -> None:
        if self._budget.is_rare(path) or self._budget.has_closed(self._whose, path):
            self._meet(self._now())

    def _meet(self, now: datetime) -> None:
        news = self._budget.news(self._whose)
        try:
            told = pace_rows.exchange(self._whose, self._budget.me, news, now=now)
        except OperationalError:
            # The database is busy: the next time will do. What was told comes again, whole slots as they are.
            self._budget.tell_again(self._whose, news)
            return
        self._budget.met[self._whose] = now
        self._budget.hear(self._whose, told, now=now)
