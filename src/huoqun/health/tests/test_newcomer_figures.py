"""Newcomers: who speaks, who is answered, who comes back, who stays; and growth, apart from it."""

import pytest

from .tell import BOT, COFFEE, LIN, MO, TAO, TEA, Story, group


@pytest.fixture
def arrivals() -> Story:
    """Joined on 1 March: 10 speaks and is answered by Mo after 4 minutes, 11 speaks and is ignored, 12 says nothing,
    13 speaks nine days later, 14 is welcomed by staff only. 15 joins on the last day.
    """
    story = Story(house={LIN: "staff", BOT: "bot"})
    for who in (10, 11, 12, 13, 14):
        story.join(TEA, who, "03-01 09:00")
    hello = story.say(TEA, 10, "03-01 10:00", "大家好")
    story.say(TEA, MO, "03-01 10:04", "欢迎", reply_to=hello, reply_to_author=10)
    story.say(TEA, 11, "03-02 10:00", "大家好")
    story.say(TEA, BOT, "03-02 10:01", "欢迎新人", mentions=[11])
    story.say(TEA, 13, "03-10 10:00", "刚看到")
    greeted = story.say(TEA, 14, "03-05 10:00", "大家好")
    story.say(TEA, LIN, "03-05 12:00", "欢迎", reply_to=greeted, reply_to_author=14)
    story.say(TEA, 10, "03-04 10:00", "又来了")
    story.leave(TEA, 12, "03-01 20:00")
    story.leave(TEA, 11, "03-20 20:00")
    story.join(TEA, 15, "04-05 10:00")
    story.say(TEA, MO, "04-05 20:00")
    return story


@pytest.mark.method("A25", "F23")
def test_who_speaks_within_a_week_of_joining(arrivals: Story) -> None:
    tea = group(arrivals.audit("04-05"), TEA)
    assert (tea["newcomers_90d"], tea["had_a_week"], tea["spoke_within_7d"]) == (6, 5, 3)
    assert tea["spoke_within_7d_share"] == pytest.approx(3 / 5)


@pytest.mark.method("A25", "F23")
def test_first_words_and_the_wait_for_a_human(arrivals: Story) -> None:
    tea = group(arrivals.audit("04-05"), TEA)
    assert (tea["first_words"], tea["first_words_answered"]) == (3, 2)
    assert (tea["first_words_by_members"], tea["first_words_by_staff"], tea["first_words_inferred"]) == (1, 1, 0)
    assert tea["first_answer_minutes"] == pytest.approx((4 + 120) / 2)


@pytest.mark.method("A25", "F23")
def test_who_comes_back_after_an_answer_and_without(arrivals: Story) -> None:
    tea = group(arrivals.audit("04-05"), TEA)
    assert (tea["answered_7d"], tea["answered_returned_7d"]) == (2, 0.5)
    assert (tea["ignored_7d"], tea["ignored_returned_7d"]) == (1, 0.0)
    # First words of 14 are 31 days old and count, too.
    assert (tea["answered_returned_30d"], tea["ignored_returned_30d"]) == (0.5, 0.0)


@pytest.mark.method("F23")
def test_who_is_still_there(arrivals: Story) -> None:
    tea = group(arrivals.audit("04-05"), TEA)
    assert tea["stayed_1d"] == pytest.approx(4 / 5)
    assert tea["stayed_7d"] == pytest.approx(4 / 5)
    assert tea["stayed_30d"] == pytest.approx(3 / 5)


@pytest.mark.method("A20")
def test_growth_stands_apart(arrivals: Story) -> None:
    tea = group(arrivals.audit("04-05"), TEA)
    assert (tea["joins"], tea["leaves"]) == (1, 0)
    assert (tea["joins_30d"], tea["leaves_30d"], tea["net_30d"]) == (1, 1, 0)
    portfolio = arrivals.audit("03-20").portfolio
    assert (portfolio["joins_30d"], portfolio["leaves_30d"]) == (5, 2)
    assert (portfolio["joins_known_groups"], portfolio["leaves_known_groups"]) == (1, 1)


@pytest.mark.method("A20", "L15")
def test_joins_nobody_reported_are_unknown_and_not_zero(arrivals: Story) -> None:
    arrivals.say(COFFEE, TAO, "04-05 10:00")
    result = arrivals.audit("04-05")
    coffee = group(result, COFFEE)
    unknown = (
        "newcomers_90d",
        "spoke_within_7d_share",
        "first_words",
        "stayed_1d",
        "joins_30d",
        "leaves_30d",
        "silent_members",
    )
    assert {coffee[name] for name in unknown} == {None}
    assert (result.coverage["joins"], result.coverage["figures"]["joins_30d"], result.coverage["groups"]) == (1, 1, 2)


def test_leaves_nobody_reported_leave_staying_unknown() -> None:
    story = Story()
    story.join(TEA, 10, "03-01 09:00")
    story.say(TEA, 10, "03-01 10:00")
    tea = group(story.audit("03-20"), TEA)
    assert (tea["newcomers_90d"], tea["stayed_1d"], tea["joins_30d"], tea["leaves_30d"], tea["net_30d"]) == (
        1,
        None,
        1,
        None,
        None,
    )


@pytest.mark.method("L02")
def test_house_accounts_are_no_newcomers(arrivals: Story) -> None:
    before = group(arrivals.audit("04-05"), TEA)
    arrivals.join(TEA, BOT, "03-03 09:00")
    after = group(arrivals.audit("04-05"), TEA)
    assert (before["newcomers_90d"], before["joins_30d"]) == (after["newcomers_90d"], after["joins_30d"])


def test_who_leaves_and_comes_back_is_a_member() -> None:
    story = Story()
    story.join(TEA, TAO, "03-01 09:00")
    story.leave(TEA, TAO, "03-02 09:00")
    story.say(TEA, MO, "03-02 10:00")
    assert group(story.audit("03-02"), TEA)["members"] == 1
    story.join(TEA, TAO, "03-03 09:00")
    assert group(story.audit("03-03"), TEA)["members"] == 2
