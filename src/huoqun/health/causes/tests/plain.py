"""Plain cases to begin from: a group of forty people in which nothing is wrong but that it fell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from huoqun.health.causes import Case, Days, Partner, PlanSeen, Surroundings
from huoqun.health.causes.case import number

TODAY = date(2026, 11, 20)
KEPT = Surroundings(record_starts=TODAY - timedelta(days=400), purposes_kept=True)
PURPOSE = PlanSeen(purpose="新手妈妈，一起做辅食", connects="interest", operator="mo")

FELL: Mapping[str, Any] = {
    "state": "declining",
    "talk_seen": True,
    "p_alive": 0.8,
    "changed_on": TODAY - timedelta(days=20),
    "level_before": 90.0,
    "level_now": 20.0,
    "first_talk_on": TODAY - timedelta(days=300),
    "last_message_on": TODAY - timedelta(days=1),
    "days_silent": 1,
    "life_days": 299,
    "messages_ever": 3000,
    "messages_30d": 120,
    "first_weeks_share": 0.06,
    "members": 80,
    "speakers_90d": 30,
    "speakers_30d": 18,
    "joins_30d": 5,
    "leaves_30d": 3,
    "house_starts_share": 0.2,
    "after_house_share": 0.2,
    "talk_kept_without_house": 0.9,
    "house_share_90d": 0.1,
    "conversation_starts": 60,
    "member_starts": 48,
    "new_faces_share": 0.25,
    "core_kept": 0.8,
    "top5_share_before": 0.5,
    "top5_share_now": 0.52,
    "ads_90d": 8,
    "ads_share": 0.02,
    "ads_by_house": 6,
    "ads_by_members": 2,
    "ad_days": 0.08,
    "first_words": 10,
    "first_words_answered": 8,
    "newcomers_90d": 20,
    "questions_30d": 12,
    "unanswered": 2,
    "answered_share": 0.8,
    "questions_90d": 36,
    "unanswered_90d": 6,
    "answered_share_90d": 0.8,
    "asked_in_company": 24,
    "unanswered_in_company": 2,
    "joins_90d": 22,
    "leaves_90d": 8,
    "left_together": 1,
    "left_together_share": 0.05,
    "self_excitation": 0.3,
    "spoke_within_7d_share": 0.4,
    "key_left": 1,
    "key_left_share": 0.08,
    "fakes_share": 0.02,
    "fakes_people": 2,
}

ILL: Mapping[str, Mapping[str, Any]] = {
    "operator_dependent": {
        "house_starts_share": 0.8,
        "after_house_share": 0.85,
        "talk_kept_without_house": 0.1,
        "house_share_90d": 0.4,
        "house_silent_days": 18,
        "self_excitation": 0.12,
    },
    "same_old_faces": {
        "top5_share_before": 0.55,
        "top5_share_now": 0.92,
        "new_faces_share": 0.0,
        "core_kept": 1.0,
        "joins_90d": 3,
    },
    "ad_fatigue": {
        "ads_90d": 150,
        "ads_share": 0.4,
        "ads_by_house": 140,
        "ads_by_members": 10,
        "ad_days": 0.9,
        "leavers_after_broadcast": 2.5,
        "leaves_90d": 40,
    },
    "newcomers_ignored": {"first_words": 28, "first_words_answered": 3},
    "questions_unanswered": {
        "questions_90d": 60,
        "unanswered_90d": 50,
        "answered_share_90d": 0.1,
        "asked_in_company": 40,
        "unanswered_in_company": 34,
    },
    "key_people_left": {"key_left": 4, "key_left_share": 0.5, "core_kept": 0.2, "left_together": 3, "left_together_share": 0.4},
    "bots_and_fakes": {"fakes_share": 0.35, "fakes_people": 28, "ads_by_members": 36, "leaves_90d": 25},
    "too_large": {"members": 470, "speakers_90d": 60, "spoke_within_7d_share": 0.15},
    "too_small": {"members": 7, "speakers_90d": 5},
}
"""What is different in a group that fell of this alone."""

DEAD: Mapping[str, Any] = {
    "state": "dead",
    "p_alive": 0.05,
    "last_message_on": TODAY - timedelta(days=45),
    "days_silent": 45,
    "messages_30d": 0,
    "speakers_30d": 0,
}
BURST: Mapping[str, Any] = {
    **DEAD,
    "changed_on": None,
    "level_before": None,
    "first_talk_on": TODAY - timedelta(days=60),
    "last_message_on": TODAY - timedelta(days=50),
    "days_silent": 50,
    "life_days": 10,
    "first_weeks_share": 1.0,
    "messages_ever": 140,
    "core_kept": None,
    "new_faces_share": None,
}


def case(*changes: Mapping[str, Any], plan: PlanSeen = PURPOSE, around: Surroundings = KEPT, **more: Any) -> Case:
    figures = dict(FELL)
    for change in changes:
        figures |= change
    days: Days = more.pop("days", talking(4, 1))
    partner: Partner | None = more.pop("partner", None)
    return Case(figures={**figures, **more}, as_of=TODAY, plan=plan, days=days, around=around, partner=partner)


def talking(before: int, now: int) -> Days:
    """So many messages of members a day until three weeks ago, and so many since."""
    return days(*((ago, before if ago > 20 else now, 1) for ago in range(120, 0, -1)))


def days(*rows: tuple[int, int, int], joins: Mapping[int, int] | None = None) -> Days:
    """(days ago, messages of members, messages of the house), in any order; `joins` by days ago."""
    came = joins or {}
    ago = sorted({row[0] for row in rows} | came.keys(), reverse=True)
    said = {row[0]: row for row in rows}
    column = [said.get(day, (day, 0, 0)) for day in ago]
    return Days(
        day=np.array([number(TODAY) - day for day in ago], dtype=np.int64),
        messages=np.array([row[1] for row in column], dtype=np.int64),
        speakers=np.array([min(row[1], 5) for row in column], dtype=np.int64),
        house_messages=np.array([row[2] for row in column], dtype=np.int64),
        joins=np.array([came.get(day, 0) for day in ago], dtype=np.int64),
        leaves=np.zeros(len(ago), dtype=np.int64),
    )
