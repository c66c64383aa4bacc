from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from huoqun.community.models import Community, Group, Identity
from huoqun.console.models import Role, Staff
from huoqun.outbox.models import Request
from huoqun.outbox.models import State as RequestState
from huoqun.ownership import operations
from huoqun.ownership.errors import AwayAlready, CannotWorkHere, NotAnAbsence, NotGivable
from huoqun.ownership.models import Away, HandOn, State, Todo
from huoqun.ownership.tests.conftest import ACCOUNT, NOW, TEXT, announced
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import PostToGroup, RemoveMember

Wish = Callable[..., Give]
HOUR = timedelta(hours=1)


def test_it_is_given_once_to_the_groups_operator_with_everything_prepared(wish: Wish, mo: Staff) -> None:
    todo = operations.give(wish(), now=NOW)
    again = operations.give(wish(title="anders"), now=NOW + HOUR)
    assert again.pk == todo.pk
    assert Todo.objects.count() == 1
    assert (todo.assigned, todo.text, todo.state, todo.action) == (mo, TEXT, State.OPEN, "PostToGroup")
    assert operations.give_many([wish(), wish("k2"), wish("k2")], now=NOW) == 1


def test_what_cannot_be_kept_is_refused_with_the_field(wish: Wish, elsewhere: Community) -> None:
    strange = Group.objects.create(community=elsewhere, key=9, carrier="wechat", native_id="g9")
    for changed, field in (
        ({"key": ""}, "key"),
        ({"key": "x" * 221}, "key"),
        ({"action": None}, "title"),
        ({"due_at": datetime(2026, 1, 1)}, "due_at"),
        ({"group": strange}, "group"),
        ({"title": "\0"}, "title"),
        ({"community": elsewhere, "group": None}, "community"),
    ):
        with pytest.raises(NotGivable, match=field):
            operations.give_many([wish("fine"), wish(**{"key": "bad", **changed})], now=NOW)
    assert not Todo.objects.exists()


def test_what_the_caller_takes_back_was_never_given(wish: Wish, mo: Staff, balcony: Community) -> None:
    operations.reach(mo, balcony, carrier="wechat", account="main", native_id="mo-wx")
    with transaction.atomic():
        operations.give(wish(), now=NOW)
        transaction.set_rollback(True)
    assert not Todo.objects.exists()
    assert not Request.objects.exists()


def test_whoever_is_away_gets_nothing_and_the_stand_in_is_told(wish: Wish, mo: Staff, tao: Staff, balcony: Community) -> None:
    operations.reach(tao, balcony, carrier="wechat", account="main", native_id="tao-wx")
    operations.go_away(mo, start=NOW - HOUR, end=NOW + HOUR, stand_in=tao, by=mo, now=NOW)
    todo = operations.give(wish(), now=NOW)
    assert (todo.assigned, todo.meant_for) == (tao, mo)
    told = Request.objects.get()
    assert (told.action, told.target, told.room) == ("MessageStaff", "staff/tao-wx", "ownership")
    assert TEXT in told.payload
    assert "番茄群" in told.payload
    assert f"/todos/{todo.pk}/" in told.payload
    operations.give(wish(), now=NOW)
    assert Request.objects.count() == 1


def test_without_an_operator_or_a_stand_in_it_is_the_leads(wish: Wish, mo: Staff, tomatoes: Group) -> None:
    operations.go_away(mo, start=NOW, end=NOW + HOUR, stand_in=None, by=mo, now=NOW)
    assert operations.give(wish(), now=NOW).assigned is None
    assert operations.give(wish("k2", group=None), now=NOW).assigned is None


def test_handing_on_keeps_whose_hands_it_went_through(
    wish: Wish, mo: Staff, tao: Staff, lin: Staff, balcony: Community
) -> None:
    for staff in (mo, tao):
        operations.reach(staff, balcony, carrier="wechat", account="main", native_id=staff.username)
    todo = operations.give(wish(), now=NOW)
    assert operations.hand_on([todo], tao, by=lin, now=NOW, said="莫在外面") == 1
    assert operations.hand_on([todo], tao, by=lin, now=NOW) == 0
    assert operations.hand_on([todo], mo, by=tao, now=NOW) == 1
    assert operations.cannot(todo, by=mo, now=NOW, said="进不了群")
    hands = HandOn.objects.values_list("from_staff__username", "to_staff__username", "why", "said")
    assert list(hands) == [("mo", "tao", "hand", "莫在外面"), ("tao", "mo", "hand", ""), ("mo", None, "cannot", "进不了群")]
    told = Request.objects.order_by("pk").values_list("target", "state")
    # Who no longer has it is not written to; who has it again is written to again.
    assert list(told) == [("staff/mo", "cancelled"), ("staff/tao", "cancelled"), ("staff/mo", "cancelled")]


