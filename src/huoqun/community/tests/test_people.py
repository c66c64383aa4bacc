from __future__ import annotations

from datetime import datetime

import pytest

from huoqun.carriers.models import BadRecord, Import
from huoqun.community import queries
from huoqun.community.errors import NothingToSplit, NotTheSameCommunity
from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.operations import communities, groups, people, undo
from huoqun.community.operations.intake import take_in
from huoqun.community.tests.test_intake import joins, speaks
from huoqun.console.models import Role, Staff
from huoqun.inbox.models import Entry
from huoqun.vocabulary.ids import Account, group_key, person_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(balcony: Community, account: Account, now: datetime) -> tuple[Person, Person]:
    phone = Account("balcony", "telegram", "import-2")
    take_in(balcony, [speaks(account, "tao", "小陶", now), speaks(phone, "7", "陶", now)], now=now)
    return Person.objects.get(name="小陶"), Person.objects.get(name="陶")


def test_merged_identities_count_as_one_and_can_be_split_again(
    balcony: Community, account: Account, two: tuple[Person, Person], now: datetime
) -> None:
    one, other = two
    people.merge([other], into=one, now=now)
    assert Person.objects.get().identities.count() == 2
    second = Identity.objects.get(native_id="7")
    assert list(queries.merged_identities(balcony)) == [(second.key, person_key(account, "tao"))]
    alone = people.split(second, now=now)
    assert (alone.name, alone.identities.count(), one.identities.count()) == ("陶", 1, 1)
    assert list(queries.merged_identities(balcony)) == []
    with pytest.raises(NothingToSplit):
        people.split(Identity.objects.get(native_id="7"), now=now)


def test_people_of_two_communities_are_never_merged(two: tuple[Person, Person], elsewhere: Community, now: datetime) -> None:
    stranger = Person.objects.create(community=elsewhere, name="陶")
    with pytest.raises(NotTheSameCommunity):
        people.merge([stranger], into=two[0], now=now)


def test_a_name_given_by_staff_stays(balcony: Community, account: Account, two: tuple[Person, Person], now: datetime) -> None:
    people.rename(two[0], "陶师傅")
    take_in(balcony, [speaks(account, "tao", "新名字", now)], now=now)
    two[0].refresh_from_db()
    assert two[0].name == "陶师傅"


def test_an_erased_person_leaves_no_row_and_the_others_hear_of_it(
    balcony: Community, account: Account, two: tuple[Person, Person], now: datetime
) -> None:
    take_in(balcony, [joins(account, "ren", now, inviter="tao")], now=now)
    broken = Import.objects.create(community="balcony", title="x", asked_at=now)
    for raw in ('{"from_id": "tao", "text": 1}', '{"from_id": "ren", "text": 1}'):
        BadRecord.objects.create(source=broken, file="x", problem="", raw=raw)
    people.erase(two[0], now=now)
    assert not Identity.objects.filter(native_id="tao").exists()
    assert [bad.raw for bad in BadRecord.objects.all()] == ['{"from_id": "ren", "text": 1}']
    assert Membership.objects.get(identity__native_id="ren").inviter is None
    assert Entry.objects.filter(name="PersonErased").count() == 1


def test_undoing_an_import_keeps_what_others_know(balcony: Community, account: Account, now: datetime) -> None:
    take_in(balcony, [speaks(account, "tao", "小陶", now), speaks(account, "ren", "阿仁", now, "g2")], now=now, import_id=1)
    take_in(balcony, [speaks(account, "lin", "林", now)], now=now, import_id=2)
    left = {int(group_key(account, "g1"))}
    undo.forget_import(balcony, 1, groups_left=left, people_left={int(person_key(account, "lin"))})
    assert [group.native_id for group in Group.objects.all()] == ["g1"]
    assert [person.name for person in Person.objects.all()] == ["林"]


def test_one_door(balcony: Community, elsewhere: Community, account: Account, mo: Staff, yu: Staff, now: datetime) -> None:
    take_in(balcony, [speaks(account, "tao", "小陶", now)], now=now)
    tag = groups.tag(balcony, "种菜", groups=Group.objects.all())
    admin = Staff.objects.create(username="lin", role=Role.ADMIN)
    gone = Staff.objects.create(username="gone", role=Role.ADMIN, is_active=False)
    doors = [queries.communities, queries.groups, queries.people, queries.identities, queries.memberships, queries.tags]
    for door in doors:
        assert door(mo).exists(), door
        assert door(admin).exists(), door
        assert not door(gone).exists(), door
    for door in doors[1:]:
        assert not door(yu).exists(), door
    assert list(queries.communities(yu)) == [elsewhere]
    assert tag in queries.tags(mo)


def test_a_segment_is_seen_by_colleagues_and_by_nobody_else(balcony: Community, mo: Staff, yu: Staff) -> None:
    lin = Staff.objects.create(username="lin", role=Role.LEAD)
    communities.seat(lin, balcony)
    groups.save_segment(mo, "groups", "快不行的", {"state": ["declining"]}, share_in=balcony)
    groups.save_segment(mo, "groups", "我的", {"operator": ["mo"]})
    assert {segment.name for segment in queries.segments(mo, "groups")} == {"快不行的", "我的"}
    assert [segment.name for segment in queries.segments(lin, "groups")] == ["快不行的"]
    assert not queries.segments(yu, "groups").exists()
    groups.save_segment(mo, "groups", "我的", {"state": ["dead"]})
    assert queries.segments(mo, "groups").get(name="我的").filters == {"state": ["dead"]}
