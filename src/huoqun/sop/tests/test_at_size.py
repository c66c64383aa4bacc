"""What planning asks of the database: as much for many groups as for few, and never by reading through what has ended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.console.models import Staff
from huoqun.outbox.models import Request
from huoqun.ownership.models import Todo
from huoqun.sop.handlers import hear
from huoqun.sop.models import Launch, Line
from huoqun.sop.operations import beginning, calendar, launching
from huoqun.sop.operations.closing import close_overdue
from huoqun.sop.operations.looking_back import look_back
from huoqun.sop.operations.planning import plan
from huoqun.vocabulary.events import MessageKind, MessagePosted
from huoqun.vocabulary.events import Person as Speaker
from huoqun.vocabulary.ids import group_key, person_key
from huoqun.vocabulary.log import Batch, Stored

from .conftest import ACCOUNT, START, Life

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
OF_WHAT_IS_OPEN = "lines_open|lines_waiting|lines_late|runs_to_look_at"
"""Indexes which hold nothing that has ended: these may be read through."""
TABLES = "sop_run|sop_line|outbox_request|ownership_todo"
READ_WHOLE = re.compile(rf"SCAN (?:{TABLES})\b(?! USING (?:COVERING )?INDEX (?:{OF_WHAT_IS_OPEN})\b)")

GROUPS = """\
name: daily
title: 日常
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - {do: post, key: morning, at: {day: 0, time: "09:40", spread: 20m}, words: {text: "早，{{群名}}"}}
  - {do: todo, key: answer, at: {day: 0, time: "14:00"}, task: 看看有没有没回答的问题}
  - {do: wait, key: words, at: {day: 0, time: "15:00"}, fact: spoke, limit: 1h}
  - {do: post, key: evening, at: {spread: 0m}, words: {text: "{{运营}}先下班了"}}
"""
MEMBERS = """\
name: each
title: 每人一句
audience: {about: members}
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - {do: message, key: hello, at: {day: 0, time: "09:40", spread: 20m}, words: {text: "{{昵称}}，早"}}
  - {do: todo, key: call, at: {day: 0, time: "14:00"}, task: 打个招呼}
"""


def people_in(home: Community, mo: Staff, groups: int) -> None:
    """As many groups again, with somebody in each."""
    first = Group.objects.count() + 1
    for number in range(first, first + groups):
        group = Group.objects.create(
            community=home, key=group_key(ACCOUNT, f"g{number}"), carrier="pretend", native_id=f"g{number}", name="群",
            operator=mo, state="steady",
        )  # fmt: skip
        person = Person.objects.create(community=home, name=f"群友{number}")
        one = Identity.objects.create(
            person=person, community=home, key=person_key(ACCOUNT, f"n{number}"), carrier="pretend", native_id=f"n{number}",
            name=person.name,
        )  # fmt: skip
        Membership.objects.create(group=group, identity=one, joined_at=START)


def queries_of_a_day(now: datetime) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        calendar.look(now=now)
        assert plan(now=now, most=1000) > 0
        plan(now=now + timedelta(hours=9), most=1000)
    return len(asked)


@pytest.mark.parametrize("book", [GROUPS, MEMBERS])
def test_ten_times_as_many_groups_cost_no_more_queries(life: Life, mo: Staff, book: str) -> None:
    life.put_to_work(book)
    few, planned = queries_of_a_day(START), Line.objects.count()
    people_in(life.home, mo, 9 * max(Group.objects.count(), Identity.objects.count()))
    many = queries_of_a_day(START + DAY)
    assert Line.objects.count() - planned > 8 * planned
    assert many <= few + 2


def test_what_is_looked_up_all_day_is_found_in_an_index(life: Life) -> None:
    """However much has ended: a table of a year's lines is not read once a minute."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads small tables through, and rightly so")
    life.put_to_work(GROUPS)
    words = MessagePosted(
        account=ACCOUNT, source_id="w1", at=START, group_id="r1", group_name="番茄1群", author=Speaker(id="p1", name="群友"),
        message_id="m1", kind=MessageKind.TEXT, text="早",
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        for hours in (0, 6, 7, 30):
            now = START + timedelta(hours=hours)
            calendar.look(now=now)
            plan(now=now)
            close_overdue(now=now)
            look_back(now=now)
        hear(Batch((Stored(position=1, stored_at=START, what=words),), writer="test"), now=START)
        launching.end(Launch.objects.get(), by=None, now=START + 2 * DAY)
        calendar.look(now=START + 2 * DAY)
    assert Request.objects.exists()
    assert Todo.objects.exists()
    assert not list(whole_tables(each["sql"] for each in asked))


def whole_tables(statements: Iterable[str]) -> Iterable[str]:
    with connection.cursor() as cursor:
        for sql in dict.fromkeys(statements):
            if sql.startswith(("SELECT", "UPDATE", "DELETE")):
                cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}", [])
                yield from (f"{row[3]}: {sql}" for row in cursor.fetchall() if READ_WHOLE.search(row[3]))


def test_a_launch_begins_some_at_a_time_and_stops_when_it_is_paused(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work = life.put_to_work(MEMBERS)
    monkeypatch.setattr(calendar, "BEGUN_AT_ONCE", 5)

    def paused_after_the_first(*args: object, **more: object) -> int:
        new = beginning.begin(*args, **more)  # type: ignore[arg-type]
        launching.pause(at_work, by=None, now=START)
        return new

    monkeypatch.setattr(calendar, "begin", paused_after_the_first)
    assert calendar.look(now=START) == 5
    monkeypatch.setattr(calendar, "begin", beginning.begin)
    launching.resume(at_work, by=None, now=START)
    assert calendar.look(now=START) == 7, "the rest of twelve, each once"
