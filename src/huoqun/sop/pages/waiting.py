"""Runs and steps that wait for somebody's yes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huoqun.console.models import Staff
from huoqun.console.navigation import Badge
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.sop import words
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Line, Run
from huoqun.sop.operations import deciding
from huoqun.sop.pages import seen
from huoqun.sop.rules.states import LineState, RunState
from huoqun.sop.steps import Approval

SHOWN = 50


def asked_runs(request: HttpRequest) -> QuerySet[Run]:
    return seen.runs(request).filter(state=RunState.ASKED, ended_at=None)


def asked_lines(request: HttpRequest) -> QuerySet[Line]:
    return seen.lines(request).filter(kind="approval", state=LineState.WAITING, settled_at=None, run__state=RunState.GOING)


def badge(request: HttpRequest) -> Badge | None:
    number = asked_runs(request).count() + asked_lines(request).count()
    return Badge(number, _("wait for a yes")) if number else None


@needs()
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    runs = asked_runs(request).select_related("group__operator", "version__playbook", "member").order_by("made_at", "pk")
    lines = asked_lines(request).select_related("run__group__operator", "run__version__playbook").order_by("at", "pk")
    context = {
        "runs": [
            (run, words.GROUP_STATES.get(run.group.state, ""), seen.may_change(request, run.group)) for run in runs[:SHOWN]
        ],
        "lines": [(line, _question(line), seen.may_change(request, line.run.group)) for line in lines[:SHOWN]],
        "more": max(0, runs.count() + lines.count() - 2 * SHOWN),
    }
    return render(request, "sop/waiting.html", context)


def _question(line: Line) -> str:
    step = line.run.version.book.find(line.step)
    return step.question if isinstance(step, Approval) else ""


@needs(*WORKERS)
@require_POST
def run(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    asked = seen.changed_run(request, pk)
    if answer == "yes":
        return _said(request, lambda by, now: deciding.begin_after_all(asked, by=by, now=now), _("It begins in this group."))
    return _said(request, lambda by, now: deciding.turn_down(asked, by=by, now=now), _("It does not begin in this group."))


@needs(*WORKERS)
@require_POST
def line(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    asked = seen.changed_line(request, pk)
    if answer == "yes":
        return _said(request, lambda by, now: deciding.approve(asked, by=by, now=now), _("Yes: it goes on."))
    return _said(request, lambda by, now: deciding.refuse(asked, by=by, now=now), _("No: as the playbook says for that."))


def _said(request: HttpRequest, do: Callable[[Staff, datetime], None], words_: str) -> HttpResponse:
    try:
        do(staff_of(request), timezone.now())
    except NotOpen:
        messages.error(request, _("Somebody else has answered meanwhile."))
    else:
        messages.success(request, words_)
    return HttpResponseRedirect(reverse("sop:waiting"))
