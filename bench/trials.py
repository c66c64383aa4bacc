"""Fair tests of playbooks at size: how long the pages take, and what is worked out behind them.

    python bench/trials.py [--groups 9000] [--members 100] [--weeks 52] [--views 40]

On the embedded database; on PostgreSQL: python -m tests.postgres -- python bench/trials.py ...   Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-trials-")
os.environ["HUOQUN_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from huoqun.community.models import Community, Group, Identity, Membership, Person  # noqa: E402
from huoqun.community.operations import communities  # noqa: E402
from huoqun.console.models import Role, Staff  # noqa: E402
from huoqun.health.models import Audit, GroupDay, GroupHealth, TrialReading  # noqa: E402
from huoqun.health.trial_work import DRAW, OUTLOOK, READING, run_draw, run_outlook, run_reading  # noqa: E402
from huoqun.jobs import operations  # noqa: E402
from huoqun.jobs.run import work_on  # noqa: E402
from huoqun.sop.models import Launch, Trial  # noqa: E402
from huoqun.sop.operations.keeping import keep  # noqa: E402
from huoqun.sop.operations.trials import prepare  # noqa: E402
from huoqun.sop.playbooks.reading import read  # noqa: E402
from huoqun.vocabulary.ids import Account, group_key  # noqa: E402

ACCOUNT = Account("bench", "pretend", "bot-1")
NOW = datetime(2026, 7, 28, 2, tzinfo=UTC)
AUDITED = date(2026, 7, 27)
DAY = timedelta(days=1)
WORK = {OUTLOOK: run_outlook, DRAW: run_draw, READING: run_reading}
STATES = ("thriving", "steady", "declining", "dormant")
PLAN = {"first_day": "2026-08-03", "waves": "4", "every": "2", "held_back": "0", "after": "4"}
BOOK = """\
name: daily
title: 群的一天
starts: [{when: every, rule: FREQ=DAILY, time: "08:30"}]
aim: {measure: MEASURE, weeks: 4, by: [state]}
steps:
  - {do: post, key: morning, at: {day: 0, time: "09:10"}, words: {text: 早上好}}
