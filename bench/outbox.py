"""What acting costs, and whether it happens once.

    python bench/outbox.py measure [--requests 20000]   asking, sending through the pretended carrier, bare inserts; lateness
    python bench/outbox.py board [--requests 45000]     the pages of the outbox with so many requests of today
    python bench/outbox.py runs [--lives 10000]         randomised lives with crashes, clock jumps, outages and two workers

On the embedded database; on PostgreSQL: python -m tests.postgres -- python bench/outbox.py ...   Prints Markdown.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-outbox-")
os.environ["HUOQUN_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from huoqun.carriers.base import Asked, Carrier  # noqa: E402
from huoqun.carriers.registry import Pretend, Settlement, World  # noqa: E402
from huoqun.inbox.models import Entry  # noqa: E402
from huoqun.outbox.loop import Sender  # noqa: E402
from huoqun.outbox.models import Request, Spent, Stage  # noqa: E402
from huoqun.outbox.operations import ask_many  # noqa: E402
from huoqun.outbox.rules.states import State  # noqa: E402
from huoqun.outbox.types import Ask  # noqa: E402
from huoqun.vocabulary.actions import Action, Body, MessageMember, PostToGroup, WelcomeMember  # noqa: E402
from huoqun.vocabulary.ids import Account, group_key, person_key  # noqa: E402

ACCOUNT = Account("bench", "pretend", "bot-1")
ROOMS, PEOPLE = 3_000, 10
AT_ONCE = 500
WORLD = Path(FOLDER.name) / "world.sqlite3"

T = TypeVar("T")
Tell = Callable[[str, str, str], None]


def now() -> datetime:
    return datetime.now(UTC)


def pretend() -> Pretend:
    world = World(WORLD)
    world.settle(Settlement(rooms=ROOMS, people=PEOPLE, pulse=0), at=0)
    return Pretend(world, ACCOUNT, now=now)


def post(number: int) -> Action:
    return PostToGroup(account=ACCOUNT, group_id=f"r{number % ROOMS + 1}", body=Body(text=f"早上好，今天是第 {number} 天打卡"))


def note(number: int) -> Action:
    return MessageMember(account=ACCOUNT, member_id=f"p{number % (ROOMS * PEOPLE) + 1}", body=Body(text="欢迎回来"))


def welcome(number: int) -> Action:
    """Neither repeatable nor to be looked up. The world refuses it for want of a ticket: a call all the same."""
    return WelcomeMember(account=ACCOUNT, member_id=f"p{number % (ROOMS * PEOPLE) + 1}", code="none", body=Body(text="你好"))


def wishes(action: Callable[[int], Action], count: int, name: str) -> list[Ask]:
    return [Ask(action=action(n), key=f"{name}-{n}", room="bench", about=f"run/{n}", run=name) for n in range(count)]


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_parts(rows: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def empty() -> None:
    for model in (Stage, Spent, Request, Entry):
        model.objects.all()._raw_delete(connection.alias)


# Measuring


def bare_inserts(count: int) -> float:
    """The same values into a table with nothing but a number, in statements of 500 and one transaction each: the floor."""
    texts = ["bench", "pretend", "bot-1", "post-12345", "PostToGroup", "x" * 190, "group/r1234", "bench", "run/12345", "run"]
    with connection.cursor() as cursor:
        columns = ", ".join(f"c{n} text" for n in range(len(texts)))
        kind = "bigserial" if connection.vendor == "postgresql" else "integer"
        cursor.execute(f"CREATE TABLE bare (id {kind} PRIMARY KEY, {columns}, a timestamp, b timestamp, c integer)")
        one = f"({', '.join(['%s'] * (len(texts) + 3))})"
        names = ", ".join([*(f"c{n}" for n in range(len(texts))), "a", "b", "c"])
        row: list[str | int] = [*texts, "2026-03-02 09:00:00", "2026-03-02 09:00:00", 5]
        statement = f"INSERT INTO bare ({names}) VALUES {', '.join([one] * AT_ONCE)}"
        spent = timed(lambda: [cursor.execute(statement, row * AT_ONCE) for _ in range(count // AT_ONCE)])
        cursor.execute("DROP TABLE bare")
    return spent


def measure(count: int, tell: Tell) -> None:
    floor = bare_inserts(count)
    tell("bare inserts, 500 a statement", f"{count / floor:,.0f} rows/s", "the floor")
    asked = wishes(post, count, "post")
    spent = timed(lambda: [ask_many(part, now=now()) for part in in_parts(asked)])
    tell("asking, 500 at once", f"{count / spent:,.0f} requests/s", f"{spent / floor:.1f} times the floor")
    carrier = pretend()
    alone = [Asked(key=f"alone-{n}", action=post(n)) for n in range(count // 4)]
    bare = timed(lambda: [carrier.send_many(alone[start : start + AT_ONCE]) for start in range(0, len(alone), AT_ONCE)])
    tell("the pretended carrier by itself", f"{len(alone) / bare:,.0f} calls/s", "batches of 500")
    WORLD.unlink()
    spent = send_all(lambda: sender(pretend()).run_dry())
    tell("sending posts, one worker", f"{count / spent:,.0f} sends/s", done())
    for action, part in ((note, count // 4), (welcome, count // 10)):
        empty()
        for some in in_parts(wishes(action, part, action.__name__)):
            ask_many(some, now=now())
        spent = send_all(lambda: sender(pretend()).run_dry())
        what = "messages" if action is note else "what can be neither repeated nor looked up"
        tell(f"sending {what}", f"{part / spent:,.0f} sends/s", done())
    two_workers(count, tell)
    lateness(tell)


def send_all(send: Callable[[], object]) -> float:
    pretend()  # the world is made before the clock runs
    return timed(send)


def sender(carrier: Carrier) -> Sender:
    return Sender(lambda account: carrier, clock=now)


def done() -> str:
    ends = dict.fromkeys(sorted(set(Request.objects.values_list("state", flat=True))), 0)
    return ", ".join(f"{Request.objects.filter(state=state).count():,} {state}" for state in ends)


def two_workers(count: int, tell: Tell) -> None:
    """Two processes at one outbox."""
    empty()
    WORLD.unlink(missing_ok=True)
    for part in in_parts(wishes(post, count, "two")):
        ask_many(part, now=now())
    pretend().world.close()
    connection.close()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=work_until_empty) for _ in range(2)]

    def both() -> None:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    spent = timed(both)
    times = World(WORLD).times_done()
    twice = sum(number > 1 for number in times.values())
    tell("sending posts, two workers", f"{count / spent:,.0f} sends/s", f"{done()}; {len(times):,} done, {twice} twice")


def work_until_empty() -> None:
    one = sender(pretend())
    while Request.objects.filter(state__in=[State.WAITING, State.LEASED]).exists():
        one.round()
    connection.close()


def lateness(tell: Tell, *, a_second: int = 200, seconds: int = 20) -> None:
    """Spread over some seconds, with the worker's own pauses: how late each deed is, told by the world outside."""
    empty()
    WORLD.unlink(missing_ok=True)
    carrier, stop = pretend(), threading.Event()  # making the world takes a while: before the clock runs
    begin, count = now() + timedelta(seconds=2), a_second * seconds
    due = {f"due-{n}": begin + timedelta(seconds=n / a_second) for n in range(count)}
    many = [Ask(action=post(n), key=key, room="bench", about="", not_before=at) for n, (key, at) in enumerate(due.items())]
    for part in in_parts(many):
        ask_many(part, now=now())
    connection.close()
    with a_worker(sender(carrier), stop):
        while len(carrier.world.times_done()) < count and now() < begin + timedelta(seconds=seconds + 60):
            time.sleep(0.2)
    late = sorted(deed.at / 1000 - due[deed.key].timestamp() for deed in carrier.world.deeds())
    # The world tells time in whole milliseconds, rounded.
    early = sum(each < -0.001 for each in late)
    p99 = late[int(len(late) * 0.99)]
    tell(
        f"lateness, {a_second} a second for {seconds} s",
        f"median {statistics.median(late) * 1000:,.0f} ms, p99 {p99 * 1000:,.0f} ms, worst {late[-1] * 1000:,.0f} ms",
        f"{early} early, {len(late):,} of {count:,} done",
    )


