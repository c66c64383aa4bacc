"""Randomised lives of an outbox: two workers, a carrier that misbehaves, a clock that is set, a process that dies anywhere.

    runs(number, seed) -> Tally

plays so many lives, each from nothing to the point where nothing is left to do, and checks afterwards what really happened
outside against what the rows say. Every life of the same seed and number is the same. Needs a database of its own: rows of
outbox and inbox are deleted before each life. Not inside a transaction: connections are cut.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
from django.db import connection

from huoqun.carriers.base import Asked, CutOff, Unreachable
from huoqun.inbox.models import Entry
from huoqun.outbox import codec, operations
from huoqun.outbox.loop import Sender
from huoqun.outbox.models import Pause, Request, Spent, Stage
from huoqun.outbox.rules.endings import LEASE
from huoqun.outbox.rules.quiet import QuietHours
from huoqun.outbox.rules.states import State
from huoqun.outbox.tests import cast
from huoqun.outbox.tests.cast import Clock, Outside, sender
from huoqun.outbox.types import Ask
from huoqun.vocabulary.actions import Action
from huoqun.vocabulary.outcomes import Outcome, Refused, TryLater

BIRTHS = (
    datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 10, tzinfo=UTC),  # Berlin: 50 minutes before an hour is left out
    datetime(2026, 10, 24, 23, 20, tzinfo=UTC),  # Berlin: the hour from 2 to 3 comes twice soon
    datetime(2026, 11, 1, 4, 40, tzinfo=UTC),  # New York: the same, from 1 to 2
)
QUIET = (
    QuietHours(time(22), time(7), "Asia/Shanghai"),
    QuietHours(time(1), time(2, 30), "Europe/Berlin"),
    QuietHours(time(2, 15), time(2, 45), "Europe/Berlin"),
    QuietHours(time(0, 30), time(1, 30), "America/New_York"),
)
PACE = cast.pace("account", timedelta(seconds=30), 3)
MANIFEST = cast.manifest(
    PostToGroup=cast.Ability(how="api", can_ask=True, batch=3),
    PinMessage=cast.Ability(how="api", repeatable=True, paces=(PACE,)),
    MessageMember=cast.Ability(how="api", repeatable=True, can_ask=True, batch=4),
    # A day less than in `cast`: each hour of waiting is a round of the workers.
    PostMoment=replace(cast.CONFIRMED, confirmation=replace(cast.BY_TAP, within=timedelta(hours=9))),
)
"""What a colleague confirms (`PostMoment`, in one task) and what takes time (`HandOverCustomer`) are as in `cast`."""
MAKE: tuple[Callable[[str], Action], ...] = (
    cast.post,
    cast.note,
    cast.call,
    cast.pin,
    cast.dissolve,
    cast.hand_over,
    cast.moment,
    cast.pass_on,
)
WEIGHTS = (6, 4, 5, 4, 1, 1, 6, 3)
STEPS = 24
REASONABLE = 4_000


class Death(BaseException):
    """The process is gone: not an Exception, so that no handler of errors can hold it back."""


class Fate:
    """Cuts the connection before or after the n-th statement or commit from now; nothing reaches the database afterwards."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.before = True
        self.dead = False

    def comes_after(self, statements: int, *, before: bool) -> None:
        self.left, self.before = statements, before

    def step(self, act: Callable[[], Any]) -> Any:
        if self.dead:
            raise Death
        if self.left is None:
            return act()
        self.left -= 1
        if self.left >= 0:
            return act()
        result = None if self.before else act()
        self.die()
        return result

    def die(self) -> None:
        self.dead = True
        if connection.vendor == "sqlite":
            # A statement still open in some frame would keep a closed connection, and its lock, alive.
            connection.connection.rollback()
        connection.connection.close()
        raise Death

    def is_off(self) -> None:
        self.left = None
        if self.dead:
            self.dead = False
            connection.close()
            connection.connect()

    @contextmanager
    def reigns(self) -> Iterator[None]:
        real = connection._commit
        connection._commit = lambda: self.step(real)  # type: ignore[method-assign]
        try:
            with connection.execute_wrapper(lambda execute, *statement: self.step(lambda: execute(*statement))):
                yield
        finally:
            connection._commit = real  # type: ignore[method-assign]


