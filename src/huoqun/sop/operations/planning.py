"""Runs go on: each is laid as far as the horizon reaches, many at a time, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from huoqun.community.models import Community
from huoqun.outbox.operations import ask_many
from huoqun.outbox.types import Ask
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.ownership.operations import give_many
from huoqun.ownership.types import Give
from huoqun.sop.asked import Lookups, NotRead
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.changing import stop_runs
from huoqun.sop.operations.closing import close_runs
from huoqun.sop.operations.hours import Hours
from huoqun.sop.operations.laying import LATE, Laid, Scene, lay, left_out, time_of
from huoqun.sop.operations.looking_back import came_unheard
from huoqun.sop.operations.reading_ahead import first_of, read_ahead
from huoqun.sop.operations.retiming import moves_of
from huoqun.sop.operations.scenes import gone, scenes_of
from huoqun.sop.operations.writing import add_lines, keep_runs
from huoqun.sop.rules.going import ended, ends, next_place
from huoqun.sop.rules.moments import moment
from huoqun.sop.rules.moves import Moves
from huoqun.sop.rules.states import LineState, RunState, Why
from huoqun.sop.steps import Approval, Branch, End, HandOver, Message, Notice, Pin, Post, Step, Topic, Wait

HORIZON = timedelta(hours=24)
"""So far ahead what is said is asked of the outbox: far enough to be seen and stopped, near enough not to fill it."""

AT_ONCE = 300
"""A fraction of a second of SQLite's one writer. With fewer, most of the time goes into asking PostgreSQL things one by one."""

TAKEN_BACK = timedelta(minutes=2)
"""So long somebody who said yes in the last moment can take it back before it counts."""

DECIDED_THEN = (Branch, Approval, Pin, HandOver)
DECIDES = (Wait, Branch, HandOver)
IN_THE_GROUP = (Post, Topic, Notice)
"""Two of them of different playbooks are kept apart."""


@dataclass(slots=True)
class Plan:
    """What a batch of runs comes to, written together."""

    now: datetime
    moves: Moves
    lines: list[Line] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    gives: list[Give] = field(default_factory=list)
    begins: dict[int, list[Begin]] = field(default_factory=lambda: defaultdict(list))
    """By launch."""
    closed: list[Line] = field(default_factory=list)
    """Lines that were there and have waited long enough."""

    def take(self, laid: Laid) -> None:
        self.lines.append(laid.line)
        self.asks += laid.asks
        self.gives += laid.gives


def plan(*, now: datetime, most: int = AT_ONCE) -> int:
    """The runs that have waited longest to be looked at. Returns how many there were."""
    launches = _due_launches(now)
    if not launches:
        return 0  # the usual case: looked up without taking SQLite's one write lock
    ahead = read_ahead(_due(now), launches, now=now, most=most)
    with transaction.atomic():
        one_at_a_time()
        runs = _chosen(now, most)
        lost = gone(runs)
        if lost:
            stop_runs(Run.objects.filter(pk__in=lost), by=None, now=now, why=Why.GONE, sparing=("end",))
        going = [run for run in runs if run.pk not in lost]
        if going:
            _go_on(going, ahead, now)
    return len(runs)


def _due_launches(now: datetime) -> list[int]:
    """Those of which a run has waited longest first. Launch by launch, so that what is due is found in its index whatever
    has ended, and whatever waits in launches that are paused.
    """
    first = _due(now).filter(launch=OuterRef("pk")).order_by("next_at").values("next_at")[:1]
    going = Launch.objects.filter(state=Launch.State.GOING).annotate(since=Subquery(first))
    return list(going.filter(since__isnull=False).order_by("since", "pk").values_list("pk", flat=True))


def _due(now: datetime) -> QuerySet[Run]:
    return Run.objects.filter(state=RunState.GOING, next_at__lte=now, ended_at__isnull=True)


