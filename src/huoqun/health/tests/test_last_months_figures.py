"""What a group's own last months show: questions and newcomers in company, comings and goings, key people who left together."""

from __future__ import annotations

import pytest

from .tell import BEI, LIN, MO, REN, TAO, TEA, YU, Story, group

ASKS = "请问几点开门"
CROWD = (MO, REN, YU, BEI, 7)


def crowd(story: Story, day: str) -> None:
    """Five members who talk on a day, each an hour apart."""
    for place, who in enumerate(CROWD):
        story.say(TEA, who, f"{day} {12 + 2 * place}:00", "早")


def figures(story: Story, day: str, *names: str) -> tuple[object, ...]:
    tea = group(story.audit(day), TEA)
    return tuple(tea[name] for name in names)


@pytest.mark.method("A25", "F23")
def test_questions_older_than_a_month_count_in_a_groups_own_last_months() -> None:
    story = Story(house={LIN: "staff"})
    story.say(TEA, TAO, "03-01 10:00", ASKS)
    story.say(TEA, MO, "03-01 11:00", "九点", reply_to="m1", reply_to_author=TAO)
    story.say(TEA, TAO, "03-03 10:00", "那停车多少钱")
    names = ("questions_90d", "unanswered_90d", "answered_share_90d", "questions_30d")
    assert figures(story, "04-20", *names) == (2, 1, 0.5, 0)


@pytest.mark.method("A25")
def test_a_question_is_asked_in_company_where_five_members_spoke_that_day() -> None:
    story = Story(house={LIN: "staff"})
    story.say(TEA, TAO, "03-01 10:00", ASKS)
    crowd(story, "03-01")
    story.say(TEA, TAO, "03-02 10:00", ASKS)
    names = ("questions_90d", "unanswered_90d", "asked_in_company", "unanswered_in_company")
    assert figures(story, "03-03", *names) == (2, 2, 1, 1)


@pytest.mark.method("A25")
def test_newcomers_are_ignored_in_company_only_where_people_were_there() -> None:
    story = Story()
    story.join(TEA, TAO, "03-01 09:00")
    story.join(TEA, 8, "03-02 09:00")
    story.say(TEA, TAO, "03-01 10:00", "大家好")
    crowd(story, "03-01")
    story.say(TEA, 8, "03-02 10:00", "大家好")
    assert figures(story, "03-03", "first_words", "first_words_in_company", "ignored_in_company") == (2, 1, 1)


@pytest.mark.method("A20")
def test_comings_and_goings_are_counted_up_to_the_groups_own_last_talk() -> None:
    story = Story()
    story.join(TEA, TAO, "03-01 09:00")
    story.say(TEA, TAO, "03-01 10:00")
    story.join(TEA, MO, "03-02 09:00")
    story.say(TEA, MO, "03-05 10:00")
    story.leave(TEA, TAO, "03-04 10:00")
    story.leave(TEA, MO, "04-20 10:00")
    assert figures(story, "05-01", "joins_90d", "leaves_90d", "joins_30d", "leaves_30d") == (2, 1, 0, 1)


@pytest.mark.method("A08", "A11")
def test_key_people_left_together_where_they_went_within_four_days() -> None:
    story = Story()
    for who in CROWD:
        story.daily(TEA, who, "03-01", 20)
    story.leave(TEA, MO, "03-21 09:00")
    story.leave(TEA, REN, "03-24 09:00")
    story.leave(TEA, YU, "03-30 09:00")
    story.say(TEA, BEI, "04-01 10:00")
    together, share = figures(story, "04-02", "left_together", "left_together_share")
    assert together == 2
    assert share == pytest.approx(40 / 101)


def test_who_came_back_did_not_leave_and_where_nobody_ever_left_it_is_not_known() -> None:
    story = Story()
    story.daily(TEA, MO, "03-01", 5)
    assert figures(story, "03-06", "left_together", "leaves_90d") == (None, None)
    story.leave(TEA, MO, "03-06 09:00")
    story.join(TEA, MO, "03-07 09:00")
    assert figures(story, "03-08", "left_together", "joins_90d") == (0, 0)
