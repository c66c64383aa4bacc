"""A day's steps over thousands of groups: planned, and lived through from the calendar to the pretended carrier; and a rush of
newcomers. `bench/sop.py planning` runs it; the house is set up by then.

While there is work the clock is the real one; where nothing is due it is put forward to what comes next. So a day takes as long
as its work, and what is late is late by as much as on a machine like this one with one worker at it.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Model

from huoqun.carriers.registry import Pretend, Settlement, World
from huoqun.community.models import Community, Group, Seat
from huoqun.console.models import Role, Staff
from huoqun.content.models import Way
from huoqun.inbox import horizon
from huoqun.inbox.loop import Loop
from huoqun.inbox.operations import store
from huoqun.inbox.types import Subscription
from huoqun.outbox.loop import Sender
from huoqun.outbox.models import Request
from huoqun.outbox.models import State as RequestState
from huoqun.ownership import handlers as ownership
from huoqun.ownership.models import Todo
from huoqun.sop import handlers as sop
from huoqun.sop.loop import EVERY, Planner
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.calendar import look
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.launching import launch
from huoqun.sop.operations.planning import AT_ONCE, HORIZON, plan
from huoqun.sop.playbooks.reading import read
from huoqun.sop.playbooks.shipped import shipped
from huoqun.vocabulary.events import MemberJoined, Person
from huoqun.vocabulary.ids import Account, group_key

ACCOUNT = Account("bench", "pretend", "bot-1")
START = datetime(2026, 3, 2, 0, 5, tzinfo=UTC)
"""Monday, five past eight in the morning in Shanghai."""

STAFF = 30
IN_PARTS = 500
A_TICK = timedelta(seconds=5)
RUSH = timedelta(minutes=10)
AFTERNOON = timedelta(hours=4)
"""After the start: when newcomers come by the thousand."""
REST = timedelta(seconds=2)
"""So long nobody looks after a round in which nothing was due."""

WRITTEN = (Run, Line, Request, Todo)

HEARING = (
    Subscription(name="ownership", hears=ownership.HEARS, handler=ownership.hear, whole_log=True),
    Subscription(name="sop", hears=sop.HEARS, handler=sop.hear, whole_log=True),
)

FIVE = """\
name: five
title: 一天五步
starts: [{when: every, rule: FREQ=DAILY, time: "08:30"}]
steps:
  - {do: post, key: morning, at: {day: 0, time: "09:10", spread: 40m}, words: {text: "[[早]]，{{日期}}", slots: {早: [早]}}}
  - {do: topic, key: topic, at: {day: 0, time: "12:00", spread: 50m}, words: {text: 最近用过最好的一样东西是什么？}}
  - {do: todo, key: answers, at: {day: 0, time: "15:30", spread: 0m}, task: 今天没人回答的问题，逐个回一下}
  - {do: post, key: afternoon, at: {day: 0, time: "17:00", spread: 50m}, words: {text: "{{运营|管理员}}整理好了今天的要点"}}
  - {do: post, key: evening, at: {day: 0, time: "21:20", spread: 30m}, expires: 90m, words: {text: 今天就到这里，明天见}}
