"""Which colleague knows whom: from events, from lists, in any order."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from huoqun.community import handlers, queries
from huoqun.community.knowing import SeenContact, seen_in
from huoqun.community.models import Community, Contact, Group, House, Identity, Membership, Person
from huoqun.community.operations import labels, people
from huoqun.community.operations.contacts import take_contacts, take_staff
from huoqun.community.operations.intake import take_in
from huoqun.vocabulary import events as ev
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.log import Batch, Stored

pytestmark = pytest.mark.django_db

TAO = ev.Person(id="wm_tao", name="小陶")
LIVE = Account("balcony", "wecom", "ww1")


def added(at: datetime, **more: Any) -> ev.ContactAdded:
    facts = {"account": LIVE, "source_id": f"a{at}", "at": at, "person": TAO, "staff_id": "mo"} | more
    return ev.ContactAdded(**facts)


def changed(at: datetime, **more: Any) -> ev.ContactChanged:
    return ev.ContactChanged(account=LIVE, source_id=f"c{at}", at=at, person=TAO, staff_id="mo", **more)


def lost(at: datetime, *, by_customer: bool = True) -> ev.ContactLost:
    return ev.ContactLost(
        account=LIVE, source_id=f"l{at}", at=at, person=ev.Person(id=TAO.id), staff_id="mo", by_customer=by_customer
    )


def hear(*happened: ev.Event, now: datetime) -> None:
    entries = tuple(Stored(place, now, each) for place, each in enumerate(happened, 1))
    handlers.take_contacts(Batch(entries, writer="community-contacts/0"), now=now)


def test_a_new_contact_makes_both_known_and_the_colleague_house(balcony: Community, now: datetime) -> None:
    hear(added(now, way="code", source="poster-3"), now=now)
    contact = Contact.objects.get()
    assert (contact.staff.native_id, contact.identity.name) == ("mo", "小陶")
    assert (contact.way, contact.source, contact.mutual, contact.added_at, contact.lost_at) == (
        "code", "poster-3", True, now, None,
    )  # fmt: skip
    assert contact.staff.person.house == House.STAFF
    assert contact.identity.person.house == ""
    assert contact.community == balcony


def test_who_somebody_says_is_not_house_stays_so(balcony: Community, now: datetime) -> None:
    hear(added(now), now=now)
    mo = Person.objects.get(identities__native_id="mo")
    labels.by_hand([mo], "", by=None, now=now)  # type: ignore[arg-type]
    hear(added(now + timedelta(hours=1)), now=now)
    mo.refresh_from_db()
    assert mo.house == ""


def test_told_in_any_order_and_twice_it_ends_the_same(balcony: Community, now: datetime) -> None:
    told = [
        added(now, source="poster-3", way="code"),
        changed(now + timedelta(minutes=1), remark="小陶-读书会", tags=("老友",)),
        lost(now + timedelta(minutes=2)),
        changed(now + timedelta(minutes=3), description="喜欢科幻"),
    ]
    ends = set()
    for order in permutations(told):
        Contact.objects.all().delete()
        for one in [*order, *order]:
            hear(one, now=now)
        row = Contact.objects.get()
        ends.add((row.source, row.added_at, row.lost_at, row.lost_by_customer, row.description))
    assert ends == {("poster-3", now, now + timedelta(minutes=2), True, "喜欢科幻")}


def test_coming_back_opens_the_same_row_again(balcony: Community, now: datetime) -> None:
    hear(added(now, source="poster-3"), lost(now + timedelta(days=1)), added(now + timedelta(days=2)), now=now)
    row = Contact.objects.get()
    assert (row.lost_at, row.added_at, row.source) == (None, now + timedelta(days=2), "poster-3")


def test_an_older_note_changes_nothing(balcony: Community, now: datetime) -> None:
    hear(changed(now, remark="新"), changed(now - timedelta(days=1), remark="旧"), now=now)
    assert Contact.objects.get().remark == "新"


def test_erased_people_stay_erased(balcony: Community, now: datetime) -> None:
    hear(added(now), now=now)
    people.erase(Person.objects.get(identities__native_id=TAO.id), now=now)
    hear(added(now + timedelta(days=1)), now=now)
    assert not Contact.objects.exists()
    assert not Identity.objects.filter(native_id=TAO.id).exists()


def test_the_same_ids_in_another_community_are_others(balcony: Community, elsewhere: Community, now: datetime) -> None:
    hear(added(now), added(now, account=Account("elsewhere", "wecom", "ww1")), now=now)
    assert {row.community for row in Contact.objects.all()} == {balcony, elsewhere}
    assert Identity.objects.filter(native_id=TAO.id).count() == 2


def test_thousands_are_taken_in_few_statements(balcony: Community, now: datetime, django_assert_max_num_queries: Any) -> None:
    seen = [
        SeenContact(
            staff=ev.Person(id=f"staff{n % 20}"), person=ev.Person(id=f"wm{n}", name=f"客{n}"), at=now, added_at=now,
            remark=f"备注{n}", tags=("老友",),
        )
        for n in range(3_000)
    ]  # fmt: skip
    with django_assert_max_num_queries(150):
        assert take_contacts(balcony, "wecom", seen, now=now) == 3_000
    assert Contact.objects.get(identity__native_id="wm7").remark == "备注7"
    with django_assert_max_num_queries(30):
        assert take_contacts(balcony, "wecom", seen, now=now) == 0


def test_every_kind_of_contact_event_is_told(now: datetime) -> None:
    told = list(seen_in([added(now), changed(now), lost(now)]))
    assert len(told) == len(ev.CONTACT_EVENTS)


# Colleagues


def staff(at: datetime, change: ev.StaffChange, **more: Any) -> ev.StaffChanged:
    return ev.StaffChanged(account=LIVE, source_id=f"s{at}{change}", at=at, staff_id="mo", change=change, **more)


def test_a_colleague_of_the_directory_is_known_and_house(balcony: Community, now: datetime) -> None:
    hear(staff(now, ev.StaffChange.ARRIVED, name="莫老师"), now=now)
    mo = Identity.objects.get(native_id="mo")
    assert (mo.name, mo.person.house) == ("莫老师", House.STAFF)
    hear(staff(now + timedelta(days=1), ev.StaffChange.LEFT), now=now)
    assert Identity.objects.filter(native_id="mo").exists()


def test_a_colleague_with_a_new_id_is_the_same_person(balcony: Community, now: datetime) -> None:
    hear(added(now), now=now)
    take_staff(balcony, [staff(now, ev.StaffChange.CHANGED, name="莫老师", new_id="mo2")], now=now)
    old, new = Identity.objects.get(native_id="mo"), Identity.objects.get(native_id="mo2")
    assert old.person == new.person
    assert old.person.house == House.STAFF


# Groups: what live carriers tell beyond files


def in_group(kind: type[ev.GroupEvent], at: datetime, **more: Any) -> Any:
    return kind(account=LIVE, source_id=f"{kind.__name__}{at}{more}", at=at, group_id="wr1", group_name="读书会", **more)


def test_the_live_code_somebody_came_by_is_kept(balcony: Community, now: datetime) -> None:
    mo = ev.Person(id="mo")
    take_in(balcony, [in_group(ev.MemberJoined, now, member=TAO, way="code", inviter=mo, source="poster-3")], now=now)
    place = Membership.objects.get(identity__native_id=TAO.id)
    assert (place.source, place.way, place.inviter.native_id) == ("poster-3", "code", "mo")


def test_a_dissolved_group_is_empty_and_stays(balcony: Community, now: datetime) -> None:
    end = now + timedelta(days=3)
    take_in(balcony, [in_group(ev.MemberJoined, now, member=TAO), in_group(ev.GroupDissolved, end)], now=now)
    group = Group.objects.get()
    assert (group.dissolved_at, group.memberships.get().left_at) == (end, end)


def test_all_that_is_known_of_somebody_has_their_contacts(balcony: Community, now: datetime) -> None:
    hear(added(now, source="poster-3"), changed(now, remark="老友"), now=now)
    told = queries.all_about(Person.objects.get(identities__native_id=TAO.id))["contacts"]
    assert [(one["remark"], one["source"]) for one in told] == [("老友", "poster-3")]  # type: ignore[attr-defined]
