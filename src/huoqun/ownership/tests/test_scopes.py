from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from huoqun.community.models import Community
from huoqun.console.models import Role, Staff
from huoqun.ownership import operations, queries
from huoqun.ownership.models import Todo
from huoqun.ownership.rules.pressing import Pressure
from huoqun.ownership.tests.conftest import NOW
from huoqun.ownership.types import Give

Wish = Callable[..., Give]
HOUR = timedelta(hours=1)


@pytest.fixture
def three(wish: Wish, mo: Staff, tao: Staff) -> None:
    """One of Mo's group, one of Tao's, one of the leads'."""
    operations.give_many([wish("mo"), wish("tao", group=None, to=tao), wish("pool", group=None)], now=NOW)


def seen(visitor: Staff | AnonymousUser) -> set[str]:
    return set(queries.todos(visitor).values_list("key", flat=True))


def test_everybody_sees_their_own_and_leads_all_of_their_communities(three: None, mo: Staff, tao: Staff, lin: Staff) -> None:
    root = Staff.objects.create(username="root", role=Role.ADMIN)
    assert seen(mo) == {"mo"}
    assert seen(tao) == {"tao"}
    assert seen(lin) == seen(root) == {"mo", "tao", "pool"}


def test_who_belongs_elsewhere_sees_nothing(three: None, yu: Staff) -> None:
    assert seen(yu) == set()
    assert seen(AnonymousUser()) == set()
    assert queries.due_today(yu, NOW + 3 * HOUR).total == 0
    assert queries.due_today(AnonymousUser(), NOW).total == 0
    communities = Community.objects.all()
    loads = queries.workload(yu, communities, [yu], now=NOW, zone="Asia/Shanghai")
    assert sum(load.open for load in loads) == 0
    assert queries.workload_by_group(yu, communities, now=NOW, zone="Asia/Shanghai") == []


def test_an_operator_sees_what_a_colleague_does_for_their_group(wish: Wish, mo: Staff, tao: Staff) -> None:
    operations.give(wish("k", to=tao), now=NOW)
    assert seen(mo) == seen(tao) == {"k"}
    assert not queries.own(mo).exists()
    Staff.objects.filter(pk=tao.pk).update(is_active=False)
    tao.refresh_from_db()
    assert seen(tao) == set()


def test_a_lost_seat_hides_even_ones_own(three: None, mo: Staff) -> None:
    mo.seats.all().delete()
    assert seen(mo) == set()


def test_what_is_due_today_counts_to_midnight_of_who_looks(wish: Wish, mo: Staff, lin: Staff, tao: Staff) -> None:
    operations.give_many(
        [
            wish("late", due_at=NOW - HOUR),
            wish("today", due_at=NOW + 13 * HOUR),  # 23:00 in Shanghai
            wish("tomorrow", due_at=NOW + 15 * HOUR),
            wish("pool", group=None, due_at=NOW + HOUR),
        ],
        now=NOW,
    )
    due = queries.due_today(mo, NOW)
    assert (due.late, due.today, due.pool, due.late_of_others) == (1, 2, 0, 0)
    assert [todo.key for todo in due.first] == ["late", "today"]
    lead = queries.due_today(lin, NOW)
    assert (lead.late, lead.today, lead.pool, lead.late_of_others) == (0, 0, 1, 1)
    assert [todo.key for todo in lead.first] == ["pool"]
    mo.zone = "Europe/Berlin"
    assert queries.due_today(mo, NOW).today == 3


@pytest.mark.method("I12")
def test_the_lead_sees_who_is_drowning_and_who_is_free(
    wish: Wish, mo: Staff, tao: Staff, lin: Staff, balcony: Community
) -> None:
    operations.give_many([wish(f"k{n}", due_at=NOW - HOUR) for n in range(3)], now=NOW - 3 * HOUR)
    done = operations.give(wish("tao", to=tao), now=NOW)
    operations.do(done, by=tao, now=NOW + HOUR)
    operations.go_away(lin, start=NOW, end=NOW + 5 * HOUR, stand_in=tao, by=lin, now=NOW)
    loads = queries.workload(lin, Community.objects.all(), [lin, mo, tao], now=NOW + 2 * HOUR, zone="Asia/Shanghai")
    by_name = {load.staff.username if load.staff else "": load for load in loads}
    assert loads[0].staff == mo
    assert (by_name["mo"].late, by_name["mo"].pressure) == (3, Pressure.DROWNING)
    assert (by_name["tao"].done, by_name["tao"].in_time, by_name["tao"].pressure) == (1, 1, Pressure.FINE)
    assert by_name["lin"].away_until == NOW + 5 * HOUR
    groups = queries.workload_by_group(lin, Community.objects.all(), now=NOW, zone="Asia/Shanghai")
    assert [(load.group.name, load.late, load.open) for load in groups] == [("番茄群", 3, 3)]


@pytest.mark.method("I12")
def test_the_audit_learns_how_much_is_done_by_hand_for_which_group(
    wish: Wish, mo: Staff, tao: Staff, balcony: Community
) -> None:
    operations.give_many([wish("k1"), wish("k2"), wish("k3"), wish("pool", group=None, action=None, title="x")], now=NOW)
    operations.do(Todo.objects.get(key="k1"), by=tao, now=NOW + HOUR)
    rows = queries.effort(balcony, start=NOW, end=NOW + 9 * HOUR, now=NOW + 5 * HOUR)
    key = Todo.objects.get(key="k1").group_key
    by_place = {(row.group_key, row.staff): row for row in rows}
    assert (by_place[key, mo.pk].given, by_place[key, mo.pk].open, by_place[key, mo.pk].late) == (3, 2, 2)
    assert (by_place[key, tao.pk].done, by_place[key, tao.pk].in_time, by_place[key, tao.pk].hours_to_done) == (1, 1, 1.0)
    assert by_place[None, None].open == 1
    assert queries.effort(balcony, start=NOW + 9 * HOUR, end=NOW + 10 * HOUR, now=NOW)[0].done == 0
