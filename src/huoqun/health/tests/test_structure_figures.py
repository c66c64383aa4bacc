"""Who carries the talk: shares, inequality, roles."""

import math

import pytest

from .tell import BEI, LIN, MO, TAO, TEA, YU, Story, group


@pytest.fixture
def uneven() -> Story:
    """Lin says 6, Mo 3, Tao 1."""
    story = Story()
    for who, count in ((LIN, 6), (MO, 3), (TAO, 1)):
        for place in range(count):
            story.say(TEA, who, f"03-01 1{who}:{place:02}")
    return story


@pytest.mark.method("C17", "C19", "C20")
def test_shares_are_of_people_in_small_groups(uneven: Story) -> None:
    tea = group(uneven.audit("03-01"), TEA)
    assert (tea["speakers_90d"], tea["top_people"], tea["next_people"], tea["say_people"]) == (3, 1, 1, True)
    assert (tea["top1_share"], tea["next9_share"], tea["rest_share"]) == (0.6, 0.3, 0.1)
    assert tea["top_person_share"] == 0.6


@pytest.mark.method("C17")
def test_shares_of_a_large_group_are_per_cent() -> None:
    story = Story()
    for who in range(1, 201):
        for place in range(10 if who <= 2 else 2 if who <= 20 else 1):
            story.say(TEA, who, f"03-01 10:{place:02}")
    tea = group(story.audit("03-01"), TEA)
    total = 2 * 10 + 18 * 2 + 180
    assert (tea["top_people"], tea["next_people"], tea["say_people"]) == (2, 18, False)
    assert tea["top1_share"] == pytest.approx(20 / total)
    assert tea["next9_share"] == pytest.approx(36 / total)
    assert tea["rest_share"] == pytest.approx(180 / total)


@pytest.mark.method("C17", "C21")
def test_inequality_by_hand(uneven: Story) -> None:
    tea = group(uneven.audit("03-01"), TEA)
    # Rising order 1, 3, 6: ((2-3-1)*1 + (4-3-1)*3 + (6-3-1)*6) / (3 * 10)
    assert tea["gini"] == pytest.approx((-2 * 1 + 0 * 3 + 2 * 6) / 30)
    entropy = -sum(p * math.log(p) for p in (0.6, 0.3, 0.1))
    assert tea["effective_speakers"] == pytest.approx(math.exp(entropy), abs=1e-6)
    assert tea["half_holders"] == 1


def test_equal_speakers_are_as_many_as_they_are() -> None:
    story = Story()
    for who in (LIN, MO, TAO, YU):
        story.say(TEA, who, f"03-01 1{who}:00")
    tea = group(story.audit("03-01"), TEA)
    assert (tea["gini"], tea["effective_speakers"], tea["half_holders"]) == (0.0, 4.0, 2)


@pytest.mark.method("C17", "C20")
def test_silent_members_count_where_joins_are_known(uneven: Story) -> None:
    assert group(uneven.audit("03-01"), TEA)["silent_members"] is None
    for who in range(20, 37):
        uneven.join(TEA, who, "02-01 10:00")
    uneven.leave(TEA, 20, "02-02 10:00")
    tea = group(uneven.audit("03-01"), TEA)
    # 16 lurkers still here and 3 speakers: 19 members, so the first tenth is round(1.9) = 2 people.
    assert tea["silent_members"] == 16
    assert (tea["top1_member_share"], tea["next9_member_share"]) == (0.6, 0.3)
    assert tea["rest_member_share"] == pytest.approx(0.1)
    assert tea["members"] == 19


def _talk(story: Story, who: int, days: int, a_day: int, **more: object) -> None:
    for day in range(1, days + 1):
        for place in range(a_day):
            story.say(TEA, who, f"03-{day:02} {8 + who}:{place:02}", **more)


@pytest.mark.method("C17", "C18", "C19", "C20", "C21", "L02")
def test_roles_with_their_reasons() -> None:
    story = Story(house={77: "helper"})
    first = story.say(TEA, YU, "03-01 07:00", "请问几点开门")
    _talk(story, LIN, 10, 5, reply_to=first, reply_to_author=YU)  # carries the group and answers
    _talk(story, MO, 10, 8)  # says more than anybody, to nobody
    _talk(story, BEI, 9, 5)  # says much, to nobody
    _talk(story, TAO, 7, 2)
    for who in range(30, 48):
        story.say(TEA, who, "03-05 20:00")
    story.say(TEA, 77, "03-05 21:00")
    roles = {row["person_key"]: (row["role"], row["reason"]) for row in story.audit("03-10").persons.to_pylist()}
    assert roles[LIN] == ("co_builder", "carries_and_answers")
    assert roles[MO] == ("chatterbox", "says_by_far_the_most")
    assert roles[BEI] == ("chatterbox", "says_most_answers_few")
    assert roles[TAO] == ("active", "says_more_than_most")
    assert {roles[who] for who in (YU, *range(30, 48))} == {("onlooker", "says_little")}
    assert 77 not in roles