"""


def at_size(groups: int, newcomers: int, folder: Path) -> int:
    home, lin, world = settled(groups, newcomers, folder)
    a_day_ahead()
    a_day_lived(world)
    a_rush(world, home, lin, groups, newcomers, START + HORIZON + AFTERNOON)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell("memory of this process, at most", f"{peak:,.0f} MB", f"load {os.getloadavg()[0]:.1f} after")
    return 0


def only_a_rush(groups: int, newcomers: int, folder: Path) -> int:
    """On the first day, the day ahead being planned."""
    home, lin, world = settled(groups, newcomers, folder)
    look(now=START)
    dry(lambda: plan(now=START))
    a_rush(world, home, lin, groups, newcomers, START + AFTERNOON)
    return 0


def settled(groups: int, newcomers: int, folder: Path) -> tuple[Community, Staff, World]:
    home, lin = prepare(groups)
    load = os.getloadavg()[0]
    print(f"sop, {groups:,} groups, {newcomers:,} newcomers, on {connection.vendor}; load {load:.1f} before\n")
    print("| what | measured | beside |\n| --- | --- | --- |")
    put_to_work(FIVE, home, lin)
    world = World(folder / "world.sqlite3")
    world.settle(Settlement(rooms=groups, people=max(1, -(-newcomers // groups)), pulse=0), at=0)
    return home, lin, world


def tell(what: str, result: str, beside: str) -> None:
    print(f"| {what} | {result} | {beside} |", flush=True)


def prepare(groups: int) -> tuple[Community, Staff]:
    home = Community.objects.create(slug=ACCOUNT.community, name="栀野生活", zone="Asia/Shanghai", created_at=START)
    staff = [Staff.objects.create(username=f"s{n}", name=f"运营{n}", role=Role.OPERATOR) for n in range(STAFF)]
    Seat.objects.bulk_create(Seat(community=home, staff=each) for each in staff)
    keys = [group_key(ACCOUNT, f"r{n}") for n in range(1, groups + 1)]
    Group.objects.bulk_create(
        (
            Group(
                community=home, key=key, carrier="pretend", native_id=f"r{n}", name=f"读书会{n}群", state="steady",
                operator=staff[n % STAFF],
            )
            for n, key in enumerate(keys, start=1)
        ),
        batch_size=IN_PARTS,
    )  # fmt: skip
    Way.objects.bulk_create(
        (Way(group_key=key, community=home.slug, carrier="pretend", account="bot-1", heard_at=START) for key in keys),
        batch_size=IN_PARTS,
    )
    return home, staff[0]


def put_to_work(text: str, home: Community, lin: Staff) -> None:
    launch(keep(read(text), home, by=lin, now=START), home, by=lin, now=START)


# A day, planned in one go


def a_day_ahead() -> None:
    """Everything of the next twenty-four hours is due to be planned at this moment: after an outage, or at the first launch."""
    cpu, begun = time.process_time(), time.perf_counter()
    look(now=START)
    began = time.perf_counter() - begun
    rounds = dry(lambda: plan(now=START))
    spent, cpu = began + sum(rounds), time.process_time() - cpu
    lines, keyed, bare = Line.objects.count(), floor(with_keys=True), floor(with_keys=False)
    tell("a day's runs begun by the calendar", f"{Run.objects.count():,} in {began:.2f} s", "one pass")
    tell(
        "planned and handed to outbox and people",
        f"{lines:,} steps in {spent:.1f} s ({cpu:.1f} s of this process's CPU): {lines / spent:,.0f} steps/s",
        f"{Request.objects.count():,} requests, {Todo.objects.count():,} to-dos",
    )
    tell(
        "floor: the same rows written once more, in as many transactions",
        f"{keyed[0]:.2f} s with their keys and indexes ({keyed[1]:.2f} s of CPU), {bare[0]:.2f} s without any",
        f"planning takes **{spent / keyed[0]:.1f}** times as long by the clock ({cpu / keyed[1]:.1f} times in CPU), without"
        f" keys {spent / bare[0]:.1f} times",
    )
    rounds.sort()
    tell(
        f"one round of {AT_ONCE} runs",
        f"median {statistics.median(rounds):.2f} s, p99 {of(rounds, 0.99):.2f} s, longest {rounds[-1]:.2f} s",
        "so long others wait for SQLite's one writer",
    )


def dry(step: Callable[[], int]) -> list[float]:
    """How long each round took that did something."""
    rounds = list[float]()
    while True:
        begun = time.perf_counter()
        if not step():
            return rounds
        rounds.append(time.perf_counter() - begun)


def of(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def floor(*, with_keys: bool) -> tuple[float, float]:
    """Seconds, by the clock and of this process's CPU. Nothing is decided, made or looked up: rows that are known are written
    the quickest way each database has (a prepared statement in SQLite, COPY in PostgreSQL).
    """
    copies = [_copied(model, with_keys=with_keys) for model in WRITTEN]
    number = max(1, -(-Run.objects.count() // AT_ONCE))
    begun, cpu = time.perf_counter(), time.process_time()
    for part in range(number):
        with transaction.atomic():
            for table, width, rows in copies:
                _put(table, width, rows[part * len(rows) // number : (part + 1) * len(rows) // number])
    spent = time.perf_counter() - begun, time.process_time() - cpu
    with connection.cursor() as cursor:
        for table, _width, _rows in copies:
            cursor.execute(f"DROP TABLE {table}")
    return spent


def _copied(model: type[Model], *, with_keys: bool) -> tuple[str, int, list[tuple[Any, ...]]]:
    """An empty table like the model's, and the rows of that."""
    table, copy = model._meta.db_table, f"bare_{model._meta.model_name}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        rows, width = cursor.fetchall(), len(cursor.description or ())
        if not with_keys:
            cursor.execute(f"CREATE TABLE {copy} AS SELECT * FROM {table} WHERE 1 = 0")
        elif connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {copy} (LIKE {table} INCLUDING INDEXES)")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC", [table])
            for (sql,) in cursor.fetchall():
                named = re.sub(r'INDEX "(\w+)"', r'INDEX "bare_\1"', sql)
                cursor.execute(named.replace(f'"{table}"', f'"{copy}"'))
    return copy, width, [tuple(map(_plain, row)) for row in rows] if connection.vendor == "postgresql" else rows


