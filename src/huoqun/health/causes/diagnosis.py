"""Why a group is not well, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Mapping

from . import actions
from .case import WELL, Case
from .findings import Cause, Diagnosis, Finding
from .known import known_causes
from .known.bots_and_fakes import overrun
from .rates import rates
from .thresholds import (
    BY_CHANCE,
    FAR_BEHIND,
    KEPT,
    LIKELIEST,
    LIKELIEST_IF_LIVELY,
    MOST,
    NOT_BY_CHANCE,
    WRONG,
    WRONG_IF_LIVELY,
    WRONG_IF_SLOW,
)
from .weighing import NOTHING, chances

NEVER = 2.0
"""No chance is as high."""
ALONE = ("season_closed", "record_gap")
"""Each explains the silence by itself; the first that shows leaves nothing to the others."""


def diagnose(case: Case) -> Diagnosis:
    """Up to three causes and exactly one action. A group without any talk is left alone: of it nothing can be said.

    What the search for each cause found is weighed together; a cause is said where something is likely to be wrong, where it is
    among the likeliest, and where its own search found some of it, so that there is evidence to show. A group that is lively
    by its state is believed to be well unless much speaks against it, or strangers' advertising is what makes it lively.
    """
    if not case.state:
        return Diagnosis((), actions.unknown(case), enough=False, unseen=tuple(known_causes()))
    looked = {code: known.look(case) for code, known in known_causes().items()}
    alone = _alone(looked)
    if alone or case.state == "planned_end":
        return Diagnosis(alone, actions.next_action(case, alone))
    chance = chances(case, looked)
    causes = _likeliest(case, looked, chance)
    if not causes and case.state in WELL:
        return Diagnosis((), actions.keep_on(case))
    unseen = tuple(code for code, finding in looked.items() if finding is None)
    action = actions.next_action(case, causes, by_chance=chance[NOTHING] >= BY_CHANCE)
    return Diagnosis(causes, action, enough=bool(causes) or slow(case), unseen=unseen)


def _alone(looked: Mapping[str, Finding | None]) -> tuple[Cause, ...]:
    for code in ALONE:
        finding = looked[code]
        if finding is not None and finding.strength >= 1.0:
            return (_cause(code, finding, 1.0),)
    return ()


def _likeliest(case: Case, looked: Mapping[str, Finding | None], chance: Mapping[str, float]) -> tuple[Cause, ...]:
    """Strength is the chance of a cause beside all others."""
    if 1.0 - chance[NOTHING] < _enough(case):
        return ()
    found = {
        code: finding for code, finding in looked.items() if finding is not None and finding.strength > 0 and code in chance
    }
    ranked = sorted(found, key=lambda code: (-chance[code], code))[:MOST]
    likely = LIKELIEST_IF_LIVELY if case.state in WELL else LIKELIEST
    if not ranked or chance[ranked[0]] < likely:
        return ()
    least = max(NOT_BY_CHANCE, FAR_BEHIND * chance[ranked[0]])
    return tuple(_cause(code, found[code], chance[code]) for code in ranked if chance[code] >= least)


def _enough(case: Case) -> float:
    """How likely something must be wrong before anything is said of why; nothing is of a lively group that kept its talk."""
    if case.state in WELL and not overrun(case):
        kept = rates(case)["talk_kept"]
        return WRONG_IF_LIVELY if kept is not None and kept < KEPT else NEVER
    return WRONG_IF_SLOW if slow(case) else WRONG


def _cause(code: str, finding: Finding, strength: float) -> Cause:
    return Cause(code, min(1.0, strength), finding.figures, known_causes()[code].sources)


def slow(case: Case) -> bool:
    """Bubbles along at its own pace: nothing has to be wrong with it."""
    return case.state == "bubbling" and not case.fell
