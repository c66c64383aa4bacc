"""How the group lives: day by day, and how its talk is shared out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.charts import Bars, Calendar, Line, Series, Turn
from huoqun.console.figures import count_words
from huoqun.health.models import GroupDay, GroupHealth

DAYS_SHOWN = 180
WEEKS_SHOWN = 53

ByDay = Mapping[date, GroupDay]


def window(by_day: ByDay, as_of: date, days: int) -> list[date]:
    """From the first day with talk, at most so many days back, to the day of the audit. Before it nothing is known."""
    talked = [day for day, row in by_day.items() if row.messages or row.house_messages]
    first = max(min(talked or by_day), as_of - timedelta(days=days - 1))
    return [first + timedelta(days=n) for n in range((as_of - first).days + 1)]


def values(by_day: ByDay, days: list[date], name: str) -> list[int]:
    return [getattr(by_day[day], name) if day in by_day else 0 for day in days]


def heat(by_day: ByDay, as_of: date) -> Calendar:
    days = window(by_day, as_of, WEEKS_SHOWN * 7)
    return Calendar(_("Messages a day"), list(zip(days, values(by_day, days, "messages"), strict=True)), unit=_("messages"))


def activity(by_day: ByDay, as_of: date, health: GroupHealth) -> Line:
    days = window(by_day, as_of, DAYS_SHOWN)
    return Line(
        _("Messages a day by members and by house"),
        [day.isoformat() for day in days],
        [
            Series(_("Members"), values(by_day, days, "messages"), tone="accent"),
            Series(_("House accounts"), values(by_day, days, "house_messages"), tone="quiet"),
        ],
        turns=_turns(health, days),
    )


def _turns(health: GroupHealth, days: list[date]) -> list[Turn]:
    if not health.changed_on or not days[0] <= health.changed_on <= days[-1]:
        return []
    before = health.level_before / 7 if health.level_before is not None else None
    now = health.level_now / 7 if health.level_now is not None else None
    return [Turn(health.changed_on.isoformat(), _("the level changed"), before=before, after=now)]


def shares(health: GroupHealth) -> Bars | None:
    figures = health.figures
    if figures.get("top1_share") is None:
        return None
    people = [figures.get("top_people") or 0, figures.get("next_people") or 0]
    rest = max((figures.get("speakers_90d") or 0) - sum(people), 0)
    labels = [
        ngettext("the one who says most", "the %(n)s who say most", people[0]) % {"n": count_words(people[0])},
        ngettext("the next one", "the next %(n)s", people[1]) % {"n": count_words(people[1])},
        ngettext("the other one", "the other %(n)s", rest) % {"n": count_words(rest)},
    ]
    parts = [round(100 * (figures.get(name) or 0), 1) for name in ("top1_share", "next9_share", "rest_share")]
    return Bars(_("Share of what members said, in per cent"), labels, [Series(_("Per cent"), parts)], first=_("People"))