@dataclass
class Tally:
    runs: int = 0
    requests: int = 0
    calls: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    """Deaths, cut-off calls, jumps and so on: a test that never met them would show nothing."""
    wrong: list[str] = field(default_factory=list)


def runs(number: int, seed: int, *, told: Callable[[Tally], None] = lambda tally: None) -> Tally:
    tally = Tally()
    fate = Fate()
    with fate.reigns():
        for run in range(number):
            life = Life(random.Random(f"{seed}/{run}"), fate, tally)
            tally.wrong += [f"seed {seed}, run {run}: {words}" for words in life.live()]
            tally.runs += 1
            told(tally)
    return tally


class Life:
    """One database from empty to nothing left to do."""

    def __init__(self, chance: random.Random, fate: Fate, tally: Tally) -> None:
        self.chance, self.fate, self.tally = chance, fate, tally
        self.clock = Clock(chance.choice(BIRTHS))
        self.outside = Outside(self.clock, manifest=MANIFEST)
        self.outside.before, self.outside.after, self.outside.on_look = self.before, self.after, self.on_look
        self.workers: list[Sender] = []
        self.wishes: dict[str, Ask] = {}
        self.out_until = 0.0
        self.calm = False
        self.is_paused = False
        self.jumped = False
        self.depth = 0
        self.wrong: list[str] = []

    def live(self) -> list[str]:
        self.begin()
        for _ in range(STEPS):
            self.survived(self.step)
        self.come_to_rest()
        return self.wrong + self.what_is_wrong()

    def begin(self) -> None:
        for model in (Stage, Spent, Pause, Request, Entry):
            model.objects.all()._raw_delete(connection.alias)
        self.workers = [self.worker(), self.worker()]
        for _ in range(self.chance.randint(3, 9)):
            self.ask_anew()

    def worker(self) -> Sender:
        return sender(self.outside, dice=self.chance.random, most=self.chance.choice([1, 3, 500]))

    # What happens

    def step(self) -> None:
        act = self.chance.choices(
            (
                self.go_round,
                self.time_passes,
                self.ask_anew,
                self.ask_again,
                self.clock_is_set,
                self.somebody_decides,
                self.pause,
                self.colleagues_confirm,
            ),
            (10, 6, 1, 2, 1, 2, 1, 2),
        )[0]
        act()

    def survived(self, act: Callable[[], None]) -> None:
        """The process may die of it: then two new workers start."""
        if self.chance.random() < 0.25:
            self.fate.comes_after(self.chance.randrange(14), before=self.chance.random() < 0.5)
        try:
            act()
        except BaseException:
            # Django's own tidying up meets the closed connection first and says so in its own words.
            if not self.fate.dead:
                raise
            self.tally.happened["deaths"] += 1
            self.depth = 0
            self.fate.is_off()
            self.is_paused = Pause.objects.filter(lifted_at__isnull=True).exists()
            self.workers = [self.worker(), self.worker()]
        self.fate.is_off()

    def go_round(self) -> None:
        self.chance.choice(self.workers).round()

    def time_passes(self) -> None:
        longest = self.chance.choice([1, 40, 600, 7200])
        self.clock.goes_on(timedelta(seconds=self.chance.uniform(0, longest)))

    def clock_is_set(self) -> None:
        self.jumped = True
        self.tally.happened["clock set"] += 1
        self.clock.is_set(timedelta(seconds=self.chance.uniform(-7200, 7200)))

    def ask_anew(self) -> None:
        number = len(self.wishes)
        action = self.chance.choices(MAKE, WEIGHTS)[0](f"x{number}")
        not_before = self.clock.now + timedelta(seconds=self.chance.choice([0, 0, self.chance.uniform(0, 5400)]))
        wish = Ask(
            action=action,
            key=f"k{number}",
            room="sop",
            about="run/1",
            not_before=not_before,
            expires=not_before + timedelta(seconds=self.chance.uniform(60, 20_000)) if self.chance.random() < 0.3 else None,
            quiet=self.chance.choice([None, None, *QUIET]),
            priority=self.chance.choice([1, 5, 5, 9]),
            run=self.chance.choice(["", "r1"]),
        )
        self.wishes[wish.key] = wish
        try:
            operations.ask_many([wish], now=self.clock.now)
        except BaseException:
            if not self.fate.dead:
                raise
            # Whoever asked cannot know whether it was kept, so it asks again: with the same key nothing is asked twice.
            self.fate.is_off()
            self.tally.happened["deaths while asking"] += 1
            operations.ask_many([wish], now=self.clock.now)

    def ask_again(self) -> None:
        if self.wishes:
            self.tally.happened["asked twice"] += 1
            wish = self.chance.choice(list(self.wishes.values()))
            operations.ask_many([wish, wish], now=self.clock.now)

    def somebody_decides(self) -> None:
        rows = list(Request.objects.order_by("pk"))
        chosen = [row for row in rows if self.chance.random() < 0.2]
        decide = self.chance.choice((operations.cancel, operations.hold, operations.release, operations.remind))
        self.tally.happened[decide.__name__] += decide(chosen, by=None, now=self.clock.now)  # type: ignore[operator]

    def pause(self) -> None:
        if self.is_paused:
            operations.lift(Pause.Scope.EVERYTHING, by=None, now=self.clock.now)
        else:
            operations.pause(Pause.Scope.EVERYTHING, by=None, now=self.clock.now)
        self.is_paused = Pause.objects.filter(lifted_at__isnull=True).exists()
        self.tally.happened["paused"] += 1

    def colleagues_confirm(self) -> None:
        """Some of them, some of it; others forget."""
        for task, held in self.outside.held.items():
            if self.chance.random() < 0.3:
                gone = [key for key in held.asked if self.chance.random() < 0.2]
                self.tally.happened["confirmed"] += self.outside.confirms(task, refused=gone)

    # What happens in a call

    def before(self, asked: Asked) -> Outcome | None:
        self.tally.calls += 1
        self.check_moment(asked.key)
        if self.calm:
            return None
        if self.clock.passed < self.out_until:
            raise Unreachable("no answer")
        return self.mishap(asked, "before")

    def after(self, asked: Asked) -> Outcome | None:
        return None if self.calm else self.mishap(asked, "after")

    def mishap(self, asked: Asked, place: str) -> Outcome | None:
        kind = self.chance.choices(
            ("none", "cut off", "dies", "slow", "meanwhile", "outage", "later", "refused"), (60, 8, 5, 6, 6, 2, 4, 2)
        )[0]
        if kind in {"outage", "later", "refused"} and place == "after":
            return None
        self.tally.happened[f"{kind} {place}"] += 1
        match kind:
            case "cut off":
                raise CutOff("the line broke")
            case "dies":
                self.fate.die()
            case "slow":
                # A whole batch is one call, and no call lasts longer than 30 seconds.
                self.clock.goes_on(timedelta(seconds=self.chance.uniform(0, 7)))
            case "meanwhile":
                self.meanwhile()
            case "outage":
                self.out_until = self.clock.passed + self.chance.uniform(0, 900)
                raise Unreachable("no answer")
            case "later":
                return TryLater(after=timedelta(seconds=self.chance.uniform(0, 300)), reason="slow down")
            case "refused":
                return Refused(reason="the bot is no longer in the group")
        return None

    def meanwhile(self) -> None:
        """The other worker is at work while this call is on its way."""
        if self.depth == 0:
            self.depth += 1
            self.chance.choice(self.workers[1:]).round()
            self.depth -= 1

    def on_look(self, asked: Asked) -> None:
        self.tally.happened["looked up"] += 1
        if not self.calm and self.chance.random() < 0.3:
            raise self.chance.choice([CutOff("the line broke"), Unreachable("no answer")])

    def check_moment(self, key: str) -> None:
        """At the very moment of a call."""
        wish, now = self.wishes[key], self.clock.now
        if wish.not_before is not None and now < wish.not_before:
            self.wrong.append(f"{key} was called at {now}, before {wish.not_before}")
        if wish.expires is not None and now >= wish.expires and not Request.objects.get(key=key).in_doubt:
            self.wrong.append(f"{key} was called at {now}, after its end {wish.expires}")
        if wish.quiet is not None and wish.quiet.covers(now):
            self.wrong.append(f"{key} was called at {now}, within {wish.quiet}")
        if self.is_paused and self.depth == 0:
            self.wrong.append(f"{key} was called while everything was paused")

    # The end

    def come_to_rest(self) -> None:
        """Nothing goes wrong any more; time passes until nothing is left to do. Then colleagues confirm what they still see."""
        self.calm = True
        operations.lift(Pause.Scope.EVERYTHING, by=None, now=self.clock.now)
        self.is_paused = False
        operations.release(Request.objects.filter(state=State.HELD), by=None, now=self.clock.now)
        for number in range(REASONABLE):
            self.workers[number % 2].run_dry()
            if not self.is_open():
                for task in self.outside.held:
                    self.tally.happened["confirmed too late"] += self.outside.confirms(task)
                return
            self.clock.goes_on(self.until_something_is_due())
        self.wrong.append(f"nothing comes to rest: {[str(row) for row in Request.objects.filter(state__in=OPEN)]}")

    def is_open(self) -> bool:
        waiting = Request.objects.filter(state__in=OPEN).exists()
        return waiting or Request.objects.filter(state=State.UNKNOWN, next_try_at__isnull=False).exists()

    def until_something_is_due(self) -> timedelta:
        if Request.objects.filter(state=State.LEASED).exists():
            return LEASE / 2
        due = Request.objects.filter(next_try_at__isnull=False).order_by("next_try_at").values_list("next_try_at", flat=True)
        first = due.first()
        # A resting account wakes up within a minute.
        return max(first - self.clock.now, timedelta(seconds=20)) if first else timedelta(minutes=1)

    def what_is_wrong(self) -> list[str]:
        rows = {row.key: row for row in Request.objects.all()}
        self.tally.requests += len(rows)
        self.tally.ends.update(row.state for row in rows.values())
        lost = [f"{key} is lost" for key in self.wishes.keys() - rows.keys()]
        twice = Counter(Request.objects.values_list("key", flat=True))
        lost += [f"{key} is there {times} times" for key, times in twice.items() if times > 1]
        return [*lost, *self.wrong_deeds(rows), *self.wrong_facts(rows), *self.wrong_pace(), *self.wrong_reminders()]

    def wrong_deeds(self, rows: dict[str, Request]) -> Iterator[str]:
        done = self.outside.done
        fits = {State.SENT: {1}, State.UNKNOWN: {0, 1}}
        for key, row in rows.items():
            if done[key] not in fits.get(State(row.state), {0}):
                yield f"{key} ({row.action}) is {row.state}, and was done {done[key]} times"
            codec.action(row.action, row.payload)

    def wrong_facts(self, rows: dict[str, Request]) -> Iterator[str]:
        told: dict[str, list[str]] = {key: [] for key in rows}
        for payload in Entry.objects.filter(name="RequestSettled").order_by("position").values_list("payload", flat=True):
            fact = msgspec.json.decode(payload)
            told[fact["request"]].append(fact["outcome"])
        for key, row in rows.items():
            heard = told[key]
            if not heard or heard[-1] != row.state:
                yield f"{key} is {row.state}, the room was told {heard}"
            # It may become unknown, be looked up, sent again and cut off again; what is final comes once, at the end.
            if set(heard[:-1]) - {"unknown", "handed", "confirming"}:
                yield f"{key}: the room was told {heard}"

    def wrong_pace(self) -> Iterator[str]:
        if self.jumped:
            return
        times = sorted(deed.at for deed in self.outside.deeds if isinstance(deed.action, type(cast.pin())))
        for earlier, later in zip(times, times[PACE.at_most :], strict=False):
            if later - earlier < PACE.every:
                yield f"more than {PACE.at_most} in {later - earlier}"

    def wrong_reminders(self) -> Iterator[str]:
        told = cast.BY_TAP
        for task, held in self.outside.held.items():
            self.tally.happened["reminded"] += len(held.reminded)
            self.tally.happened["taken back"] += held.ended == "back"
            for earlier, later in zip(held.reminded, held.reminded[told.reminders :], strict=False):
                if later - earlier < told.every and not self.jumped:
                    yield f"{task}: more than {told.reminders} reminders in {later - earlier}"


OPEN = (State.WAITING, State.LEASED, State.HELD, State.CONFIRMING)
