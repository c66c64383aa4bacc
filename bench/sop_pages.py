"""How long pages of playbooks at work take at 9,000 groups and 45,000 lines a day, and how many queries they ask.

    python bench/sop_pages.py [--groups 9000] [--days 35] [--rounds 30] [--data FOLDER]

With --data the database is kept, and measured again the next time.
On the embedded database; on PostgreSQL: python -m tests.postgres -- python bench/sop_pages.py ...   Prints Markdown. Lines are
written as planning and sending leave them, then counted as the worker does. Beside the pages stands /healthz, Django's own
floor, and what reading the lines of one day alone takes.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
PARSER = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
PARSER.add_argument("--groups", type=int, default=9_000)
PARSER.add_argument("--days", type=int, default=35)
PARSER.add_argument("--rounds", type=int, default=30)
PARSER.add_argument("--data", type=Path)
PARSER.add_argument("--slow", type=int, default=0, help="show queries of 20 ms and more, so many characters of each")
ASKED = PARSER.parse_args()
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-sop-pages-")
os.environ["HUOQUN_DATA"] = str(ASKED.data.resolve()) if ASKED.data else FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from huoqun.community.models import Community, Group  # noqa: E402
from huoqun.community.operations.communities import seat  # noqa: E402
from huoqun.console.models import Role, Staff  # noqa: E402
from huoqun.sop.models import Launch, Line, Run  # noqa: E402
from huoqun.sop.operations.counting import count_week, count_weeks, monday_of  # noqa: E402
from huoqun.sop.operations.keeping import keep  # noqa: E402
from huoqun.sop.operations.launching import launch  # noqa: E402
from huoqun.sop.playbooks.playbook import Playbook  # noqa: E402
from huoqun.sop.playbooks.reading import read  # noqa: E402
from huoqun.sop.rules.promises import due  # noqa: E402
from huoqun.sop.rules.states import LineState, RunState, Why  # noqa: E402
from huoqun.wiring.loaded import keep_loaded  # noqa: E402

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(UTC).replace(microsecond=0)
"""When lines are made; with --data pages are looked at a little later."""

TODAY = NOW.astimezone(ZONE).date()
OPERATORS = 12
COPIED = 50_000

FIVE = """\
name: five-{n}
title: 一天五步 {n}
starts: [{{when: every, rule: FREQ=DAILY, time: "08:30"}}]
steps:
  - {{do: post, key: morning, core: help, at: {{day: 0, time: "09:10", spread: 40m}}, words: {{text: 早}}}}
  - {{do: topic, key: topic, core: content, at: {{day: 0, time: "12:00", spread: 50m}}, words: {{text: 最近最好用的是什么？}}}}
  - {{do: todo, key: answers, core: answers, at: {{day: 0, time: "15:30", spread: 0m}}, task: 今天没人回答的问题，逐个回一下}}
  - {{do: post, key: afternoon, core: people, at: {{day: 0, time: "17:00", spread: 50m}}, words: {{text: 今天的要点}}}}
  - {{do: post, key: evening, core: rules, at: {{day: 0, time: "21:20", spread: 30m}}, expires: 90m, words: {{text: 明天见}}}}
