"""Randomised lives of playbooks: from the first launch to the point where nothing is left to do.

    verdicts.live(seed) -> Verdict

Random playbooks run through the real planner, log, outbox, to-dos and the pretended carrier, two workers take turns, people
come, talk, leave, tap and change their minds, the carrier refuses and breaks off, the clock is set, and the process dies at any
statement or commit. Afterwards `verdicts` compares what was promised with what really happened. The same seed is the same life.
Needs a database of its own, and no transaction around it: connections are cut.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations import changing, launching, moving
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
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
    (datetime(2026, 10, 31, 15, tzinfo=UTC), "America/New_York"),
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
SPEAKS, PEOPLE = 3, 4
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


class Life:
    def __init__(self, seed: int, fate: Fate) -> None:
        self.chance, self.fate, self.verdict = random.Random(seed), fate, Verdict(seed)
        self.born, zone = self.chance.choice(BIRTHS)
        self.now, self.passed, self.zone = self.born, 0.0, ZoneInfo(zone)
        self.calm = self.jumped = False
        self.world = World(":memory:")
        self.world.settle(Settlement(rooms=3, people=PEOPLE, pulse=0), at=self.milliseconds())
        self.carrier = Pretend(self.world, ACCOUNT, now=lambda: self.now, sleep=self._slow)
        self.heard, self.born_groups, self.dead_at = "", 0, list[datetime]()
        self.members: set[tuple[str, str]] = set()
        self.unheard_leaves = list[tuple[str, str]]()
        self.stored_leaves = list[tuple[str, str]]()
        """Those in the log, before everybody has heard of it."""
        self.gone: dict[tuple[str, str], datetime] = {}
        """Since when we know that they have left."""
        self.known: list[tuple[str, str, datetime, datetime]] = []
        """Rooms and people who had left, from when we knew it until they came back."""
        self.unheard_words = list[tuple[str, str, datetime]]()
        self.words = list[Word]()
        self.joined: list[tuple[int, str, str]] = []
        """By launch: who came in, and was heard of, while it was at work."""
        self.anchors: dict[int, set[datetime]] = {}
        self.moved: set[int] = set()
        self.untouched: set[int] = set()
        """Launches that were never paused or ended."""
        self.launches = 0

    def milliseconds(self) -> int:
        return round(self.now.timestamp() * 1000)

    def _slow(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.passed += seconds

    # From the first day to the last

    def live(self) -> None:
        self.settle()
        for _ in range(self.chance.randint(1, 3)):
            self.put_to_work()
        for _ in range(STEPS):
            self.survived(self.step)
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
        for run, anchor in Run.objects.filter(launch__isnull=False).values_list("pk", "anchor"):
            self.anchors.setdefault(run, set()).add(anchor)

    def step(self) -> None:
        act = self.chance.choices(
            (
                self.work,
                self.time_passes,
                self.people_do_something,
                self.somebody_decides,
                self.trouble,
                self.clock_is_set,
                self.put_to_work,
            ),
            (12, 8, 8, 4, 3, 1, 1),
        )[0]
        self.verdict.happened[act.__name__] += act is not self.put_to_work
        act()

    # Working

    def work(self) -> None:
        self.chance.choice(self.workers).turn()

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
            (self.join, self.leave, self.say, self.tap, self.group_is_born, self.group_turns), (5, 3, 6, 5, 1, 1)
        )[0]
        self.verdict.happened[act.__name__] += 1
        act()

    def join(self) -> None:
        room = f"r{self.chance.randint(1, 3)}"
        back = [who for there, who in self.gone if there == room]
        who = (
            self.chance.choice(back)
            if back and self.chance.random() < 0.4
            else f"n{len(self.joined)}{self.chance.randrange(10**6)}"
        )
        if (room, who) in self.members:
            return
        self.world.join(room, who, at=self.milliseconds(), name=f"新人{who}")
        self.members.add((room, who))
        if (room, who) in self.unheard_leaves:
            self.unheard_leaves.remove((room, who))
        if since := self.gone.pop((room, who), None):
            self.known.append((room, who, since, self.now))
        self.joined += [(launch, room, who) for launch in self._for_newcomers()]

    def _for_newcomers(self) -> list[int]:
        there = Launch.objects.filter(pk__in=self.untouched).select_related("version")
        return [each.pk for each in there if any(start.__struct_config__.tag == "joined" for start in each.version.book.starts)]

    def leave(self) -> None:
        room, who = self.chance.choice(sorted(self.members))
        self.world.leave(room, who, at=self.milliseconds())
        self.members.discard((room, who))
        self.unheard_leaves.append((room, who))

    def say(self) -> None:
        for _ in range(self.chance.randint(1, SPEAKS)):
            room, who = self.chance.choice(sorted(self.members))
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
        book = making.flash(number) if self.chance.random() < 0.2 else making.playbook(self.chance, number, self.now, self.zone)
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
        if any(start.__struct_config__.tag == "hand" for start in book.starts) and book.audience.about == "groups":
            begin(put, [Begin(group, self.now, f"hand/{group.pk}") for group in Group.objects.all()], now=self.now)

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
        act = self.chance.choices(acts, (4, 4, 4, 3, 2, 2, 6, 1, 3))[0]
        self.verdict.happened[act.__name__] += 1
        act()

    def _run(self) -> Run | None:
        runs = list(Run.objects.filter(state__in=OPEN).order_by("pk"))
        return self.chance.choice(runs) if runs else None

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

    def stop(self) -> None:
        if run := self._run():
            changing.stop(run, by=self.lin, now=self.now)

    def go_on(self) -> None:
        for run in Run.objects.filter(state=RunState.PAUSED):
            changing.resume(run, by=self.lin, now=self.now)
        for launch in Launch.objects.filter(state=Launch.State.PAUSED):
            launching.resume(launch, by=self.lin, now=self.now)

    def _launch(self) -> Launch | None:
        rows = list(Launch.objects.exclude(state=Launch.State.ENDED).order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def pause_launch(self) -> None:
        if launch := self._launch():
            self.untouched.discard(launch.pk)
            launching.pause(launch, by=self.lin, now=self.now)

    def end_launch(self) -> None:
        if launch := self._launch():
            self.untouched.discard(launch.pk)
            launching.end(launch, by=self.lin, now=self.now)

    def edit(self) -> None:
        """Another playbook under the same name."""
        launch = self._launch()
        if launch is None:
            return
        number = int(launch.version.book.name.rpartition("-")[2])
        if launch.version.book.name.startswith("flash"):
            return
        book = making.playbook(self.chance, number, self.now, self.zone)
        version = keep(book, self.home, by=self.lin, now=self.now)
        self.moved.add(launch.pk)
        self.untouched.discard(launch.pk)
        try:
            moving.move_to(launch, version, under_way=self.chance.random() < 0.6, by=self.lin, now=self.now)
        except CannotLaunch:
            self.verdict.happened["could not move"] += 1

    # The end

    def come_to_rest(self) -> None:
        """Nothing goes wrong any more; time passes until nothing is left to do."""
        self.calm = True
        self.world.lift_faults()
        self.go_on()
        longest = self.now + timedelta(days=making.DAYS + 1)
        for number in range(REASONABLE):
            self.workers[number % 2].dry()
            if number % 7 == 3:
                self.tap()
            self._note()
            if self.now > longest and not self.is_open():
                return
            self.goes_on(self.until_something_is_due())
        open_runs = [
            f"{run.pk} {run.state} at {run.place}, next {run.next_at}" for run in Run.objects.filter(state=RunState.GOING)
        ]
        waiting = [str(row) for row in Request.objects.filter(state__in=REQUESTED)]
        self.verdict.wrong.append(f"nothing comes to rest: {open_runs[:3]} {waiting[:3]}")

    def is_open(self) -> bool:
        going = Run.objects.filter(state=RunState.GOING).exclude(lines__state=LineState.UNKNOWN)
        return going.exists() or Request.objects.filter(state__in=REQUESTED).exists() or TAPPED.exists()

    def until_something_is_due(self) -> timedelta:
        due = [
            _first(Run.objects.filter(state=RunState.GOING), "next_at"),
            _first(Request.objects.all(), "next_try_at"),
            _first(Todo.objects.filter(state=TodoState.OPEN), "expires_at"),
            self.now + timedelta(hours=6),
        ]
        if TAPPED.exists() or Request.objects.filter(state=RequestState.LEASED).exists():
            due.append(self.now + timedelta(seconds=90))
        first = min(each for each in due if each)
        return min(max(first - self.now, timedelta(seconds=61)) + timedelta(seconds=20), timedelta(hours=8))


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

TAPPED = Todo.objects.filter(state=TodoState.DONE, settled_at=None)
"""It can still be taken back."""

REQUESTED = (RequestState.WAITING, RequestState.LEASED, RequestState.HELD, RequestState.CONFIRMING)


class Worker:
    """One process: what dies with it is what it has in memory."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self._planner = Planner(clock=lambda: life.now, most=life.chance.choice((2, 300)))
        self._sender = Sender(self._through, clock=lambda: life.now, dice=life.chance.random, steady=lambda: life.passed)
        self._loop = Loop(HEARING, clock=lambda: life.now, upto=horizon.newest)

    def _through(self, account: Account) -> Carrier | None:
        return self.life.carrier if account == ACCOUNT else None

    def turn(self) -> None:
        """Some of its loops, in any order."""
        loops = [self.receive, self.listen, self._planner.round, self._sender.round, self.keep]
        self.life.chance.shuffle(loops)
        for loop in loops[: self.life.chance.randint(1, 5)]:
            loop()

    def dry(self) -> None:
        for _ in range(60):
            done = [self.receive(), self.listen(), self._planner.round(), self._sender.round(), self.keep()]
            if not any(done):
                return
        self.life.verdict.wrong.append(f"a worker never finds rest: {done}")

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
                life.gone[place] = life.now
        life.stored_leaves = []
        return moved
