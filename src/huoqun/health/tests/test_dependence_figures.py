"""Dependence on operators: shares, starts, talk kept without them, who draws whom into talk."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import mean

import pytest

from .tell import BEI, BOT, LIN, MO, SHANGHAI, TAO, TEA, Story, group

FIRST = datetime(2026, 1, 5)
"""A Monday."""


def tea(story: Story, as_of: str | None = None) -> dict[str, object]:
    return group(story.audit(as_of), TEA)


def clock(days: float) -> str:
    return (FIRST + timedelta(days=days)).strftime("%m-%d %H:%M")


@pytest.mark.method("A08", "A12")
def test_what_operators_say_beside_what_members_say() -> None:
    story = Story(house={LIN: "staff", BOT: "bot"})
    story.daily(TEA, LIN, "03-01", 3, at="09:00")
    story.daily(TEA, MO, "03-01", 4, at="10:00")
    story.daily(TEA, BOT, "03-01", 9, at="11:00")
    figures = tea(story, "03-10")
    assert figures["house_share_90d"] == pytest.approx(3 / 7)
    assert figures["house_per_member_message"] == pytest.approx(3 / 4)
    assert figures["house_silent_days"] == 7


@pytest.mark.method("A08", "L02")
def test_where_nobody_is_labelled_nothing_is_said_of_dependence() -> None:
    story = Story(house={BOT: "bot"})
    story.daily(TEA, MO, "03-01", 4)
    figures = tea(story)
    names = ("house_share_90d", "house_per_member_message", "house_silent_days", "house_starts_share", "after_house_share")
    assert [figures[name] for name in (*names, "talk_kept_without_house")] == [None] * 6
    assert figures["member_starts"] == 4


def test_operators_who_never_came_have_no_share() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "03-01", 4)
    figures = tea(story)
    assert (figures["house_share_90d"], figures["house_starts_share"], figures["after_house_share"]) == (0, 0, 0)
    assert figures["house_silent_days"] is None


@pytest.mark.method("A08", "A24")
def test_the_first_word_after_an_hour_starts_a_conversation() -> None:
    story = Story(house={LIN: "staff", BOT: "bot"})
    story.say(TEA, LIN, "03-01 10:00")
    story.say(TEA, MO, "03-01 11:00")
    story.say(TEA, TAO, "03-01 12:01")
    story.say(TEA, BOT, "03-01 14:00")
    story.say(TEA, TAO, "03-01 14:30")
    story.say(TEA, MO, "03-01 23:40")
    story.say(TEA, TAO, "03-02 00:30")
    figures = tea(story)
    # Lin at ten, Tao a minute past noon, Mo late; the bot's start is nobody's, and midnight starts nothing.
    assert (figures["conversation_starts"], figures["member_starts"]) == (3, 2)
    assert figures["house_starts_share"] == pytest.approx(1 / 3)


def test_starts_of_long_ago_are_not_known() -> None:
    story = Story(house={LIN: "staff"})
    story.say(TEA, MO, "01-05 10:00")
    figures = tea(story, "06-01")
    assert (figures["conversation_starts"], figures["house_starts_share"]) == (None, None)
    assert figures["house_share_90d"] == 0


@pytest.mark.method("A08", "A12")
def test_talk_on_days_without_operators_is_held_against_days_with_them() -> None:
    """Three weeks: Lin comes Monday to Wednesday. Then Mo says four things, on Thursday and Friday one, at weekends nothing."""
    story = Story(house={LIN: "staff"})
    for day in range(19):
        if day % 7 < 3:
            story.say(TEA, LIN, clock(day + 0.4))
        for _ in range((4, 4, 4, 1, 1, 0, 0)[day % 7]):
            story.say(TEA, MO, clock(day + 0.5))
    # Six working days without her, one message each, against four; weekends have no day with her and are left out.
    assert tea(story)["talk_kept_without_house"] == pytest.approx(0.25)


def test_four_days_without_operators_are_too_few_to_compare() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "01-05", 12)
    story.daily(TEA, LIN, "01-05", 8)
    assert tea(story)["talk_kept_without_house"] is None


@pytest.mark.method("A08")
def test_talk_within_two_hours_after_an_operator() -> None:
    story = Story(house={LIN: "staff", BOT: "bot"})
    story.say(TEA, MO, "03-01 08:00")
    story.say(TEA, LIN, "03-01 09:10")
    story.say(TEA, MO, "03-01 11:20")
    story.say(TEA, TAO, "03-01 11:40")
    story.say(TEA, BOT, "03-01 15:00")
    story.say(TEA, BEI, "03-01 15:10")
    story.say(TEA, LIN, "03-01 23:10")
    story.say(TEA, TAO, "03-02 00:40")
    # Mo once in two half hours, Tao's words after midnight; Tao at 11:40 is five half hours later, the bot counts for nothing.
    assert tea(story)["after_house_share"] == pytest.approx(2 / 5)


# Planted: who draws whom


def planted(moments: Iterator[tuple[float, int]], house: dict[int, str] | None = None) -> object:
    story = Story(house=house or {LIN: "staff"})
    for day, who in sorted(moments):
        story.say(TEA, who, clock(day))
    return tea(story)["self_excitation"]


def rhythm(dice: random.Random) -> float:
    """A time of day: most in the evening, none at night."""
    return dice.choice([dice.uniform(8, 24), dice.gauss(20.5, 0.7)]) / 24


def by_themselves(dice: random.Random, a_day: int, days: int = 60) -> Iterator[tuple[float, int]]:
    for day in range(days):
        for _ in range(dice.randrange(2 * a_day)):
            yield day + min(rhythm(dice), 0.99), dice.randrange(10, 40)


def branching(dice: random.Random, n: float, a_day: int, days: int = 60) -> Iterator[tuple[float, int]]:
    """Every message draws n others on average, minutes later."""
    waiting = [day for day, _ in by_themselves(dice, a_day, days)]
    while waiting:
        at = waiting.pop()
        yield at, dice.randrange(10, 40)
        waiting += [at + dice.expovariate(1 / 5) / 1440 for _ in range(poisson(dice, n))]


def poisson(dice: random.Random, mean: float) -> int:
    reached, count = dice.expovariate(1), 0
    while reached < mean:
        reached, count = reached + dice.expovariate(1), count + 1
    return count


@pytest.mark.method("A08")
@pytest.mark.parametrize(("seed", "a_day"), [(1, 3), (2, 10), (3, 40)])
def test_talk_with_a_daily_rhythm_and_no_more_draws_nobody(seed: int, a_day: int) -> None:
    assert planted(by_themselves(random.Random(seed), a_day)) < 0.12


@pytest.mark.method("A08", "A24")
@pytest.mark.parametrize("a_day", [2, 3, 12])
def test_a_branching_process_is_seen(a_day: int) -> None:
    found = [planted(branching(random.Random(seed), 0.6, a_day)) for seed in range(5)]
    assert 0.5 <= mean(found) <= 0.7
    assert all(0.4 <= each <= 0.75 for each in found)


@pytest.mark.method("A08")
def test_weaker_branching_is_weaker() -> None:
    assert 0.2 <= planted(branching(random.Random(4), 0.3, 8)) <= 0.4


@pytest.mark.method("A08")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_talk_that_only_follows_the_operator_draws_nobody(seed: int) -> None:
    dice = random.Random(seed)

    def led() -> Iterator[tuple[float, int]]:
        for day in range(60):
            for _ in range(3):
                at = day + min(rhythm(dice), 0.95)
                yield at, LIN
                for _ in range(dice.randrange(8)):
                    yield at + dice.expovariate(1 / 10) / 1440, dice.randrange(10, 40)

    assert planted(led()) < 0.1


def test_one_person_alone_draws_nobody() -> None:
    moments = ((day + 0.4 + place / 100, MO) for day in range(60) for place in range(5))
    assert planted(moments) in (0, None)


def test_a_few_words_say_nothing_of_who_draws_whom() -> None:
    story = Story()
    story.daily(TEA, MO, "03-01", 20)
    assert tea(story)["self_excitation"] is None


def test_dates_of_the_cases_are_what_they_say() -> None:
    assert date(2026, 1, 5).weekday() == 0
    assert SHANGHAI.key == "Asia/Shanghai"
