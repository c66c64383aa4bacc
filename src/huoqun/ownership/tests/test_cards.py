"""To-dos as cards with buttons: a tap on the carrier does what a tap on the page does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership import operations
from huoqun.ownership.models import Contact, State, Todo
from huoqun.ownership.rules.cards import Answer, Card, answer_to, card_of
from huoqun.ownership.rules.times import UNDO
from huoqun.ownership.tests.conftest import ACCOUNT, NOW
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import CloseCard, MessageStaff
from huoqun.vocabulary.events import StaffAnswered
from huoqun.vocabulary.ids import Account

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def todo(balcony: Community, mo: Staff, wish: Callable[..., Give]) -> Todo:
    operations.reach(mo, balcony, carrier="wechat", account="main", native_id="mo-wx")
    return operations.give(wish(), now=NOW)


def card() -> MessageStaff:
    request = Request.objects.get(action="MessageStaff")
    action = codec.action(request.action, request.payload)
    assert isinstance(action, MessageStaff)
    return action


def tap(choice: str, *, who: str = "mo-wx", task: str = "", source: str = "t1", account: Account = ACCOUNT) -> StaffAnswered:
    return StaffAnswered(
        account=account, source_id=source, at=LATER, staff_id=who, task=task or card().task, choice=choice, code="rc2"
    )  # fmt: skip


def closings() -> list[CloseCard]:
    rows = Request.objects.filter(action="CloseCard").order_by("pk")
    return [action for row in rows if isinstance(action := codec.action(row.action, row.payload), CloseCard)]


def test_a_to_do_is_sent_as_a_card_with_two_buttons(todo: Todo, mo: Staff) -> None:
    asked = card()
    assert asked.task == f"todo-{todo.pk}-{mo.pk}-0"
    assert [(choice.key, choice.title) for choice in asked.choices] == [("done", "完成"), ("skip", "我做不了")]


@pytest.mark.method("G04")
def test_a_tap_on_done_is_done_and_the_card_says_so(todo: Todo, mo: Staff, deliver: Callable[..., None]) -> None:
    deliver(tap("done"), now=LATER)
    todo.refresh_from_db()
    assert (todo.state, todo.done_by, todo.how) == (State.DONE, mo, "tap")
    (closed,) = closings()
    assert (closed.staff_id, closed.code, closed.words) == ("mo-wx", "rc2", "完成")
    operations.settle(now=LATER + UNDO)
    deliver(tap("done"), now=LATER + UNDO)
    assert len(closings()) == 1


def test_a_tap_on_skip_gives_it_to_the_leads(todo: Todo, deliver: Callable[..., None]) -> None:
    deliver(tap("skip"), now=LATER)
    todo.refresh_from_db()
    assert (todo.state, todo.assigned) == (State.OPEN, None)
    assert [closed.words for closed in closings()] == ["已转交主管"]


def test_a_tap_on_what_is_over_changes_nothing_and_the_card_says_so(
    todo: Todo, lin: Staff, deliver: Callable[..., None]
) -> None:
    operations.cancel([todo], by=lin, now=NOW)
    deliver(tap("done"), now=LATER)
    todo.refresh_from_db()
    assert todo.state == State.CANCELLED
    assert [closed.words for closed in closings()] == ["早已关闭"]


def test_a_tap_of_somebody_else_does_nothing(todo: Todo, tao: Staff, balcony: Community, deliver: Callable[..., None]) -> None:
    operations.reach(tao, balcony, carrier="wechat", account="main", native_id="tao-wx")
    elsewhere = Account("elsewhere", "wechat", "main")
    deliver(
        tap("done", who="tao-wx"), tap("done", who="stranger", source="t2"), tap("done", source="t3", account=elsewhere),
        tap("done", task="todo-999999-1-0", source="t4"), tap("done", task="lottery", source="t5"), now=LATER,
    )  # fmt: skip
    todo.refresh_from_db()
    assert todo.state == State.OPEN
    assert closings() == []


def test_handed_on_the_old_card_is_no_way_to_do_it(todo: Todo, tao: Staff, mo: Staff, deliver: Callable[..., None]) -> None:
    before = card().task
    operations.hand_on([todo], tao, by=mo, now=NOW)
    deliver(tap("done", task=before), now=LATER)
    todo.refresh_from_db()
    assert (todo.state, todo.assigned) == (State.OPEN, tao)
    assert [closed.words for closed in closings()] == ["已转给别人"]


def test_done_on_the_page_the_card_that_is_out_is_closed(todo: Todo, mo: Staff) -> None:
    Request.objects.filter(action="MessageStaff").update(state=RequestState.SENT, message_id="rc1", settled_at=NOW)
    operations.do(todo, by=mo, now=LATER)
    operations.settle(now=LATER + UNDO)
    (closed,) = closings()
    assert (closed.code, closed.words) == ("rc1", "已结束")


def test_a_card_that_can_be_changed_no_more_is_left_alone(todo: Todo, mo: Staff) -> None:
    Request.objects.filter(action="MessageStaff").update(
        state=RequestState.SENT, message_id="rc1", settled_at=NOW - timedelta(hours=80)
    )
    operations.do(todo, by=mo, now=LATER)
    operations.settle(now=LATER + UNDO)
    assert closings() == []


def test_a_colleague_who_is_no_longer_active_taps_in_vain(todo: Todo, mo: Staff, deliver: Callable[..., None]) -> None:
    Staff.objects.filter(pk=mo.pk).update(is_active=False)
    deliver(tap("done"), now=LATER)
    todo.refresh_from_db()
    assert todo.state == State.OPEN
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("tap", "is_open", "assigned", "answer"),
    [
        ("done", True, 1, Answer.DONE),
        ("done", True, None, Answer.DONE),
        ("skip", True, 1, Answer.SKIPPED),
        ("moon", True, 1, Answer.SKIPPED),
        ("done", True, 2, Answer.NOT_THEIRS),
        ("done", False, 1, Answer.CLOSED),
    ],
)
def test_what_a_tap_means(tap: str, is_open: bool, assigned: int | None, answer: Answer) -> None:
    assert answer_to(tap, is_open=is_open, assigned=assigned, by=1) == answer


def test_a_card_is_found_again_by_its_name() -> None:
    assert card_of(Card(17, 3, 1).task) == Card(17, 3, 1)
    assert [card_of(task) for task in ("", "todo-17", "todo-17-3-1-", "todo-x-3-1", "todo-17-3-1\n")] == [None] * 5
