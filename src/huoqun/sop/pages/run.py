"""One run as its line of time, and what can still be changed about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from huoqun.community.models import Identity
from huoqun.console.models import Staff
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.content.rules.filling import Fault, wrongs
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.outbox.rules.states import Why as Waits
from huoqun.outbox.words import WAITS_FOR
from huoqun.ownership.models import Todo
from huoqun.sop import words
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Line, Run
from huoqun.sop.operations import changing, wording
from huoqun.sop.operations.proving import PROOF
from huoqun.sop.pages import saying, seen, telling
from huoqun.sop.parts.lapse import Lapse
from huoqun.sop.playbooks.answers import with_answers
from huoqun.sop.playbooks.voices import said_by
from huoqun.sop.punctuality import is_late
from huoqun.sop.rules.states import SETTLED, LineState, RunState
from huoqun.sop.steps import Message, Step

SHIFTS = ("-1d", "-2h", "-1h", "-30m", "30m", "1h", "2h", "1d", "2d", "1w")
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Shown:
    """A step of the run. Without a line it is still to come, `at` where that is known."""

    step: Step
    heading: str
    kind: str
    at: datetime | None
    code: str
    state: str
    line: Line | None = None
    why: str = ""
    late: bool = False
    todo: Todo | None = None
    to: str = ""
    """Whom it is for, where that is several."""
    own: str | None = None

    @property
    def may_skip(self) -> bool:
        return self.line is not None and self.line.state not in SETTLED

    @property
    def may_reword(self) -> bool:
        return (self.line is None or self.line.state == LineState.PLANNED) and any(said_by(self.step))

    @property
    def text(self) -> str:
        return self.line.text if self.line else ""

    @property
    def wording(self) -> str:
        """What stands in the field: this group's own words, or the playbook's."""
        said = next(iter(said_by(self.step)), None)
        return self.own if self.own is not None else said[1].text if said else ""


@needs()
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    run = seen.one_run(request, pk)
    shown = line_of_time(run, now=timezone.now())
    context = {
        "run": run,
        "launch": run.launch,
        "state_words": words.RUN_STATES[run.state],
        "why": words.why(run.reason),
        "steps": shown,
        "may_change": seen.may_change(request, run.group) and run.is_open,
        "shifts": [(each, shift_words(each)) for each in SHIFTS],
        "zone": run.launch.community.zone,
    }
    return render(request, "sop/run.html", context)


def line_of_time(run: Run, *, now: datetime) -> list[Shown]:
    """Every step, in the order of the playbook: what became of it, or when it comes."""
    lines = {line.step: line for line in run.lines.all()}
    todos = {row.key: row for row in Todo.objects.filter(room="sop", key__in=_todo_keys(lines.values()))}
    coming = dict(_coming(run, now)) if run.state in {RunState.GOING, RunState.ASKED, RunState.PAUSED} else {}
    steps = [*_no_more(run, lines), *run.version.book.steps]
    names, waits = _names(lines.values()), _waits(lines.values())
    return [_shown(run, step, lines.get(step.key), coming, todos, names, waits, now) for step in steps]


def _no_more(run: Run, lines: Mapping[str, Line]) -> list[Step]:
    """Steps the run has a line of, and its version does not know any more: as an earlier version had them."""
    strange = {key for key in lines if run.version.book.find(key) is None}
    found: dict[str, Step] = {}
    versions = run.version.playbook.versions.defer("plain").order_by("-number") if strange else ()
    for version in versions:
        for step in version.book.steps:
            if step.key in strange:
                found.setdefault(step.key, step)
        if found.keys() == strange:
            break
    return sorted(found.values(), key=lambda step: lines[step.key].at)


def _waits(lines: Iterable[Line]) -> dict[str, str]:
    """Why what is planned has not gone out though its time has come, by step: a cap, the carrier's pace, quiet hours."""
    steps = {key: line.step for line in lines if line.state == LineState.PLANNED for key in line.request_keys}
    requests = Request.objects.filter(key__in=steps, room="sop", state=RequestState.WAITING).exclude(waits_for="")
    return {steps[key]: str(WAITS_FOR[Waits(why)]) for key, why in requests.values_list("key", "waits_for")}


def _names(lines: Iterable[Line]) -> dict[int, str]:
    """Of those whom messages for a role were for."""
    people = Identity.objects.filter(pk__in={identity for line in lines for identity in line.to})
    return {pk: name or person for pk, name, person in people.values_list("pk", "name", "person__name")}


def _todo_keys(lines: Any) -> list[str]:
    """The one that shows it stands before the one by which it was done."""
    return [key for line in lines for key in (f"{line.request_key}/{PROOF}", line.request_key, f"request/{line.request_key}")]


def _coming(run: Run, now: datetime) -> list[tuple[str, datetime | None]]:
    scene = saying.scene_of(run.version.book, run.launch.community, run.group, answers={}, now=now)
    seed = f"{run.launch_id}/{run.group_id}"
    steps = saying.expected(run.version.book, run.anchor, scene.zone, seed=seed, before=run.before, first=run.place)
    return [(step.key, at) for step, at in steps]


