"""Groups that cannot be heard are not judged, and those that have just come to be heard begin anew."""

from __future__ import annotations

import pytest

from huoqun.health.tests.tell import COFFEE, LIN, MO, QUIET, TAO, TEA, Story, group


def both_rooms() -> Story:
    """Tea and coffee talk alike for the first ten days of March and are never heard of again; people go on joining."""
    story = Story()
    for day in range(1, 11):
        for room in (TEA, COFFEE):
            for who in (LIN, MO, TAO):
                story.say(room, who, f"03-{day:02} 20:00", "喝茶")
    for room in (TEA, COFFEE):
        story.join(room, 7, "03-05 09:00")
        story.join(room, 8, "04-20 09:00")
    return story


def test_a_group_that_cannot_be_heard_is_not_judged_dead() -> None:
    story = both_rooms()
    story.unheard = {COFFEE: ("03-11", None)}
    result = story.audit("05-01")
    tea, coffee = group(result, TEA), group(result, COFFEE)
    assert (tea["state"], coffee["state"]) == ("dead", "unheard")
    assert (str(coffee["since"]), coffee["talk_seen"], coffee["p_alive"]) == ("2026-03-11", False, None)
    assert coffee["messages_ever"] is None
    assert coffee["joins_30d"] == tea["joins_30d"] == 1
    assert COFFEE not in result.diagnoses
    assert COFFEE not in result.forecasts
    assert (result.portfolio["unheard"], result.portfolio["no_talk_seen"], result.portfolio["states"]) == (1, 0, {"dead": 1})
    assert (result.portfolio["groups"], result.portfolio["silent"]) == (1, 1)


def test_who_was_never_heard_and_is_not_now_was_not_silent_before_either() -> None:
    story = both_rooms()
    story.join(QUIET, 9, "03-05 09:00")
    story.unheard = {QUIET: ("03-11", None)}
    quiet = group(story.audit("03-10"), QUIET)
    assert (quiet["state"], quiet["since"]) == ("unheard", None)


def test_as_of_the_days_before_it_is_judged_like_any_other() -> None:
    story = both_rooms()
    story.unheard = {COFFEE: ("03-11", None)}
    before = story.audit("03-10")
    assert group(before, COFFEE)["state"] == group(before, TEA)["state"] != "unheard"


@pytest.mark.parametrize(("heard_on", "state"), [("03-06", "steady"), ("03-11", "")])
def test_once_heard_its_figures_begin_on_that_day(heard_on: str, state: str) -> None:
    story = both_rooms()
    story.unheard = {COFFEE: (None, f"03-{int(heard_on[3:]) - 1:02}")}
    coffee = group(story.audit("03-12"), COFFEE)
    assert bool(coffee["state"]) == bool(state)
    assert coffee["messages_ever"] == (15 if state else None)


def test_newcomers_of_the_deaf_time_are_not_said_to_have_been_silent() -> None:
    story = both_rooms()
    story.say(TEA, 7, "03-06 09:00")
    story.say(TEA, 8, "04-21 09:00")
    heard = group(story.audit("04-30"), TEA)
    story.unheard = {TEA: (None, "04-10")}
    later = group(story.audit("04-30"), TEA)
    assert (heard["first_words"], later["first_words"]) == (2, 1)
    assert (heard["joins_30d"], later["joins_30d"]) == (1, 1)
