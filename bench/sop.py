"""Playbooks at size, and whether every promised step happens once or says why not.

    python bench/sop.py planning [--groups 9000] [--newcomers 5000]   a day's 45,000 steps; newcomers within ten minutes; floors
    python bench/sop.py worlds [--count 10000] [--seed 0]             randomised lives with crashes, edits, clock changes

On the embedded database; on PostgreSQL: python -m tests.postgres -- python bench/sop.py ...   Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-sop-")
os.environ["HUOQUN_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from huoqun.community.models import Community, Group  # noqa: E402
from huoqun.console.models import Role, Staff  # noqa: E402
from huoqun.content.models import Way  # noqa: E402
from huoqun.inbox import horizon  # noqa: E402
from huoqun.inbox.loop import Loop  # noqa: E402
from huoqun.inbox.operations import store  # noqa: E402
from huoqun.inbox.types import Subscription  # noqa: E402
from huoqun.outbox.models import Request  # noqa: E402
from huoqun.ownership.models import Todo  # noqa: E402
from huoqun.sop import handlers as sop  # noqa: E402
from huoqun.sop.models import Line, Run  # noqa: E402
from huoqun.sop.operations.calendar import look  # noqa: E402
from huoqun.sop.operations.keeping import keep  # noqa: E402
from huoqun.sop.operations.launching import launch  # noqa: E402
from huoqun.sop.operations.looking_back import look_back  # noqa: E402
from huoqun.sop.operations.planning import plan  # noqa: E402
from huoqun.sop.playbooks.reading import read  # noqa: E402
from huoqun.sop.playbooks.shipped import shipped  # noqa: E402
from huoqun.vocabulary.events import MemberJoined, Person  # noqa: E402
from huoqun.vocabulary.ids import Account, group_key  # noqa: E402

ACCOUNT = Account("bench", "pretend", "bot-1")
START = datetime(2026, 3, 2, 0, 5, tzinfo=UTC)
"""Monday, five past eight in the morning in Shanghai."""

HEARING = (Subscription(name="sop", hears=sop.HEARS, handler=sop.hear, whole_log=True),)
AT_ONCE = 500

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


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def prepare(groups: int) -> tuple[Community, Staff]:
    home = Community.objects.create(slug=ACCOUNT.community, name="栀野生活", zone="Asia/Shanghai", created_at=START)
    staff = [Staff.objects.create(username=f"s{n}", name=f"运营{n}", role=Role.OPERATOR) for n in range(30)]
    keys = [group_key(ACCOUNT, f"r{n}") for n in range(groups)]
    Group.objects.bulk_create(
        (
            Group(
                community=home, key=key, carrier="pretend", native_id=f"r{n}", name=f"读书会{n}群", state="steady",
                operator=staff[n % 30],
            )
            for n, key in enumerate(keys)
        ),
        batch_size=AT_ONCE,
    )  # fmt: skip
    Way.objects.bulk_create(
        (Way(group_key=key, community=home.slug, carrier="pretend", account="bot-1", heard_at=START) for key in keys),
        batch_size=AT_ONCE,
    )
    return home, staff[0]


def dry(step: Callable[[], int]) -> list[float]:
    """How long each round took."""
    rounds = list[float]()
    while True:
        begun = time.perf_counter()
        if not step():
            return rounds
        rounds.append(time.perf_counter() - begun)


def floor() -> float:
    """The rows that are there now, written once more by bare inserts of 300 in a transaction each: nothing is decided."""
    spent = 0.0
    for model in (Run, Line, Request, Todo):
        table, copy = model._meta.db_table, f"bare_{model._meta.model_name}"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            rows = cursor.fetchall()
            width = len(cursor.description or ())
            cursor.execute(f"CREATE TABLE {copy} AS SELECT * FROM {table} WHERE 1 = 0")
        if rows and connection.vendor == "postgresql":
            rows = [tuple(_plain(value) for value in row) for row in rows]
        begun = time.perf_counter()
        for start in range(0, len(rows), 300):
            part = rows[start : start + 300]
            places = ", ".join([f"({', '.join(['%s'] * width)})"] * len(part))
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {copy} VALUES {places}", [value for row in part for value in row])
        spent += time.perf_counter() - begun
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {copy}")
    return spent


def _plain(value: object) -> object:
    from psycopg.types.json import Jsonb  # noqa: PLC0415  only there

    return Jsonb(value) if isinstance(value, dict | list) else value


def planning(groups: int, newcomers: int) -> int:
    home, lin = prepare(groups)
    print(f"sop, {groups:,} groups, {newcomers:,} newcomers, on {connection.vendor}\n")
    print("| what | measured | beside |\n| --- | --- | --- |")
    a_day(home, lin)
    a_rush(home, lin, groups, newcomers)
    return 0


def a_day(home: Community, lin: Staff) -> None:
    launch(keep(read(FIVE), home, by=lin, now=START), home, by=lin, now=START)
    begun = timed(lambda: look(now=START))
    rounds = dry(lambda: plan(now=START))
    lines, spent = Line.objects.count(), begun + sum(rounds)
    least = floor()
    tell("a day's runs begun by the calendar", f"{Run.objects.count():,} in {begun:.1f} s", "one pass")
    tell(
        "planned and handed to outbox and people",
        f"{lines:,} steps in {spent:.1f} s: {lines / spent:,.0f} steps/s",
        f"{Request.objects.count():,} requests, {Todo.objects.count():,} to-dos; bare inserts of the same rows {least:.1f} s"
        f" ({spent / least:.1f} times the floor)",
    )
    rounds.sort()
    tell(
        "one round of 150 runs", f"median {statistics.median(rounds):.2f} s, p99 {rounds[int(0.99 * len(rounds))]:.2f} s",
        "others wait so long at most for SQLite's one writer",
    )  # fmt: skip


def a_rush(home: Community, lin: Staff, groups: int, newcomers: int) -> None:
    """They come in within ten minutes, and how late each welcome is planned is measured."""
    week = next(book for book in shipped("zh") if book.name == "newcomer-week")
    launch(keep(week, home, by=lin, now=START), home, by=lin, now=START)
    loop = Loop(HEARING, clock=lambda: START, upto=horizon.newest)
    before, late, spent = Run.objects.count(), list[float](), 0.0
    ahead = 0.0
    a_tick = 5
    for tick in range(600 // a_tick):
        numbers = range(tick * newcomers * a_tick // 600, (tick + 1) * newcomers * a_tick // 600)
        moment = START + timedelta(seconds=tick * a_tick)
        store((joined(number, groups, moment) for number in numbers), now=moment)

        def work(moment: datetime = moment) -> None:
            loop.run_dry()
            dry(lambda: plan(now=moment) + look_back(now=moment))

        took = timed(work)
        spent += took
        # What one tick leaves undone, the next one finds before it.
        ahead = max(0.0, ahead - a_tick) + took
        late += [ahead] * len(numbers)
    late.sort()
    runs = Run.objects.count() - before
    planned = Line.objects.filter(step="welcome").count()
    tell(
        f"{newcomers:,} newcomers in ten minutes",
        f"median {statistics.median(late):.2f} s, p99 {late[int(0.99 * len(late))]:.2f} s, worst {late[-1]:.2f} s",
        f"from the log to the planned welcome; {runs:,} runs, {planned:,} welcomes, {spent:.0f} s of work in 600 s",
    )


def joined(number: int, groups: int, at: datetime) -> MemberJoined:
    place = number % min(groups, 200)
    return MemberJoined(
        account=ACCOUNT, source_id=f"j{number}", at=at, group_id=f"r{place}", group_name=f"读书会{place}群",
        member=Person(id=f"n{number}", name=f"新人{number}"), way="link",
    )  # fmt: skip


def tell(what: str, result: str, beside: str) -> None:
    print(f"| {what} | {result} | {beside} |", flush=True)


def worlds(count: int, first: int) -> int:
    from huoqun.sop.tests.verdicts import live  # noqa: PLC0415  only here

    begun, wrong = time.perf_counter(), list[str]()
    happened, lines, reasons = Counter[str](), Counter[str](), Counter[str]()
    runs = deeds = 0
    for seed in range(first, first + count):
        verdict = live(seed)
        wrong += verdict.wrong
        happened, lines, reasons = happened + verdict.happened, lines + verdict.lines, reasons + verdict.reasons
        runs, deeds = runs + verdict.runs, deeds + verdict.deeds
    spent = time.perf_counter() - begun
    print(f"{count:,} lives (from seed {first}) on {connection.vendor}, {spent:,.0f} s: {runs:,} runs, {deeds:,} deeds\n")
    for title, counted in (("what became of steps", lines), ("why not", reasons), ("what happened to them", happened)):
        print(f"| {title} | number |\n| --- | ---: |")
        print("\n".join(f"| {name} | {number:,} |" for name, number in sorted(counted.items())) + "\n")
    print(f"Wrong (twice, lost, early, late, outside its hours, to somebody who left, no reason): **{len(wrong)}**")
    print("\n".join(f"- {words}" for words in wrong[:20]))
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["planning", "worlds"])
    parser.add_argument("--groups", type=int, default=9_000)
    parser.add_argument("--newcomers", type=int, default=5_000)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    if asked.what == "worlds":
        return worlds(asked.count, asked.seed)
    return planning(asked.groups, asked.newcomers)


if __name__ == "__main__":
    sys.exit(main())
