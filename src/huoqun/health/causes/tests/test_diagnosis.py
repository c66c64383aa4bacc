from __future__ import annotations

import math
import random
from datetime import timedelta
from typing import Any

import pytest

from huoqun.health.causes import Case, Partner, PlanSeen, Surroundings, diagnose
from huoqun.health.causes.findings import ACTIONS, CODES
from huoqun.health.causes.known import known_causes
from huoqun.health.causes.thresholds import MOST
from huoqun.health.causes.weighing import chances

from .plain import BURST, DEAD, FELL, ILL, KEPT, PURPOSE, TODAY, case, days, talking

STATES = ("thriving", "steady", "bubbling", "declining", "dormant", "dead", "planned_end", "")


def test_every_code_has_its_file_and_no_file_is_left_over() -> None:
    assert set(known_causes()) == set(CODES)


@pytest.mark.method("A08", "A11", "A13", "A15", "A25")
@pytest.mark.parametrize("code", ILL)
def test_a_cause_alone_is_named_first(code: str) -> None:
    found = diagnose(case(ILL[code]))
    assert found.causes[0].code == code
    assert found.enough


@pytest.mark.parametrize("code", ILL)
def test_no_cause_is_named_where_its_figures_are_not_known(code: str) -> None:
    unknown = dict.fromkeys(ILL[code])
    found = diagnose(case(unknown))
    assert code not in {cause.code for cause in found.causes}
    if code not in {"too_large", "too_small"}:
        assert code in found.unseen


def test_a_group_that_fell_without_any_sign_gets_no_cause_but_an_action() -> None:
    found = diagnose(case())
    assert (found.causes, found.enough, found.unseen) == ((), False, ())
    assert (found.action.code, found.action.first_step) == ("leave_alone", "look_again")


@pytest.mark.parametrize("state", ["thriving", "steady"])
@pytest.mark.parametrize("code", sorted(set(ILL) - {"bots_and_fakes"}))
def test_a_group_that_is_well_gets_no_cause(state: str, code: str) -> None:
    found = diagnose(case(ILL[code], state=state, days=talking(4, 4), level_before=90.0, level_now=90.0))
    assert (found.causes, found.action.code, found.enough) == ((), "leave_alone", True)


@pytest.mark.parametrize("code", ["ad_fatigue", "newcomers_ignored", "questions_unanswered"])
def test_a_group_that_is_lively_by_its_state_but_lost_most_of_its_talk_gets_its_cause(code: str) -> None:
    found = diagnose(case(ILL[code], state="steady", days=talking(4, 1)))
    assert found.causes[0].code == code
    assert found.action.code != "leave_alone"


def test_a_slow_group_that_never_fell_is_left_alone() -> None:
    found = diagnose(case({"state": "bubbling", "level_before": None, "changed_on": None}))
    assert (found.causes, found.enough, found.action.first_step) == ((), True, "keep_on")


DISTRACTORS: list[tuple[str, dict[str, Any]]] = [
    ("ads in a lively measure", {"ads_90d": 40, "ads_share": 0.06, "ad_days": 0.2}),
    ("an operator who talks much while people talk on without them", {"house_share_90d": 0.3, "house_starts_share": 0.4}),
    ("one key person leaves", {"key_left": 1, "key_left_share": 0.3}),
    ("few but answered newcomers", {"first_words": 3, "first_words_answered": 0}),
    ("some questions open", {"questions_90d": 30, "unanswered_90d": 9}),
    ("some fakes", {"fakes_people": 5, "fakes_share": 0.06}),
    (
        "faithful old friends, now and then a new one",
        {"new_faces_share": 0.09, "top5_share_before": 0.6, "top5_share_now": 0.58},
    ),
]


