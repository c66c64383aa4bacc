from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huoqun.community.models import Community, Group
from huoqun.community.operations import people
from huoqun.console.models import Staff
from huoqun.content import handlers, operations
from huoqun.content.models import Broadcast, Recipient, Way
from huoqun.content.operations import sending
from huoqun.content.queries.broadcasts import counts, paused, sent_between
from huoqun.content.tests.conftest import ACCOUNT, NOW, member, sent, written
from huoqun.inbox.models import Entry
from huoqun.outbox.handlers import forget_people as outbox_forgets
from huoqun.outbox.models import Pause, Request
from huoqun.outbox.rules.states import State
from huoqun.vocabulary.events import Event, MessagePosted
from huoqun.vocabulary.events import Person as Somebody
from huoqun.vocabulary.facts import Fact, PersonErased, RequestSettled
from huoqun.vocabulary.ids import Account, PersonKey
from huoqun.vocabulary.log import Batch, Stored

pytestmark = pytest.mark.django_db


def batch(*happened: Fact | Event) -> Batch:
    return Batch(tuple(Stored(place, NOW, what) for place, what in enumerate(happened, 1)), writer="content")


def settled(broadcast: Broadcast, group: Group, outcome: str, *, at: datetime = NOW, reason: str = "") -> RequestSettled:
    return RequestSettled(
        community="balcony", at=at, request=f"{broadcast.run}/group/{group.key}", action="PostToGroup",
        target=f"group/{group.native_id}", outcome=outcome, reason=reason, room="content", about=broadcast.run, message_id="m1",
    )  # fmt: skip


def cancelled_facts() -> list[RequestSettled]:
    """What the outbox announced."""
    keys = [entry.payload for entry in Entry.objects.filter(name="RequestSettled")]
    return [
        RequestSettled(
            community="balcony", at=NOW + timedelta(hours=1), request=row.key, action=row.action, target=row.target,
            outcome=row.state, room=row.room, about=row.about,
        )
        for row in Request.objects.filter(state=State.CANCELLED)
        if any(row.key in key for key in keys)
    ]  # fmt: skip


def state(broadcast: Broadcast) -> str:
    broadcast.refresh_from_db()
    return broadcast.state


