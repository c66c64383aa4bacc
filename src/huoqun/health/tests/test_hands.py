"""What operators did by hand stands beside what they were seen to write."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.health.operations import hands
from huoqun.ownership import operations as todos
from huoqun.ownership.types import Give

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
AS_OF = date(2026, 11, 20)
DAY = timedelta(days=1)


def colleague(home: Community, name: str) -> Staff:
    staff = Staff.objects.create(username=name, role=Role.OPERATOR)
    communities.seat(staff, home)
    return staff


def give(home: Community, key: str, to: Staff, *, due_in: timedelta, now: datetime) -> None:
    given = Give(community=home, key=key, room="sop", about="run/1", title="打招呼", to=to, due_at=now + due_in)
    todos.give(given, now=now)


@pytest.mark.method("I12")
def test_todos_of_four_weeks_count_for_who_did_them() -> None:
    home = communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)
    elsewhere = communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)
    mo, tao = colleague(home, "mo"), colleague(home, "tao")
    for key, where, when in (
        ("in time", home, NOW - 2 * DAY),
        ("in time too", home, NOW - 27 * DAY),
        ("too long ago", home, NOW - 40 * DAY),
        ("of others", elsewhere, NOW - DAY),
    ):
        give(where, key, mo, due_in=DAY, now=when)
        todos.do(where.todos.get(key=key), by=mo, now=when + DAY / 2)
    give(home, "late", mo, due_in=DAY, now=NOW - 3 * DAY)
    todos.do(home.todos.get(key="late"), by=mo, now=NOW - DAY)
    give(home, "still late", tao, due_in=DAY, now=NOW - 3 * DAY)
    rows = [{"operator": "mo", "groups": 3}, {"operator": "tao"}, {"operator": "somebody"}]
    assert hands.beside(rows, home, as_of=AS_OF, now=NOW) == [
        {"operator": "mo", "groups": 3, "todos_done": 3, "todos_in_time": 2, "todos_late": 0},
        {"operator": "tao", "todos_done": 0, "todos_in_time": 0, "todos_late": 1},
        {"operator": "somebody", "todos_done": 0, "todos_in_time": 0, "todos_late": 0},
    ]
