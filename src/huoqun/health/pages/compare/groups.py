"""Two groups, or one group on two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from huoqun.community import queries as community_queries
from huoqun.community.models import Group
from huoqun.console.models import Staff
from huoqun.console.permissions import needs, staff_of
from huoqun.health import queries
from huoqun.health.models import GroupHealth
from huoqun.health.pages.compare import rows, talk
from huoqun.health.pages.compare.rows import Row
from huoqun.health.pages.words import state_words, together

CANDIDATES = 12
DAYS_SUGGESTED = 9
NAMED = 3
"""So many differences are named in the sentence."""


@dataclass(frozen=True, slots=True)
class Side:
    """What was asked for on one side, and what was found."""

    letter: str
    wanted: str
    day: date | None
    group: Group | None
    candidates: list[Group]
    days: list[date]
    health: GroupHealth | None

    @property
    def name(self) -> str:
        return self.group.name or self.group.native_id if self.group else self.wanted

    @property
    def told(self) -> str:
        return f"{self.name} · {self.health.audit.as_of.isoformat()}" if self.health else self.name


@needs()
def page(request: HttpRequest) -> HttpResponse:
    visitor = staff_of(request)
    sides = [_side(visitor, request, letter) for letter in ("a", "b")]
    found = [side.health for side in sides if side.health]
    context: dict[str, Any] = {"sides": sides}
    if len(found) == 2 and found[0].pk != found[1].pk:
        context |= _compared(visitor, sides, found[0], found[1])
    elif sides[0].health:
        context |= {"suggested": queries.similar(visitor, sides[0].health), "other_days": sides[0].days[1:DAYS_SUGGESTED]}
        context["same"] = len(found) == 2
    return render(request, "health/compare/groups.html", context)


def _side(visitor: Staff, request: HttpRequest, letter: str) -> Side:
    wanted = request.GET.get(letter, "").strip()[:200]
    day = _day(request.GET.get(f"{letter}_on", ""))
    group = _kept(visitor, request.GET.get(f"{letter}_was", ""), wanted)
    candidates: list[Group] = []
    if group is None:
        group, candidates = _found(visitor, wanted)
    days = queries.audit_days(visitor, group) if group else []
    return Side(letter, wanted, day, group, candidates, days, queries.health_on(visitor, group, day) if group else None)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _kept(visitor: Staff, number: str, wanted: str) -> Group | None:
    """The group that stood there, if its name was left as it was: two groups may have one name."""
    one = _numbered(visitor, number)
    return one if one and wanted == (one.name or one.native_id) else None


def _numbered(visitor: Staff, number: str) -> Group | None:
    if not number.isdecimal() or len(number) > 18:
        return None
    return community_queries.groups(visitor).select_related("community").filter(pk=int(number)).first()


def _found(visitor: Staff, wanted: str) -> tuple[Group | None, list[Group]]:
    """By number, by whole name, or by part of a name where only one has it; else those that could be meant."""
    if not wanted:
        return None, []
    if one := _numbered(visitor, wanted):
        return one, []
    allowed = community_queries.groups(visitor).select_related("community").order_by("name", "pk")
    like = list(allowed.filter(name__icontains=wanted)[: CANDIDATES + 1])
    exact = [group for group in like if group.name == wanted]
    if len(exact) == 1 or len(like) == 1:
        return (exact or like)[0], []
    return None, like


def _compared(visitor: Staff, sides: list[Side], first: GroupHealth, second: GroupHealth) -> dict[str, Any]:
    one_group = first.group_id == second.group_id
    names = (sides[0].told, sides[1].told) if one_group else (sides[0].name, sides[1].name)
    compared = rows.side_by_side(rows.known(first), rows.known(second), rows.FIGURES)
    return {
        "first": first,
        "second": second,
        "heads": [side.health.audit.as_of.isoformat() if one_group and side.health else side.name for side in sides],
        "rows": compared,
        "sentence": _sentence(first, second, names, compared),
        "talk": talk.chart(visitor, first, second, names),
    }


def _sentence(first: GroupHealth, second: GroupHealth, names: tuple[str, str], compared: list[Row]) -> str:
    said = _("%(first)s: %(state)s. %(second)s: %(other)s.") % {
        "first": names[0],
        "second": names[1],
        "state": state_words(first.state),
        "other": state_words(second.state),
    }
    most = sorted((row for row in compared if row.weight > 0.1), key=lambda row: -row.weight)[:NAMED]
    if not most:
        return together(said, _("Nothing that is counted differs much."))
    named = _("; ").join(_("%(name)s: %(difference)s") % {"name": row.name, "difference": row.difference} for row in most)
    return together(said, _("What differs most on the second side: %(named)s.") % {"named": named})
