"""The calendar: a month, a week or a day, of all groups, of an operator's, of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from huoqun.console.figures import day_words
from huoqun.console.permissions import needs, staff_of
from huoqun.sop import timetable
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.pages import seen, telling
from huoqun.sop.pages.feed import link

VIEWS = ("month", "week", "day")
IN_A_CELL = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose calendar it is."""

    operator: int = 0
    group: int = 0

    def of(self, rows: QuerySet[Any], group: str) -> QuerySet[Any]:
        if self.group:
            return rows.filter(**{f"{group}": self.group})
        return rows.filter(**{f"{group}__operator": self.operator}) if self.operator else rows


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    words: str
    entries: list[tuple[timetable.Entry, str]]
    more: int
    url: str
    is_today: bool
    is_outside: bool


@needs()
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    zone, now = ZoneInfo(staff_of(request).zone), timezone.now()
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "week"
    scope = _scope(request)
    on = _day(request.GET.get("on", ""), now.astimezone(zone).date())
    first, number = span(view, on)
    found = timetable.entries(*rows(request, scope), first=first, number=number, zone=zone, now=now)
    shown = [_shown(request, day, entries, on, view, now.astimezone(zone).date()) for day, entries in found.items()]
    context = {
        "view": view,
        "views": [(each, _view_words(each), _url(request, view=each, on=on)) for each in VIEWS],
        "weeks": [shown[place : place + 7] for place in range(0, len(shown), 7)] if view != "day" else [],
        "heads": _heads(),
        "today": shown[0] if view == "day" else None,
        "title": _title(view, on, first, number),
        "before": _url(request, view=view, on=_step(view, on, -1)),
        "after": _url(request, view=view, on=_step(view, on, 1)),
        "now": _url(request, view=view, on=now.astimezone(zone).date()),
        "operators": _operators(request),
        "scope": scope,
        "group": seen.groups(request).filter(pk=scope.group).first() if scope.group else None,
        "feed": link(request, operator=scope.operator, group=scope.group),
        "zone": zone.key,
        "on": on,
    }
    return render(request, "sop/calendar.html", context)


def rows(request: HttpRequest, scope: Scope) -> tuple[QuerySet[Line], list[Launch], QuerySet[Run]]:
    """Lines, launches looked ahead to, and runs, within what may be seen."""
    launches = list(seen.launches(request).filter(state=Launch.State.GOING)[:200])
    if scope.group:
        key = seen.groups(request).filter(pk=scope.group).values_list("key", flat=True).first()
        launches = [launch for launch in launches if not launch.only_groups or key in launch.only_groups]
    return scope.of(seen.lines(request), "run__group"), launches, scope.of(seen.runs(request), "group")


def _scope(request: HttpRequest) -> Scope:
    return Scope(_number(request.GET.get("operator", "")), _number(request.GET.get("group", "")))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _day(text: str, today: date) -> date:
    """What is no day is today. A century around it is enough."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs((day - today).days) < 36_500 else today


def span(view: str, on: date) -> tuple[date, int]:
    """First day and how many. Weeks begin on Monday; a month is shown in whole weeks."""
    if view == "day":
        return on, 1
    if view == "week":
        return on - timedelta(days=on.weekday()), 7
    first = on.replace(day=1)
    last = _step("month", first, 1) - timedelta(days=1)
    start = first - timedelta(days=first.weekday())
    return start, (last - start).days // 7 * 7 + 7


def _step(view: str, on: date, by: int) -> date:
    if view == "day":
        return on + timedelta(days=by)
    if view == "week":
        return on + timedelta(days=7 * by)
    month = on.month - 1 + by
    return date(on.year + month // 12, month % 12 + 1, 1)


def _shown(request: HttpRequest, day: date, entries: Sequence[timetable.Entry], on: date, view: str, today: date) -> Day:
    kept = entries[:IN_A_CELL] if view == "month" else entries
    return Day(
        day=day,
        words=day_words(day, today=today),
        entries=[(entry, telling.heading(entry.step)) for entry in kept],
        more=len(entries) - len(kept),
        url=_url(request, view="day", on=day),
        is_today=day == today,
        is_outside=view == "month" and day.month != on.month,
    )


def _url(request: HttpRequest, *, view: str, on: date) -> str:
    query = {"view": view, "on": on.isoformat()}
    query |= {name: request.GET[name] for name in ("operator", "group") if request.GET.get(name)}
    return f"{reverse('sop:calendar')}?{urlencode(query)}"


def _view_words(view: str) -> str:
    return {"month": pgettext("calendar", "Month"), "week": pgettext("calendar", "Week"), "day": pgettext("calendar", "Day")}[
        view
    ]


def _heads() -> list[str]:
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def _title(view: str, on: date, first: date, number: int) -> str:
    if view == "month":
        return _("%(year)s-%(month)s") % {"year": on.year, "month": f"{on.month:02}"}
    if view == "week":
        return f"{first.isoformat()} – {(first + timedelta(days=number - 1)).isoformat()}"
    return f"{on.isoformat()} {_heads()[on.weekday()]}"


def _operators(request: HttpRequest) -> list[tuple[int, str]]:
    rows = seen.groups(request).exclude(operator=None).order_by("operator__username")
    found = rows.values_list("operator", "operator__name", "operator__username").distinct()
    return [(pk, name or username) for pk, name, username in found]