"""


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def pour(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]], **same: object) -> None:
    """Plain rows; columns left out are what the model says."""
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    rest = [(name, field) for name, field in fields.items() if name not in columns]
    usual = tuple(field.get_db_prep_save(same.get(name, field.get_default()), connection) for name, field in rest)
    wanted = (str(fields[name].column) for name in (*columns, *(name for name, _field in rest)))
    names = ", ".join(connection.ops.quote_name(column) for column in wanted)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((*row, *usual))
            return
        places = ", ".join(["%s"] * (len(columns) + len(usual)))
        written = ((*map(plain, row), *usual) for row in rows)
        cursor.cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", written)


def plain(value: object) -> object:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value


def build(groups: int, days: int) -> None:
    home = Community.objects.create(slug="bench", name="栀野生活", zone="Asia/Shanghai", created_at=NOW)
    Community.objects.create(slug="small", name="同好里", zone="Asia/Shanghai", created_at=NOW)
    lin = Staff.objects.create(username="lin", name="林晓", role=Role.LEAD)
    seat(lin, home)
    operators = [Staff.objects.create(username=f"s{n}", name=f"运营{n}", role=Role.OPERATOR) for n in range(OPERATORS)]
    for each in operators:
        seat(each, home)
    Group.objects.bulk_create(
        (
            Group(
                community=home, key=n + 1, carrier="pretend", native_id=f"r{n}", name=f"读书会{n}群", state="steady",
                operator=operators[n % OPERATORS],
            )
            for n in range(groups)
        ),
        batch_size=500,
    )  # fmt: skip
    # Three playbooks share the groups; a launch looks ahead from tomorrow.
    launches = [launch(keep(read(FIVE.format(n=n)), home, by=lin, now=NOW), home, by=lin, now=NOW) for n in range(3)]
    Launch.objects.update(looked_until=NOW + timedelta(days=1))
    keys = list(Group.objects.order_by("pk").values_list("pk", flat=True))
    wanted = [TODAY + timedelta(days=n) for n in range(1 - days, 2)]
    pour(
        Run,
        ("key", "launch_id", "version_id", "group_id", "anchor", "before", "place", "made_at", "state", "laid_at", "ended_at"),
        runs_of(launches, keys, wanted),
        next_at=None,
    )
    books = {each.pk: each.version.book for each in launches}
    rows = Run.objects.order_by("pk").values_list("pk", "launch", "group", "anchor").iterator(chunk_size=COPIED)
    columns = (
        "run_id", "launch_id", "group_id", "step", "kind", "core", "at", "day", "due_at", "latest", "state", "reason", "text",
        "by_hand", "settled_at",
    )  # fmt: skip
    if connection.vendor == "postgresql":
        rows = iter(list(rows))
    pour(Line, columns, lines_of(rows, books))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def runs_of(launches: list[Launch], groups: list[int], wanted: list[date]) -> Iterator[tuple[Any, ...]]:
    for day in wanted:
        anchor = datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE).astimezone(UTC)
        over = anchor + timedelta(hours=14) < NOW
        for group in groups:
            begun = launches[group % 3]
            yield (
                f"{day}/{group}", begun.pk, begun.version_id, group, anchor, anchor, 5, anchor,
                str(RunState.DONE if over else RunState.GOING), anchor, anchor if over else None,
            )  # fmt: skip


def lines_of(runs: Iterable[tuple[int, int, int, datetime]], books: dict[int, Playbook]) -> Iterator[tuple[Any, ...]]:
    """Most are done in time; some late, some never."""
    dice = random.Random(20261122)
    for run, begun, group, anchor in runs:
        day = anchor.astimezone(ZONE).date()
        for step in books[begun].steps:
            clock = step.at.time.time  # type: ignore[union-attr]
            spread = int(step.at.spread.delta.total_seconds()) or 1
            at = datetime.combine(day, clock, ZONE).astimezone(UTC) + timedelta(seconds=group * 37 % spread)
            if at > NOW + timedelta(hours=24):
                continue
            kind = str(step.__struct_config__.tag)
            latest = at + step.expires.delta
            until = due(step, at, latest)
            state, reason, settled = fate(dice.random() + 0.1 * (group % OPERATORS == 3), kind, at, until, latest)
            yield (
                run, begun, group, step.key, kind, step.core, at, day, until, latest, str(state), str(reason), "早上好",
                kind == "todo", settled,
            )  # fmt: skip


def fate(luck: float, kind: str, at: datetime, until: datetime, latest: datetime) -> tuple[LineState, str, datetime | None]:
    if at > NOW:
        return (LineState.HAND if kind == "todo" else LineState.PLANNED), "", None
    if luck < 0.9:
        return LineState.DONE, "", min(NOW, at + (until - at) / 2)
    if luck < 0.96:
        return LineState.DONE, "", until + timedelta(minutes=40)
    if luck < 0.99 and latest < NOW:
        return LineState.SKIPPED, Why.TOO_LATE, latest
    return (LineState.FAILED, "the bot is no longer in the group", at) if luck < 1 else (LineState.UNKNOWN, "", None)


def addresses() -> list[tuple[str, list[str]]]:
    on = f"on={TODAY}"
    before = monday_of(TODAY) - timedelta(days=7)
    groups = list(Group.objects.order_by("pk").values_list("pk", flat=True)[100:120])
    someone = Staff.objects.get(username="s3").pk
    mine = Run.objects.filter(state=RunState.GOING, group__operator=someone)
    some_runs = list(mine.values_list("pk", flat=True)[:20])
    return [
        ("floor: /healthz", ["/healthz"]),
        ("month", [f"/sop/calendar/?view=month&{on}"]),
        ("month before", [f"/sop/calendar/?view=month&on={TODAY.replace(day=1) - timedelta(days=1)}"]),
        ("week", [f"/sop/calendar/?view=week&{on}"]),
        ("week before", [f"/sop/calendar/?view=week&on={before}"]),
        ("day", [f"/sop/calendar/?view=day&{on}"]),
        ("tomorrow", [f"/sop/calendar/?view=day&on={TODAY + timedelta(days=1)}"]),
        ("month of an operator", [f"/sop/calendar/?view=month&{on}&operator={someone}"]),
        ("week of an operator", [f"/sop/calendar/?view=week&{on}&operator={someone}"]),
        ("month of a group", [f"/sop/calendar/?view=month&{on}&group={group}" for group in groups]),
        ("on time, this week", ["/sop/in-time/"]),
        ("on time, last week", [f"/sop/in-time/?week={before}"]),
        ("waiting for a yes", ["/sop/waiting/"]),
        ("at work", ["/sop/at-work/"]),
        ("runs", ["/sop/runs/"]),
        ("runs that wait for somebody", ["/sop/runs/?need=hand"]),
        ("runs with something refused", ["/sop/runs/?need=trouble"]),
        ("runs with something skipped", ["/sop/runs/?need=skipped"]),
        ("runs of a launch", [f"/sop/at-work/{pk}/" for pk in Launch.objects.values_list("pk", flat=True)]),
        ("a run", [f"/sop/runs/{pk}/" for pk in some_runs]),
    ]


def measure(who: str, rounds: int) -> None:
    client = Client()
    client.force_login(Staff.objects.get(username=who))
    print(f"\n{'a lead' if who == 'lin' else 'an operator'}, {connection.vendor}\n", flush=True)
    print(
        "| page | p50 ms | p95 ms | p50 ms of this process's CPU | queries |\n| --- | ---: | ---: | ---: | ---: |", flush=True
    )
    for _name, listed in addresses():
        client.get(listed[0], HTTP_HOST="localhost")
    keep_loaded()  # as the front door does
    for name, listed in addresses():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(listed[0], HTTP_HOST="localhost")
            assert answer.status_code == 200, (listed[0], answer.status_code)
        queries = len(asked)
        for query in asked.captured_queries:
            if ASKED.slow and float(query["time"]) >= 0.02:
                print("   ", query["time"], query["sql"][: ASKED.slow])
        times, busy = list[float](), list[float]()
        for number in range(rounds):
            before = time.process_time()
            times.append(timed(partial(client.get, listed[number % len(listed)], HTTP_HOST="localhost")))
            busy.append((time.process_time() - before) * 1000)
        p95 = sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
        print(
            f"| {name} | {statistics.median(times):.0f} | {p95:.0f} | {statistics.median(busy):.0f} | {queries} |", flush=True
        )


def bare_day() -> None:
    """One day's lines read by their index and grouped, nothing else."""
    with connection.cursor() as cursor:
        times = []
        for _ in range(10):
            begun = time.perf_counter()
            cursor.execute(
                "SELECT launch_id, step, count(*) FROM sop_line WHERE day = %s GROUP BY launch_id, step", [str(TODAY)]
            )
            cursor.fetchall()
            times.append((time.perf_counter() - begun) * 1000)
    print(f"\nfloor: the lines of one day grouped by bare SQL: {statistics.median(times):.0f} ms")


def main() -> int:
    if ASKED.data:
        ASKED.data.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
    if not Line.objects.exists():
        spent = timed(lambda: build(ASKED.groups, ASKED.days)) / 1000
        print(
            f"{ASKED.groups:,} groups, {Line.objects.count():,} lines in {ASKED.days + 1} days, made in {spent:.0f} s",
            flush=True,
        )
    first = timed(lambda: count_weeks(now=NOW)) / 1000
    again = timed(lambda: count_week(monday_of(TODAY), now=NOW)) / 1000
    print(
        f"counting all weeks {first:.1f} s; the week we are in {again:.1f} s (done in at most a hundredth of the time)",
        flush=True,
    )
    bare_day()
    for who in ("lin", "s3"):
        measure(who, ASKED.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
