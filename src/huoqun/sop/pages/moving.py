"""Moving a step in the calendar: dragged, or with a form for phones and keyboards. Several groups are asked about first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from huoqun.community.models import Group
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.jobs import operations as jobs
from huoqun.sop import queries
from huoqun.sop.errors import CannotMove, NoMove
from huoqun.sop.models import Launch, Line
from huoqun.sop.operations import retiming
from huoqun.sop.operations.retiming import Moved, Wish
from huoqun.sop.pages import seen, telling
from huoqun.sop.pages.calendar import MOVED, Scope, scope_of
from huoqun.sop.timetable import Books

AT_ONCE = 40
"""So many groups are planned again while somebody waits; more are left to the worker."""

SENTENCES: dict[NoMove, Promise] = {
    NoMove.ENDED: gettext_lazy("This playbook is no longer at work."),
    NoMove.TOO_FAR: gettext_lazy("Choose another time, at most two months away."),
    NoMove.OUT: gettext_lazy("Nothing of it can be moved any more: it is out, or over."),
    NoMove.NOT_PLANNED: gettext_lazy("This is not planned yet: it can be put off, but not come earlier."),
    NoMove.PAST: gettext_lazy("That time is past."),
    NoMove.TEST: gettext_lazy("A fair test runs, and by then it would not have let in all of these groups."),
    NoMove.KIND: gettext_lazy("This step hangs on others and cannot be moved by itself. Move the run instead."),
}


class Asked(forms.Form):
    """Where an entry of the calendar stands, and where it is to go."""

    launch = forms.IntegerField(min_value=1)
    step = forms.CharField(max_length=64)
    day = forms.DateField()
    clock = forms.TimeField()
    to_day = forms.DateField()
    to_clock = forms.TimeField()

    @property
    def minutes(self) -> int:
        said = self.cleaned_data
        stands = datetime.combine(said["day"], said["clock"])
        goes = datetime.combine(said["to_day"], said["to_clock"])
        return round((goes - stands).total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be moved, as far as this person may."""

    launch: Launch
    wish: Wish
    heading: str
    groups: int
    """In so many it is planned and not out."""
    out: int
    """In so many it is out, or over."""


@needs(*WORKERS)
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """What it means, and for whom, before anything is moved."""
    form = Asked({**_usual(request), **request.GET.dict()})
    if not form.is_valid():
        messages.error(request, _("Choose a day and a time."))
        return _back(request, request.GET)
    entry = _entry(request, form)
    scope = scope_of(request.GET)
    context = {
        "entry": entry,
        "said": form.cleaned_data,
        "minutes": form.minutes,
        "hidden": _hidden(request.GET),
        "only": _only(request, scope),
        "today": timezone.now().astimezone(ZoneInfo(entry.launch.community.zone)).date(),
        "back": _calendar_url(request.GET),
    }
    return render(request, "sop/move.html", context)


def _usual(request: HttpRequest) -> dict[str, str]:
    """Without another time said: as it stands."""
    return {"to_day": request.GET.get("day", ""), "to_clock": request.GET.get("clock", "")}


