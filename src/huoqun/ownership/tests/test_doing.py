from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from huoqun.community.models import Community, Group, Identity
from huoqun.console.models import Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.ownership import operations
from huoqun.ownership.handlers import forget_people
from huoqun.ownership.loop import EVERY, Keeper
from huoqun.ownership.models import How, State, Todo
from huoqun.ownership.tests.conftest import ACCOUNT, NOW, TEXT, announced, settled
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import Body, MessageMember, MessageStaff, PostToGroup, RemoveMember
from huoqun.vocabulary.events import MemberLeft, MessagePosted, Person
from huoqun.vocabulary.facts import PersonErased, RequestSettled
from huoqun.vocabulary.log import Batch, Stored

MINUTE = timedelta(minutes=1)
Wish = Callable[..., Give]
Handed = Callable[..., Request]
Deliver = Callable[..., None]


def said(by: str = "mo-wx", text: str = TEXT, source: str = "m:1") -> MessagePosted:
    return MessagePosted(
        account=ACCOUNT, source_id=source, at=NOW + MINUTE, group_id="g1", message_id="1", author=Person(id=by), text=text
    )  # fmt: skip


@pytest.mark.method("G04")
def test_what_the_carrier_cannot_do_is_given_to_the_operator_once(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group, mo: Staff
) -> None:
    request = handed(post, expires=NOW + timedelta(hours=1))
    deliver(settled(request))
    deliver(settled(request))
    todo = Todo.objects.get()
    assert (todo.assigned, todo.group, todo.text, todo.why) == (mo, tomatoes, TEXT, "Only by hand here.")
    assert (todo.due_at, todo.room, todo.about, todo.request) == (NOW + timedelta(hours=1), "sop", "run/1", "r1")


def test_done_by_a_tap_is_confirmed_after_the_minute_and_once(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group, mo: Staff
) -> None:
    request = handed(post)
    deliver(settled(request))
    todo = Todo.objects.get()
    assert operations.do(todo, by=mo, now=NOW)
    assert not operations.do(todo, by=mo, now=NOW)
    assert operations.settle(now=NOW + MINUTE - timedelta(seconds=1)) == 0
    request.refresh_from_db()
    assert request.state == "handed"
    assert operations.settle(now=NOW + MINUTE) == 1
    assert operations.settle(now=NOW + MINUTE) == 0
    request.refresh_from_db()
    assert request.state == "sent"
    assert request.stages.get(stage="confirmed").by == mo
    assert len(announced("TodoDone")) == 1
    deliver(settled(request))
    assert len(announced("TodoDone")) == 1


def test_a_tap_is_taken_back_within_the_minute_by_who_tapped(wish: Wish, mo: Staff, tao: Staff) -> None:
    todo = operations.give(wish(), now=NOW)
    operations.do(todo, by=mo, now=NOW)
    assert not operations.undo(todo, by=tao, now=NOW)
    assert operations.undo(todo, by=mo, now=NOW + MINUTE / 2)
    todo.refresh_from_db()
    assert (todo.state, todo.done_by, todo.how) == (State.OPEN, None, "")
    operations.do(todo, by=mo, now=NOW)
    assert not operations.undo(todo, by=mo, now=NOW + MINUTE)
    assert operations.settle(now=NOW + MINUTE) == 1


@pytest.mark.method("G04")
def test_seen_to_be_done_needs_no_tap(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group, mo: Staff, helper: Identity
) -> None:
    request = handed(post)
    deliver(settled(request))
    deliver(said(by="tao-wx"), said(text="大家早"))
    assert Todo.objects.get().state == State.OPEN
    proof = said(source="m:2")
    deliver(proof)
    deliver(proof)
    todo = Todo.objects.get()
    assert (todo.state, todo.how, todo.proof, todo.done_by, todo.done_at) == (State.DONE, How.SEEN, "m:2", mo, proof.at)
    request.refresh_from_db()
    assert request.state == "sent"
    assert len(announced("TodoDone")) == 1
    assert not operations.undo(todo, by=mo, now=NOW + MINUTE)


def test_given_and_proven_in_one_batch(
    handed: Handed, deliver: Deliver, tomatoes: Group, ren: Identity, helper: Identity
) -> None:
    request = handed(RemoveMember(account=ACCOUNT, group_id="g1", member_id="ren"))
    gone = MemberLeft(account=ACCOUNT, source_id="l:1", at=NOW, group_id="g1", member=Person(id="ren"))
    deliver(settled(request), gone)
    todo = Todo.objects.get()
    assert (todo.state, todo.member, todo.how) == (State.DONE, ren, How.SEEN)


