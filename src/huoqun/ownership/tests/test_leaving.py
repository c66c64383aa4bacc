"""A colleague leaves: groups, customers and to-dos go to somebody else, and each is followed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from huoqun.carriers.models import Connection
from huoqun.community.models import Community, Contact, Group, House, Identity
from huoqun.console.models import Staff
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State
from huoqun.ownership import operations
from huoqun.ownership.errors import CannotTakeOver
from huoqun.ownership.models import Leaving, Todo
from huoqun.ownership.queries.leaving import Progress, could_leave, leavings, progress, unsettled
from huoqun.ownership.tests.conftest import NOW, identity
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import HandOverCustomer, HandOverGroup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connected(balcony: Community) -> None:
    for name in ("main/archive", "main"):
        Connection.objects.create(community="balcony", carrier="wechat", name=name, next_at=NOW, made_at=NOW)


@pytest.fixture
def successor(balcony: Community) -> Identity:
    return identity(balcony, "tao-wx", "阿陶", House.STAFF)


@pytest.fixture
def customers(balcony: Community, helper: Identity) -> list[Identity]:
    found = [identity(balcony, f"c{number}", f"客户{number}") for number in range(3)]
    for customer in found:
        Contact.objects.create(community=balcony, staff=helper, identity=customer, added_at=NOW)
    Contact.objects.filter(identity=found[2]).update(lost_at=NOW)
    return found


@pytest.fixture
def leave(
    balcony: Community, helper: Identity, successor: Identity, customers: list[Identity], tomatoes: Group, lin: Staff
) -> Callable[..., Leaving]:
    Group.objects.filter(pk=tomatoes.pk).update(owner=helper)

    def make(**changed: object) -> Leaving:
        facts = {"resigned": True, "words": "以后由阿陶照顾大家", "by": lin, "now": NOW, **changed}
        return operations.leave(balcony, helper, successor, **facts)  # type: ignore[arg-type]

    return make


def actions(kind: type) -> list[object]:
    rows = Request.objects.filter(action=kind.__name__).order_by("pk")
    return [codec.action(row.action, row.payload) for row in rows]


@pytest.mark.method("E11")
def test_groups_and_customers_are_asked_for_one_by_one(leave: Callable[..., Leaving]) -> None:
    leaving = leave()
    (group,) = actions(HandOverGroup)
    assert isinstance(group, HandOverGroup)
    assert (group.group_id, group.to_staff_id, group.resigned, group.account.name) == ("g1", "tao-wx", True, "main")
    people = [each for each in actions(HandOverCustomer) if isinstance(each, HandOverCustomer)]
    assert [(each.member_id, each.from_staff_id, each.to_staff_id) for each in people] == [
        ("c0", "mo-wx", "tao-wx"),
        ("c1", "mo-wx", "tao-wx"),
    ]
    assert {each.words for each in people} == {"以后由阿陶照顾大家"}
    assert (leaving.groups, leaving.customers) == (1, 2)


def test_whom_the_other_knows_already_needs_no_hand_over(
    leave: Callable[..., Leaving], balcony: Community, successor: Identity, customers: list[Identity]
) -> None:
    Contact.objects.create(community=balcony, staff=successor, identity=customers[0], added_at=NOW)
    assert leave().customers == 1


def test_how_far_it_is_is_told_by_the_outbox(leave: Callable[..., Leaving]) -> None:
    leaving = leave()
    Request.objects.filter(target="person/c0").update(state=State.CONFIRMING)
    Request.objects.filter(target="person/c1").update(state=State.REFUSED, reason="The customer said no.")
    Request.objects.filter(target="group/g1").update(state=State.SENT)
    found = progress([leaving])
    assert found[leaving.pk, "HandOverGroup"] == Progress(total=1, done=1)
    assert found[leaving.pk, "HandOverCustomer"] == Progress(total=2, waiting=1, failed=1)
    assert [row.target for row in unsettled(leaving, 10)] == ["person/c1"]


def test_their_to_dos_go_to_whoever_takes_over(
    leave: Callable[..., Leaving], wish: Callable[..., Give], mo: Staff, tao: Staff, balcony: Community
) -> None:
    operations.reach(mo, balcony, carrier="wechat", account="main", native_id="mo-wx")
    operations.reach(tao, balcony, carrier="wechat", account="main", native_id="tao-wx")
    todo = operations.give(wish(), now=NOW)
    assert leave().todos == 1
    assert Todo.objects.get(pk=todo.pk).assigned == tao


def test_nobody_hands_over_to_themselves_or_elsewhere(
    balcony: Community, elsewhere: Community, helper: Identity, lin: Staff
) -> None:
    stranger = identity(elsewhere, "yu-wx", "小于", House.STAFF)
    for to in (helper, stranger):
        with pytest.raises(CannotTakeOver):
            operations.leave(balcony, helper, to, resigned=False, words="", by=lin, now=NOW)
    assert not Request.objects.exists()
    assert not Leaving.objects.exists()


def test_only_colleagues_with_something_to_hand_over_are_offered(
    balcony: Community, leave: Callable[..., Leaving], helper: Identity
) -> None:
    assert list(could_leave(balcony)) == [helper]


def test_what_is_done_by_hand_becomes_a_to_do(
    leave: Callable[..., Leaving], deliver: Callable[..., None], now: datetime
) -> None:
    from huoqun.ownership.tests.conftest import settled

    leave()
    request = Request.objects.get(target="group/g1")
    Request.objects.filter(pk=request.pk).update(state=State.HANDED, reason="Only by hand here.")
    request.refresh_from_db()
    deliver(settled(request))
    todo = Todo.objects.get(request=request.key)
    assert (todo.action, todo.group and todo.group.native_id) == ("HandOverGroup", "g1")


def test_the_page_shows_first_what_would_go_over(
    leave: Callable[..., Leaving], client: Client, lin: Staff, helper: Identity, successor: Identity
) -> None:
    client.force_login(lin)
    said = {"leaver": helper.pk, "successor": successor.pk, "resigned": "on", "words": ""}
    looked = client.post(reverse("ownership:leaving"), said).content.decode()
    assert "阿莫" in looked
    assert "确认交接" in looked
    assert not Leaving.objects.exists()
    begun = client.post(reverse("ownership:leaving"), {**said, "sure": "1"}, follow=True)
    assert begun.status_code == 200
    leaving = Leaving.objects.get()
    assert (leaving.groups, leaving.customers, leaving.made_by) == (1, 2, lin)
    assert "阿莫" in client.get(reverse("ownership:leaving")).content.decode()


def test_the_same_person_is_refused_in_words(
    leave: Callable[..., Leaving], client: Client, lin: Staff, helper: Identity
) -> None:
    client.force_login(lin)
    answer = client.post(reverse("ownership:leaving"), {"leaver": helper.pk, "successor": helper.pk, "sure": "1"})
    assert answer.status_code == 422
    assert "另一位同事" in answer.content.decode()


def test_operators_and_people_elsewhere_see_nothing_of_it(
    leave: Callable[..., Leaving], client: Client, mo: Staff, yu: Staff
) -> None:
    leaving = leave()
    client.force_login(mo)
    assert client.get(reverse("ownership:leaving")).status_code == 403
    client.force_login(yu)
    assert client.get(reverse("ownership:leaving_one", args=[leaving.pk])).status_code == 404
    assert not leavings(yu).exists()