@pytest.mark.parametrize(("what", "change"), DISTRACTORS)
@pytest.mark.parametrize("code", ILL)
def test_what_only_looks_like_a_cause_does_not_take_its_place(what: str, change: dict[str, Any], code: str) -> None:
    own = {name: value for name, value in change.items() if name not in ILL[code]}
    assert diagnose(case(own, ILL[code])).causes[0].code == code
    assert diagnose(case(change)).causes == (), what


@pytest.mark.method("A05")
def test_a_short_burst_is_named_where_its_birth_was_seen() -> None:
    born = case(BURST)
    assert diagnose(born).causes[0].code == "burst_then_silence"
    unseen = Surroundings(record_starts=TODAY - timedelta(days=60), purposes_kept=True)
    cut_off = diagnose(case(BURST, around=unseen))
    assert "burst_then_silence" not in {cause.code for cause in cut_off.causes}
    assert "burst_then_silence" in cut_off.unseen


def test_people_coming_in_as_it_began_show_a_birth_even_where_the_record_begins_with_it() -> None:
    began = days((60, 30, 0), (55, 10, 0), (50, 3, 0), joins={60: 9, 58: 4})
    unseen = Surroundings(record_starts=TODAY - timedelta(days=60))
    assert diagnose(case(BURST, around=unseen, days=began)).causes[0].code == "burst_then_silence"


@pytest.mark.method("A06", "A14")
def test_a_missing_purpose_counts_where_purposes_are_written_down() -> None:
    nothing = PlanSeen(purpose="", operator="mo")
    assert diagnose(case(BURST, plan=nothing)).causes[0].code == "no_purpose"
    nobody_writes = Surroundings(record_starts=KEPT.record_starts, purposes_kept=False)
    for plan, around in ((PURPOSE, KEPT), (nothing, nobody_writes), (PlanSeen(), KEPT)):
        assert "no_purpose" not in {cause.code for cause in diagnose(case(BURST, plan=plan, around=around)).causes}


def test_a_missing_purpose_is_no_cause_in_a_group_that_took_root() -> None:
    assert diagnose(case(plan=PlanSeen(purpose=""))).causes == ()


@pytest.mark.method("A22")
def test_a_season_that_closed_explains_its_silence_alone() -> None:
    camp = PlanSeen("seasonal", planned_end=TODAY - timedelta(days=9), purpose="21 天早起")
    found = diagnose(case(DEAD, *ILL.values(), {"state": "planned_end", "days_silent": 9}, plan=camp))
    assert [cause.code for cause in found.causes] == ["season_closed"]
    assert found.action.code == "farewell"
    going_on = diagnose(case({"state": "planned_end", "days_silent": 1}, plan=camp))
    assert (going_on.causes, going_on.action.first_step) == ((), "keep_on")
    flash = PlanSeen("flash", planned_end=TODAY - timedelta(days=9))
    assert diagnose(case(DEAD, {"state": "planned_end"}, plan=flash)).action.code == "leave_alone"


def test_a_season_that_fell_silent_before_its_end_is_not_excused() -> None:
    camp = PlanSeen("seasonal", planned_end=TODAY + timedelta(days=20), purpose="21 天早起")
    assert diagnose(case(ILL["ad_fatigue"], plan=camp)).causes[0].code == "ad_fatigue"


def test_a_gap_in_the_record_explains_the_silence_alone() -> None:
    gone = Surroundings(gap_since=TODAY - timedelta(days=6), gap_groups=12)
    found = diagnose(case(ILL["operator_dependent"], around=gone))
    assert [cause.code for cause in found.causes] == ["record_gap"]
    assert (found.action.code, found.action.first_step) == ("leave_alone", "check_the_record")


@pytest.mark.method("A08", "A13")
def test_a_house_that_only_advertises_is_advertising_and_one_that_stopped_is_missed() -> None:
    advertising = diagnose(case(ILL["operator_dependent"], ILL["ad_fatigue"]))
    assert advertising.causes[0].code == "ad_fatigue"
    few_ads = {**ILL["ad_fatigue"], "ads_90d": 20, "ads_by_house": 18, "ads_share": 0.12, "ad_days": 0.2}
    assert diagnose(case(ILL["operator_dependent"], few_ads)).causes[0].code == "operator_dependent"