@pytest.mark.method("G04")
def test_each_delivery_is_followed_until_all_is_done(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    going = sent(written(balcony, lin), lin)
    assert state(going) == "planned"
    tomato, herbs, chilli, rose = groups.values()
    minute = timedelta(minutes=1)
    handlers.follow(batch(settled(going, tomato, "sent"), settled(going, chilli, "handed", reason="no account")), now=NOW)
    assert state(going) == "going"
    handlers.follow(batch(settled(going, herbs, "refused", reason="removed"), settled(going, rose, "unknown")), now=NOW)
    found = counts([going.pk])[going.pk]
    assert dict(found.outcomes) == {"sent": 1, "handed": 1, "refused": 1, "unknown": 1}
    assert Recipient.objects.get(group=herbs).reason == "removed"
    handlers.follow(
        batch(settled(going, chilli, "sent", at=NOW + minute), settled(going, rose, "cancelled", at=NOW + minute)), now=NOW
    )
    assert state(going) == "done"
    assert [key for key, _ in sent_between(balcony, NOW, NOW + minute)] == [tomato.key]
    assert sent_between(balcony, NOW, NOW + 2 * minute) == [(tomato.key, NOW), (chilli.key, NOW + minute)]


def test_facts_twice_late_or_of_other_rooms_change_nothing(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    going = sent(written(balcony, lin), lin)
    tomato = groups["番茄群"]
    first, second = settled(going, tomato, "handed"), settled(going, tomato, "sent", at=NOW + timedelta(minutes=3))
    handlers.follow(batch(second, first), now=NOW)
    handlers.follow(batch(second, second), now=NOW)
    handlers.follow(batch(first), now=NOW)
    row = Recipient.objects.get(group=tomato)
    assert (row.outcome, row.message_id, row.settled_at) == ("sent", "m1", second.at)
    strange = RequestSettled(
        community="balcony", at=NOW + timedelta(hours=1), request=first.request, action="PostToGroup", target=first.target,
        outcome="refused", room="sop", about="run/1",
    )  # fmt: skip
    handlers.follow(batch(strange), now=NOW)
    assert Recipient.objects.get(group=tomato).outcome == "sent"


def test_stopped_half_way_nothing_more_goes_out(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    going = sent(written(balcony, lin), lin)
    tomato, herbs, chilli, _rose = groups.values()
    Request.objects.filter(target=f"group/{tomato.native_id}").update(state=State.SENT)
    Request.objects.filter(target=f"group/{chilli.native_id}").update(state=State.HANDED)
    Request.objects.filter(target=f"group/{herbs.native_id}").update(state=State.LEASED)
    handlers.follow(batch(settled(going, tomato, "sent")), now=NOW)
    assert operations.stop(going, by=lin, now=NOW) == 2
    assert operations.stop(going, by=lin, now=NOW) == 0
    states = dict(Request.objects.values_list("target", "state"))
    assert states == {
        "group/g-番茄群": "sent",
        "group/g-香草群": "leased",
        "group/g-辣椒群": "cancelled",
        "group/g-月季群": "cancelled",
    }
    # One is on its way: should it come back to be tried again, the pause keeps it.
    assert Pause.objects.filter(value=f"balcony/{going.run}", lifted_at=None).exists()
    Request.objects.filter(target=f"group/{herbs.native_id}").update(state=State.SENT)
    facts = cancelled_facts()
    assert len(facts) == 2
    handlers.follow(batch(settled(going, herbs, "sent", at=NOW + timedelta(minutes=1)), *facts), now=NOW)
    assert not Pause.objects.filter(lifted_at=None).exists()
    assert dict(counts([going.pk])[going.pk].outcomes) == {"sent": 2, "cancelled": 2}
    assert state(going) == "stopped"
    assert sending.plan(going.pk, now=NOW) == 0


def test_stopped_while_it_is_planned_the_rest_is_never_asked_for(
    balcony: Community, groups: dict[str, Group], lin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BATCH", 1)
    going = written(balcony, lin)
    operations.send(going, by=lin, now=NOW)

    def stops(done: int, total: int) -> None:
        if done == 2:
            operations.stop(going, by=lin, now=NOW)

    assert sending.plan(going.pk, now=NOW, progress=stops) == 2
    assert set(Request.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert not Pause.objects.filter(lifted_at=None).exists()


def test_paused_and_resumed(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    draft = written(balcony, lin)
    assert not operations.pause(draft, by=lin, now=NOW)
    going = sent(draft, lin)
    assert operations.pause(going, by=lin, now=NOW)
    assert paused([going]) == {going.pk}
    assert operations.resume(going, by=lin, now=NOW)
    assert not operations.resume(going, by=lin, now=NOW)
    assert paused([going]) == set()


def test_erased_people_are_forgotten_and_hold_nothing_up(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    tao = member(groups["番茄群"], "小陶")
    gone = member(groups["番茄群"], "老周")
    going = sent(written(balcony, lin, to="members", text="{{昵称}}，你好"), lin)
    greeted = Recipient.objects.get(key=tao.key)
    told = RequestSettled(
        community="balcony", at=NOW, request=greeted.request_key, action="MessageMember", target="person/p-小陶",
        outcome="sent", room="content", about=going.run,
    )  # fmt: skip
    handlers.follow(batch(told), now=NOW)
    people.erase(gone.person, now=NOW)
    erased = batch(PersonErased(community="balcony", at=NOW, people=(PersonKey(gone.key),)))
    outbox_forgets(erased, now=NOW)
    handlers.forget_people(erased, now=NOW)
    row = Recipient.objects.get(key=gone.key)
    assert (row.name, row.text, row.identity, row.left_out) == ("", "", None, "erased")
    assert Request.objects.count() == 1
    assert state(going) == "done"
    assert "老周" not in str(list(Recipient.objects.values()))


def heard(group: str, account: str, at: datetime) -> MessagePosted:
    return MessagePosted(
        account=Account("balcony", "pretend", account), source_id=f"{group}{at}", at=at, group_id=group, message_id="1",
        author=Somebody(id="p"),
    )  # fmt: skip


def test_a_group_is_reached_through_the_account_that_heard_it_last() -> None:
    later = NOW + timedelta(hours=1)
    handlers.keep_ways(batch(heard("g", "bot-2", later), heard("g", "bot-1", NOW), heard("h", "bot-1", NOW)), now=NOW)
    for _ in range(2):
        handlers.keep_ways(batch(heard("g", "bot-1", NOW)), now=NOW)
    assert sorted(Way.objects.values_list("account", flat=True)) == ["bot-1", "bot-2"]
    handlers.keep_ways(batch(heard("g", "bot-3", later + timedelta(seconds=1))), now=NOW)
    assert Way.objects.get(account="bot-3").through == Account("balcony", "pretend", "bot-3")
    assert ACCOUNT.carrier == "pretend"


def test_hearing_the_same_way_again_costs_one_read(django_assert_num_queries: object) -> None:
    handlers.keep_ways(batch(*(heard(f"g{n}", "bot", NOW) for n in range(50))), now=NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        handlers.keep_ways(batch(*(heard(f"g{n % 50}", "bot", NOW + timedelta(minutes=n)) for n in range(200))), now=NOW)
