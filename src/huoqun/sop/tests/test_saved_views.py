"""A playbook is for a saved view of groups, or of people: who fits when a run is to begin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huoqun.community.models import Community, Group, Identity, Membership, Person, Segment
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.sop.choosing import choose
from huoqun.sop.eligible import eligible
from huoqun.sop.errors import CannotLaunch, CannotStand
from huoqun.sop.models import Launch, Run
from huoqun.sop.operations import launching
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.moving import UnderWay
from huoqun.sop.operations.moving import choose as go_over
from huoqun.sop.operations.starting import hear, turned
from huoqun.sop.operations.trials import prepare
from huoqun.sop.playbooks.reading import read
from huoqun.sop.queries import groups_of, members_of, people_of
from huoqun.sop.tests.conftest import ACCOUNT, START, Life
from huoqun.vocabulary import events
from huoqun.vocabulary.facts import GroupTurned

DAY = timedelta(days=1)

EVERY_MORNING = """\
name: morning
title: 早上
starts: [{when: every, rule: FREQ=DAILY, time: "08:00"}]
steps: [{do: todo, key: hello, at: {spread: 0m}, task: 打个招呼}]
"""
EACH_MEMBER = EVERY_MORNING.replace("name: morning", "name: each\naudience: {about: members}")
NEWCOMERS = EACH_MEMBER.replace('{when: every, rule: FREQ=DAILY, time: "08:00"}', "{when: joined, again: true}")


@pytest.fixture
def view(home: Community, lin: Staff) -> Segment:
    """Groups that go down."""
    return Segment.objects.create(
        staff=lin, about="groups", name="走下坡的", filters={"state": ["declining"], "sort": ["-state"]}
    )


@pytest.fixture
def careful(home: Community, lin: Staff) -> Segment:
    """People with this name."""
    return Segment.objects.create(staff=lin, about="people", name="叫p1的", filters={"q": ["群友p1"]})


def decline(*rooms: str) -> None:
    Group.objects.update(state="steady")
    Group.objects.filter(native_id__in=rooms).update(state="declining")


def begun() -> list[str]:
    """Rooms in which a run began, in the order in which they did."""
    return list(Run.objects.order_by("anchor", "group__native_id").values_list("group__native_id", flat=True))


def named() -> list[str]:
    return sorted(str(run.member.native_id) for run in Run.objects.select_related("member") if run.member)


@pytest.mark.method("A12", "G01")
def test_each_morning_it_is_for_the_groups_that_are_in_the_view_by_then(life: Life, view: Segment) -> None:
    decline("r1")
    life.put_to_work(EVERY_MORNING, views=[view])
    life.until(START + timedelta(hours=12))
    assert begun() == ["r1"]
    decline("r2", "r3")
    life.until(START + DAY + timedelta(hours=12))
    assert begun() == ["r1", "r2", "r3"], "the next morning's were looked for after the change"


@pytest.mark.method("A12")
def test_each_morning_it_is_for_the_people_in_the_view_and_their_groups_in_the_other(
    life: Life, view: Segment, careful: Segment
) -> None:
    """p1 is in the first room, p10 to p12 in the third."""
    decline("r3")
    life.put_to_work(EACH_MEMBER, views=[view, careful])
    life.until(START + timedelta(hours=12))
    assert named() == ["p10", "p11", "p12"]


def came_in(room: str, who: str, at: object) -> events.MemberJoined:
    return events.MemberJoined(
        account=ACCOUNT, source_id=f"{room}/{who}/{at}", at=at, group_id=room, member=events.Person(id=who, name=f"群友{who}")
    )  # type: ignore[arg-type]


@pytest.mark.method("A12")
def test_whoever_joins_begins_where_group_and_person_fit_by_then(life: Life, view: Segment, careful: Segment) -> None:
    decline("r1")
    life.put_to_work(NEWCOMERS, views=[view, careful])
    later = life.now + timedelta(hours=1)
    hear([came_in("r1", "p1", later), came_in("r1", "p2", later), came_in("r3", "p10", later)], now=later)
    assert named() == ["p1"], "p2 is not in the view of people, and the third room not in that of groups"
    decline("r3")
    again = later + timedelta(hours=1)
    hear([came_in("r1", "p1", again), came_in("r3", "p10", again), came_in("r3", "p19", again)], now=again)
    assert named() == ["p1", "p10", "p19"], "also who was never seen before"


def test_whoever_falls_silent_or_speaks_first_is_asked_about_too(life: Life, careful: Segment) -> None:
    Person.objects.update(messages=3, last_spoke_at=START - 30 * DAY)
    life.put_to_work(
        EACH_MEMBER.replace('{when: every, rule: FREQ=DAILY, time: "08:00"}', "{when: fact, fact: silent, days: 14}"),
        views=[careful],
    )
    life.work()
    assert named() == ["p1", "p10", "p11", "p12"]
    Person.objects.update(messages=0)
    first = EACH_MEMBER.replace('{when: every, rule: FREQ=DAILY, time: "08:00"}', "{when: fact, fact: first_words}")
    put = life.put_to_work(first.replace("name: each", "name: first"), views=[careful])
    said = [
        events.MessagePosted(
            account=ACCOUNT,
            source_id=f"m/{who}",
            at=life.now,
            group_id="r1",
            author=events.Person(id=who),
            message_id=who,
            text="来了",
        )
        for who in ("p1", "p2")
    ]
    hear(said, now=life.now)
    assert [str(run.member) for run in put.runs.all()] == ["群友p1"]


def test_a_group_that_turned_begins_only_where_the_view_has_it(life: Life, home: Community, lin: Staff) -> None:
    one = Segment.objects.create(staff=lin, about="groups", name="番茄1", filters={"q": ["番茄1"]})
    life.put_to_work(
        EVERY_MORNING.replace('{when: every, rule: FREQ=DAILY, time: "08:00"}', "{when: turned, to: [declining]}"), views=[one]
    )
    Group.objects.update(name="番茄2")
    Group.objects.filter(native_id="r2").update(name="番茄1")
    facts = [
        GroupTurned(
            community="balcony",
            at=life.now,
            group=group.key,
            state="declining",
            before="steady",
            since=None,
            as_of=life.now.date(),
        )
        for group in Group.objects.all()
    ]
    turned(facts, now=life.now)
    assert begun() == ["r2"], "by the name it has now"


def test_by_hand_and_for_a_fair_test_it_asks_anew(life: Life, lin: Staff, view: Segment, careful: Segment) -> None:
    decline("r1", "r3")
    by_hand = EACH_MEMBER.replace('{when: every, rule: FREQ=DAILY, time: "08:00"}', "{when: hand}")
    put = life.put_to_work(by_hand, views=[view, careful])
    decline("r3")
    chosen = choose(put, groups_of(put), Person.objects.all())
    assert [place.identity.native_id for place in chosen.places] == ["p10", "p11", "p12"]
    waiting = prepare(put.version, life.home, by=lin, now=life.now, views=[view])
    assert [group.native_id for unit in eligible(waiting, ()) for group in unit.groups] == ["r3"]


def test_somebodys_later_edit_changes_nothing_and_a_new_version_keeps_the_view(life: Life, lin: Staff, view: Segment) -> None:
    decline("r1")
    put = life.put_to_work(EVERY_MORNING, views=[view])
    view.filters = {}
    view.save()
    view.delete()
    version = keep(read(EVERY_MORNING.replace("打个招呼", "问声好")), life.home, by=lin, now=life.now)
    go_over(put, version, UnderWay.ANEW, by=lin, now=life.now)
    kept = Launch.objects.get()
    assert kept.views == {"groups": {"name": "走下坡的", "filters": {"state": ["declining"]}}}
    assert kept.version == version
    life.until(START + DAY)
    assert set(begun()) == {"r1"}


def test_what_can_no_longer_be_answered_begins_nothing_and_stops_nobody_else(
    life: Life, view: Segment, careful: Segment
) -> None:
    """As after an update in which the list of groups narrows by something else."""
    decline("r1")
    put, other = life.put_to_work(EACH_MEMBER, views=[view, careful]), life.put_to_work(EVERY_MORNING)
    for about, strange in (("groups", {"mood": ["good"]}), ("people", {"role": ["fan"]})):
        views = {**put.views, about: {"name": "怪", "filters": strange}}
        Launch.objects.filter(pk=put.pk).update(views=views)
        life.until(life.now + DAY)
        hear([came_in("r1", "p1", life.now)], now=life.now)
        assert not put.runs.exists(), about
    assert other.runs.exists()
    again = Launch.objects.get(pk=put.pk)
    assert not members_of(again).exists()


def test_what_cannot_stand_is_refused(life: Life, lin: Staff, view: Segment, careful: Segment) -> None:
    """Each beside one that can."""
    decline("r1")
    morning, each = (keep(read(text), life.home, by=lin, now=life.now) for text in (EVERY_MORNING, EACH_MEMBER))
    elsewhere = communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=START)
    yu = Staff.objects.create(username="yu", name="于北", role=Role.LEAD)
    theirs = Segment(
        staff=yu, about="groups", name="于北的", filters={"state": ["declining"]}, shared=True, community=elsewhere
    )
    for filters in ({"chance_from": ["50"]}, {"tag": ["9" * 30]}, {"state": ["\0"]}):
        odd = Segment(staff=lin, about="groups", name="奇怪", filters=filters)
        with pytest.raises(CannotStand) as refused:
            launching.launch(morning, life.home, by=lin, now=life.now, views=[odd])
        assert refused.value.names == [next(iter(filters))]
    for version, views in ((morning, [theirs]), (morning, [careful])):
        with pytest.raises(CannotLaunch):
            launching.launch(version, life.home, by=lin, now=life.now, views=views)
    decline()
    with pytest.raises(CannotLaunch, match="No group"):
        launching.launch(morning, life.home, by=lin, now=life.now, views=[view])
    assert not Launch.objects.exists()
    decline("r1")
    assert launching.launch(morning, life.home, by=lin, now=life.now, views=[view]).pk
    assert launching.launch(each, life.home, by=lin, now=life.now, views=[view, careful]).pk


def test_without_a_view_nothing_more_is_asked(life: Life, django_assert_num_queries: object) -> None:
    put = life.put_to_work(EACH_MEMBER)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert people_of(put) is None
    assert members_of(put).count() == Membership.objects.filter(identity__in=Identity.objects.all()).count() == 12
