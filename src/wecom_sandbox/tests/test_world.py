"""The company of the beginning: the same by seed, large for nothing."""

from __future__ import annotations

import itertools

import pytest

from wecom_sandbox.clock import Clock
from wecom_sandbox.company import Company, Plan
from wecom_sandbox.tests.caller import NOON, Caller
from wecom_sandbox.world.mixing import Ids


def company(**sizes: int) -> Company:
    return Company(Plan(**sizes), clock=Clock(lambda: 0.0, start=NOON))


def rosters(one: Company) -> list[list[str]]:
    return [[member.id for member in one.groups.members(group)] for _, group in one.groups.walk()]


def test_the_same_seed_makes_the_same_company_and_another_another() -> None:
    sizes = {"groups": 4, "people": 90, "customers": 30, "staff": 5}
    first, again, other = (Company(Plan(seed=seed, **sizes), clock=Clock(lambda: 0.0, start=NOON)) for seed in (7, 7, 8))
    assert rosters(first) == rosters(again)
    assert first.told() == again.told()
    assert rosters(first) != rosters(other)
    assert first.corpid != other.corpid


@pytest.mark.parametrize(("groups", "people"), [(1, 4), (3, 1500), (40, 3000), (7, 28)])
def test_memberships_add_up_and_nobody_is_in_a_group_twice(groups: int, people: int) -> None:
    made = company(groups=groups, people=people, customers=10)
    found = rosters(made)
    assert sum(map(len, found)) == people
    assert all(len(ids) == len(set(ids)) for ids in found)
    assert [made.groups.size(group) for _, group in made.groups.walk()] == [len(ids) for ids in found]
    for _, group in made.groups.walk():
        times = made.groups.join_times(group)
        assert times == [member.join_time for member in made.groups.members(group)]
        assert group.create_time <= times[0]
        assert times[-1] <= made.born


def test_people_are_in_several_groups() -> None:
    everybody = list(itertools.chain.from_iterable(rosters(company(groups=20, people=1200, customers=10))))
    outside = [one for one in everybody if one.startswith("w")]
    assert 0.02 < 1 - len(set(outside)) / len(outside) < 0.2


@pytest.mark.parametrize(("groups", "people"), [(10, 10), (1, 501)])
def test_sizes_that_do_not_fit_are_refused_in_words(groups: int, people: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        company(groups=groups, people=people)


def test_an_id_is_read_back_and_a_made_up_one_is_not() -> None:
    ids = Ids("wm", 3, "customers")
    for number in (0, 1, 77, 1_800_000):
        assert len(ids.of(number)) == 32
        assert ids.number(ids.of(number)) == number
    assert len({ids.of(number) for number in range(2000)}) == 2000
    assert ids.number("wmNobody") is None
    assert ids.number("wr" + ids.of(1)[2:]) is None


@pytest.mark.parametrize(("people", "customers"), [(120, 60), (120, 120), (30, 200), (100, 7)])
def test_every_customer_is_in_somebodys_list_once_for_each_who_knows_them(people: int, customers: int) -> None:
    made = company(groups=3, people=people, customers=customers, staff=5)
    lists = {
        staff.userid: [follow.external_userid for _, follow in made.customers.of_staff(staff.userid)]
        for staff in made.directory.with_contact()
    }
    assert len(set(itertools.chain.from_iterable(lists.values()))) == customers
    for userid, ids in lists.items():
        assert len(ids) == len(set(ids)) == made.customers.count_of_staff(userid)
        for external_userid in ids:
            assert userid in [follow.userid for follow in made.customers.follows_of(external_userid)]


def test_the_large_company_begins_small_and_answers_from_anywhere_in_it() -> None:
    made = Caller(groups=9000, people=1_800_000, customers=200_000, staff=300)
    assert sum(made.company.groups.size(group) for _, group in made.company.groups.walk()) == 1_800_000
    assert len(made.pages("groupchat/list", "group_chat_list", limit=1000)) == 9000
    last = made.chat_ids()[-1]
    members = made.ok("groupchat/get", chat_id=last, need_name=1)["group_chat"]["member_list"]
    assert len(members) == made.company.groups.size(made.company.groups.get(last))
    assert all(group.members is None for _, group in made.company.groups.walk()), "what is only read is not kept"
