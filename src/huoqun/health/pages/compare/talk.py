"""The talk of two sides week by week, the newest week last, so that two periods lie on each other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from huoqun.console.charts import Line, Series
from huoqun.console.models import Staff
from huoqun.health import queries
from huoqun.health.models import GroupDay, GroupHealth

WEEKS = 26


def chart(visitor: Staff, first: GroupHealth, second: GroupHealth, names: tuple[str, str]) -> Line:
    labels = [str(number) for number in range(1 - WEEKS, 1)]
    told = [_weeks(_days(visitor, one), one.audit.as_of) for one in (first, second)]
    series = [Series(name, weeks, tone=tone) for name, weeks, tone in zip(names, told, ("accent", "amber"), strict=True)]
    return Line(_("Messages by members a week, up to the week of each audit"), labels, series, first=_("Week"))


def _days(visitor: Staff, health: GroupHealth) -> Iterable[GroupDay]:
    return queries.days_of(visitor, [health.group], upto=health.audit.as_of, days=WEEKS * 7)


def _weeks(days: Iterable[GroupDay], upto: date) -> list[int | None]:
    """Messages a week; weeks before the first day anything was seen are not known."""
    sums = [0] * WEEKS
    first = WEEKS
    for row in days:
        place = WEEKS - 1 - (upto - row.day) // timedelta(days=7)
        if 0 <= place < WEEKS:
            sums[place] += row.messages
            first = min(first, place)
    return [None if place < first else value for place, value in enumerate(sums)]
