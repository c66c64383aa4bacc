"""What a carrier lists becomes what is known: once, again, with changes, and beside events that tell the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huoqun.community.models import Community, Contact, Erased, Group, Identity, Label, Membership, Person, RosterReading
from huoqun.community.operations import people
from huoqun.community.operations.groups import keep_reading
from huoqun.community.operations.intake import take_in
from huoqun.community.operations.roster import take_roster
from huoqun.vocabulary import events
from huoqun.vocabulary.facts import RosterTaken
from huoqun.vocabulary.ids import Account, person_key
from huoqun.vocabulary.roster import AllKnownTo, Brought, ColleagueSeen, GroupSeen, KnownBy, MemberSeen, PersonSeen, Seen

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def wecom() -> Account:
    return Account("balcony", "wecom", "ww0balcony")


def tomatoes(now: datetime, *more: MemberSeen, without: str = "", **changes: object) -> GroupSeen:
    members = (
        MemberSeen(id="mo", name="莫", joined_at=now - 9 * DAY, way="invited", house=True),
        MemberSeen(
            id="wmTao", name="小陶", nickname="陶陶", joined_at=now - 5 * DAY, way="code", inviter="mo", source="poster-3"
        ),
        MemberSeen(id="wmRen", name="任", joined_at=now - 4 * DAY, way="link"),
        *more,
    )
    said = {"name": "番茄群", "owner": "mo", "created_at": now - 9 * DAY, **changes}
    return GroupSeen(id="wrTomato", members=tuple(each for each in members if each.id != without), **said)


def everything(now: datetime) -> list[Seen]:
    known = KnownBy(
        staff_id="mo",
        added_at=now - 20 * DAY,
        remark="陶-海报",
        description="种番茄",
        tags=("老友",),
        way="code",
        source="poster-3",
    )
    return [
        ColleagueSeen(id="lin", name="林"),
        ColleagueSeen(id="mo", name="莫"),
        PersonSeen(id="wmTao", name="小陶", known_by=(known,)),
        AllKnownTo(staff_id="mo", people=("wmTao",)),
        tomatoes(now),
    ]


def rows() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in (Person, Identity, Group, Membership, Contact, Label)]


@pytest.mark.method("I01", "D05")
def test_everybody_and_everything_becomes_known(balcony: Community, wecom: Account, now: datetime) -> None:
    brought = take_roster(balcony, wecom, everything(now), at=now, now=now)
    assert brought == Brought(groups=1, people=4, joined=3, contacts=1)
    place = Membership.objects.get(identity__native_id="wmTao")
    assert (place.group.name, place.group.owner.native_id, place.group.born_at) == ("番茄群", "mo", now - 9 * DAY)
    assert (place.nickname, place.joined_at, place.way, place.source) == ("陶陶", now - 5 * DAY, "code", "poster-3")
    assert place.inviter.native_id == "mo"
    contact = Contact.objects.get()
    assert (contact.staff.native_id, contact.identity.native_id, contact.remark) == ("mo", "wmTao", "陶-海报")
    assert (contact.tags, contact.source, contact.added_at) == (["老友"], "poster-3", now - 20 * DAY)


@pytest.mark.method("L02")
def test_colleagues_are_house_by_the_carriers_word(balcony: Community, wecom: Account, now: datetime) -> None:
    take_roster(balcony, wecom, everything(now), at=now, now=now)
    assert {person.name: person.house for person in Person.objects.all()} == {
        "林": "staff",
        "莫": "staff",
        "小陶": "",
        "任": "",
    }
    assert {label.source for label in Label.objects.all()} == {"carrier"}


def test_taking_it_again_changes_nothing(balcony: Community, wecom: Account, now: datetime) -> None:
    take_roster(balcony, wecom, everything(now), at=now, now=now)
    before = rows()
    assert take_roster(balcony, wecom, everything(now), at=now, now=now + DAY) == Brought()
    assert rows() == before


def test_who_is_listed_no_more_has_left_and_who_is_listed_again_is_back(
    balcony: Community, wecom: Account, now: datetime
) -> None:
    take_roster(balcony, wecom, [tomatoes(now)], at=now, now=now)
    missing = take_roster(balcony, wecom, [tomatoes(now, without="wmRen")], at=now + DAY, now=now + DAY)
    assert missing == Brought(left=1)
    assert Membership.objects.get(identity__native_id="wmRen").left_at == now + DAY
    again = take_roster(balcony, wecom, [tomatoes(now)], at=now + 2 * DAY, now=now + 2 * DAY)
    assert again == Brought(joined=1)
    assert Membership.objects.get(identity__native_id="wmRen").left_at is None


def test_who_came_while_the_list_was_read_is_not_taken_out(balcony: Community, wecom: Account, now: datetime) -> None:
    take_roster(balcony, wecom, [tomatoes(now)], at=now, now=now)
    came = events.MemberJoined(
        account=wecom, source_id="j", at=now + DAY, group_id="wrTomato", member=events.Person(id="wmNew", name="新")
    )
    take_in(balcony, [came], now=now + DAY)
    assert take_roster(balcony, wecom, [tomatoes(now)], at=now + DAY + timedelta(seconds=30), now=now + DAY) == Brought()
    assert take_roster(balcony, wecom, [tomatoes(now)], at=now + 2 * DAY, now=now + 2 * DAY) == Brought(left=1)


def test_a_leave_heard_just_now_is_not_undone_by_a_list_that_lags(balcony: Community, wecom: Account, now: datetime) -> None:
    take_roster(balcony, wecom, [tomatoes(now)], at=now, now=now)
    went = events.MemberLeft(account=wecom, source_id="l", at=now + DAY, group_id="wrTomato", member=events.Person(id="wmRen"))
    take_in(balcony, [went], now=now + DAY)
    assert take_roster(balcony, wecom, [tomatoes(now)], at=now + DAY + timedelta(seconds=30), now=now + DAY) == Brought()
    assert Membership.objects.get(identity__native_id="wmRen").left_at == now + DAY


def test_names_and_owners_follow_the_list_unless_staff_have_named_somebody(
    balcony: Community, wecom: Account, now: datetime
) -> None:
    take_roster(balcony, wecom, everything(now), at=now, now=now)
    people.rename(Person.objects.get(name="任"), "任大厨")
    changed = [
        ColleagueSeen(id="lin", name="林姐"),
        tomatoes(now, MemberSeen(id="lin", name="林姐", joined_at=now, house=True), name="番茄二群", owner="lin"),
    ]
    brought = take_roster(balcony, wecom, changed, at=now + DAY, now=now + DAY)
    assert brought == Brought(joined=1, renamed=2, owners=1)
    group = Group.objects.get()
    assert (group.name, group.owner.native_id) == ("番茄二群", "lin")
    assert {person.name for person in Person.objects.all()} == {"林姐", "莫", "小陶", "任大厨"}
    older = take_roster(balcony, wecom, [tomatoes(now)], at=now - DAY, now=now + DAY)
    assert older.renamed == 0
    assert Group.objects.get().name == "番茄二群"


def test_a_contact_that_is_none_any_more_is_lost(balcony: Community, wecom: Account, now: datetime) -> None:
    take_roster(balcony, wecom, everything(now), at=now, now=now)
    brought = take_roster(balcony, wecom, [AllKnownTo(staff_id="mo", people=())], at=now + DAY, now=now + DAY)
    assert brought == Brought(lost=1)
    assert Contact.objects.get().lost_at == now + DAY
    again = take_roster(balcony, wecom, [AllKnownTo(staff_id="lin", people=())], at=now + DAY, now=now + DAY)
    assert again == Brought(people=0)


def test_whoever_was_erased_stays_erased(balcony: Community, wecom: Account, now: datetime) -> None:
    Erased.objects.create(community=balcony, key=person_key(wecom, "wmTao"), at=now)
    brought = take_roster(balcony, wecom, everything(now), at=now, now=now)
    assert brought == Brought(groups=1, people=3, joined=2)
    assert not Identity.objects.filter(native_id="wmTao").exists()


def test_a_group_that_is_listed_is_not_dissolved(balcony: Community, wecom: Account, now: datetime) -> None:
    take_roster(balcony, wecom, [tomatoes(now)], at=now, now=now)
    Group.objects.update(dissolved_at=now)
    take_roster(balcony, wecom, [tomatoes(now)], at=now + DAY, now=now + DAY)
    assert Group.objects.get().dissolved_at is None


def test_a_thousand_places_take_few_queries(
    balcony: Community, wecom: Account, now: datetime, django_assert_max_num_queries: object
) -> None:
    crowd = [MemberSeen(id=f"wm{n}", name=f"邻居{n}", joined_at=now - DAY, way="code", inviter="mo") for n in range(1000)]
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        brought = take_roster(balcony, wecom, [tomatoes(now, *crowd)], at=now, now=now)
    assert brought.joined == 1003
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert take_roster(balcony, wecom, [tomatoes(now, *crowd)], at=now + DAY, now=now) == Brought()


def test_notice_and_admins_are_kept_and_only_differences_change_them(balcony: Community, wecom: Account, now: datetime) -> None:
    take_roster(balcony, wecom, [tomatoes(now, notice="每周五晚八点共读", admins=("wmTao", "wmStranger"))], at=now, now=now)
    group = Group.objects.get()
    assert (group.notice, group.noticed_at) == ("每周五晚八点共读", now)
    assert [admin.native_id for admin in group.admins.all()] == ["wmTao"]
    later = now + DAY
    take_roster(balcony, wecom, [tomatoes(later, notice="每周五晚八点共读", admins=("wmRen",))], at=later, now=later)
    group.refresh_from_db()
    assert (group.notice, group.noticed_at) == ("每周五晚八点共读", now)
    assert [admin.native_id for admin in group.admins.all()] == ["wmRen"]
    take_roster(balcony, wecom, [tomatoes(later)], at=later, now=later)
    assert [admin.native_id for admin in group.admins.all()] == ["wmRen"]


def test_a_notice_that_is_pinned_up_is_known_at_once_and_an_older_list_does_not_undo_it(
    balcony: Community, wecom: Account, now: datetime
) -> None:
    take_roster(balcony, wecom, [tomatoes(now, notice="旧公告")], at=now, now=now)
    where = {"account": wecom, "group_id": "wrTomato"}
    pinned = events.NoticePosted(**where, source_id="n1", at=now + DAY, text="新公告", pinned=True)
    told = events.NoticePosted(**where, source_id="n2", at=now + DAY, text="群主开启了禁言")
    take_in(balcony, [pinned, told], now=now + DAY)
    assert Group.objects.get().notice == "新公告"
    take_roster(balcony, wecom, [tomatoes(now, notice="旧公告")], at=now, now=now)
    assert Group.objects.get().notice == "新公告"


def test_the_last_reading_is_kept_and_an_older_one_does_not_replace_it(balcony: Community, now: datetime) -> None:
    def taken(at: datetime, joined: int) -> RosterTaken:
        brought = {"groups": 0, "people": 0, "joined": joined, "left": 1}
        return RosterTaken(community="balcony", at=at, carrier="wecom", name="ww0balcony", **brought)

    for fact in (taken(now, 3), taken(now - DAY, 9), taken(now, 3)):
        keep_reading(balcony, fact)
    reading = RosterReading.objects.get()
    assert (reading.at, reading.joined, reading.left) == (now, 3, 1)