@needs(*WORKERS)
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    form = Asked(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a day and a time."))
        return _back(request, request.POST)
    entry, by, now = _entry(request, form), staff_of(request), timezone.now()
    try:
        moved = retiming.move(entry.wish, by=by, now=now)
    except CannotMove as cannot:
        messages.error(request, str(SENTENCES[cannot.reason]))
        return _back(request, request.POST)
    _plan(request, entry.wish, moved.days, now)
    said = form.cleaned_data
    _remember(request, entry, moved, now)
    where = {"day": said["to_day"].isoformat(), "clock": f"{said['to_clock']:%H:%M}", "step": entry.heading}
    messages.success(request, _("“%(step)s” moved to %(day)s %(clock)s.") % where)
    return _back(request, request.POST)


@needs(*WORKERS)
@require_POST
def move_back(request: HttpRequest) -> HttpResponse:
    """The last move of this session, as it was before."""
    kept = request.session.pop(MOVED, None)
    if kept is None:
        messages.error(request, _("There is nothing to move back."))
        return _back(request, request.POST)
    seen.one_launch(request, kept["launch"])
    wish = Wish(kept["launch"], kept["step"], date.fromisoformat(kept["days"][0]), kept["minutes"], kept["groups"])
    now = timezone.now()
    moved = retiming.move_back(wish, kept["rows"], by=staff_of(request), now=now)
    _plan(request, wish, moved.days, now)
    messages.success(request, _("Moved back. What has gone out meanwhile stays out."))
    return _back(request, request.POST)


def _entry(request: HttpRequest, form: Asked) -> Entry:
    """Raises Http404 for what this person may not see."""
    said = form.cleaned_data
    launch = seen.one_launch(request, said["launch"])
    groups = _groups(request, launch, scope_of(request.POST or request.GET), said["step"], said["day"])
    wish = Wish(launch.pk, said["step"], said["day"], form.minutes, groups)
    lines = Line.objects.filter(launch=launch, step=said["step"], day=said["day"])
    there = (lines if groups is None else lines.filter(group__in=groups)).count()
    planned = retiming.movable(wish, now=timezone.now()).count()
    step = Books([launch.pk]).step(launch.pk, said["step"])
    return Entry(launch, wish, telling.heading(step) if step else said["step"], planned, there - planned)


def _groups(request: HttpRequest, launch: Launch, scope: Scope, step: str, day: date) -> list[int] | None:
    """None: all of the launch, for those in charge who looked at all of them."""
    if seen.may_lead(request) and not (scope.operator or scope.group):
        return None
    mine = scope.of(seen.groups(request)).order_by().values("pk")
    lines = Line.objects.filter(launch=launch, step=step, day=day, group__in=mine)
    planned = list(lines.order_by("group").values_list("group", flat=True).distinct())
    if planned:
        return planned
    coming = queries.groups_of(launch).filter(pk__in=mine)
    return list(coming.order_by("pk").values_list("pk", flat=True))


def _plan(request: HttpRequest, wish: Wish, days: tuple[date, ...], now: datetime) -> None:
    """Here where it is few groups, otherwise by the worker."""
    runs = retiming.runs_moved(wish, days, now=now)
    if len(runs) <= AT_ONCE:
        retiming.plan_moved(wish, days, by=staff_of(request), now=now)
        return
    listed = [day.isoformat() for day in days]
    told = {"launch": wish.launch, "step": wish.step, "days": listed, "groups": wish.groups, "by": staff_of(request).pk}
    jobs.ask("move_steps", told, key=f"{wish.launch}/{wish.step}/{now:%Y%m%dT%H%M%S.%f}", by=staff_of(request), now=now)
    said = ngettext("%(n)d group is being planned again.", "%(n)d groups are being planned again.", len(runs))
    messages.info(request, said % {"n": len(runs)})


# To take it back


def _remember(request: HttpRequest, entry: Entry, moved: Moved, now: datetime) -> None:
    request.session[MOVED] = {
        "launch": entry.wish.launch, "step": entry.wish.step, "minutes": entry.wish.minutes, "groups": entry.wish.groups,
        "days": [day.isoformat() for day in moved.days], "rows": moved.rows, "heading": entry.heading, "at": now.isoformat(),
    }  # fmt: skip


# Back to where it was dragged


def _hidden(said: Any) -> dict[str, str]:
    return {name: said[name] for name in ("view", "on", "operator", "group") if said.get(name)}


def _calendar_url(said: Any) -> str:
    return f"{reverse('sop:calendar')}?{urlencode(_hidden(said))}"


def _back(request: HttpRequest, said: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(_calendar_url(said))


def _only(request: HttpRequest, scope: Scope) -> str:
    """Whose groups it is about; "": all."""
    if scope.group:
        return str(Group.objects.filter(pk=scope.group).first() or "")
    return ""
