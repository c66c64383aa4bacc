from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.operations.intake import Taken, take_in
from huoqun.vocabulary import events
from huoqun.vocabulary.ids import Account, group_key, person_key

pytestmark = pytest.mark.django_db


def speaks(account: Account, who: str, name: str, at: datetime, group: str = "g1", **more: object) -> events.MessagePosted:
    return events.MessagePosted(
        account=account,
        source_id=f"m:{who}:{at.timestamp()}",
        at=at,
        group_id=group,
        group_name="番茄群",
        message_id=f"{who}:{at.timestamp()}",
        author=events.Person(id=who, name=name),
        text="今天收了三斤番茄",
        **more,
    )


def joins(account: Account, who: str, at: datetime, *, inviter: str | None = None, way: str = "") -> events.MemberJoined:
    return events.MemberJoined(
        account=account,
        source_id=f"j:{who}:{at.timestamp()}",
        at=at,
        group_id="g1",
        member=events.Person(id=who, name=who),
        way=way,
        inviter=events.Person(id=inviter, name=inviter) if inviter else None,
    )


def leaves(account: Account, who: str, at: datetime) -> events.MemberLeft:
    return events.MemberLeft(
        account=account, source_id=f"l:{who}:{at.timestamp()}", at=at, group_id="g1", member=events.Person(id=who)
    )


@pytest.mark.method("I01", "D05")
def test_groups_people_and_places_become_known(balcony: Community, account: Account, now: datetime) -> None:
    taken = take_in(
        balcony, [joins(account, "tao", now, inviter="lin", way="invited"), speaks(account, "tao", "小陶", now)], now=now
    )
    assert taken == Taken(groups=1, people=2, memberships=1)
    place = Membership.objects.get()
    assert (place.identity.name, place.way, place.inviter.native_id) == ("小陶", "invited", "lin")
    assert place.group.key == group_key(account, "g1")
    assert place.identity.key == person_key(account, "tao")


def test_taking_in_twice_changes_nothing(balcony: Community, account: Account, now: datetime) -> None:
    batch = [joins(account, "tao", now), speaks(account, "tao", "小陶", now), leaves(account, "tao", now + timedelta(days=1))]
    take_in(balcony, batch, now=now)
    before = list(Membership.objects.values()), list(Person.objects.values()), list(Group.objects.values())
    assert take_in(balcony, batch, now=now) == Taken(0, 0, 0)
    assert (list(Membership.objects.values()), list(Person.objects.values()), list(Group.objects.values())) == before


def test_batches_in_another_order_give_the_same_places(balcony: Community, account: Account, now: datetime) -> None:
    for event in (leaves(account, "tao", now + timedelta(days=1)), joins(account, "tao", now)):
        take_in(balcony, [event], now=now)
    place = Membership.objects.get()
    assert (place.joined_at, place.left_at) == (now, now + timedelta(days=1))
    take_in(balcony, [joins(account, "tao", now + timedelta(days=2), way="link")], now=now)
    place.refresh_from_db()
    assert (place.joined_at, place.left_at, place.way) == (now + timedelta(days=2), None, "link")


def test_an_older_export_does_not_bring_an_old_name_back(balcony: Community, account: Account, now: datetime) -> None:
    take_in(balcony, [speaks(account, "tao", "陶陶种菜", now)], now=now)
    take_in(balcony, [speaks(account, "tao", "小陶", now - timedelta(days=9))], now=now)
    assert Identity.objects.get().name == Person.objects.get().name == "陶陶种菜"
    take_in(balcony, [speaks(account, "tao", "陶大厨", now + timedelta(days=1))], now=now)
    assert Identity.objects.get().name == Person.objects.get().name == "陶大厨"


def test_owner_and_birth_come_from_the_group_itself(balcony: Community, account: Account, now: datetime) -> None:
    lin = events.Person(id="lin", name="林")
    mo = events.Person(id="mo", name="莫")
    take_in(
        balcony,
        [
            events.GroupCreated(account=account, source_id="c", at=now, group_id="g1", by=lin),
            events.OwnerChanged(
                account=account, source_id="o", at=now + timedelta(days=3), group_id="g1", owner=mo, before=lin
            ),
        ],
        now=now,
    )
    group = Group.objects.get()
    assert (group.born_at, group.owner.native_id) == (now, "mo")


@pytest.mark.method("L02")
def test_a_bot_of_the_carrier_is_house_at_once(balcony: Community, account: Account, now: datetime) -> None:
    take_in(balcony, [speaks(account, "b1", "天气", now, house=True), speaks(account, "tao", "小陶", now)], now=now)
    assert {person.name: person.house for person in Person.objects.all()} == {"天气": "bot", "小陶": ""}


def test_the_same_ids_in_two_communities_are_two_groups(
    balcony: Community, elsewhere: Community, account: Account, now: datetime
) -> None:
    take_in(balcony, [speaks(account, "tao", "小陶", now)], now=now)
    take_in(elsewhere, [speaks(Account("elsewhere", "qq", "import-2"), "tao", "小陶", now)], now=now)
    assert Group.objects.count() == Identity.objects.count() == 2
    assert {group.community.slug for group in Group.objects.all()} == {"balcony", "elsewhere"}