def _shown(
    run: Run,
    step: Step,
    line: Line | None,
    coming: dict[str, datetime | None],
    todos: dict[str, Todo],
    names: dict[int, str],
    waits: dict[str, str],
    now: datetime,
) -> Shown:
    heading, kind, own = telling.heading(step), telling.kind_words(step), run.own_words.get(step.key)
    if line is None:
        later = step.key in coming
        said = _("to come") if later else _("did not come to it")
        at = coming.get(step.key)
        if why := saying.day_off(run.version.book, step, at, ZoneInfo(run.launch.community.zone)):
            said = _("will be left out")
        return Shown(step, heading, kind, at, "line-later", said, why=why, own=own)
    late = is_late(line, now=now)
    said = str(words.LINE_STATES[line.state])
    if late and line.state != LineState.SKIPPED:
        said = _("%(state)s, late") % {"state": said}
    todo = next((todos[key] for key in _todo_keys([line]) if key in todos), None)
    why = words.why(line.reason) or str(words.WAYS.get(line.way, "")) or waits.get(line.step, "")
    code, to = "line-late" if late else f"line-{line.state}", telling.to_words([names.get(each, "") for each in line.to])
    return Shown(step, heading, kind, line.at, code, said, line, why, late, todo, to, own)


def shift_words(lapse: str) -> str:
    delta = Lapse(lapse).delta
    span = telling.lapse_words(delta)
    return (_("%(span)s earlier") if delta.total_seconds() < 0 else _("%(span)s later")) % {"span": span}


# Changing


def to_run(run: Run) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("sop:run", args=[run.pk]))


@needs(*WORKERS)
@require_POST
def change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Pause, resume or stop."""
    doing: dict[str, tuple[Callable[..., object], Promise]] = {
        "pause": (changing.pause, gettext_lazy("This group pauses: nothing of the run goes out.")),
        "resume": (changing.resume, gettext_lazy("It goes on. What is past its time is left out.")),
        "stop": (changing.stop, gettext_lazy("Stopped. What has gone out stays out.")),
    }
    run = seen.changed_run(request, pk)
    do, said = doing[what]
    do(run, by=staff_of(request), now=timezone.now())
    messages.success(request, str(said))
    return to_run(run)


@needs(*WORKERS)
@require_POST
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    run = seen.changed_run(request, pk)
    lapse = request.POST.get("lapse", "")
    if lapse not in SHIFTS:
        messages.error(request, _("Choose by how much."))
        return to_run(run)
    said = _("Moved: %(span)s. What happens at a time of day keeps that time.") % {"span": shift_words(lapse)}
    return _tried(request, run, lambda by, now: changing.shift(run, Lapse(lapse).delta, by=by, now=now), said)


@needs(*WORKERS)
@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    line = seen.changed_line(request, pk)
    return _tried(request, line.run, lambda by, now: changing.skip(line, by=by, now=now), _("Left out in this group."))


class Wording(forms.Form):
    text = forms.CharField(max_length=LONGEST)


@needs(*WORKERS)
@require_POST
def reword(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """This group's own words for a step that is not out yet."""
    run = seen.changed_run(request, pk)
    found = next((each for each in run.version.book.steps if each.key == step), None)
    form = Wording(request.POST)
    if found is None or not any(said_by(found)):
        messages.error(request, _("This step says nothing."))
        return to_run(run)
    if not form.is_valid():
        messages.error(request, _("There is nothing to say."))
        return to_run(run)
    text = form.cleaned_data["text"]
    if problem := wrong_words(run, found, text):
        messages.error(request, problem)
        return to_run(run)
    return _tried(
        request, run, lambda by, now: wording.say(run, step, text, by=by, now=now), _("From here it is said like this.")
    )


def wrong_words(run: Run, step: Step, text: str) -> str:
    """What is wrong with a text of one's own; "": nothing."""
    to_members = isinstance(step, Message) or run.member_id is not None
    for wrong in wrongs(with_answers(text, run.launch.answers), to_members=to_members):
        sentences = {
            Fault.NEAR: _("There is no variable {{%(name)s}}; did you mean {{%(near)s}}?"),
            Fault.UNKNOWN: _("There is no variable {{%(name)s}}."),
            Fault.MEMBERS_ONLY: _("{{%(name)s}} is for messages to one member."),
            Fault.OPEN: _("A variable begins with {{ and ends with }}."),
        }
        return sentences[wrong.fault] % {"name": wrong.name, "near": wrong.near}
    return ""


def _tried(request: HttpRequest, run: Run, do: Callable[[Staff, datetime], object], said: str) -> HttpResponse:
    try:
        do(staff_of(request), timezone.now())
    except NotOpen:
        messages.error(request, _("Too late: it is out, or over."))
    else:
        messages.success(request, said)
    return to_run(run)