def test_what_is_settled_in_the_outbox_is_closed_here(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group, lin: Staff
) -> None:
    first, second = handed(post), handed(post, "r2")
    deliver(settled(first), settled(second))
    outbox.confirm([first], by=lin, now=NOW)
    outbox.cancel([second], by=lin, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    for _twice in range(2):
        deliver(settled(first), settled(second))
        assert dict(Todo.objects.values_list("request", "state")) == {"r1": State.DONE, "r2": State.CANCELLED}
        assert len(announced("TodoDone")) == 1


def test_handed_and_settled_before_we_heard_gives_nobody_anything(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group
) -> None:
    request = handed(post)
    before = settled(request)
    outbox.confirm([request], by=None, now=NOW)
    deliver(before)
    assert not Todo.objects.exists()


def test_cancelled_here_is_cancelled_there(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group, lin: Staff
) -> None:
    request = handed(post)
    deliver(settled(request))
    assert operations.cancel(Todo.objects.all(), by=lin, now=NOW) == 1
    request.refresh_from_db()
    assert request.state == "cancelled"


def test_our_own_message_that_needs_a_hand_is_nobodys_to_do(handed: Handed, deliver: Deliver, balcony: Community) -> None:
    message = MessageStaff(account=ACCOUNT, staff_id="mo-wx", body=Body(text="待办"))
    request = handed(message)
    Request.objects.update(room="ownership")
    request.refresh_from_db()
    deliver(settled(request))
    assert not Todo.objects.exists()


def test_a_message_to_somebody_names_them_and_goes_to_who_runs_their_group(
    handed: Handed, deliver: Deliver, tomatoes: Group, ren: Identity, mo: Staff
) -> None:
    deliver(settled(handed(MessageMember(account=ACCOUNT, member_id="ren", body=Body(text="你好"), group_id="g1"))))
    todo = Todo.objects.get()
    assert (todo.member, todo.assigned) == (ren, mo)
    deliver(settled(handed(MessageMember(account=ACCOUNT, member_id="new", body=Body(text="你好")), "r2")))
    unknown = Todo.objects.get(request="r2")
    assert (unknown.member, unknown.who, unknown.assigned) == (None, "new", None)


def test_an_erased_person_is_forgotten_and_twice_is_once(wish: Wish, ren: Identity) -> None:
    remove = RemoveMember(account=ACCOUNT, group_id="g1", member_id="ren")
    operations.give_many([wish(action=remove, member=ren), wish("k2")], now=NOW)
    fact = PersonErased(community="balcony", at=NOW, people=(ren.key,))  # type: ignore[arg-type]
    for _twice in range(2):
        forget_people(Batch((Stored(1, NOW, fact),), "ownership-erasure/-1"), now=NOW)
        assert Todo.objects.get().key == "k2"


def test_a_crash_between_two_lines_leaves_nothing_half_done(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group, mo: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = handed(post)
    deliver(settled(request))
    operations.do(Todo.objects.get(), by=mo, now=NOW)

    def dies(*facts: object, **more: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("huoqun.ownership.operations.doing.announce", dies)
        with pytest.raises(MemoryError):
            operations.settle(now=NOW + MINUTE)
    request.refresh_from_db()
    assert request.state == "handed"
    assert Todo.objects.get().settled_at is None
    assert operations.settle(now=NOW + MINUTE) == 1
    request.refresh_from_db()
    assert request.state == "sent"


def test_a_batch_that_is_undone_gave_nobody_anything(
    handed: Handed, deliver: Deliver, post: PostToGroup, tomatoes: Group
) -> None:
    request = handed(post)
    with transaction.atomic():
        deliver(settled(request))
        transaction.set_rollback(True)
    assert not Todo.objects.exists()
    deliver(settled(request))
    assert Todo.objects.count() == 1


def test_a_fact_about_a_request_that_is_gone_is_passed_over(deliver: Deliver, balcony: Community) -> None:
    fact = RequestSettled(
        community="balcony", at=NOW, request="gone", action="PostToGroup", target="group/g1", outcome="handed", room="sop",
        about="",
    )  # fmt: skip
    deliver(fact)
    assert not Todo.objects.exists()


def test_the_keeper_looks_every_twenty_seconds_and_at_once_when_the_clock_is_set_back(wish: Wish, mo: Staff) -> None:
    clock = [NOW]
    keeper = Keeper(clock=lambda: clock[0])
    assert not keeper.round()
    operations.do(operations.give(wish(), now=NOW), by=mo, now=NOW - MINUTE)
    assert not keeper.round()
    clock[0] = NOW + EVERY
    assert keeper.round()
    assert not keeper.round()
    operations.do(operations.give(wish("k2"), now=NOW), by=mo, now=NOW - timedelta(hours=1))
    clock[0] = NOW - timedelta(minutes=5)
    assert keeper.round()
