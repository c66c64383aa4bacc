"""One group: how it lives, since when and why, who is in it, who was left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.community import queries as community_queries
from huoqun.community.capacity import CAPACITIES, capacity_of
from huoqun.community.models import Group, Identity
from huoqun.console.charts import Bars, Calendar, Line, Series, Turn
from huoqun.console.figures import count_words, percent_words
from huoqun.console.permissions import WORKERS, may, needs
from huoqun.health import queries
from huoqun.health.models import Audit, GroupHealth, Unanswered
from huoqun.health.pages import sentences
from huoqun.health.pages.words import definition, language, reason_sentences, state_meaning, state_words
from huoqun.health.registry import FAMILIES, registry

DAYS_SHOWN = 180
PEOPLE_SHOWN, PEOPLE_AT_ONCE = 50, 12
"""Of a group's speakers so many are on the page; those after the first dozen open on request."""


@needs()
def one(request: HttpRequest, pk: int) -> HttpResponse:
    group = community_queries.groups(request.user).select_related("community", "operator", "owner").filter(pk=pk).first()
    if group is None:
        raise Http404
    audit = queries.latest_audit(group.community)
    health = GroupHealth.objects.filter(audit=audit, group=group).first() if audit else None
    context: dict[str, Any] = {"group": group, "audit": audit, "health": health, "may_change": may(request.user, *WORKERS)}
    if audit and health:
        context |= _audited(request, group, audit, health)
    return render(request, "health/group.html", context)


def _audited(request: HttpRequest, group: Group, audit: Audit, health: GroupHealth) -> dict[str, Any]:
    days = queries.days_of(request.user, [group], upto=audit.as_of, days=400)
    by_day = {day.day: day for day in days}
    roles = list(queries.roles_in(request.user, group)[:PEOPLE_SHOWN])
    told = [(role, queries.reason_of(role)) for role in roles]
    capacity = capacity_of(group.carrier, group.capacity)
    return {
        "state_words": state_words(health.state),
        "meaning": state_meaning(health.state),
        "reasons": reason_sentences(health.reasons),
        "alive": sentences.alive(health),
        "capacity": capacity,
        "capacity_source": CAPACITIES.get(group.carrier) if group.capacity is None else None,
        "heat": _heat(by_day, audit.as_of) if by_day else None,
        "activity": _activity(by_day, audit.as_of, health) if by_day else None,
        "structure": sentences.structure(health),
        "shares": _shares(health),
        "newcomers": sentences.newcomers(health),
        "service": sentences.service(health),
        "growth": sentences.growth(health),
        "questions": [_question(one) for one in _with_names(queries.unanswered_in(request.user, group)[:20])],
        "roles": roles,
        "roles_first": told[:PEOPLE_AT_ONCE],
        "roles_more": told[PEOPLE_AT_ONCE:],
        "house_here": _house_here(group),
        "figures": _figures(health),
    }


def _window(by_day: dict[date, Any], as_of: date, days: int) -> list[date]:
    """From the first day with talk, at most so many days back, to the day of the audit. Before it nothing is known."""
    talked = [day for day, row in by_day.items() if row.messages or row.house_messages]
    first = max(min(talked or by_day), as_of - timedelta(days=days - 1))
    return [first + timedelta(days=n) for n in range((as_of - first).days + 1)]


def _heat(by_day: dict[date, Any], as_of: date) -> Calendar:
    days = _window(by_day, as_of, 371)
    counted = [(day, by_day[day].messages if day in by_day else 0) for day in days]
    return Calendar(_("Messages a day"), counted, unit=_("messages"))


def _activity(by_day: dict[date, Any], as_of: date, health: GroupHealth) -> Line:
    days = _window(by_day, as_of, DAYS_SHOWN)

    def values(name: str) -> list[int]:
        return [getattr(by_day[day], name) if day in by_day else 0 for day in days]

    turns = []
    if health.changed_on and days[0] <= health.changed_on <= days[-1]:
        before = health.level_before / 7 if health.level_before is not None else None
        now = health.level_now / 7 if health.level_now is not None else None
        turns = [Turn(health.changed_on.isoformat(), _("the level changed"), before=before, after=now)]
    return Line(
        _("Messages a day by members and by house"),
        [day.isoformat() for day in days],
        [
            Series(_("Members"), values("messages"), tone="accent"),
            Series(_("House accounts"), values("house_messages"), tone="quiet"),
        ],
        turns=turns,
    )


def _shares(health: GroupHealth) -> Bars | None:
    figures = health.figures
    if figures.get("top1_share") is None:
        return None
    people = [figures.get("top_people") or 0, figures.get("next_people") or 0]
    rest = (figures.get("speakers_90d") or 0) - sum(people)
    labels = [
        ngettext("the one who says most", "the %(n)s who say most", people[0]) % {"n": count_words(people[0])},
        ngettext("the next one", "the next %(n)s", people[1]) % {"n": count_words(people[1])},
        ngettext("the other one", "the other %(n)s", max(rest, 0)) % {"n": count_words(max(rest, 0))},
    ]
    values = [round(100 * (figures.get(name) or 0), 1) for name in ("top1_share", "next9_share", "rest_share")]
    return Bars(_("Share of what members said, in per cent"), labels, [Series(_("Per cent"), values)], first=_("People"))


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    name: str
    text: str
    kind: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Question:
    row: Unanswered
    around: list[Said]


def _with_names(rows: Any) -> list[tuple[Unanswered, dict[int, str]]]:
    """Each question with the names of everybody around it; one query for all."""
    found = list(rows)
    keys = {line["author"] for row in found for line in row.around if line.get("author")}
    names = dict(Identity.objects.filter(key__in=keys).values_list("key", "person__name"))
    return [(row, names) for row in found]


def _question(pair: tuple[Unanswered, dict[int, str]]) -> Question:
    row, names = pair
    return Question(
        row,
        [
            Said(
                at=datetime.fromtimestamp(line["at"] / 1000, UTC),
                name=names.get(line.get("author") or 0) or "—",
                text=line.get("text") or "",
                kind=line.get("kind") or "",
                asked=bool(line.get("asked")),
            )
            for line in row.around
        ],
    )


def _house_here(group: Group) -> list[Identity]:
    rows = Identity.objects.filter(memberships__group=group).exclude(person__house="").select_related("person")
    return list(rows.order_by("person__house", "name")[:100])


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    definition: str
    source: str


def _figures(health: GroupHealth) -> list[tuple[str, list[Figure]]]:
    """Every figure of the audit by metric, each with what it counts and from which data."""
    chinese = language().startswith("zh")
    found = []
    for metric in registry().choose(families=[family for family in FAMILIES if family != "portfolio"]):
        if metric.per != "group":
            continue
        rows = [
            Figure(c.zh if chinese else c.en, _value(health.figures.get(c.name), c.unit), definition(metric), metric.source)
            for c in metric.columns
        ]
        found.append((metric.zh if chinese else metric.en, rows))
    return found


def _value(value: Any, unit: str) -> str:
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return value[:16].replace("T", " ")
    return percent_words(value) if unit == "fraction" else count_words(round(value, 2))