@pytest.mark.method("C18")
def test_where_nobody_replies_the_days_tell_who_carries() -> None:
    story = Story()
    _talk(story, LIN, 10, 5)
    _talk(story, MO, 3, 15)
    for who in range(30, 42):
        story.say(TEA, who, "03-05 20:00")
    roles = {row["person_key"]: (row["role"], row["reason"]) for row in story.audit("03-10").persons.to_pylist()}
    assert roles[LIN] == ("co_builder", "carries_most_days")
    assert roles[MO] == ("chatterbox", "says_much_on_few_days")


def _uneasy(story: Story, *, of_mo: int, of_the_rest: int) -> dict[int, tuple[str, str]]:
    """Mo says 30, twelve others 5 each; so many of theirs are replies to Yu. Who is what, Mo and one of the others."""
    asked = story.say(TEA, YU, "03-01 07:00", "请问几点开门")
    to_yu = {"reply_to": asked, "reply_to_author": YU}
    for who, count, replies in ((MO, 30, of_mo), *((who, 5, of_the_rest) for who in range(30, 42))):
        for place in range(count):
            more = to_yu if place < replies else {}
            story.say(TEA, who, f"03-{1 + place % 5:02} {8 + who % 14:02}:{place:02}", **more)
    rows = story.audit("03-10").persons.to_pylist()
    return {row["person_key"]: (row["role"], row["reason"]) for row in rows if row["person_key"] in (MO, 30)}


@pytest.mark.method("C18", "C21")
@pytest.mark.parametrize(
    ("of_mo", "role"),
    [
        # The rest address 24 of 61 messages; two thirds of that share are 7.9 of Mo's 30.
        (7, ("chatterbox", "says_by_far_the_most")),
        # Thirteen others address 24: three times their mean is 5.5 messages.
        (8, ("co_builder", "carries_and_answers")),
        (30, ("co_builder", "carries_and_answers")),
    ],
)
def test_the_share_addressed_to_others_is_held_against_that_of_the_rest(of_mo: int, role: tuple[str, str]) -> None:
    assert _uneasy(Story(), of_mo=of_mo, of_the_rest=2) == {MO: role, 30: ("active", "says_more_than_most")}


@pytest.mark.method("C18")
def test_a_few_replies_among_hundreds_of_messages_decide_nothing() -> None:
    """Where replying is no custom (here 4 of 91 messages), the days tell."""
    assert _uneasy(Story(), of_mo=4, of_the_rest=0)[MO] == ("co_builder", "carries_most_days")


@pytest.mark.method("C19")
def test_nobody_says_more_than_the_others_where_there_are_none() -> None:
    story = Story()
    _talk(story, LIN, 10, 5)
    assert [(row["role"], row["messages"]) for row in story.audit("03-10").persons.to_pylist()] == [("active", 50)]


def test_a_silent_group_still_shows_who_carried_it(uneven: Story) -> None:
    uneven.say(TEA, BEI, "01-01 10:00")
    now, later = uneven.audit("03-01"), uneven.audit("12-01")
    assert now.persons.equals(later.persons)
    assert now.persons.num_rows == 4


@pytest.mark.method("C17")
def test_the_portfolios_shares_are_over_everybody_who_posted_anywhere(uneven: Story) -> None:
    uneven.say(TEA + 1, LIN, "03-01 20:00")
    uneven.say(TEA + 1, BEI, "03-01 21:00")
    portfolio = uneven.audit("03-01").portfolio
    # Lin 7, Mo 3, Tao 1, Bei 1: the top 1 % is one person, the first tenth two.
    assert portfolio["posters"] == 4
    assert portfolio["top1_share"] == pytest.approx(7 / 12)
    assert portfolio["next9_share"] == pytest.approx(3 / 12)
    assert portfolio["rest_share"] == pytest.approx(2 / 12)