"""


def put(rows: Iterable[models.Model], at_once: int = 2_000) -> None:
    """Bare inserts: half a million rows are not what is measured here."""
    batch: list[models.Model] = []
    for row in rows:
        batch.append(row)
        if len(batch) == at_once:
            _put(batch)
            batch = []
    if batch:
        _put(batch)


def _put(rows: list[models.Model]) -> None:
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = rows[0]._meta.db_table
    told = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', told)


@transaction.atomic
def company(groups: int, members: int, weeks: int) -> tuple[Community, Staff]:
    """Everybody is in two groups; about one group in a hundred shares half of its people with its neighbour."""
    dice = random.Random(1)
    home = Community.objects.create(slug=ACCOUNT.community, name="栀野生活", zone="Asia/Shanghai", created_at=NOW)
    lin = Staff.objects.create(username="lin", name="林晓", role=Role.LEAD, language="zh-hans")
    communities.seat(lin, home)
    put(
        Group(
            community=home, key=group_key(ACCOUNT, f"r{n}"), carrier="pretend", native_id=f"r{n}", name=f"读书会{n}群",
            state=STATES[n % 4], connects="goods_people", born_at=NOW - timedelta(days=500),
        )
        for n in range(groups)
    )  # fmt: skip
    keys = list(Group.objects.order_by("pk").values_list("pk", flat=True))
    people = groups * members // 2
    put(Person(community=home, name=f"群友{n}", house="") for n in range(people))
    persons = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    put(
        Identity(person_id=pk, community=home, key=n + 1, carrier="pretend", native_id=f"p{n}", name=f"群友{n}")
        for n, pk in enumerate(persons)
    )
    here = list(Identity.objects.order_by("pk").values_list("pk", flat=True))
    put(_memberships(keys, here, members, dice))
    put(_days(keys, weeks))
    for number in range(weeks):
        _audit(home, keys, AUDITED - number * 7 * DAY, latest=number == 0)
    return home, lin


def _memberships(groups: list[int], people: list[int], members: int, dice: random.Random) -> Iterable[Membership]:
    half = members // 2
    for place, group in enumerate(groups):
        first = place * half
        mine = {people[each] for each in range(first, first + half)}
        if place % 100 == 0 and place + 1 < len(groups):
            mine |= {people[each] for each in range(first + half, first + 2 * half)}
        while len(mine) < members:
            mine.add(people[dice.randrange(len(people))])
        for one in mine:
            yield Membership(group_id=group, identity_id=one, joined_at=NOW - timedelta(days=200))


def _days(groups: list[int], weeks: int) -> Iterable[GroupDay]:
    dice = np.random.default_rng(2)
    often = dice.beta(2, 2, len(groups))
    for number in range(weeks * 7):
        day = AUDITED - number * DAY
        talks = dice.random(len(groups)) < often
        said = dice.poisson(8, len(groups)) + 1
        for place in np.flatnonzero(talks).tolist():
            yield GroupDay(
                group_id=groups[place], day=day, messages=int(said[place]), speakers=3, house_messages=1, joins=0, leaves=0
            )


def _audit(home: Community, groups: list[int], day: date, *, latest: bool) -> None:
    audit = Audit.objects.create(community=home, as_of=day, ran_at=NOW, complete=True)
    dice = np.random.default_rng(day.toordinal())
    speakers = dice.poisson(12, len(groups)).tolist()
    put(
        GroupHealth(
            audit=audit, group_id=group, talk_seen=True, state=STATES[place % 4], speakers_7d=speakers[place],
            last_message_at=NOW if latest else None, life_days=480 if latest else None,
        )
        for place, group in enumerate(groups)
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def tell(what: str, *figures: str) -> None:
    print(f"| {what} | {' | '.join(figures)} |", flush=True)


def viewed(client: Client, address: str, views: int, query: dict[str, str] | None = None) -> str:
    """p50, p95 and the largest of so many whole answers, the first one left out."""
    client.get(address, query)
    spent = []
    for _ in range(views):
        begun = time.perf_counter()
        answer = client.get(address, query)
        spent.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.status_code
    spent.sort()
    return f"p50 {spent[len(spent) // 2] * 1000:.0f} ms, p95 {spent[int(0.95 * len(spent))] * 1000:.0f} ms"


def worked() -> float:
    """Everything that was asked for is done."""

    def dry() -> None:
        while (job := operations.claim(WORK, now=NOW)) is not None:
            work_on(job, WORK[job.kind], clock=lambda: NOW)
            job.refresh_from_db()
            assert job.state == "done", job.detail

    return timed(dry)


def fair_test(home: Community, lin: Staff, measure: str, views: int) -> None:
    launch = prepare(keep(read(BOOK.replace("MEASURE", measure)), home, by=lin, now=NOW), home, by=lin, now=NOW)
    client = Client(SERVER_NAME="localhost")
    client.force_login(lin)
    offer, result = (reverse(f"health:{name}", args=[launch.pk]) for name in ("trial_offer", "trial"))
    first = timed(lambda: client.get(offer, PLAN))
    tell(f"offer, measured by {measure}", f"first answer {first * 1000:.0f} ms, worked out behind it in {worked():.1f} s")
    tell("offer looked at", viewed(client, offer, views, PLAN))
    asked = timed(lambda: client.post(offer, PLAN))
    tell("lots asked for", f"answer {asked * 1000:.0f} ms, dealt behind it in {worked():.1f} s")
    trial = Trial.objects.get(launch=launch)
    tell("result looked at while it runs", viewed(client, result, views))
    # As if it had been drawn so long ago that its last week is audited.
    Trial.objects.filter(pk=trial.pk).update(first_day=AUDITED + DAY - (trial.weeks - trial.before) * 7 * DAY)
    first = timed(lambda: client.get(result))
    tell("result, once it is over", f"first answer {first * 1000:.0f} ms, read behind it in {worked():.1f} s")
    assert TrialReading.objects.filter(trial=trial).exists()
    tell("result looked at", viewed(client, result, views))
    Launch.objects.filter(pk=launch.pk).update(state=Launch.State.ENDED, ended_at=NOW)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=9_000)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--views", type=int, default=40)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    seeded = timed(lambda: company(asked.groups, asked.members, asked.weeks))
    print(
        f"fair tests, {asked.groups:,} groups, {Membership.objects.count():,} memberships, {GroupDay.objects.count():,} days, "
        f"on {connection.vendor} (seeded in {seeded:.0f} s)\n\n| what | measured |\n| --- | --- |",
        flush=True,
    )
    home, lin = Community.objects.get(slug=ACCOUNT.community), Staff.objects.get(username="lin")
    with mock.patch("django.utils.timezone.now", return_value=NOW):
        for measure in ("days", "speakers"):
            fair_test(home, lin, measure, asked.views)
    return 0


if __name__ == "__main__":
    sys.exit(main())
