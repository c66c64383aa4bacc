"""What there is in a life, and what is noted of it for the judge."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from huoqun.carriers.registry import Pretend, Settlement, World
from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.outbox.tests.worlds import Fate
from huoqun.sop.models import Line, Run
from huoqun.sop.rules.states import RunState
from huoqun.sop.tests.moved import Drag, Places
from huoqun.sop.tests.tables import Tables
from huoqun.vocabulary.ids import Account

ACCOUNT = Account("balcony", "pretend", "play")

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
    (datetime(2026, 2, 13, 2, tzinfo=UTC), "Asia/Shanghai"),  # a Saturday on which people work, then Spring Festival
    (datetime(2026, 2, 21, 23, tzinfo=UTC), "Asia/Shanghai"),  # its last days, and another such Saturday
    (datetime(2026, 9, 24, 3, tzinfo=UTC), "Asia/Shanghai"),  # Mid-Autumn, then National Day
    (datetime(2026, 9, 29, 12, tzinfo=UTC), "Asia/Shanghai"),
    (datetime(2026, 10, 7, 1, tzinfo=UTC), "Europe/Berlin"),  # another zone's days are these days too
)

SPEAKS, PEOPLE = 3, 4

RUSHES = 0.05
"""In so many lives people come by dozens at once."""


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
    """Names of requests some worker had in hand, were it one that had died, or a colleague had been given."""
    until: int | None = None
    """The deed after which it went on."""


class Process(Protocol):
    """Of the product: each of these is a turn of some of its loops. Whether anything was done is what some say."""

    def turn(self) -> None: ...
    def receive(self) -> bool: ...
    def listen(self) -> bool: ...
    def plan(self) -> None: ...
    def send(self) -> None: ...
    def dry(self) -> None: ...


class Lived:
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
        self.planned: dict[int, set[str]] = {}
        """By run: steps that were only planned when another version was chosen."""
        self.withdrawn: dict[int, set[str]] = {}
        """Those of them that were taken back then."""
        self.silences: dict[int, list[Silence]] = {}
        """By run."""
        self.untouched: set[int] = set()
        """Launches that were never paused or ended."""
        self.launches = 0
        self.home: Community
        self.lin: Staff
        self.workers: list[Process]
        self.offered: set[str] = set()
        """Names of to-dos for which somebody showed what was asked for."""
        self.dragging: Drag | None = None
        self.dragged: Places = {}
        """Where steps have to be that somebody moved in the calendar."""
        self.drags: dict[tuple[int, str], list[int]] = {}
        """By launch and step: by how many minutes."""
        self.came: dict[tuple[str, str], list[datetime]] = {}
        self.on_its_way: set[str] = set()
        """Names of requests some worker had in hand when we knew that somebody had left: it may have died with them."""
        self.left_at: dict[tuple[str, str], datetime] = {}
        self.gone_at: dict[tuple[str, str], datetime] = {}
        self.away: list[tuple[str, str, datetime, int]] = []
        """Rooms and people who had left, when we knew it, and the deed after which they came back."""
        self.spoke: dict[str, datetime | None] = {}
        """When people of the first day had spoken last by then."""

    def complain(self, words: str) -> None:
        self.verdict.wrong.append(f"seed {self.verdict.seed}: {words}")

    def milliseconds(self) -> int:
        return round(self.now.timestamp() * 1000)

    def _slow(self, seconds: float) -> None:
        begun = self.now
        self.now += timedelta(seconds=seconds)
        self.passed += seconds
        self.slow.append((begun, self.now))

    def deeds(self) -> int:
        return len(self.world.deeds())

    def goes_on(self, span: timedelta) -> None:
        self.now += span
        self.passed += span.total_seconds()

    def _note(self) -> None:
        for run, anchor, version, state, launch_state in RUNS.all():
            self.anchors.setdefault(run, set()).add(anchor)
            self.first_anchor.setdefault(run, anchor)
            self._note_silence(run, state, launch_state)
            had = self.versions.setdefault(run, [version])
            if had[-1] != version:
                had.append(version)
                self.kept[run] = set(Line.objects.filter(run=run).values_list("step", flat=True))
                self.withdrawn[run] = self.planned.get(run, set()) - self.kept[run]
                self.verdict.happened["runs that took another version"] += 1

    def _note_silence(self, run: int, state: str, launch_state: str) -> None:
        silences = self.silences.setdefault(run, [])
        going_on = silences[-1] if silences and silences[-1].until is None else None
        why = "stopped" if state == RunState.STOPPED else "paused" if "paused" in (state, launch_state) else ""
        if going_on and going_on.why != why:
            going_on.until = self.deeds()
        if why and (going_on is None or going_on.why != why):
            of_run = Request.objects.filter(key__startswith=f"sop/{run}/")
            taken = of_run.exclude(state__in=NOT_OUT) | of_run.filter(in_doubt=True, key__in=self.on_its_way)
            silences.append(Silence(why, self.deeds(), set(taken.values_list("key", flat=True))))


RUNS = Run.objects.values_list("pk", "anchor", "version", "state", "launch__state")

NOT_OUT = (RequestState.WAITING, RequestState.HELD, RequestState.CANCELLED)
