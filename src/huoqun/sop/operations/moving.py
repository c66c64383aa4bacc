"""A launch goes on with another version of its playbook, and so do its runs under way, if that is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from huoqun.console.models import Staff
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.changing import leave_out, stop_runs, withdraw
from huoqun.sop.operations.renewing import renew
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.going import ended, place_in
from huoqun.sop.rules.states import OPEN, SETTLED, LineState, RunState, Why

AT_ONCE = 200
LONGEST_KEY = 200

_ANEW = re.compile(r"anew/\d+/")
_BY_CALENDAR = re.compile(r"(?:anew/\d+/)?\d{8}T\d{4}/")


class UnderWay(StrEnum):
    """What becomes of runs under way when their launch takes another version."""

    STAY = "stay"
    """They end with the version they began with."""
    MOVE = "move"
    """They take the new one from their next step on."""
    ANEW = "anew"
    """They stop, and begin again with the new one."""


def choose(
    launch: Launch,
    version: Version,
    choice: UnderWay,
    *,
    by: Staff | None,
    now: datetime,
    progress: Callable[[int], object] = lambda done: None,
) -> int:
    """Runs that begin from now on are of this version, and those under way do as was chosen. Done again it goes on where it was
    left. Returns how many runs were changed. Raises CannotLaunch.
    """
    match choice:
        case UnderWay.STAY:
            renew(launch, version)
            return 0
        case UnderWay.MOVE:
            return move_to(launch, version, under_way=True, by=by, now=now, progress=progress)
        case UnderWay.ANEW:
            return begin_anew(launch, version, by=by, now=now, progress=progress)


def move_to(
    launch: Launch,
    version: Version,
    *,
    under_way: bool,
    by: Staff | None,
    now: datetime,
    progress: Callable[[int], object] = lambda done: None,
) -> int:
    """Runs that begin from now on are of this version. Those under way end with theirs, or (`under_way`) go on with the new:
    what is done, or on its way, is kept; what was only planned is planned by the new version; what people were to do for steps
    that are no more is taken back from them. Returns how many runs moved. Raises CannotLaunch.
    """
    if not renew(launch, version) or not under_way:
        return 0
    moved = 0
    for keys in _parts(launch, version):
        moved += _move(keys, version, by=by, now=now)
        progress(moved)
    return moved


def begin_anew(
    launch: Launch,
    version: Version,
    *,
    by: Staff | None,
    now: datetime,
    progress: Callable[[int], object] = lambda done: None,
) -> int:
    """Those under way stop, and the same groups and members begin again with the new version: at the moment they were about
    where the calendar or an event names it, else now. Those that wait for a yes, or are paused, still are. Returns how many
    runs it was. Raises CannotLaunch.
    """
    if not renew(launch, version):
        return 0
    launch.version = version
    begun = 0
    for keys in _parts(launch, version):
        begun += _anew(keys, launch, version, by=by, now=now)
        progress(begun)
    return begun


def _parts(launch: Launch, version: Version) -> list[list[int]]:
    runs = Run.objects.filter(launch=launch, state__in=OPEN, ended_at__isnull=True).exclude(version=version).order_by("pk")
    keys = list(runs.values_list("pk", flat=True))
    return [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]


@transaction.atomic
def _move(keys: Sequence[int], version: Version, *, by: Staff | None, now: datetime) -> int:
    rows = Run.objects.select_for_update(of=("self",)).filter(pk__in=keys, state__in=OPEN)
    runs, book = list(rows.order_by("pk")), version.book
    for run in runs:
        lines = Line.objects.filter(run=run)
        withdrawn = withdraw(lines.filter(state=LineState.PLANNED), by=by, now=now)
        _unmake_waits(run, now)
        dropped = lines.exclude(state__in=SETTLED).exclude(step__in=[step.key for step in book.steps])
        leave_out(dropped, Why.REPLACED, by=by, now=now)
        _go_on_with(run, version, withdrawn)
        _end_waiting(run, book, by=by, now=now)
        run.edition, run.laid_at = run.edition + 1, None
        run.next_at = now if run.state == RunState.GOING else run.next_at
    Run.objects.bulk_update(runs, ["version", "place", "before", "edition", "laid_at", "next_at"], batch_size=100)
    return len(runs)


def _unmake_waits(run: Run, now: datetime) -> None:
    """Those that have not begun are as the new version has them."""
    Line.objects.filter(run=run, state=LineState.WAITING, kind__in=("wait", "pin"), at__gt=now).delete()


def _go_on_with(run: Run, version: Version, withdrawn: Collection[str]) -> None:
    """With the first step that had only been planned; where none had, after the last one that is done, or on its way."""
    book = version.book
    lines = {line.step: line for line in Line.objects.filter(run=run)}
    run.version, run.place = version, place_in(book, lines, withdrawn)
    before = (lines[step.key] for step in book.steps[: run.place] if step.key in lines)
    run.before = max([run.anchor, *(ended(line) for line in before if line.state != LineState.WAITING)])


def _end_waiting(run: Run, book: Playbook, *, by: Staff | None, now: datetime) -> None:
    """A run waits at the step it has come to and nowhere else: what waits further on begins when the run comes to it, if its
    way leads there, and what waits behind it waits no more.
    """
    lines = Line.objects.filter(run=run, state=LineState.WAITING)
    keys = [step.key for step in book.steps]
    withdraw(lines.filter(step__in=keys[run.place + 1 :]), by=by, now=now)
    leave_out(lines.filter(step__in=keys[: run.place]), Why.REPLACED, by=by, now=now)


# Begun anew


@transaction.atomic
def _anew(keys: Sequence[int], launch: Launch, version: Version, *, by: Staff | None, now: datetime) -> int:
    rows = Run.objects.select_for_update(of=("self",)).filter(pk__in=keys, state__in=OPEN)
    runs = list(rows.exclude(version=version).order_by("pk"))
    asked = [run.pk for run in runs if run.state == RunState.ASKED]
    begun = [run for run in runs if run.state != RunState.ASKED]
    _move(asked, version, by=by, now=now)
    stop_runs(Run.objects.filter(pk__in=[run.pk for run in begun]), by=by, now=now, why=Why.ANEW)
    begin(launch, [_again(run, version, now) for run in begun], now=now)
    paused = [_named(run, version) for run in begun if run.state == RunState.PAUSED]
    Run.objects.filter(launch=launch, key__in=paused).update(state=RunState.PAUSED)
    return len(runs)


def _again(run: Run, version: Version, now: datetime) -> Begin:
    anchor = run.anchor if _BY_CALENDAR.match(run.key) else now
    return Begin(run.group_id, anchor, _named(run, version), run.member_id)


def _named(run: Run, version: Version) -> str:
    """By what began it in the first place, so that it begins once with each version."""
    return f"anew/{version.number}/{_ANEW.sub('', run.key, count=1)}"[:LONGEST_KEY]
