"""The portfolio looks like the method's: few thrive, most sleep or are dead, and for every known reason."""

from __future__ import annotations

from collections import Counter

import pytest

from sample_world.course import Cause, State, draw, truth
from sample_world.dice import Dice
from sample_world.fates import deal
from sample_world.make import _kinds
from sample_world.organisations import INTEREST, KNOWLEDGE, ORGANISATIONS, RETAIL

from .conftest import Look

RANGES = {
    State.THRIVING: (4, 12),
    State.STEADY: (24, 45),
    State.BUBBLING: (48, 72),
    State.DECLINING: (15, 35),
    State.DORMANT: (40, 65),
    State.DEAD: (70, 110),
    State.PLANNED_END: (28, 45),
}


@pytest.mark.method("A02", "A03", "A04")
def test_states_are_in_about_the_methods_proportions(look: Look) -> None:
    counts = Counter(told["state"] for _, told in look.groups())
    assert sum(counts.values()) == 300
    for state, (low, high) in RANGES.items():
        assert low <= counts[state.value] <= high, (state, counts)
    assert counts["dead"] + counts["dormant"] + counts["planned_end"] > 150


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fates_are_dealt_in_the_same_proportions_for_every_seed(seed: int) -> None:
    counts: Counter[State] = Counter()
    for place, organisation in enumerate(ORGANISATIONS):
        kinds = _kinds(organisation, 1.0)
        fates = deal(kinds, [1.0] * len(kinds), Dice(seed, place))
        assert len(fates) == len(kinds)
        counts.update(fate.state for fate in fates)
    for state, (low, high) in RANGES.items():
        assert low <= counts[state] <= high, (state, counts)


def test_the_three_organisations_have_their_shares() -> None:
    assert [len(_kinds(organisation, 1.0)) for organisation in (RETAIL, KNOWLEDGE, INTEREST)] == [140, 70, 90]


@pytest.mark.method("A05", "A06", "A07", "A08", "A13", "A15")
def test_every_cause_appears(look: Look) -> None:
    # A gap in the record befalls accounts, not groups: it is planted by `sample_world.causes` only.
    planted = {cause for _, told in look.groups() for cause in told["causes"]}
    assert planted == {cause.value for cause in Cause} - {Cause.RECORD_GAP.value}


@pytest.mark.parametrize("state", [state for state in State if state is not State.PLANNED_END])
def test_a_course_drawn_for_a_state_ends_in_that_state(state: State) -> None:
    missed = [seed for seed in range(300) if truth(draw(state, list(Cause)[seed % 8], 180, Dice(seed)))[0] is not state]
    # A level near a border may drift over it; the truth then says where it ended, not where it was meant to.
    assert len(missed) <= 15, missed


@pytest.mark.method("A05")
def test_four_in_ten_fall_silent_within_their_first_weeks(look: Look) -> None:
    lives = look.ask("""
        select group_id, date_diff('day', min(sent_at), max(sent_at)) from talk
        where kind in ('message', 'image') and author_id not in (select author_id from house) group by 1""")
    born_before = {gid for gid, told in look.groups() if told["born"] < "2026-05-24"}
    short = sum(days <= 28 for gid, days in lives if gid not in born_before)
    assert 0.28 <= short / 300 <= 0.5


def test_the_plain_counts_agree_with_the_planted_states(look: Look) -> None:
    """Not how the truth was made, but it has to show: days with people's talk in the last seven."""
    days = dict(
        look.ask("""
        select state, avg(d) from (
          select state, truth.group_id, count(distinct case when author_id not in (select author_id from house)
            and kind in ('message', 'image', 'sticker', 'link', 'voice', 'video', 'file')
            and sent_at >= timestamptz '2026-11-12 16:00:00+00' then (sent_at + interval 8 hours)::date end) d
          from truth left join talk using (group_id) group by all) group by 1""")
    )
    assert days["thriving"] >= 6.8
    assert 4.3 <= days["steady"] <= 6.6
    assert 1.0 <= days["bubbling"] <= 3.2
    assert days["dormant"] <= 0.6
    assert days["dead"] <= 0.1
    # Some closed as planned within these very days.
    assert days["planned_end"] <= 0.4


def test_people_fall_silent_when_the_process_is_switched_off(look: Look) -> None:
    after = look.ask("""
        select sum((sent_at >= off::timestamp - interval 8 hours + interval 6 hours)::int), count(*)
        from talk join truth using (group_id)
        where state = 'dead' and kind = 'message' and author_id not in (select author_id from house)""")
    late, all_of_it = after[0]
    # Only strangers' ads in groups overrun by fakes come later.
    assert late / all_of_it < 0.01