@pytest.mark.method("A08")
def test_an_operator_who_goes_on_into_the_silence_is_not_what_it_died_of() -> None:
    stopped = days(*((ago, 10, 5) for ago in range(60, 20, -1)), *((ago, 2, 0) for ago in range(20, 0, -1)))
    went_on = days(*((ago, 10, 5) for ago in range(60, 20, -1)), *((ago, 2, 5) for ago in range(20, 0, -1)))
    strong, weak = (case(ILL["operator_dependent"], days=series) for series in (stopped, went_on))
    assert diagnose(strong).causes[0].code == "operator_dependent"
    assert chance_of("operator_dependent", strong) > 1.5 * chance_of("operator_dependent", weak)


def chance_of(code: str, asked: Case) -> float:
    return chances(asked, {name: known.look(asked) for name, known in known_causes().items()})[code]


def test_never_more_than_three_causes_and_the_strongest_first() -> None:
    found = diagnose(case(*(ILL[code] for code in ILL if code not in {"too_small", "too_large"})))
    assert len(found.causes) == MOST
    strengths = [cause.strength for cause in found.causes]
    assert strengths == sorted(strengths, reverse=True)


def test_a_group_out_of_reach_is_judged_from_its_days_or_not_at_all() -> None:
    by_message = [
        "house_starts_share",
        "after_house_share",
        "ads_90d",
        "ads_share",
        "ad_days",
        "first_words",
        "questions_90d",
        "asked_in_company",
    ]
    long_dead = {**DEAD, "days_silent": 140, "last_message_on": TODAY - timedelta(days=140), **dict.fromkeys(by_message)}
    assert diagnose(case(long_dead)).enough is False
    faces = diagnose(case(long_dead, ILL["same_old_faces"]))
    assert [cause.code for cause in faces.causes] == ["same_old_faces"]
    assert "ad_fatigue" in faces.unseen


def test_nothing_known_at_all_is_not_enough_to_say() -> None:
    found = diagnose(case(dict.fromkeys(FELL)))
    assert (found.causes, found.enough, found.action.first_step) == ((), False, "check_the_record")


@pytest.mark.parametrize("seed", range(400))
def test_whatever_is_known_or_not_there_are_at_most_three_causes_and_one_action(seed: int) -> None:
    dice = random.Random(seed)
    figures = {name: _thrown(name, value, dice) for name, value in FELL.items()} | {"state": dice.choice(STATES)}
    extra = {
        name: dice.choice([None, 0, 1, 40, 0.5]) for name in ("silent_buyers_90d", "leavers_after_broadcast", "checkin_people")
    }
    plan = dice.choice([PURPOSE, PlanSeen(), PlanSeen("flash", TODAY, purpose=""), PlanSeen("seasonal", capacity=0)])
    around = dice.choice([KEPT, Surroundings(), Surroundings(gap_since=TODAY, gap_groups=4)])
    partner = dice.choice([None, Partner(77, 3)])
    found = diagnose(case(figures, extra, plan=plan, around=around, partner=partner))
    assert len(found.causes) <= MOST
    assert all(0 < cause.strength <= 1 for cause in found.causes)
    assert found.action.code in ACTIONS
    assert (found.action.with_group is not None) == (found.action.code == "merge")
    assert found.action.effort >= 0
    assert not any(isinstance(value, float) and math.isnan(value) for cause in found.causes for value in cause.figures.values())


def _thrown(name: str, value: Any, dice: random.Random) -> Any:
    if dice.random() < 0.35:
        return None
    if isinstance(value, (str, bool)) or not isinstance(value, (int, float)):
        return value
    return dice.choice([value, 0, math.nan, value * 10, dice.random() * value])
