"""The audits of all communities looked at, as one portfolio."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest

from huoqun.community.models import Community
from huoqun.community.pages import looking
from huoqun.health import queries
from huoqun.health.models import Audit
from huoqun.health.pages.words import STATES

ADDED = (
    "groups",
    "no_talk_seen",
    "unheard",
    "every_day",
    "sometimes",
    "silent",
    "alive_7d_groups",
    "alive_30d_groups",
    "silent_90d_groups",
    "joins_30d",
    "leaves_30d",
    "joins_known_groups",
    "old_enough",
)
"""Counts that may be added up over communities. Shares of posters and medians may not: they stay with their community."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Counts over the groups of one or several communities, as of a day."""

    as_of: date
    counts: dict[str, int]
    states: dict[str, int]
    silent_in_a_week: int
    outlived_a_month: int

    def count(self, name: str) -> int:
        return self.counts.get(name, 0)


def latest_audits(request: HttpRequest) -> list[Audit]:
    """The newest complete audit of each community looked at."""
    return queries.latest_audits(looked_at(request))


def looked_at(request: HttpRequest) -> list[Community]:
    one = looking.chosen(request)
    return [one] if one else looking.seen(request)


def together(as_of: date, portfolios: Iterable[dict[str, object]]) -> Portfolio:
    counts: Counter[str] = Counter()
    states: Counter[str] = Counter()
    early: Counter[str] = Counter()
    for one in portfolios:
        counts.update({name: int(one.get(name) or 0) for name in ADDED})  # type: ignore[call-overload]
        states.update(one.get("states") or {})  # type: ignore[call-overload]
        old_enough = int(one.get("old_enough") or 0)  # type: ignore[call-overload]
        early["week"] += round(float(one.get("silent_in_a_week") or 0) * old_enough)  # type: ignore[arg-type]
        early["month"] += round(float(one.get("outlived_a_month") or 0) * old_enough)  # type: ignore[arg-type]
    shown = {state: states[state] for state in STATES if states[state]}
    return Portfolio(as_of, dict(counts), shown, early["week"], early["month"])


def movement(communities: Collection[Community], *, upto: date, weeks: int = 26) -> list[Portfolio]:
    """The portfolio on each day on which some community was audited; the others stand as they stood last."""
    since = upto - timedelta(weeks=weeks)
    moved: dict[int, list[queries.Moved]] = defaultdict(list)
    for one in queries.movement(communities, since=since):
        moved[one.community_id].append(one)
    days = sorted({one.as_of for rows in moved.values() for one in rows if one.as_of <= upto})
    found = []
    for day in days:
        known = [[one.portfolio for one in rows if one.as_of <= day] for rows in moved.values()]
        found.append(together(day, (portfolios[-1] for portfolios in known if portfolios)))
    return found
