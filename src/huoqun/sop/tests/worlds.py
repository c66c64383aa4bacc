"""Randomised lives of playbooks: from the first launch to the point where nothing is left to do.

    verdicts.live(seed) -> Verdict

Random playbooks run through the real planner, log, outbox, to-dos and the pretended carrier, two workers take turns, people
come, talk, leave, tap and change their minds, the carrier refuses and breaks off, the clock is set, and the process dies at any
statement or commit. Afterwards `verdicts` compares what was promised with what really happened. The same seed is the same life.
Needs a database of its own, and no transaction around it: connections are cut.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet

import huoqun.community.handlers as community
import huoqun.ownership.handlers as ownership
import huoqun.sop.handlers as sop
from huoqun.carriers.base import Carrier, Unreachable, Unreadable
from huoqun.carriers.registry import NEWS, Fault, Kind, Pretend, Settlement, World
from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.console.models import Role, Staff
from huoqun.content.models import Way
from huoqun.inbox import horizon
from huoqun.inbox.loop import Loop
from huoqun.inbox.operations import announce, store
from huoqun.inbox.types import Subscription
from huoqun.outbox.loop import Sender
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.outbox.tests.worlds import Fate
from huoqun.ownership import operations as todos
from huoqun.ownership.loop import look as keep_todos
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.sop.errors import CannotLaunch, NotOpen
from huoqun.sop.loop import Planner
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.operations import changing, launching, moving
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.moving import UnderWay
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.states import OPEN, LineState, RunState
from huoqun.sop.tests import making
from huoqun.vocabulary.events import EVENTS, GroupCreated
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.ids import Account, GroupKey, group_key, person_key

BIRTHS = (
    (datetime(2026, 3, 2, 1, tzinfo=UTC), "Asia/Shanghai"),
    (datetime(2026, 1, 30, 13, tzinfo=UTC), "Asia/Shanghai"),
    (datetime(2028, 2, 27, 20, tzinfo=UTC), "Asia/Kathmandu"),
    (datetime(2026, 3, 28, 9, tzinfo=UTC), "Europe/Berlin"),  # an hour is left out in the next night
    (datetime(2026, 10, 24, 8, tzinfo=UTC), "Europe/Berlin"),  # an hour comes twice
    (datetime(2026, 10, 31, 15, tzinfo=UTC), "America/New_York"),  # the same, and a month ends
    (datetime(2028, 3, 11, 14, tzinfo=UTC), "America/New_York"),
    (datetime(2026, 4, 4, 3, tzinfo=UTC), "Australia/Lord_Howe"),  # half an hour comes twice
    (datetime(2026, 12, 30, 4, tzinfo=UTC), "Asia/Shanghai"),
)
ACCOUNT = Account("balcony", "pretend", "play")
HEARING = (
    Subscription(name="community", hears=tuple(EVENTS.values()), handler=community.take_in, whole_log=True),
    Subscription(name="ownership", hears=ownership.HEARS, handler=ownership.hear, whole_log=True),
    Subscription(name="sop", hears=sop.HEARS, handler=sop.hear, whole_log=True),
)
EMPTIED = ("community", "inbox", "outbox", "ownership", "content", "sop")
STEPS = 34
REASONABLE = 600
LONGEST_NAP = timedelta(hours=18)
"""Less than the day that is planned ahead: who sleeps longer may miss something."""
SPEAKS, PEOPLE = 3, 4
RUSHES = 0.1
"""In so many lives people come by the hundred."""
DEATHS_IN = 60
"""A doomed act dies at one of its first so many statements."""


@dataclass(frozen=True, slots=True)
class Word:
    """A member said something, and when we heard of it."""

    room: str
    who: str
    at: datetime
    heard_at: datetime


@dataclass
class Verdict:
    seed: int
    wrong: list[str] = field(default_factory=list)
    lines: Counter[str] = field(default_factory=Counter)
    """By kind and state."""
    reasons: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    """Deaths, edits, joins and so on: a test that never met them would show nothing."""
    runs: int = 0
    deeds: int = 0


@dataclass
class Silence:
    """Of a run that was paused or stopped: nothing of it is done any more, but for what was on its way."""

    why: str
    after: int
    """This deed."""
    on_its_way: set[str]
    """Names of requests some worker had in hand, or a colleague had been given."""
    until: int | None = None
    """The deed after which it went on."""


class Life:
    def __init__(self, seed: int, fate: Fate) -> None:
        self.chance, self.fate, self.verdict = random.Random(seed), fate, Verdict(seed)
        self.born, zone = self.chance.choice(BIRTHS)
        self.now, self.passed, self.zone = self.born, 0.0, ZoneInfo(zone)
        self.jumped, self.may_jump, self.may_rush = False, self.chance.random() < 0.5, self.chance.random() < RUSHES
        self.tables = Tables()
        self.slow: list[tuple[datetime, datetime]] = []
        """When the carrier let somebody wait: what it then did was asked of it before."""
        self.world = World(":memory:")
        self.world.settle(Settlement(rooms=3, people=PEOPLE, pulse=0), at=self.milliseconds())
        self.carrier = Pretend(self.world, ACCOUNT, now=lambda: self.now, sleep=self._slow)
        self.heard, self.born_groups, self.born_people = "", 0, 0
        self.members: set[tuple[str, str]] = set()
        self.unheard_leaves = list[tuple[str, str]]()
        self.stored_leaves = list[tuple[str, str]]()
        """Those in the log, before everybody has heard of it."""
        self.gone: dict[tuple[str, str], int] = {}
        """After which deed we knew that they had left."""
        self.known: list[tuple[str, str, int, int]] = []
        """Rooms and people who had left, from the deed after which we knew it to the one after which they came back."""
        self.unheard_words = list[tuple[str, str, datetime]]()
        self.words = list[Word]()
        self.joined: list[tuple[int, str, str]] = []
        """By launch: who came in, and was heard of, while it was at work."""
        self.anchors: dict[int, set[datetime]] = {}
        self.first_anchor: dict[int, datetime] = {}
        """Before anybody shifted it."""
        self.versions: dict[int, list[int]] = {}
        """By run: the versions it has had, one after the other."""
        self.kept: dict[int, set[str]] = {}
        """By run that took another version: the steps that were written down when it had."""
        self.silences: dict[int, list[Silence]] = {}
        """By run."""
        self.untouched: set[int] = set()
        """Launches that were never paused or ended."""
        self.launches = 0

    def milliseconds(self) -> int:
        return round(self.now.timestamp() * 1000)

    def _slow(self, seconds: float) -> None:
        begun = self.now
        self.now += timedelta(seconds=seconds)
        self.passed += seconds
        self.slow.append((begun, self.now))

    # From the first day to the last

    def live(self) -> None:
        self.settle()
        for _ in range(self.chance.randint(1, 3)):
            self.put_to_work()
        rush_at = self.chance.randrange(STEPS) if self.may_rush else None
        for number in range(STEPS):
            self.survived(self.rush if number == rush_at else self.step)
        self.come_to_rest()

    def settle(self) -> None:
        empty()
        self.home, _ = Community.objects.get_or_create(slug="balcony", defaults={"name": "阳台种菜", "created_at": self.born})
        Community.objects.filter(pk=self.home.pk).update(zone=self.zone.key)
        self.home.refresh_from_db()
        self.lin, _ = Staff.objects.get_or_create(username="lin", defaults={"name": "林晓", "role": Role.LEAD})
        for number in range(1, 4):
            self._room(number)
        self.workers = [self._worker(), self._worker()]

    def _room(self, number: int) -> None:
        group = Group.objects.create(
            community=self.home, key=group_key(ACCOUNT, f"r{number}"), carrier="pretend", native_id=f"r{number}",
            name=f"番茄{number}群", operator=self.lin if self.chance.random() < 0.9 else None, state="steady",
        )  # fmt: skip
        Way.objects.create(group_key=group.key, community="balcony", carrier="pretend", account="play", heard_at=self.born)
        for person in range((number - 1) * PEOPLE + 1, number * PEOPLE + 1):
            self._member(group, f"p{person}")

    def _member(self, group: Group, native: str) -> None:
        spoke = self.chance.choice((None, self.born - timedelta(days=9)))
        person = Person.objects.create(
            community=self.home, name=f"群友{native}", last_spoke_at=spoke, messages=2 if spoke else 0
        )
        identity = Identity.objects.create(
            person=person, community=self.home, key=person_key(ACCOUNT, native), carrier="pretend", native_id=native,
            name=person.name,
        )  # fmt: skip
        Membership.objects.create(group=group, identity=identity, joined_at=self.born - timedelta(days=20))
        self.members.add((group.native_id, native))

    def _worker(self) -> Worker:
        return Worker(self)

    def survived(self, act: Callable[[], None]) -> None:
        """The process may die of it: then two new workers start."""
        if self.chance.random() < 0.2:
            self.fate.comes_after(self.chance.randrange(DEATHS_IN), before=self.chance.random() < 0.5)
        try:
            act()
        except NotOpen:
            self.verdict.happened["came too late"] += 1
        except BaseException:
            # Django's own tidying up meets the closed connection first and says so in its own words.
            if not self.fate.dead:
                raise
            self.verdict.happened["deaths"] += 1
            self.fate.is_off()
            self.workers = [self._worker(), self._worker()]
        self.fate.is_off()
        self._note()

    def _note(self) -> None:
        for run, anchor, version, state, launch_state in RUNS.all():
            self.anchors.setdefault(run, set()).add(anchor)
            self.first_anchor.setdefault(run, anchor)
            self._note_silence(run, state, launch_state)
            had = self.versions.setdefault(run, [version])
            if had[-1] != version:
                had.append(version)
                self.kept[run] = set(Line.objects.filter(run=run).values_list("step", flat=True))
                self.verdict.happened["runs that took another version"] += 1

    def _note_silence(self, run: int, state: str, launch_state: str) -> None:
        silences = self.silences.setdefault(run, [])
        going_on = silences[-1] if silences and silences[-1].until is None else None
        why = "stopped" if state == RunState.STOPPED else "paused" if "paused" in (state, launch_state) else ""
        if going_on and going_on.why != why:
            going_on.until = self.deeds()
        if why and (going_on is None or going_on.why != why):
            taken = Request.objects.filter(key__startswith=f"sop/{run}/").exclude(state__in=NOT_OUT)
            silences.append(Silence(why, self.deeds(), set(taken.values_list("key", flat=True))))

    def step(self) -> None:
        act = self.chance.choices(
            (
                self.work,
                self.time_passes,
                self.people_do_something,
                self.somebody_decides,
                self.trouble,
                self.clock_is_set if self.may_jump else self.work,
                self.put_to_work,
                self.die_while_sending,
            ),
            (12, 8, 9, 6, 3, 2, 1, 2),
        )[0]
        self.verdict.happened[act.__name__] += act is not self.put_to_work
        act()

    # Working

    def work(self) -> None:
        self.chance.choice(self.workers).turn()

    def die_while_sending(self) -> None:
        """What is in hand then is in dead hands."""
        due = _first(Request.objects.filter(state=RequestState.WAITING), "next_try_at")
        if due is None or due - self.now > timedelta(days=1):
            return
        self.goes_on(max(due - self.now, timedelta(0)) + timedelta(seconds=1))
        self.fate.comes_after(self.chance.randrange(8, 40), before=self.chance.random() < 0.5)
        self.chance.choice(self.workers).send()

    def time_passes(self) -> None:
        self.goes_on(timedelta(seconds=self.chance.uniform(0, self.chance.choice((60, 1800, 7200, 40_000)))))

    def goes_on(self, span: timedelta) -> None:
        self.now += span
        self.passed += span.total_seconds()

    def clock_is_set(self) -> None:
        self.jumped = True
        self.now += timedelta(seconds=self.chance.uniform(-5400, 5400))

    # People

    def people_do_something(self) -> None:
        act = self.chance.choices(
            (
                self.join,
                self.leave,
                self.say,
                self.say_what_is_waited_for,
                self.tap,
                self.group_is_born,
                self.group_turns,
            ),
            (5, 5, 3, 5, 5, 1, 1),
        )[0]
        self.verdict.happened[act.__name__] += 1
        act()

    def join(self) -> None:
        room = f"r{self.chance.randint(1, 3)}"
        back = [who for there, who in self.gone if there == room]
        again = bool(back) and self.chance.random() < 0.4
        self.verdict.happened["came back"] += again
        self._comes(room, self.chance.choice(back) if again else self._newcomer(), self._for_newcomers())

    def rush(self) -> None:
        """A live code is read by the hundred."""
        room, launches = f"r{self.chance.randint(1, 3)}", self._for_newcomers()
        number = self.chance.randint(100, 160)
        for _ in range(number):
            self._comes(room, self._newcomer(), launches)
        self.verdict.happened["rush"] += 1
        self.verdict.happened["came in a rush"] += number

    def _newcomer(self) -> str:
        self.born_people += 1
        return f"n{self.born_people}"

    def _comes(self, room: str, who: str, launches: list[int]) -> None:
        self.world.join(room, who, at=self.milliseconds(), name=f"新人{who}")
        self.members.add((room, who))
        if (room, who) in self.unheard_leaves:
            self.unheard_leaves.remove((room, who))
        if (since := self.gone.pop((room, who), None)) is not None:
            self.known.append((room, who, since, self.deeds()))
        self.joined += [(launch, room, who) for launch in launches]

    def deeds(self) -> int:
        return len(self.world.deeds())

    def _for_newcomers(self) -> list[int]:
        there = Launch.objects.filter(pk__in=self.untouched).select_related("version")
        return [each.pk for each in there if any(start.__struct_config__.tag == "joined" for start in each.version.book.starts)]

    def leave(self) -> None:
        """Most often somebody to whom something is still to be said."""
        expecting = set(EXPECTING.values_list("run__group__native_id", "run__member__native_id"))
        expecting |= set(MEANT.values_list("group__native_id", "member__native_id"))
        expecting &= self.members
        expected = bool(expecting) and self.chance.random() < 0.8
        self.verdict.happened["left while something was meant for them"] += expected
        room, who = self.chance.choice(sorted(expecting if expected else self.members))
        self.world.leave(room, who, at=self.milliseconds())
        self.members.discard((room, who))
        self.unheard_leaves.append((room, who))

    def say(self) -> None:
        for _ in range(self.chance.randint(1, SPEAKS)):
            self._says(*self.chance.choice(sorted(self.members)))

    def say_what_is_waited_for(self) -> None:
        """Somebody from whom words are waited for, or soon will be. Often nobody looks until it would be too late, or the words
        are in the log by then and were not passed on, or the wait is written down after they came.
        """
        books = Version.objects.filter(runs__state__in=OPEN).distinct()
        waiting = [book.pk for book in books if any(step.get("fact") == "spoke" for step in book.plain["steps"])]
        runs = list(GOING.filter(version__in=waiting).values_list("group__native_id", "member__native_id", "pk"))
        here = [(room, who) for room, who, _run in runs if (room, who) in self.members]
        rooms = {room for room, who, _run in runs if who is None}
        here += sorted(place for place in self.members if place[0] in rooms)
        if not here:
            return
        worker, heard = self.chance.choice(self.workers), self.chance.randrange(3)
        if self._is_in_the_log_when_it_is_over(waiting, worker):
            return
        self._nobody_looks()
        self._says(*self.chance.choice(here))
        if heard:
            worker.receive()
        if heard == 2:
            worker.listen()
        self._nobody_looks()
        worker.plan()

    def _is_in_the_log_when_it_is_over(self, versions: Collection[int], worker: Worker) -> bool:
        """Said and stored in time, and nobody was told before the wait was over."""
        spoke = WAITING.filter(run__version__in=versions, at__lte=self.now, latest__gt=self.now)
        lines = list(spoke.values_list("run__group__native_id", "run__member__native_id", "latest"))
        here = [(room, who, latest) for room, who, latest in lines if (room, who) in self.members or who is None]
        if not here or self.chance.random() < 0.3:
            return False
        room, who, latest = self.chance.choice(here)
        there = sorted(each for each in self.members if each == (room, who) or (who is None and each[0] == room))
        if there:
            self._says(*self.chance.choice(there))
            worker.receive()
            self.goes_on(latest - self.now + timedelta(minutes=1))
            worker.plan()
        return bool(there)

    def _nobody_looks(self) -> None:
        if self.chance.random() < 0.6:
            self.goes_on(timedelta(hours=self.chance.choice((1, 6, 24))))

    def _says(self, room: str, who: str) -> None:
        self.world.say(room, who, "说一句", at=self.milliseconds())
        self.unheard_words.append((room, who, self.now))

    def tap(self) -> None:
        for todo in Todo.objects.filter(state=TodoState.OPEN).order_by("pk"):
            if self.chance.random() < 0.4:
                todos.do(todo, by=self.lin, now=self.now)

    def group_is_born(self) -> None:
        event = GroupCreated(
            account=ACCOUNT,
            source_id=f"born-{self.born_groups}",
            at=self.now,
            group_id=f"r{self.chance.randint(1, 3)}",
            group_name="新群",
        )
        self.born_groups += 1
        store([event], now=self.now)

    def group_turns(self) -> None:
        group = Group.objects.get(native_id=f"r{self.chance.randint(1, 3)}")
        fact = GroupTurned(
            community="balcony", at=self.now, group=GroupKey(group.key), state="declining", before="steady", since=None,
            as_of=self.now.date(),
        )  # fmt: skip
        announce([fact], now=self.now)

    # Trouble

    def trouble(self) -> None:
        kind = self.chance.choice(
            (Kind.OUTAGE, Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.CUT_HALFWAY, Kind.FORBIDDEN, Kind.TOO_FAST, Kind.SLOW)
        )
        news = self.chance.choice((Kind.OUTAGE, Kind.TWICE, Kind.MIXED_UP))
        fault = Fault(kind=kind, times=self.chance.randint(1, 3), seconds=self.chance.choice((5.0, 40.0)))
        self.world.plan(self.chance.choice((fault, fault, Fault(kind=news, method=NEWS))))

    # Deciding

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
        )
        act = self.chance.choices(acts, (4, 4, 4, 5, 3, 4, 4, 1, 6))[0]
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

    def shift(self) -> None:
        if run := self._run():
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

    # The end

    def come_to_rest(self) -> None:
        """Nothing goes wrong any more; time passes until nothing is left to do."""
        self.world.lift_faults()
        self.go_on()
        self._note()
        longest = self.last_beginning() + timedelta(hours=26)
        for number in range(REASONABLE):
            self.workers[number % 2].dry()
            if number == 1:
                self._nothing_is_held()
            if number % 4 == 3:
                self.tap()
            self._note()
            if self.now > longest and not self.is_open():
                self._count_nights()
                return
            self.goes_on(self.until_something_is_due())
        open_runs = [
            f"{run.pk} {run.state} at {run.place}, next {run.next_at}" for run in Run.objects.filter(state=RunState.GOING)
        ]
        waiting = [str(row) for row in Request.objects.filter(state__in=REQUESTED)]
        self.verdict.wrong.append(f"nothing comes to rest: {open_runs[:3]} {waiting[:3]}")

    def _nothing_is_held(self) -> None:
        """What was held with a run goes on with it: left behind, it would expire and say that it came too late."""
        held = Request.objects.filter(state=RequestState.HELD, room="sop").order_by("pk")
        self.verdict.wrong += [f"{key} is still held, and nothing is paused" for key in held.values_list("key", flat=True)]

    def last_beginning(self) -> datetime:
        """Nothing begins by the calendar after it."""
        found = [self.now]
        for launch in Launch.objects.exclude(state=Launch.State.ENDED).select_related("version"):
            days = [start.get("until", start.get("date")) for start in launch.version.plain["starts"]]
            found += [datetime.combine(date.fromisoformat(str(day)), time.max, self.zone) for day in days if day]
            found += [launch.event_at] if launch.event_at else []
        return max(found)

    def _count_nights(self) -> None:
        here = [self.born.astimezone(self.zone) + timedelta(days=days) for days in range((self.now - self.born).days + 1)]
        happened, days = self.verdict.happened, {each.day for each in here[1:]}
        happened["clocks were changed"] += len({each.utcoffset() for each in here}) > 1
        happened["a month ended"] += 1 in days
        times = {datetime.fromtimestamp(deed.at / 1000, UTC).astimezone(self.zone) for deed in self.world.deeds()}
        happened["deeds in a night of changed clocks"] += sum(is_changed(at) for at in times)

    def is_open(self) -> bool:
        going = Run.objects.filter(state=RunState.GOING).exclude(lines__state=LineState.UNKNOWN)
        return going.exists() or Request.objects.filter(state__in=REQUESTED).exists() or TAPPED.exists()

    def until_something_is_due(self) -> timedelta:
        due = [
            _first(Run.objects.filter(state=RunState.GOING), "next_at"),
            _first(Request.objects.all(), "next_try_at"),
            _first(Todo.objects.filter(state=TodoState.OPEN), "expires_at"),
            self.now + LONGEST_NAP,
        ]
        if TAPPED.exists() or Request.objects.filter(state=RequestState.LEASED).exists():
            due.append(self.now + timedelta(seconds=90))
        first = min(each for each in due if each)
        return min(max(first - self.now, timedelta(seconds=61)) + timedelta(seconds=20), LONGEST_NAP)


def is_changed(at: datetime) -> bool:
    """The clock is changed within three hours of it."""
    before, after = (moment.astimezone(UTC).astimezone(at.tzinfo) for moment in (at - NIGHT, at + NIGHT))
    return before.utcoffset() != after.utcoffset()


def _first(rows: QuerySet[Any], moment: str) -> datetime | None:
    found: datetime | None = rows.filter(**{f"{moment}__isnull": False}).order_by(moment).values_list(moment, flat=True).first()
    return found


def empty() -> None:
    """Nothing of an earlier life is left."""
    tables = [
        model._meta.db_table for name in EMPTIED for model in apps.get_app_config(name).get_models(include_auto_created=True)
    ]
    off, on = OFF_AND_ON[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(on)


OFF_AND_ON = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
    "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
}
"""Whose row refers to whose does not matter when all go."""

RUNS = Run.objects.values_list("pk", "anchor", "version", "state", "launch__state")

WAITING = Line.objects.filter(kind="wait", state=LineState.WAITING, run__state=RunState.GOING).order_by("pk")

GOING = Run.objects.filter(state=RunState.GOING).order_by("pk")

ASKED = Line.objects.filter(state=LineState.PLANNED)

NOT_OUT = (RequestState.WAITING, RequestState.HELD, RequestState.CANCELLED)

MEANT = Run.objects.filter(state__in=OPEN, member__isnull=False)

EXPECTING = Line.objects.filter(kind="message", state=LineState.PLANNED)

NIGHT = timedelta(hours=3)

TAPPED = Todo.objects.filter(state=TodoState.DONE, settled_at=None)
"""It can still be taken back."""

REQUESTED = (RequestState.WAITING, RequestState.LEASED, RequestState.HELD, RequestState.CONFIRMING)


@dataclass(frozen=True, slots=True)
class Idle:
    """A round in which nothing was to be done: when, before which statement, and which tables it looked at."""

    moment: tuple[datetime, float]
    number: int
    read: frozenset[str]


class Tables:
    """Which tables are read and written, from the statements themselves."""

    def __init__(self) -> None:
        self.read = set[str]()
        self._number = 0
        self._written: dict[str, int] = {}

    def look(self) -> int:
        self.read = set()
        return self._number

    def written_since(self, number: int, tables: Collection[str]) -> bool:
        return any(self._written.get(table, 0) > number for table in tables)

    @contextmanager
    def seen(self) -> Iterator[None]:
        with connection.execute_wrapper(self._see):
            yield

    def _see(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        self._number += 1
        writes, named = _named(sql)
        self.read.update(named)
        if writes:
            self._written.update(dict.fromkeys(named, self._number))
        return execute(sql, *more)


@lru_cache(20_000)
def _named(sql: str) -> tuple[bool, tuple[str, ...]]:
    """Whether it writes, or may, and its tables."""
    writes = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "WITH"))
    return writes, tuple(set(TABLE.findall(sql)))


TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)"?', re.IGNORECASE)


class Worker:
    """One process: what dies with it is what it has in memory."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self._planner = Planner(clock=lambda: life.now, most=life.chance.choice((2, 300)))
        self._sender = Sender(self._through, clock=lambda: life.now, dice=life.chance.random, steady=lambda: life.passed)
        self._loop = Loop(HEARING, clock=lambda: life.now, upto=horizon.newest)
        self._idle = dict[Callable[[], bool], Idle]()

    def _through(self, account: Account) -> Carrier | None:
        return self.life.carrier if account == ACCOUNT else None

    def turn(self) -> None:
        """Some of its loops, in any order."""
        loops = [self.receive, self.listen, self._planner.round, self._sender.round, self.keep]
        self.life.chance.shuffle(loops)
        for loop in loops[: self.life.chance.randint(1, 5)]:
            loop()

    def send(self) -> None:
        self._sender.round()

    def plan(self) -> None:
        self._planner.round()

    def dry(self) -> None:
        loops = (self.listen, self._planner.round, self._sender.round, self.keep)
        for _ in range(60 + len(self.life.joined)):
            done = [self.receive(), *(self._unless_idle(loop) for loop in loops)]
            if not any(done):
                return
        self.life.verdict.wrong.append(f"a worker never finds rest: {done}")

    def _unless_idle(self, loop: Callable[[], bool]) -> bool:
        """Where it found nothing to do, and neither the clock nor what it looked at has moved since, it would find nothing."""
        moment, tables = (self.life.now, self.life.passed), self.life.tables
        idle = self._idle.get(loop)
        if idle and idle.moment == moment and not tables.written_since(idle.number, idle.read):
            return False
        number = tables.look()
        if loop():
            self._idle.pop(loop, None)
            return True
        self._idle[loop] = Idle(moment, number, frozenset(tables.read))
        return False

    def keep(self) -> bool:
        return keep_todos(now=self.life.now)

    def receive(self) -> bool:
        life = self.life
        try:
            told = life.carrier.receive(life.heard)
        except Unreachable:
            return False
        store([record for record in told.records if not isinstance(record, Unreadable)], now=life.now)
        life.heard = told.cursor
        life.words += [Word(room, who, at, life.now) for room, who, at in life.unheard_words]
        life.unheard_words.clear()
        life.stored_leaves = list(life.unheard_leaves)
        return bool(told.records)

    def listen(self) -> bool:
        moved = self._loop.round()
        while self._loop.round():
            moved = True
        life = self.life
        for place in life.stored_leaves:
            if place in life.unheard_leaves:
                life.unheard_leaves.remove(place)
                life.gone[place] = life.deeds()
        life.stored_leaves = []
        return moved
