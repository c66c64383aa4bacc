from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import translation

from huoqun.community.errors import BadList
from huoqun.community.models import Community, Group, LabelRule, Person
from huoqun.community.operations import groups, labels, listed
from huoqun.community.operations.intake import take_in
from huoqun.community.queries import house_accounts
from huoqun.community.tests.test_intake import speaks
from huoqun.console.models import Staff
from huoqun.inbox.models import Entry
from huoqun.vocabulary.ids import Account, person_key

pytestmark = [pytest.mark.django_db, pytest.mark.method("L02")]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def people(balcony: Community, account: Account, now: datetime) -> dict[str, Person]:
    take_in(balcony, [speaks(account, who, who, now) for who in ("lin", "mo", "tao", "notify-bot")], now=now)
    return {person.name: person for person in Person.objects.all()}


def test_a_hand_beats_a_rule_and_a_rule_speaks_for_newcomers_too(
    balcony: Community, account: Account, people: dict[str, Person], mo: Staff, now: datetime
) -> None:
    assert labels.add_rule(balcony, "*-bot", "bot", now=now) == 1
    assert house_accounts(balcony) == [(person_key(account, "notify-bot"), "bot")]
    take_in(balcony, [speaks(account, "stats-bot", "stats-bot", now)], now=now)
    assert len(house_accounts(balcony)) == 2
    labels.by_hand([people["notify-bot"]], "", by=mo, now=now, reason="其实是真人")
    assert house_accounts(balcony) == [(person_key(account, "stats-bot"), "bot")]
    labels.drop_rule(LabelRule.objects.get(), now=now)
    assert house_accounts(balcony) == []


def test_a_change_is_announced_once(balcony: Community, people: dict[str, Person], mo: Staff, now: datetime) -> None:
    before = Entry.objects.filter(name="HouseChanged").count()
    assert labels.by_hand([people["lin"]], "staff", by=mo, now=now) == 1
    assert labels.by_hand([people["lin"]], "staff", by=mo, now=now) == 0
    assert Entry.objects.filter(name="HouseChanged").count() == before + 1


def test_a_list_of_bots_in_the_archives_layout(balcony: Community, people: dict[str, Person], now: datetime) -> None:
    changed = listed.take_house_list(
        balcony, ["author_id,kind\n", "notify-bot,commit_feed\n", "lin,staff\n", "nobody,bot\n"], by=None, now=now
    )
    assert changed == 2
    assert {p.name: p.house for p in Person.objects.exclude(house="")} == {"notify-bot": "bot", "lin": "staff"}


def test_a_list_with_a_bad_line_applies_nothing(balcony: Community, people: dict[str, Person], now: datetime) -> None:
    with pytest.raises(BadList, match="line 1") as refused:
        listed.take_house_list(balcony, ["name\n", "lin\n"], by=None, now=now)
    assert "author_id" in refused.value.problems[0]
    with pytest.raises(BadList, match="line 3"):
        listed.take_house_list(balcony, ["author_id,kind\n", "lin,staff\n", ",bot\n"], by=None, now=now)
    assert not Person.objects.exclude(house="").exists()


@pytest.mark.method("C01", "C03", "L01", "L06", "L08")
def test_a_list_of_groups_sets_what_it_says(balcony: Community, people: dict[str, Person], mo: Staff) -> None:
    lines = [
        "group_id,connects,matter,lifecycle,planned_end,strategy,stage,purpose,capacity,operator,tags\n",
        "g1,interest,several,seasonal,2026-05-31,quality,guided,一起把阳台种满,300,mo,华东;种菜\n",
    ]
    assert listed.take_group_list(balcony, lines) == 1
    group = Group.objects.get()
    assert (group.connects, group.lifecycle, str(group.planned_end), group.operator) == (
        "interest",
        "seasonal",
        "2026-05-31",
        mo,
    )
    assert {tag.name for tag in group.tags.all()} == {"华东", "种菜"}


def test_a_wrong_word_in_a_list_of_groups_is_named_with_its_remedy(balcony: Community, people: dict[str, Person]) -> None:
    with pytest.raises(BadList) as refused:
        listed.take_group_list(balcony, ["group_id,lifecycle,capacity\n", "g1,forever,many\n"])
    first, second = refused.value.problems
    assert [word for word in ("2", "forever", "permanent / seasonal / flash") if word not in first] == []
    assert "capacity" in second


def test_tags_stay_inside_their_community(balcony: Community, elsewhere: Community, people: dict[str, Person]) -> None:
    tag = groups.tag(elsewhere, "种菜", groups=Group.objects.all(), people=people.values())
    assert not tag.groups.exists()
    assert not tag.people.exists()
