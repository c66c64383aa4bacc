"""What groups hang on that the house does not hold."""

from __future__ import annotations

import pytest

from huoqun.community.carrier_names import NAMES
from huoqun.community.models import House
from huoqun.health.pond import ON_OWN_SERVERS, RENTED, Ground, Held, Owner, ground, is_loose, owner_of, weigh

pytestmark = pytest.mark.method("B16")


@pytest.mark.parametrize(
    ("house", "owner", "loose"),
    [
        ("helper", Owner.HOUSE, False),
        ("bot", Owner.HOUSE, False),
        ("staff", Owner.COLLEAGUE, False),
        ("", Owner.OUTSIDER, True),
        (None, Owner.UNKNOWN, True),
    ],
)
def test_whose_account_a_group_belongs_to(house: str | None, owner: Owner, loose: bool) -> None:
    assert owner_of(house) is owner
    assert is_loose(owner) is loose


def test_every_label_of_the_house_holds_a_group() -> None:
    assert not any(is_loose(owner_of(label)) for label in House.values)


@pytest.mark.parametrize(
    ("carrier", "on"),
    [("wechat", Ground.RENTED), ("zulip", Ground.CAN_BE_OWN), ("pigeons", Ground.UNKNOWN), ("", Ground.UNKNOWN)],
)
def test_a_carrier_nobody_knows_is_called_neither(carrier: str, on: Ground) -> None:
    assert ground(carrier) is on


def test_of_every_carrier_with_a_name_it_is_known_whether_it_is_rented() -> None:
    assert set(NAMES) == RENTED | ON_OWN_SERVERS
    assert not RENTED & ON_OWN_SERVERS


MIXED = [
    Held("wechat", Owner.UNKNOWN, False, 6, 900),
    Held("wechat", Owner.COLLEAGUE, True, 2, None),
    Held("qq", Owner.OUTSIDER, True, 1, 50),
    Held("zulip", Owner.HOUSE, False, 1, 50),
]


def test_shares_are_of_all_groups_and_of_all_known_members() -> None:
    pond = weigh(MIXED)
    assert (pond.whole.groups, pond.whole.members) == (10, 1000)
    assert [carrier for carrier, _part in pond.carriers] == ["wechat", "qq", "zulip"]
    wechat = pond.carriers[0][1]
    assert (wechat.groups, wechat.members, wechat.of_groups, wechat.of_members) == (8, 900, 0.8, 0.9)
    assert (pond.loose.groups, pond.loose.of_groups, pond.loose.members) == (7, 0.7, 950)
    assert (pond.unoperated.groups, pond.unoperated.of_members) == (7, 0.95)


def test_owners_come_the_riskiest_first_and_hold_every_group_once() -> None:
    owners = weigh(MIXED).owners
    assert [owner for owner, _part in owners] == [Owner.UNKNOWN, Owner.OUTSIDER, Owner.COLLEAGUE, Owner.HOUSE]
    assert [part.groups for _owner, part in owners] == [6, 1, 2, 1]


def test_members_that_are_not_known_are_not_none() -> None:
    pond = weigh([Held("qq", Owner.UNKNOWN, True, 3, None)])
    assert (pond.whole.members, pond.whole.of_members) == (None, None)
    assert pond.carriers[0][1].of_groups == 1.0
    assert (pond.unoperated.groups, pond.unoperated.of_groups, pond.unoperated.members) == (0, 0.0, None)


def test_without_groups_there_are_no_shares() -> None:
    pond = weigh([])
    assert (pond.whole.groups, pond.whole.of_groups, pond.carriers, pond.owners) == (0, None, [], [])
