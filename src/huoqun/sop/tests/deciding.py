"""Whoever leads puts playbooks to work, edits, drags, pauses and stops them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from huoqun.community.models import Group, Membership
from huoqun.sop.errors import CannotLaunch, CannotMove
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations import changing, launching, moving, retiming
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.moving import UnderWay
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.states import OPEN, LineState, RunState
from huoqun.sop.tests import making, moved
from huoqun.sop.tests.moved import Drag
from huoqun.sop.tests.people import WithPeople


class WithDecisions(WithPeople):
    def put_to_work(self) -> None:
        number = self.launches
        starts = "joined" if self.may_rush and not number else ""
        flash = not starts and self.chance.random() < 0.2
        book = making.flash(number) if flash else making.playbook(self.chance, number, self.now, self.zone, starts)
        event_at = (self.now + timedelta(hours=self.chance.uniform(0.2, 40))).replace(microsecond=0)
        version = keep(book, self.home, by=self.lin, now=self.now)
        try:
            put = launching.launch(version, self.home, by=self.lin, now=self.now, event_at=event_at)
        except CannotLaunch:
            self.verdict.happened["could not be put to work"] += 1
            return
        self.launches += 1
        self.untouched.add(put.pk)
        self.verdict.happened["put to work"] += 1
        if any(start.__struct_config__.tag == "hand" for start in book.starts):
            begin(put, list(self._by_hand(book)), now=self.now)

    def _by_hand(self, book: Playbook) -> Iterator[Begin]:
        """All groups, or those in one of them."""
        if book.audience.about == "groups":
            yield from (Begin(group, self.now, f"hand/{group.pk}") for group in Group.objects.all())
            return
        here = Membership.objects.filter(group__native_id=f"r{self.chance.randint(1, 3)}", left_at=None)
        for group, who in here.order_by("pk").values_list("group", "identity"):
            yield Begin(group, self.now, f"hand/{group}/{who}", who)

    def somebody_decides(self) -> None:
        acts = (
            self.shift,
            self.reword,
            self.skip,
            self.pause_run,
            self.stop,
            self.pause_launch,
            self.go_on,
            self.end_launch,
            self.edit,
            self.drag,
        )
        act = self.chance.choices(acts, (4, 4, 4, 5, 3, 4, 4, 1, 6, 7))[0]
        self.verdict.happened[act.__name__] += 1
        act()

    def _run(self) -> Run | None:
        """Most often one that has something to say soon."""
        runs = list(Run.objects.filter(state__in=OPEN).order_by("pk"))
        asked = set(ASKED.values_list("run", flat=True))
        busy = [run for run in runs if run.pk in asked]
        if busy and self.chance.random() < 0.8:
            return self.chance.choice(busy)
        return self.chance.choice(runs) if runs else None

    def _wait_and_see(self) -> None:
        """Whether something goes out all the same."""
        if self.chance.random() < 0.6:
            self.goes_on(timedelta(hours=self.chance.choice((1, 4, 12, 20))))
            self.chance.choice(self.workers).dry()

    def _line(self) -> Line | None:
        lines = list(Line.objects.exclude(state__in=(LineState.DONE, LineState.SKIPPED)).order_by("pk"))
        return self.chance.choice(lines) if lines else None

    def drag(self) -> None:
        """In the calendar, in all groups or in one."""
        lines = moved.standing(self.now)
        if not lines:
            return
        one = self.chance.choice(lines)
        groups = None if self.chance.random() < 0.5 else [one.group_id]
        self.dragging = moved.drag(lines, one, self.chance.choice(moved.FAR), groups, self.zone)
        try:
            told = retiming.move(self.dragging.wish, by=self.lin, now=self.now)
        except CannotMove:
            self.dragging = None
            self.verdict.happened["could not be dragged"] += 1
            return
        retiming.plan_moved(self.dragging.wish, told.days, by=self.lin, now=self.now)
        self._has_dragged(self.dragging)

    def _go_on_dragging(self) -> None:
        """What was cut off in the middle is taken up again: it was written down, or nothing of it was."""
        if (drag := self.dragging) is None:
            return
        self.dragging = None
        if moved.kept() != drag.before:
            retiming.plan_moved(drag.wish, drag.days, by=self.lin, now=self.now)
            self._has_dragged(drag)

    def _has_dragged(self, drag: Drag) -> None:
        """What stood nowhere at that moment, being planned anew, has moved along all the same: where to is not known."""
        its_runs = set(Run.objects.filter(launch=drag.wish.launch).values_list("pk", flat=True))
        self.dragging = None
        others = {(run, step): to for (run, step), to in self.dragged.items() if step != drag.wish.step or run not in its_runs}
        self.dragged = others | drag.places
        self.drags.setdefault((drag.wish.launch, drag.wish.step), []).append(drag.wish.minutes)
        self.verdict.happened["dragged in the calendar"] += len(drag.places)

    def shift(self) -> None:
        if run := self._run():
            self.dragged = {place: to for place, to in self.dragged.items() if place[0] != run.pk}
            changing.shift(run, timedelta(minutes=self.chance.choice((-90, 30, 120, 1440))), by=self.lin, now=self.now)

    def reword(self) -> None:
        if line := self._line():
            changing.reword(line, "换一句", by=self.lin, now=self.now)

    def skip(self) -> None:
        if line := self._line():
            changing.skip(line, by=self.lin, now=self.now)

    def pause_run(self) -> None:
        if run := self._run():
            changing.pause(run, by=self.lin, now=self.now)
            self._note()
            self._wait_and_see()

    def stop(self) -> None:
        if run := self._run():
            changing.stop(run, by=self.lin, now=self.now)
            self._note()
            self._wait_and_see()

    def go_on(self) -> None:
        for run in Run.objects.filter(state=RunState.PAUSED):
            changing.resume(run, by=self.lin, now=self.now)
        for launch in Launch.objects.filter(state=Launch.State.PAUSED):
            launching.resume(launch, by=self.lin, now=self.now)

    def _launch(self, of: QuerySet[Any] | None = None) -> Launch | None:
        there = Launch.objects.exclude(state=Launch.State.ENDED).order_by("pk")
        rows = list(there if of is None else there.filter(pk__in=of))
        return self.chance.choice(rows) if rows else None

    def pause_launch(self) -> None:
        if launch := self._launch(ASKED.values("run__launch")) or self._launch():
            self.untouched.discard(launch.pk)
            launching.pause(launch, by=self.lin, now=self.now)
            self._note()
            self._wait_and_see()

    def end_launch(self) -> None:
        if launch := self._launch():
            self.untouched.discard(launch.pk)
            launching.end(launch, by=self.lin, now=self.now)

    def edit(self) -> None:
        """Another playbook under the same name, or the same with a step more, less or other."""
        launch = self._launch(Run.objects.filter(state__in=OPEN).values("launch")) or self._launch()
        if launch is None or launch.version.book.name.startswith("flash"):
            return
        book, choice = self._edited(launch), self.chance.choice(list(UnderWay))
        version = keep(book, self.home, by=self.lin, now=self.now)
        self.untouched.discard(launch.pk)
        under_way = Run.objects.filter(launch=launch, state__in=OPEN).count()
        planned = ASKED.filter(run__launch=launch, run__state__in=OPEN)
        self.planned = defaultdict(set)
        for run, step in planned.values_list("run", "step"):
            self.planned[run].add(step)
        try:
            changed = moving.choose(launch, version, choice, by=self.lin, now=self.now)
        except CannotLaunch:
            self.verdict.happened["could not move"] += 1
        else:
            self.verdict.happened[f"edit: {choice}"] += 1
            self.verdict.happened[f"edit: {choice}, runs under way"] += changed or (under_way if choice == UnderWay.STAY else 0)

    def _edited(self, launch: Launch) -> Playbook:
        number = int(launch.version.book.name.rpartition("-")[2])
        if self.chance.random() < 0.3:
            return making.playbook(self.chance, number, self.now, self.zone)
        return making.edited(self.chance, launch.version.plain, self.now, self.zone)


ASKED = Line.objects.filter(state=LineState.PLANNED)