@contextmanager
def a_worker(one: Sender, stop: threading.Event) -> Iterator[None]:
    from huoqun.wiring.worker import _again_and_again  # noqa: PLC0415  its own rhythm, nothing else of it

    thread = threading.Thread(target=_again_and_again, args=(one.round, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


# Pages

MIXTURE = ((State.SENT, 70), (State.WAITING, 25), (State.REFUSED, 2), (State.HANDED, 1), (State.UNKNOWN, 1), (State.HELD, 1))


def board(count: int, rounds: int = 30) -> int:
    """Requests of today and of the days before, to groups and people with names, looked at by a lead."""
    from django.test import Client  # noqa: PLC0415  only here
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    client.force_login(peopled())
    asked_for_days(count)
    one = Request.objects.filter(state=State.UNKNOWN)[0]
    print(f"outbox, {count:,} requests today and as many in the seven days before, on {connection.vendor}\n")
    print("| page | p50 ms | p95 ms | of it processor ms | queries |\n| --- | ---: | ---: | ---: | ---: |")
    for name, address in addresses(one):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address, HTTP_HOST="localhost").status_code == 200, address
        queries = len(captured)  # counted now: the next request forgets them
        get = partial(client.get, address, HTTP_HOST="localhost")
        begun = time.process_time()
        times = sorted(timed(get) * 1000 for _ in range(rounds))
        busy = (time.process_time() - begun) / rounds * 1000
        ms = f"{statistics.median(times):.0f} | {times[int(0.95 * rounds)]:.0f} | {busy:.0f}"
        print(f"| {name} | {ms} | {queries} |", flush=True)
    return 0


def addresses(one: Request) -> list[tuple[str, str]]:
    return [
        ("floor: /healthz", "/healthz"),
        ("board, today", "/outbox/"),
        ("board, page 100", "/outbox/?page=100"),
        ("board, refused and unknown", "/outbox/?state=refused&state=unknown"),
        ("board, one run", "/outbox/?run=run-7&span=all"),
        ("board, searched", "/outbox/?q=r77"),
        ("board, the last 7 days", "/outbox/?span=week"),
        ("one request", f"/outbox/{one.pk}/"),
        ("what is paused", "/outbox/paused/"),
        ("frequency caps", "/outbox/caps/"),
    ]


def peopled() -> Any:
    """A lead with a seat in a community of 3,000 groups and 30,000 people."""
    from huoqun.community.models import Community, Group, Identity, Person, Seat  # noqa: PLC0415  only here
    from huoqun.console.models import Role, Staff  # noqa: PLC0415

    home = Community.objects.create(slug=ACCOUNT.community, name="栀野生活", created_at=now())
    lead = Staff.objects.create(username="mo", role=Role.LEAD)
    Seat.objects.create(community=home, staff=lead)
    Group.objects.bulk_create(
        Group(community=home, key=group_key(ACCOUNT, f"r{n}"), carrier="pretend", native_id=f"r{n}", name=f"读书会{n}群")
        for n in range(1, ROOMS + 1)
    )
    numbers = range(1, ROOMS * PEOPLE + 1)
    people = Person.objects.bulk_create(Person(community=home, name=f"小芳{n}") for n in numbers)
    Identity.objects.bulk_create(
        Identity(person=one, community=home, key=person_key(ACCOUNT, f"p{n}"), carrier="pretend", native_id=f"p{n}")
        for n, one in zip(numbers, people, strict=True)
    )
    return lead


def asked_for_days(count: int) -> None:
    """Half of them today, in all states; the other half in the seven days before, sent."""
    today, made = now(), (post, note)
    for days_ago in range(8):
        number = count if days_ago == 0 else count // 7
        at = today - timedelta(days=days_ago)
        many = [
            Ask(action=made[n % 2](n), key=f"{days_ago}-{n}", room="bench", about="", run=f"run-{n % 40}", not_before=at)
            for n in range(number)
        ]
        for some in in_parts(many):
            ask_many(some, now=at)
    Request.objects.filter(not_before__lt=today).update(state=State.SENT, next_try_at=None)
    states = [state for state, share in MIXTURE for _ in range(share)]
    keys = list(Request.objects.filter(not_before=today).order_by("pk").values_list("pk", flat=True))
    for place, state in enumerate(states):
        for part in in_parts(keys[place :: len(states)]):
            Request.objects.filter(pk__in=part).update(state=state)


# Randomised lives


def play(lives: int, seed: int) -> int:
    from huoqun.outbox.tests import worlds  # noqa: PLC0415  only here

    begun = time.perf_counter()
    tally = worlds.runs(lives, seed)
    spent = time.perf_counter() - begun
    print(f"{tally.runs:,} lives (seed {seed}) on {connection.vendor}, {spent:,.0f} s:", end=" ")
    print(f"{tally.requests:,} requests, {tally.calls:,} calls\n")
    print("| how requests ended | number |\n| --- | ---: |")
    for state, number in tally.ends.most_common():
        print(f"| {state} | {number:,} |")
    print("\n| what happened to them | times |\n| --- | ---: |")
    for name, number in sorted(tally.happened.items()):
        print(f"| {name} | {number:,} |")
    print(f"\nWrong (twice, lost, early, in quiet hours, over the pace, untold): **{len(tally.wrong)}**")
    for words in tally.wrong[:20]:
        print(f"- {words}")
    return 1 if tally.wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["measure", "board", "runs"])
    parser.add_argument("--requests", type=int)
    parser.add_argument("--lives", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    if asked.what == "runs":
        return play(asked.lives, asked.seed)
    if asked.what == "board":
        return board(asked.requests or 45_000)
    lines: list[tuple[str, str, str]] = []
    count = asked.requests or 20_000
    measure(count, lambda what, result, beside: lines.append((what, result, beside)))
    print(f"outbox, {count:,} requests on {connection.vendor}\n")
    print("| what | measured | beside |\n| --- | --- | --- |")
    for line in lines:
        print(f"| {' | '.join(line)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