def _plain(value: object) -> object:
    from psycopg.types.json import Jsonb  # noqa: PLC0415  only there

    return Jsonb(value) if isinstance(value, dict | list) else value


def _put(table: str, width: int, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * width)})", rows)
            return
        with cursor.copy(f"COPY {table} FROM STDIN") as file:
            for row in rows:
                file.write_row(row)


# A day and a rush, lived through


class Clock:
    """The real one, put forward where nothing is due."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began, self._skipped = start, time.perf_counter(), timedelta(0)

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.perf_counter() - self._began) + self._skipped

    def skip_to(self, moment: datetime) -> None:
        self._skipped += max(timedelta(0), moment - self())


class Life:
    """One worker that plans, sends and hears in turn."""

    def __init__(self, world: World, start: datetime) -> None:
        self.clock = Clock(start)
        carrier = Pretend(world, ACCOUNT, now=self.clock)
        self._steps = {
            "planning": Planner(clock=self.clock).round,
            "sending": Sender(lambda _account: carrier, clock=self.clock).round,
            "hearing": Loop(HEARING, clock=self.clock, upto=horizon.newest).round,
        }
        self.spent = dict.fromkeys(self._steps, 0.0)
        self._looked_at = start

    def until(self, end: datetime) -> None:
        while (now := self.clock()) < end:
            if not self._round():
                self.clock.skip_to(min(end, max(self._next(now), now + REST)))

    def _round(self) -> bool:
        done = [self._taken(name, step) for name, step in self._steps.items()]
        return any(done)

    def _taken(self, name: str, step: Callable[[], bool]) -> bool:
        begun = time.perf_counter()
        done = step()
        self.spent[name] += time.perf_counter() - begun
        return done

    def _next(self, now: datetime) -> datetime:
        """When something is due again; the planner looks at the calendar once a minute."""
        while self._looked_at <= now:
            self._looked_at += EVERY
        run = Run.objects.filter(state="going").aggregate(at=Min("next_at"))["at"]
        request = Request.objects.filter(state=RequestState.WAITING, next_try_at__gt=now).order_by("priority", "next_try_at")
        waiting = request.values_list("next_try_at", flat=True).first()
        return min(moment for moment in (self._looked_at, run, waiting) if moment is not None)

    @property
    def told(self) -> str:
        return ", ".join(f"{name} {spent:,.0f} s" for name, spent in self.spent.items())


def a_day_lived(world: World) -> None:
    """The day that was planned is sent, and the next one planned a day ahead, hour by hour."""
    life, end = Life(world, START), START + HORIZON
    begun = time.perf_counter()
    life.until(end)
    spent = time.perf_counter() - begun
    planned = planned_late()
    tell(
        "a day lived: the next day's steps planned, each a day before its moment",
        f"behind: {spread(planned)}",
        f"{len(planned):,} steps; the whole day took {spent:,.0f} s of one worker ({life.told})",
    )
    sent = list(lateness(Request.objects.filter(room="sop", state=RequestState.SENT).values_list("not_before", "settled_at")))
    left = Request.objects.filter(room="sop", not_before__lt=end).exclude(state=RequestState.SENT).count()
    tell(
        "sent, counted from each step's moment",
        f"late: {spread(sent)}",
        f"{len(sent):,} posts through the pretended carrier, {left:,} of that day not sent",
    )


def lateness(moments: Iterable[tuple[datetime, datetime | None]]) -> Iterator[float]:
    """In seconds; of what has happened."""
    return (max(0.0, (done - due).total_seconds()) for due, done in moments if done is not None)


def planned_late() -> list[float]:
    """Of every step planned in the day that was lived: after the first moment at which it could have been. To-dos are given,
    and what is said is asked of the outbox, a day before its moment.
    """
    asked = Request.objects.filter(room="sop", asked_at__gt=START).values_list("not_before", "asked_at")
    given = dict(Todo.objects.filter(room="sop", given_at__gt=START).values_list("key", "given_at"))
    lines = ((line.at, given.get(line.request_key)) for line in Line.objects.filter(kind="todo"))
    return list(lateness((max(at - HORIZON, START), done) for at, done in [*asked, *lines]))


def a_rush(world: World, home: Community, lin: Staff, groups: int, newcomers: int, begin: datetime) -> None:
    """They come in within ten minutes, while the day goes on, and while the calendar begins a day's runs of all groups."""
    week = next(book for book in shipped("zh") if book.name == "newcomer-week")
    launch(keep(week, home, by=lin, now=begin), home, by=lin, now=begin)
    life, before = Life(world, begin), Run.objects.count()
    joined, ticks = dict[str, datetime](), int(RUSH / A_TICK)
    for tick in range(ticks):
        moment = begin + tick * A_TICK
        life.until(moment)
        numbers = range(tick * newcomers // ticks, (tick + 1) * newcomers // ticks)
        store((a_newcomer(number, groups, moment) for number in numbers), now=life.clock())
        joined |= {f"p{number + 1}": moment for number in numbers}
    life.until(begin + RUSH + timedelta(minutes=10))
    welcomes = Line.objects.filter(step="welcome").select_related("run__member")
    asked = dict(Request.objects.filter(action="MessageMember").values_list("key", "asked_at"))
    planned = [(joined[line.run.member.native_id], asked.get(line.request_key)) for line in welcomes if line.run.member]
    late = list(lateness(planned))
    tell(
        f"{newcomers:,} newcomers in ten minutes, into the newcomer week",
        f"from joining to the welcome asked of the outbox: {spread(late)}",
        f"{Run.objects.count() - before:,} runs, {len(late):,} welcomes; {sum(life.spent.values()):,.0f} s of work in"
        f" {RUSH / timedelta(minutes=1) + 10:.0f} minutes ({life.told})",
    )
    sent = Request.objects.filter(action="MessageMember", state=RequestState.SENT).values_list("not_before", "settled_at")
    tell("their welcomes sent, counted from each one's moment", f"late: {spread(list(lateness(sent)))}", f"{len(sent):,} sent")


def a_newcomer(number: int, groups: int, at: datetime) -> MemberJoined:
    place = number % min(groups, 200) + 1
    return MemberJoined(
        account=ACCOUNT, source_id=f"j{number}", at=at, group_id=f"r{place}", group_name=f"读书会{place}群",
        member=Person(id=f"p{number + 1}", name=f"新人{number}"), way="link",
    )  # fmt: skip


def spread(seconds: Collection[float]) -> str:
    ordered = sorted(seconds) or [0.0]
    return f"median {statistics.median(ordered):.2f} s, p99 {of(ordered, 0.99):.2f} s, worst {ordered[-1]:.2f} s"