def one_at_a_time() -> None:
    """Two workers that look at one group at once would both find its hour free. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('huoqun.sop.plan'))")


def _chosen(now: datetime, most: int) -> list[Run]:
    """Locked, the playbooks that matter most first."""
    rows = _due(now).select_for_update(of=("self",), skip_locked=True).select_related("group", "member__person")
    chosen = list(first_of(rows, _due_launches(now), most))
    # What hundreds of them share is read once.
    versions = Prefetch("version", Version.objects.defer("plain"))
    prefetch_related_objects(chosen, "launch__community", "launch__began_by", versions, "group__operator")
    return sorted(chosen, key=lambda run: (run.version.book.priority, run.pk))


def _go_on(runs: Sequence[Run], ahead: Lookups, now: datetime) -> None:
    made, scenes = Plan(now, moves_of({run.launch_id for run in runs})), scenes_of(runs, now=now, ahead=ahead)
    _close_waits(scenes, made)
    hours = Hours(scenes, now=now)
    for run in runs:
        _advance(scenes[run.pk], made, hours)
    _write(runs, made)


def _write(runs: Sequence[Run], made: Plan) -> None:
    add_lines(made.lines)
    if made.closed:
        Line.objects.bulk_update(made.closed, ["state", "way", "reason", "text", "settled_at"], batch_size=100)
    ask_many(made.asks, now=made.now)
    give_many(made.gives, now=made.now)
    for launch, wanted in made.begins.items():
        begin(Launch.objects.get(pk=launch), wanted, now=made.now)
    keep_runs(runs)
    close_runs((run.pk for run in runs if run.laid_at is not None), now=made.now)


# Waits that are over


def _close_waits(scenes: Mapping[int, Scene], made: Plan) -> None:
    """What they waited for may have happened in time and not been heard yet."""
    over = [line for scene in scenes.values() if (line := _over(scene, made.now)) is not None]
    waits = [line for line in over if line.kind == "wait"]
    for line, at in came_unheard(waits).items():
        line.state, line.way, line.settled_at = LineState.DONE, "came", at
        made.closed.append(line)
    said_yes = _said_yes(line for line in over if line.state == LineState.WAITING)
    for line in over:
        if line.state == LineState.WAITING and line.pk not in said_yes:
            _close(line, scenes[line.run_id], made)


def _over(scene: Scene, now: datetime) -> Line | None:
    steps, place = scene.book.steps, scene.run.place
    line = scene.lines.get(steps[place].key) if place < len(steps) else None
    is_over = line is not None and line.state == LineState.WAITING and line.way != LATE and now >= line.latest
    return line if is_over else None


def _said_yes(lines: object) -> set[int]:
    """Lines whose to-do somebody has just done: it counts as soon as it can no longer be taken back."""
    keys = {}
    for line in lines:  # type: ignore[attr-defined]
        keys[line.request_key] = line
    if not keys:
        return set()
    done = Todo.objects.filter(room="sop", key__in=keys, state=TodoState.DONE).values_list("key", flat=True)
    return {keys[key].pk for key in done}


def _close(line: Line, scene: Scene, made: Plan) -> None:
    line.settled_at = line.latest
    if line.kind == "pin":
        line.state, line.reason = LineState.SKIPPED, Why.NOT_SAID
    else:
        line.state, line.way = LineState.DONE, "limit"
    made.closed.append(line)


# One run


def _advance(scene: Scene, made: Plan, hours: Hours) -> None:
    run, steps = scene.run, scene.book.steps
    run.next_at = None
    while run.place < len(steps):
        step = steps[run.place]
        try:
            line = scene.lines.get(step.key) or _next_line(step, scene, made, hours)
        except NotRead:
            run.next_at = made.now  # it became due just now: history is read for it before the next round
            return
        if line is None:
            return
        if line.state == LineState.WAITING:
            # One that was laid late is looked at when the log has been looked through.
            run.next_at = None if line.way == LATE else max(line.latest, made.now + TAKEN_BACK / 4)
            return
        run.before = max(run.before, ended(line))
        if ends(step, line):
            break
        run.place = next_place(scene.book, run.place, line)
    run.place, run.laid_at = len(steps), made.now


def _next_line(step: Step, scene: Scene, made: Plan, hours: Hours) -> Line | None:
    """None: it is not time yet, and `next_at` says when it is."""
    run = scene.run
    due = moment(step, anchor=run.anchor, before=run.before, zone=scene.zone, seed=scene.seed, days=scene.days)
    at = made.moves.of(run.launch_id, step.key, run.group_id, due, scene.zone, scene.days)
    ahead = timedelta(0) if _is_decided_then(step) else HORIZON
    # What somebody put off by days does not keep what comes after it waiting.
    if min(due, at) > made.now + ahead:
        run.next_at = min(due, at) - ahead
        return None
    laid = _laid(step, scene, at, made.now, hours)
    if laid.line.state == LineState.WAITING and laid.line.kind == "wait" and at <= made.now:
        laid.line.way = LATE
    scene.lines[step.key] = laid.line
    if laid.hands_over_to:
        _hand_over(scene, laid, made)
    made.take(laid)
    return laid.line


def _is_decided_then(step: Step) -> bool:
    """It depends on what is known at its moment. What a wait waits for may come at any time from its moment on, so that is
    written down before.
    """
    if isinstance(step, End):
        return not (step.dissolve or step.farewell)
    for_a_role = isinstance(step, Message) and step.to != "member"
    return for_a_role or isinstance(step, DECIDED_THEN) or (isinstance(step, Wait) and not step.fact)


def _laid(step: Step, scene: Scene, at: datetime, now: datetime, hours: Hours) -> Laid:
    if _goes_out(step) and at + time_of(step) <= now:
        return left_out(step, scene, at, Why.TOO_LATE)
    if (day_off := scene.days.left_out(step, at, scene.zone)) is not None:
        return left_out(step, scene, at, day_off[0], detail=day_off[1])
    if not isinstance(step, IN_THE_GROUP):
        return lay(step, scene, at)
    free = hours.free(step, scene, at)
    if free is None or scene.days.left_out(step, free, scene.zone) is not None:
        why, name = scene.days.in_between(step, at, free or at + step.expires.delta, scene.zone) or (Why.TAKEN, "")
        return left_out(step, scene, at, why, detail=name)
    laid = lay(step, scene, free)
    if laid.line.state != LineState.SKIPPED:
        hours.take(step, scene, free)
    return _moved(laid, at, step) if free != at else laid


def _moved(laid: Laid, due: datetime, step: Step) -> Laid:
    """Its time is over when it would have been."""
    laid.line.moved_from, laid.line.latest = due, due + step.expires.delta
    return laid.until(laid.line.latest)


def _goes_out(step: Step) -> bool:
    """What only decides how it goes on is never too late."""
    if isinstance(step, End):
        return step.dissolve or step.farewell is not None
    return not isinstance(step, DECIDES)


def _hand_over(scene: Scene, laid: Laid, made: Plan) -> None:
    run = scene.run
    to = _at_work(run.launch.community, laid.hands_over_to)
    if to is None:
        laid.line.state, laid.line.reason = LineState.SKIPPED, f"{Why.NO_PLAYBOOK}: {laid.hands_over_to}"
        return
    if to in _came_from(run):
        laid.line.state, laid.line.reason = LineState.SKIPPED, f"{Why.CIRCLE}: {laid.hands_over_to}"
        return
    made.begins[to].append(Begin(run.group, laid.line.at, f"from/{run.pk}", run.member))


def _came_from(run: Run) -> set[int]:
    """Launches that handed it on, from one to the next: it does not go round in circles."""
    found = {run.launch_id}
    key = run.key
    while key.startswith("from/"):
        before = Run.objects.filter(pk=int(key.removeprefix("from/"))).values_list("launch", "key").first()
        if before is None:
            break
        found.add(before[0])
        key = before[1]
    return found


def _at_work(home: Community, playbook: str) -> int | None:
    there = Launch.objects.filter(community=home, version__playbook__name=playbook).exclude(state=Launch.State.ENDED)
    return there.order_by("-pk").values_list("pk", flat=True).first()
