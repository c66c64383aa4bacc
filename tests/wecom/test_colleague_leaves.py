"""A colleague resigns: groups and customers go to another, each followed until WeCom says that it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from huoqun.carriers.models import Connection
from huoqun.carriers.wecom.tests.sandbox import Sandbox, running_sandbox
from huoqun.community.models import Community, Contact, Group, House, Identity, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State
from huoqun.ownership import operations as ownership
from huoqun.ownership.queries.leaving import Progress, customers_for, progress, unsettled
from huoqun.vocabulary.ids import Account, group_key, person_key
from tests.wecom.clockwork import Day

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(seed=5, staff=4, groups=6, people=90, customers=40, now=int(MORNING.timestamp())) as found:
        yield found


@pytest.fixture
def lin(db: None) -> Staff:
    return Staff.objects.create(username="lin", role=Role.LEAD)


@pytest.fixture
def day(sandbox: Sandbox, garden: Community) -> Day:
    corp = sandbox.corp("garden", made_at=MORNING)
    corp.save()
    Connection.objects.create(community="garden", carrier="wecom", name=corp.corpid, next_at=MORNING, made_at=MORNING)
    return Day(sandbox, corp, MORNING)


@pytest.fixture
def garden(lin: Staff) -> Community:
    home = communities.found("栀野读书会", slug="garden", zone="Asia/Shanghai", now=MORNING)
    communities.seat(lin, home)
    return home


def identity(home: Community, account: Account, native: str, house: str = "") -> Identity:
    person = Person.objects.create(community=home, name=native, house=house)
    key = person_key(account, native)
    return Identity.objects.create(person=person, community=home, key=key, carrier="wecom", native_id=native, name=native)


def known(day: Day, home: Community) -> tuple[Identity, Identity]:
    """The colleague with most groups, and another; with everything the first sync brings of them."""
    company, account = day.sandbox.company, day.corp.account
    assert company is not None
    owners = [group.owner for group in company.groups.ever()]
    leaver_id = max(set(owners), key=owners.count)
    successor_id = next(each.userid for each in company.directory.with_contact() if each.userid != leaver_id)
    leaver, successor = (identity(home, account, native, House.STAFF) for native in (leaver_id, successor_id))
    for group in company.groups.ever():
        if group.owner == leaver_id:
            key = group_key(account, group.chat_id)
            Group.objects.create(community=home, key=key, carrier="wecom", native_id=group.chat_id, owner=leaver)
    people: dict[str, Identity] = {}
    for colleague in (leaver, successor):
        for _number, follow in list(company.customers.of_staff(colleague.native_id)):
            native = follow.external_userid
            customer = people.setdefault(native, people.get(native) or identity(home, account, native))
            Contact.objects.create(community=home, staff=colleague, identity=customer, added_at=MORNING)
    return leaver, successor


@pytest.mark.method("I03", "E11")
def test_what_a_colleague_leaves_behind_goes_to_another_and_each_is_followed(day: Day, garden: Community, lin: Staff) -> None:
    leaver, successor = known(day, garden)
    groups, customers = Group.objects.count(), customers_for(leaver, successor).count()
    assert groups
    assert 2 < customers < Contact.objects.filter(staff=leaver).count()
    day.sandbox.people("resign", userid=leaver.native_id)
    leaving = ownership.leave(garden, leaver, successor, resigned=True, words="", by=lin, now=day.now)
    assert (leaving.groups, leaving.customers) == (groups, customers)

    # The carrier takes it at once; customers change hands by themselves within a day.
    day.goes_on(timedelta(minutes=5), step=timedelta(minutes=5))
    found = progress([leaving])
    assert found[leaving.pk, "HandOverGroup"] == Progress(total=groups, done=groups)
    assert found[leaving.pk, "HandOverCustomer"].waiting == customers, [row.reason for row in unsettled(leaving, 10)]
    day.goes_on(timedelta(hours=26), step=timedelta(hours=1))
    assert progress([leaving])[leaving.pk, "HandOverCustomer"] == Progress(total=customers, done=customers)
    assert unsettled(leaving, 10) == []

    company = day.sandbox.company
    assert company is not None
    with company.lock:
        assert all(company.groups.get(group.native_id).owner == successor.native_id for group in Group.objects.all())
        for contact in Contact.objects.filter(staff=leaver).select_related("identity"):
            assert company.customers.follow(successor.native_id, contact.identity.native_id) is not None


def test_a_customer_who_refuses_stays_and_is_shown(day: Day, garden: Community, lin: Staff) -> None:
    leaver, successor = known(day, garden)
    leaving = ownership.leave(garden, leaver, successor, resigned=False, words="以后由我同事照顾您", by=lin, now=day.now)
    day.goes_on(timedelta(minutes=5), step=timedelta(minutes=5))
    waiting = Request.objects.filter(action="HandOverCustomer", state=State.CONFIRMING)
    first = waiting.order_by("pk").first()
    assert first is not None
    native = first.target.removeprefix("person/")
    day.sandbox.people("refuse_transfer", handover_userid=leaver.native_id, external_userid=native)
    day.goes_on(timedelta(hours=26), step=timedelta(hours=1))
    first.refresh_from_db()
    assert first.state == State.REFUSED
    assert first in unsettled(leaving, 10)
    assert not Request.objects.filter(state=State.CONFIRMING).exists()
