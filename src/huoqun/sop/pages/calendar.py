"""The calendar: a month, a week or a day, of all groups, of an operator's, of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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

from huoqun.community.models import Group
from huoqun.community.pages import looking
from huoqun.console.figures import day_words
from huoqun.console.models import Role
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.sop import timetable
from huoqun.sop.holidays import day_words as holiday_words
from huoqun.sop.holidays import holiday_of, note_of
from huoqun.sop.pages import seen
from huoqun.sop.pages.entries import heading
from huoqun.sop.pages.feed import link
from huoqun.sop.rules.moves import MOVABLE

MOVED = "sop_moved"
"""Under this name the session keeps the last move, to take it back."""

REMEMBERED = timedelta(minutes=30)
VIEWS = ("month", "week", "day")
IN_A_CELL = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose calendar it is."""

    operator: int = 0
    group: int = 0

    def of(self, groups: QuerySet[Group]) -> QuerySet[Group]:
        if self.group:
            return groups.filter(pk=self.group)
        return groups.filter(operator=self.operator) if self.operator else groups


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    words: str
    entries: list[Shown]
    more: int
    url: str
    is_today: bool
    is_outside: bool
    holiday: str
    """What day it is in China where it is a holiday, or a working day on a weekend."""
    is_off: bool
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    entry: timetable.Entry
    heading: str
    move: str
    """Address of the form that moves it; "": it cannot be moved, or not by this person."""


@needs()
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    zone, now = zone_of(request), timezone.now()
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "week"
    scope = scope_of(request.GET)
    on = _day(request.GET.get("on", ""), now.astimezone(zone).date())
    first, number = span(view, on)
    found = timetable.entries(sight(request, scope), first=first, number=number, now=now)
    shown = [_shown(request, day, entries, on, view, now) for day, entries in found.items()]
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
        "unknown_holidays": note_of(first, first + timedelta(days=number - 1)),
        "hours": _hours(shown[0]) if view == "day" else [],
        "back": retold(request, now),
        "hidden": {name: request.GET[name] for name in ("view", "on", "operator", "group") if request.GET.get(name)},
        "on": on,
    }
    return render(request, "sop/calendar.html", context)


def sight(request: HttpRequest, scope: Scope) -> timetable.Sight:
    """What this person may see, as far as it is wanted."""
    whole, staff = timetable.Sight(seen.lines(request), seen.launches(request), seen.runs(request)), staff_of(request)
    operator = scope.operator or (staff.pk if staff.role == Role.OPERATOR else 0)
    if not (operator or scope.group):
        return whole
    return timetable.narrowed(whole, scope.of(seen.groups(request)), operator=operator, only=bool(scope.group))


def zone_of(request: HttpRequest) -> ZoneInfo:
    """Of the community looked at: days are its own. Of whoever looks, where it is several."""
    home = looking.chosen(request)
    return ZoneInfo(home.zone if home else staff_of(request).zone)


def scope_of(said: Mapping[str, str]) -> Scope:
    return Scope(_number(said.get("operator", "")), _number(said.get("group", "")))


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


def _shown(request: HttpRequest, day: date, entries: Sequence[timetable.Entry], on: date, view: str, now: datetime) -> Day:
    kept = entries[:IN_A_CELL] if view == "month" else entries
    today, holiday = now.astimezone(zone_of(request)).date(), holiday_of(day)
    return Day(
        day=day,
        words=day_words(day, today=today),
        entries=[Shown(entry, heading(entry), _move_url(request, entry, now)) for entry in kept],
        more=len(entries) - len(kept),
        url=_url(request, view="day", on=day),
        is_today=day == today,
        is_outside=view == "month" and day.month != on.month,
        holiday=holiday_words(holiday) if holiday else "",
        is_off=bool(holiday and holiday.is_off),
        source=holiday.source if holiday else "",
    )


def _move_url(request: HttpRequest, entry: timetable.Entry, now: datetime) -> str:
    """Where a form asks what moving it means. Past and sent ones have none."""
    kind = str(entry.step.__struct_config__.tag) if entry.step is not None else ""
    over = entry.until <= now or (entry.is_planned and not entry.left)
    if over or kind not in MOVABLE or not may(request.user, *WORKERS):
        return ""
    told = {"launch": entry.launch, "step": entry.key, "day": entry.day.isoformat(), "clock": entry.clock}
    told |= {name: request.GET[name] for name in ("view", "on", "operator", "group") if request.GET.get(name)}
    return f"{reverse('sop:move')}?{urlencode(told)}"


def _url(request: HttpRequest, *, view: str, on: date) -> str:
    query = {"view": view, "on": on.isoformat()}
    query |= {name: request.GET[name] for name in ("operator", "group") if request.GET.get(name)}
    return f"{reverse('sop:calendar')}?{urlencode(query)}"


def _view_words(view: str) -> str:
    return {"month": pgettext("calendar", "Month"), "week": pgettext("calendar", "Week"), "day": pgettext("calendar", "Day")}[
        view
    ]


def _hours(day: Day) -> list[tuple[str, list[Shown]]]:
    """The hours of a day, from the first to the last that has something, and two more on each side to drop things on."""
    if not day.entries:
        return []
    found: dict[int, list[Shown]] = defaultdict(list)
    for shown in day.entries:
        found[shown.entry.at.hour].append(shown)
    first, last = max(0, min(found) - 2), min(23, max(found) + 2)
    return [(f"{hour:02}", found.get(hour, [])) for hour in range(first, last + 1)]


def retold(request: HttpRequest, now: datetime) -> str:
    """What was moved a short while ago and can be moved back; "": nothing."""
    kept = request.session.get(MOVED)
    if kept is None or now - datetime.fromisoformat(kept["at"]) > REMEMBERED:
        return ""
    return str(kept["heading"])


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
