"""What speaks for each cause, and what speaks for nothing being wrong. How much each counts is in weights.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .case import Case
from .findings import Finding
from .rates import rates

NOTHING = "nothing_wrong"
RULE = "found"
"""How strongly the search for the cause itself found it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Speaks from `low` on (0) and fully from `high` on (1); where `high` is the lower one, the more the lower it is."""

    name: str
    low: float
    high: float

    def read(self, value: float) -> float:
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


_FOUND = Sign(RULE, 0.0, 1.0)

SIGNS: Mapping[str, tuple[Sign, ...]] = {
    "ad_fatigue": (
        _FOUND,
        Sign("leave_rate", 0.15, 0.42),
        Sign("ads_by_house", 8, 50),
        Sign("leavers_after_broadcast", 1.0, 1.9),
    ),
    "bots_and_fakes": (_FOUND, Sign("ads_by_members", 6, 30), Sign("leave_rate", 0.15, 0.4)),
    "burst_then_silence": (_FOUND, Sign("first_weeks_share", 0.3, 0.9)),
    "key_people_left": (
        _FOUND,
        Sign("left_together", 1, 3),
        Sign("key_left", 2, 5),
    ),
    "newcomers_ignored": (_FOUND, Sign("ignored_of_first_words", 0.4, 0.75), Sign("ignored", 6, 22)),
    "no_purpose": (
        _FOUND,
        Sign("first_weeks_share", 0.3, 0.9),
        Sign("after_house_share", 0.4, 0.05),
        Sign("messages_ever", 400, 60),
    ),
    "operator_dependent": (
        _FOUND,
        Sign("after_house_share", 0.5, 0.83),
        Sign("talk_kept_without_house", 0.5, 0.1),
        Sign("self_excitation", 0.28, 0.12),
        Sign("house_silent_days", 0, 20),
    ),
    "questions_unanswered": (
        _FOUND,
        Sign("unanswered_a_message", 0.04, 0.11),
        Sign("asked_a_message", 0.1, 0.21),
        Sign("unanswered_of_asked", 0.37, 0.6),
        Sign("unanswered_among_many", 0.2, 0.4),
    ),
    "same_old_faces": (_FOUND, Sign("new_faces_share", 0.08, 0.0), Sign("join_rate", 0.3, 0.08)),
    "too_large": (_FOUND, Sign("members", 300, 440), Sign("talking", 0.35, 0.22), Sign("spoke_within_7d_share", 0.39, 0.17)),
    "too_small": (_FOUND, Sign("members", 16, 8)),
    NOTHING: (
        Sign("talk_kept", 0.1, 0.7),
        Sign("level_kept", 0.1, 0.5),
        Sign("thriving", 0, 1),
        Sign("steady", 0, 1),
        Sign("slow", 0, 1),
        Sign("leave_rate", 0.25, 0.1),
    ),
}


def read(case: Case, findings: Mapping[str, Finding | None]) -> dict[str, tuple[float | None, ...]]:
    """How far each sign shows, in the order of SIGNS; None where its figure is not known."""
    known = rates(case)
    return {code: tuple(_read(sign, known, findings.get(code)) for sign in signs) for code, signs in SIGNS.items()}


def _read(sign: Sign, known: Mapping[str, float | None], finding: Finding | None) -> float | None:
    if sign.name == RULE:
        return finding.strength if finding is not None else None
    value = known[sign.name]
    return None if value is None else sign.read(value)
