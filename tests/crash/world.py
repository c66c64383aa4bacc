"""What dies again and again in the crash tests: subscribers whose every effect can be counted afterwards."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import connection

from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.inbox.models import Entry, Parked
from huoqun.inbox.operations import announce
from huoqun.inbox.types import Batch, Subscription
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.ids import Account, group_key

BIRTH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = Account("balcony", "qq", "bot-1")
GROUPS = 9
EVERY_FACT, EVERY_BAD = 5, 11


def said(number: int) -> MessagePosted:
    return MessagePosted(
        account=ACCOUNT,
        source_id=str(number),
        at=BIRTH + timedelta(seconds=number),
        group_id=f"g{number % GROUPS}",
        message_id=str(number),
        author=Person(id="tao", name="小陶"),
        text=f"第 {number} 句",
    )


def make_table() -> None:
    with connection.cursor() as cursor:
        # No unique constraint: a second effect must be seen, not refused.
        cursor.execute("CREATE TABLE crash_effect (subscriber varchar(20) NOT NULL, number bigint NOT NULL)")


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE crash_effect")


def note(subscriber: str, numbers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO crash_effect VALUES (%s, %s)", [(subscriber, number) for number in numbers])


def effects(subscriber: str) -> Counter[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, COUNT(*) FROM crash_effect WHERE subscriber = %s GROUP BY number", [subscriber])
        return Counter(dict(cursor.fetchall()))


def numbers(batch: Batch) -> list[int]:
    return [int(stored.what.source_id) for stored in batch]  # type: ignore[union-attr]


def tally(batch: Batch, /, *, now: datetime) -> None:
    """Rows, and facts for others, in one transaction."""
    note("tally", numbers(batch))
    announce([_turned(number) for number in numbers(batch) if number % EVERY_FACT == 0], now=now)


def _turned(number: int) -> GroupTurned:
    return GroupTurned(
        community="balcony",
        at=BIRTH,
        group=group_key(ACCOUNT, f"g{number % GROUPS}"),
        state=str(number),
        before="",
        since=None,
        as_of=date(2026, 3, 2),
    )


def echo(batch: Batch, /, *, now: datetime) -> None:
    note("echo", [int(stored.what.state) for stored in batch])  # type: ignore[union-attr]


def picky(batch: Batch, /, *, now: datetime) -> None:
    note("picky", numbers(batch))
    if any(number % EVERY_BAD == 0 for number in numbers(batch)):
        raise ValueError("not this one")


class FarAway:
    """A store outside the database that takes each writer's versions only once and only upwards, as a Delta table does."""

    def __init__(self, folder: Path, landed: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        self.landed = landed
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, batch: Batch, /, *, now: datetime) -> None:
        writer = batch.writer.replace("/", "_")
        done = [int(path.stem.rsplit("-", 1)[1]) for path in self.folder.glob(f"{writer}-*.json")]
        if done and max(done) >= batch.version:
            return
        draft = self.folder / f".{os.getpid()}"
        draft.write_text(json.dumps(numbers(batch)), encoding="ascii")
        draft.rename(self.folder / f"{writer}-{batch.version}.json")
        self.landed()

    def effects(self) -> Counter[int]:
        return Counter(number for path in self.folder.glob("*.json") for number in json.loads(path.read_text(encoding="ascii")))


class History:
    """The real table on disk."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)

    def __call__(self, batch: Batch, /, *, now: datetime) -> None:
        self.store.record(rows_of(stored.what for stored in batch))  # type: ignore[misc]


def subscriptions(folder: Path, *, history: bool, landed: Callable[[], None] = lambda: None) -> tuple[Subscription, ...]:
    talk = (MessagePosted,)
    return (
        Subscription("tally", talk, tally, batch=7),
        Subscription("echo", (GroupTurned,), echo, batch=3),
        Subscription("picky", talk, picky, batch=7),
        Subscription("far", talk, FarAway(folder / "far", landed), whole_log=True, outside=True),
        *([Subscription("history", talk, History(folder / "history"), whole_log=True, apart=True)] if history else []),
    )


def what_is_wrong(folder: Path, expected: set[int]) -> dict[str, object]:
    """Empty when everything stored has had each of its effects once, and nothing else has."""
    stored = Counter(int(source) for source in Entry.objects.filter(name="MessagePosted").values_list("source_id", flat=True))
    parked = Counter(int(source) for source in Parked.objects.values_list("entry__source_id", flat=True))
    seen = {
        "stored": (stored, expected),
        "tally": (effects("tally"), expected),
        "echo": (effects("echo"), {n for n in expected if n % EVERY_FACT == 0}),
        "picky": (effects("picky"), {n for n in expected if n % EVERY_BAD}),
        "parked": (parked, {n for n in expected if n % EVERY_BAD == 0}),
        "far": (FarAway(folder / "far").effects(), expected),
    }
    return {name: difference for name, (got, want) in seen.items() if (difference := _difference(got, want))}


def _difference(got: Counter[int], want: set[int]) -> dict[str, list[int]]:
    odd = {
        "missing": sorted(want - set(got))[:20],
        "unasked": sorted(set(got) - want)[:20],
        "twice": sorted(number for number, times in got.items() if times > 1)[:20],
    }
    return {name: listed for name, listed in odd.items() if listed}
