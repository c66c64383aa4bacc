"""Weeks of groups added up for whoever asks, against the same figures added up one by one."""

from __future__ import annotations

from random import Random

from huoqun.sop.punctuality import PARTS, OfGroup, Tally, by_operator, least_served, most_bad, most_hands
from huoqun.sop.rules.promises import CORES


def of_group(group: int, operator: int | None = 1, **told: int) -> OfGroup:
    return OfGroup(group, operator, *(told.get(name, 0) for name in (*PARTS, *CORES)))


def some(number: int) -> list[OfGroup]:
    dice = Random(7)
    return [
        of_group(group, dice.choice([1, 2, 3, None]), **{name: dice.choice([0, 0, 1, 5]) for name in (*PARTS, *CORES)})
        for group in range(number)
    ]


def test_a_row_says_what_its_columns_are_called() -> None:
    told = of_group(4, in_time=1, late=2, never=3, by_people=4, by_machine=5, todos=6, minutes=7, answers=8, people=9)
    assert OfGroup._fields == ("group", "operator", *PARTS, *CORES), "as they are read, one after another"
    assert told.tally == Tally(in_time=1, late=2, never=3, by_people=4, by_machine=5, todos=6, minutes=7)
    assert (told.promised, told.bad) == (told.tally.promised, told.tally.bad) == (6, 5)
    assert told.cores == (0, 0, 8, 0, 9)
    assert told.served == 2


def test_operators_have_the_sums_of_their_groups() -> None:
    groups = some(200)
    found = by_operator(groups)
    assert set(found) == {1, 2, 3, None}
    for operator, told in found.items():
        mine = [each for each in groups if each.operator == operator]
        assert told.tally == sum((each.tally for each in mine), Tally())
        assert told.groups == [(each.in_time, each.promised) for each in mine if each.promised]
        assert len(told.groups) < len(mine), "a group without a promise says nothing of how they are kept"
    assert by_operator([]) == {}


def test_the_groups_told_by_name_are_those_with_most_of_it() -> None:
    groups = some(200)
    assert most_bad(groups, most=30) == sorted((g for g in groups if g.bad), key=lambda g: (-g.bad, g.group))[:30]
    assert most_hands(groups, most=10) == sorted((g for g in groups if g.by_people), key=lambda g: (-g.by_people, g.group))[:10]
    lacking = [each for each in groups if each.served < len(CORES)]
    assert least_served(groups, most=10) == sorted(lacking, key=lambda g: (g.served, sum(g.cores), g.group))[:10]
    well = of_group(1, help=1, content=1, answers=1, rules=1, people=1)
    assert most_bad([well], most=3) == most_hands([well], most=3) == least_served([well], most=3) == []