def test_nobody_gets_what_they_may_not_work_on(wish: Wish, lin: Staff, yu: Staff, mo: Staff) -> None:
    looker = Staff.objects.create(username="looker", role=Role.OBSERVER)
    todo = operations.give(wish(), now=NOW)
    for stranger in (yu, looker):
        with pytest.raises(CannotWorkHere):
            operations.hand_on([todo], stranger, by=lin, now=NOW)
    todo.refresh_from_db()
    assert todo.assigned == mo


@pytest.mark.method("I10")
def test_an_absence_moves_what_is_open_and_what_ends_it_moves_nothing_back(wish: Wish, mo: Staff, tao: Staff) -> None:
    todo, closed = operations.give(wish(), now=NOW), operations.give(wish("k2"), now=NOW)
    operations.do(closed, by=mo, now=NOW)
    away = operations.go_away(mo, start=NOW + HOUR, end=NOW + 9 * HOUR, stand_in=tao, by=mo, now=NOW)
    assert operations.hand_on_absent(now=NOW) == 0
    assert operations.hand_on_absent(now=NOW + HOUR) == 1
    assert operations.hand_on_absent(now=NOW + HOUR) == 0
    todo.refresh_from_db()
    closed.refresh_from_db()
    assert (todo.assigned, closed.assigned) == (tao, mo)
    operations.come_back(away, now=NOW + 2 * HOUR)
    assert operations.give(wish("k3"), now=NOW + 2 * HOUR).assigned == mo
    assert operations.hand_on_absent(now=NOW + 2 * HOUR) == 0


def test_who_has_left_leaves_nothing_lying(wish: Wish, mo: Staff) -> None:
    todo = operations.give(wish(), now=NOW)
    Staff.objects.filter(pk=mo.pk).update(is_active=False)
    assert operations.hand_on_absent(now=NOW) == 1
    todo.refresh_from_db()
    assert todo.assigned is None
    assert HandOn.objects.get().why == "away"


def test_absences_make_sense(mo: Staff, tao: Staff) -> None:
    for start, end, stand_in in ((1, 0, tao), (-2, -1, tao), (0, 1, mo)):
        with pytest.raises(NotAnAbsence):
            operations.go_away(mo, start=NOW + start * HOUR, end=NOW + end * HOUR, stand_in=stand_in, by=mo, now=NOW)
    away = operations.go_away(mo, start=NOW + HOUR, end=NOW + 3 * HOUR, stand_in=tao, by=mo, now=NOW)
    with pytest.raises(AwayAlready):
        operations.go_away(mo, start=NOW, end=NOW + 2 * HOUR, stand_in=None, by=mo, now=NOW)
    operations.come_back(away, now=NOW)
    assert not Away.objects.exists()


def test_late_ones_are_told_to_the_leads_once(wish: Wish, mo: Staff, lin: Staff, balcony: Community) -> None:
    operations.reach(lin, balcony, carrier="wechat", account="main", native_id="lin-wx")
    operations.give_many([wish(), wish("k2"), wish("k3", due_at=NOW + 9 * HOUR)], now=NOW)
    assert operations.escalate_late(now=NOW + 2 * HOUR) == 0
    assert operations.escalate_late(now=NOW + 3 * HOUR) == 2
    assert operations.escalate_late(now=NOW + 3 * HOUR) == 0
    told = Request.objects.get(target="staff/lin-wx")
    assert "2 条待办" in told.payload or "2 to-dos" in told.payload
    assert "莫言秋" in told.payload
    assert len(announced("TodoLate")) == 2
    assert set(Todo.objects.filter(escalated_at__isnull=False).values_list("assigned__username", flat=True)) == {"mo"}


def test_what_is_of_no_use_any_more_is_over(wish: Wish) -> None:
    todo = operations.give(wish(expires_at=NOW + HOUR), now=NOW)
    assert operations.expire(now=NOW) == 0
    assert operations.expire(now=NOW + HOUR) == 1
    todo.refresh_from_db()
    assert todo.state == State.EXPIRED
    assert not announced("TodoDone")


def test_an_erased_person_leaves_no_to_do(wish: Wish, ren: Identity, balcony: Community, mo: Staff) -> None:
    operations.reach(mo, balcony, carrier="wechat", account="main", native_id="mo-wx")
    remove = RemoveMember(account=ACCOUNT, group_id="g1", member_id="ren")
    operations.give_many([wish(action=remove, member=ren), wish("k2")], now=NOW)
    key = ren.key
    ren.person.delete()
    assert operations.erase([key], balcony, now=NOW) == 1
    assert operations.erase([key], balcony, now=NOW) == 0
    assert Todo.objects.get().key == "k2"
    assert Request.objects.filter(state=RequestState.WAITING).count() == 1


def test_what_is_long_closed_is_forgotten(wish: Wish, mo: Staff, post: PostToGroup) -> None:
    kept, gone = operations.give(wish(), now=NOW), operations.give(wish("k2"), now=NOW)
    operations.do(gone, by=mo, now=NOW)
    operations.settle(now=NOW + HOUR)
    assert operations.forget(NOW + 2 * HOUR) == 1
    assert list(Todo.objects.all()) == [kept]
