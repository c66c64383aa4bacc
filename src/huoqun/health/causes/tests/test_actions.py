from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from huoqun.health.causes import Partner, diagnose
from huoqun.health.causes.actions import KINDS
from huoqun.health.causes.findings import ACTIONS

from .plain import BURST, DEAD, ILL, case

DORMANT: Mapping[str, Any] = {**DEAD, "state": "dormant", "p_alive": 0.4, "days_silent": 25}
NEAR = Partner(88, 4)


@pytest.mark.parametrize(
    ("changes", "partner", "action", "step"),
    [
        ((ILL["operator_dependent"],), None, "share_the_load", "find_cohosts"),
        ((ILL["operator_dependent"], DORMANT), None, "revive", "restart_weekly"),
        ((ILL["key_people_left"],), None, "share_the_load", "name_successors"),
        ((ILL["key_people_left"], DORMANT), None, "revive", "ask_regulars"),
        ((ILL["same_old_faces"],), None, "welcome_and_answer", "open_the_circle"),
        ((ILL["ad_fatigue"],), None, "thin_out_ads", "pause_ads"),
        ((ILL["bots_and_fakes"],), None, "thin_out_ads", "remove_fakes"),
        ((ILL["newcomers_ignored"],), None, "welcome_and_answer", "answer_newcomers"),
        ((ILL["questions_unanswered"],), None, "welcome_and_answer", "answer_questions"),
        ((ILL["too_large"],), None, "split", "ask_for_themes"),
        ((ILL["too_small"],), NEAR, "merge", "ask_both_groups"),
        ((ILL["too_small"],), None, "revive", "bring_friends"),
        ((ILL["too_small"], DEAD), None, "farewell", "say_goodbye"),
        ((BURST,), None, "farewell", "say_goodbye"),
        ((BURST,), NEAR, "merge", "ask_both_groups"),
        ((DEAD, {"days_silent": 140}), None, "revive", "ask_what_happened"),
        ((DEAD, ILL["ad_fatigue"], {"days_silent": 140}), None, "farewell", "say_goodbye"),
        ((DEAD, {"days_silent": 140}), NEAR, "revive", "ask_what_happened"),
        ((DEAD, {"days_silent": 700}), NEAR, "farewell", "say_goodbye"),
        ((DEAD,), None, "revive", "ask_regulars"),
        ((DORMANT,), None, "revive", "ask_regulars"),
        ((DEAD, {"speakers_90d": 3}), None, "revive", "ask_what_happened"),
    ],
)
def test_what_to_do_next(changes: tuple[Mapping[str, Any], ...], partner: Partner | None, action: str, step: str) -> None:
    found = diagnose(case(*changes, partner=partner)).action
    assert (found.code, found.first_step) == (action, step)
    assert found.with_group == (partner.group_key if partner and action == "merge" else None)


@pytest.mark.method("A21", "L15")
@pytest.mark.parametrize("changes", [(BURST,), (DEAD, ILL["ad_fatigue"], {"days_silent": 140}), (ILL["too_small"], DEAD)])
def test_a_silent_group_that_buys_gets_no_farewell(changes: tuple[Mapping[str, Any], ...]) -> None:
    assert diagnose(case(*changes)).action.code == "farewell"
    found = diagnose(case(*changes, {"silent_buyers_90d": 6})).action
    assert (found.code, found.first_step, found.figures["silent_buyers_90d"]) == ("revive", "ask_buyers", 6)


def test_every_action_says_what_it_costs_what_to_watch_and_for_how_long() -> None:
    assert set(KINDS) == set(ACTIONS)
    assert all(kind.watch and kind.days > 0 for kind in KINDS.values())
    assert [code for code, kind in KINDS.items() if kind.effort == 0] == ["leave_alone"]
