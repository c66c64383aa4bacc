"""How much, by whom, on how many days, and since when: figures computed by hand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from huoqun.health.results import NoTalk

from .tell import BEI, BOT, COFFEE, LIN, MO, QUIET, SHANGHAI, TAO, TEA, Story, group


@pytest.fixture
def week() -> Story:
    """Tea: Lin on each of 7 days, Mo twice, a bot daily. Coffee: Tao on one day of the week. Quiet: a month ago."""
    story = Story(house={BOT: "bot"})
    story.daily(TEA, LIN, "03-01", 7)
    story.daily(TEA, BOT, "02-20", 16, at="08:00")
    story.say(TEA, MO, "03-03 11:00")
    story.say(TEA, MO, "03-03 11:01")
    story.say(TEA, MO, "03-05 11:00")
    story.say(COFFEE, TAO, "03-04 09:00")
    story.daily(COFFEE, TAO, "02-02", 3)
    story.daily(QUIET, BEI, "01-20", 10)
    return story


@pytest.mark.method("A01", "A02", "A03", "A04")
def test_a_window_counts_people_messages_and_days(week: Story) -> None:
    result = week.audit("03-07")
    tea, coffee, quiet = (group(result, key) for key in (TEA, COFFEE, QUIET))
    assert (tea["messages"], tea["speakers"], tea["days_active"], tea["speaker_days"]) == (10, 2, 7, 9)
    assert (coffee["messages"], coffee["speakers"], coffee["days_active"]) == (1, 1, 1)
    assert (quiet["messages"], quiet["speakers"], quiet["days_active"]) == (0, 0, 0)
    assert [each["rule"] for each in (tea, coffee, quiet)] == ["every_day", "sometimes", "silent"]
    assert {name: result.portfolio[name] for name in ("groups", "every_day", "sometimes", "silent")} == {
        "groups": 3,
        "every_day": 1,
        "sometimes": 1,
        "silent": 1,
    }


@pytest.mark.method("A02")
def test_the_methods_own_seven_days_stay_whatever_the_window(week: Story) -> None:
    tea = group(week.audit("03-07", window=3), TEA)
    assert (tea["days_active"], tea["messages"], tea["speakers"]) == (3, 4, 2)
    assert (tea["days_active_7d"], tea["messages_7d"], tea["speakers_7d"]) == (7, 10, 2)


INFERRED = frozenset({"staff_tie_share", "top_answerer_share", "tie_certainty"})


@pytest.mark.method("L02")
def test_house_accounts_are_out_of_every_figure_and_shown_beside_it(week: Story) -> None:
    with_house = group(week.audit("03-07"), TEA)
    week.rows = [row for row in week.rows if row["author_key"] != BOT]
    without = group(week.audit("03-07"), TEA)
    assert (with_house.pop("house_messages"), with_house.pop("house_messages_30d")) == (7, 16)
    assert (without.pop("house_messages"), without.pop("house_messages_30d")) == (0, 0)
    # Ties to the house are shown beside the others; where people do not say whom they answer, somebody the house answered
    # is known to have been answered, so the members' own inferred ties are others too.
    assert {n: v for n, v in with_house.items() if n not in INFERRED} == {n: v for n, v in without.items() if n not in INFERRED}


@pytest.mark.method("A05", "A18", "A19")
def test_life_runs_from_the_first_talk_to_the_last(week: Story) -> None:
    quiet = group(week.audit("03-07"), QUIET)
    assert (quiet["life_days"], quiet["days_silent"], quiet["messages_ever"], quiet["talk_days"]) == (9, 37, 10, 10)
    assert (quiet["first_talk_on"], quiet["last_message_on"]) == (date(2026, 1, 20), date(2026, 1, 29))
    assert quiet["last_message_at"] == datetime(2026, 1, 29, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.method("A05")
def test_a_short_burst_is_told_from_a_long_life() -> None:
    story = Story()
    story.daily(QUIET, LIN, "01-01", 5)
    story.daily(TEA, LIN, "01-01", 60)
    result = story.audit("03-01")
    burst, lasting = group(result, QUIET), group(result, TEA)
    assert (burst["silent_in_a_week"], burst["outlived_a_month"], burst["first_weeks_share"]) == (True, False, 1.0)
    assert (lasting["silent_in_a_week"], lasting["outlived_a_month"]) == (False, True)
    assert lasting["first_weeks_share"] == pytest.approx(14 / 60)
    assert (result.portfolio["silent_in_a_week"], result.portfolio["outlived_a_month"]) == (0.5, 0.5)


@pytest.mark.method("A05")
def test_a_young_group_is_not_judged_by_its_first_month() -> None:
    story = Story()
    story.daily(TEA, LIN, "02-20", 3)
    result = story.audit("03-01")
    assert group(result, TEA)["silent_in_a_week"] is None
    assert result.portfolio["old_enough"] == 0
    assert result.portfolio["silent_in_a_week"] is None


@pytest.mark.method("A26")
def test_breadth_counts_different_people_a_day(week: Story) -> None:
    tea = group(week.audit("03-07"), TEA)
    assert tea["most_speakers"] == 2
    assert tea["speakers_a_day"] == pytest.approx(9 / 7)
    assert tea["messages_a_speaker"] == pytest.approx(10 / 9)


def test_a_day_is_the_communitys_day() -> None:
    story = Story()
    story.say(TEA, LIN, "03-01 07:30")  # still 28 February in UTC
    story.say(TEA, LIN, "03-01 23:30")
    story.say(TEA, LIN, "03-02 00:30")  # 1 March in UTC
    here = group(story.audit("03-02"), TEA)
    assert (here["days_active"], here["first_talk_on"], here["last_message_on"]) == (2, date(2026, 3, 1), date(2026, 3, 2))
    story.zone = ZoneInfo("UTC")
    there = group(story.audit("03-02"), TEA)
    assert (there["days_active"], there["first_talk_on"], there["last_message_on"]) == (2, date(2026, 2, 28), date(2026, 3, 1))


def test_the_future_is_not_known(week: Story) -> None:
    past = week.audit("03-04")
    week.rows = [row for row in week.rows if row["sent_at"] < datetime(2026, 3, 5, tzinfo=SHANGHAI)]
    then = week.audit("03-04")
    assert past.groups.equals(then.groups)
    assert past.persons.equals(then.persons)
    assert past.unanswered.equals(then.unanswered)
    assert (past.portfolio, past.reasons) == (then.portfolio, then.reasons)


def test_without_a_day_the_last_human_talk_is_the_day(week: Story) -> None:
    week.say(TEA, BOT, "03-20 08:00")
    assert week.audit().as_of == date(2026, 3, 7)


@pytest.mark.method("A01")
def test_a_group_without_talk_is_not_a_silent_group() -> None:
    story = Story(house={BOT: "bot"}, plans=[(COFFEE, "permanent", None, None)])
    story.say(TEA, LIN, "03-01 10:00")
    story.say(QUIET, BOT, "03-01 10:00")
    result = story.audit("03-01")
    assert result.no_talk_seen == [COFFEE, QUIET]
    assert (result.portfolio["groups"], result.portfolio["no_talk_seen"]) == (1, 2)
    assert (group(result, COFFEE)["messages"], group(result, COFFEE)["state"]) == (None, "")
    assert (group(result, QUIET)["messages"], group(result, QUIET)["house_messages"]) == (0, 1)
    assert result.coverage["figures"]["last_message_at"] == 1
    assert (result.coverage["talk"], result.coverage["groups"]) == (1, 3)


def test_two_accounts_of_one_person_count_once() -> None:
    story = Story(same_person={MO: LIN})
    story.say(TEA, LIN, "03-01 10:00")
    story.say(TEA, MO, "03-01 11:00")
    story.say(TEA, TAO, "03-01 12:00")
    tea = group(story.audit("03-01"), TEA)
    assert (tea["messages"], tea["speakers"], tea["speakers_30d"], tea["members"]) == (3, 2, 2, 2)


@pytest.mark.method("L02")
def test_one_labelled_account_makes_the_whole_person_house() -> None:
    story = Story(same_person={MO: LIN}, house={MO: "staff"})
    story.say(TEA, LIN, "03-01 10:00")
    story.say(TEA, TAO, "03-01 12:00")
    tea = group(story.audit("03-01"), TEA)
    assert (tea["messages"], tea["house_messages"]) == (1, 1)


def test_talk_without_an_author_is_said_to_be_left_out() -> None:
    story = Story()
    story.say(TEA, LIN, "03-01 10:00")
    story.say(TEA, None, "03-01 10:01")
    result = story.audit("03-01")
    assert group(result, TEA)["messages"] == 1
    assert result.coverage["messages_without_author"] == 1


def test_nothing_said_is_an_error_that_says_what_to_do() -> None:
    story = Story(house={BOT: "bot"})
    with pytest.raises(NoTalk, match="import history"):
        story.audit()
    story.say(TEA, BOT, "03-01 10:00")
    with pytest.raises(NoTalk):
        story.audit()


def test_an_empty_history_has_no_groups() -> None:
    result = Story().audit("03-01")
    assert result.groups.num_rows == result.persons.num_rows == result.days.num_rows == 0
    assert (result.portfolio["groups"], result.portfolio["alive_7d"]) == (0, None)


def test_a_window_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        Story().audit("03-01", window=0)


@pytest.mark.method("A22", "L08")
def test_a_planned_end_is_not_a_death() -> None:
    story = Story(plans=[(TEA, "flash", date(2026, 2, 1), None)])
    story.daily(TEA, LIN, "02-01", 1)
    story.daily(COFFEE, LIN, "01-01", 60)
    assert group(story.audit("03-01"), TEA)["state"] == "planned_end"
