"""Which cause explains another away. A symptom of something stronger is not a second cause."""

from __future__ import annotations

from collections.abc import Mapping

from .case import Case
from .findings import Finding
from .known.operator_dependent import mostly_ads

ALONE = ("season_closed", "record_gap")
"""Each explains the silence by itself; the first that shows leaves nothing to the others."""

EXPLAINS: tuple[tuple[str, str, float], ...] = (
    # the stronger story, what it explains, what is left of that where the first is certain
    ("no_purpose", "burst_then_silence", 0.9),
    ("burst_then_silence", "same_old_faces", 0.2),
    ("burst_then_silence", "key_people_left", 0.2),
    ("burst_then_silence", "newcomers_ignored", 0.6),
    ("too_small", "same_old_faces", 0.1),
    ("too_small", "burst_then_silence", 0.6),
    ("too_small", "no_purpose", 0.6),
    ("operator_dependent", "same_old_faces", 0.6),
    ("bots_and_fakes", "too_large", 0.5),
    ("key_people_left", "same_old_faces", 0.3),
    ("newcomers_ignored", "same_old_faces", 0.6),
    ("ad_fatigue", "key_people_left", 0.5),
    ("operator_dependent", "key_people_left", 0.5),
    ("same_old_faces", "questions_unanswered", 0.7),
    ("too_large", "questions_unanswered", 0.4),
    ("too_large", "newcomers_ignored", 0.4),
    ("too_large", "key_people_left", 0.5),
)
BELIEVED: Mapping[str, float] = {"too_large": 0.9, "key_people_left": 0.9, "questions_unanswered": 0.8}
"""How far a cause is believed when all its signs are there, 1 where nothing stands here: its signs come with other causes
too."""


def resolved(findings: Mapping[str, Finding], case: Case) -> dict[str, Finding]:
    """The findings that are left when what others explain is weakened."""
    for code in ALONE:
        if code in findings and findings[code].strength >= 1.0:
            return {code: findings[code]}
    left = dict(findings)
    for stronger, weaker, rest in (*EXPLAINS, *_house_or_ads(case), *_ads_or_fakes(case)):
        if stronger in findings and weaker in left:
            left[weaker] = _weakened(left[weaker], 1.0 - (1.0 - rest) * findings[stronger].strength)
    return {code: _weakened(finding, BELIEVED.get(code, 1.0)) for code, finding in left.items()}


def _house_or_ads(case: Case) -> tuple[tuple[str, str, float], ...]:
    """A house that mostly advertises does not carry the talk."""
    return (("ad_fatigue", "operator_dependent", 0.3),) if mostly_ads(case) else ()


def _ads_or_fakes(case: Case) -> tuple[tuple[str, str, float], ...]:
    """Advertising by members where the members are fakes is what fakes do."""
    house, members = case.number("ads_by_house"), case.number("ads_by_members")
    by_members = house is not None and members is not None and members > house
    return (("bots_and_fakes", "ad_fatigue", 0.4),) if by_members else (("ad_fatigue", "bots_and_fakes", 0.8),)


def _weakened(finding: Finding, factor: float) -> Finding:
    return Finding(finding.strength * factor, finding.figures)
