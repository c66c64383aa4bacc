"""Why a group is not well, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from . import actions
from .case import WELL, Case
from .conflicts import ALONE, resolved
from .findings import Cause, Diagnosis, Finding
from .known import known_causes
from .known.bots_and_fakes import overrun
from .thresholds import MOST, SAID, SAID_IN_A_SLOW_GROUP, SECOND


def diagnose(case: Case) -> Diagnosis:
    """Up to three causes and exactly one action. A group that is well has no causes and is left alone; so is one without any
    talk, of which nothing can be said. Where a lively state is not to be believed, that is told all the same: the record has a
    gap, or strangers' advertising is what makes it lively.
    """
    if not case.state:
        return Diagnosis((), actions.unknown(case), enough=False, unseen=tuple(known_causes()))
    asked = _asked(case)
    if not asked:
        return Diagnosis((), actions.keep_on(case))
    looked = {code: known_causes()[code].look(case) for code in asked}
    unseen = tuple(code for code, finding in looked.items() if finding is None)
    findings = {code: finding for code, finding in looked.items() if finding is not None}
    causes = _said(resolved(findings, case), case)
    nothing_wrong = case.state in WELL or case.state == "planned_end" or _slow(case)
    return Diagnosis(causes, actions.next_action(case, causes), enough=bool(causes) or nothing_wrong, unseen=unseen)


def _asked(case: Case) -> Collection[str]:
    """The causes to look for."""
    if case.around.gap_since is not None or case.state not in {*WELL, "planned_end"}:
        return tuple(known_causes())
    if case.state == "planned_end":
        return ALONE
    return ("bots_and_fakes",) if overrun(case) else ()


def _said(findings: Mapping[str, Finding], case: Case) -> tuple[Cause, ...]:
    """Those strong enough to be said, the strongest first; equal ones in the order of their codes."""
    enough = SAID_IN_A_SLOW_GROUP if _slow(case) else SAID
    strong = [(code, finding) for code, finding in findings.items() if finding.strength >= enough]
    ranked = sorted(strong, key=lambda item: (-item[1].strength, item[0]))[:MOST]
    return tuple(
        Cause(code, finding.strength, finding.figures, known_causes()[code].sources)
        for code, finding in ranked
        if finding.strength >= SECOND * ranked[0][1].strength
    )


def _slow(case: Case) -> bool:
    """Bubbles along at its own pace: nothing has to be wrong with it."""
    return case.state == "bubbling" and not case.fell
