"""What runs and their lines can be."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RunState(StrEnum):
    ASKED = "asked"
    """Somebody has to say yes before it begins."""
    GOING = "going"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


OPEN = frozenset({RunState.ASKED, RunState.GOING, RunState.PAUSED})


class LineState(StrEnum):
    PLANNED = "planned"
    """Asked of the carrier or given to a person for its moment."""
    WAITING = "waiting"
    """For a fact, an answer, a yes."""
    HAND = "hand"
    """A person has it."""
    CONFIRMING = "confirming"
    """The carrier has it, a colleague must confirm it."""
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It may be out or not; somebody has to look."""


SETTLED = frozenset({LineState.DONE, LineState.SKIPPED, LineState.FAILED})

OF_OUTCOME = {
    "sent": LineState.DONE,
    "refused": LineState.FAILED,
    "handed": LineState.HAND,
    "confirming": LineState.CONFIRMING,
    "unknown": LineState.UNKNOWN,
    "expired": LineState.SKIPPED,
    "cancelled": LineState.SKIPPED,
}
"""By what the outbox tells."""


STANDS_FIRST = ("waiting", "leased", "held"), ("unknown",), ("handed",), ("confirming",)
AS = (LineState.PLANNED, LineState.UNKNOWN, LineState.HAND, LineState.CONFIRMING)


def together(sums: Mapping[str, int]) -> LineState:
    """What requests for several people come to, by how many are in which state: what is still to come first, and done where
    anybody got it.
    """
    for states, found in zip(STANDS_FIRST, AS, strict=True):
        if any(sums.get(state) for state in states):
            return found
    if sums.get("sent"):
        return LineState.DONE
    return LineState.FAILED if sums.get("refused") else LineState.SKIPPED


class Why(StrEnum):
    """Why a line was left out."""

    TOO_LATE = "too_late"
    NOT_TAKEN = "not_taken"
    """A branch went another way."""
    NO_VALUE = "no_value"
    """A variable had no value here."""
    NOBODY = "nobody"
    """Nobody has the role it is for."""
    SOME = "some"
    """Some of those it is for got it, the others did not."""
    NO_PROOF = "no_proof"
    """It went out, and nobody showed it in time."""
    MOST = "most"
    """There were more than one step may write to: the others got nothing."""
    NOT_SAID = "not_said"
    """What it is about was never said."""
    NO_PLAYBOOK = "no_playbook"
    CIRCLE = "circle"
    """It would hand over to a playbook it came from."""
    TAKEN = "taken"
    """Another playbook has the hour, and there was no other within its time."""
    GONE = "gone"
    """The group is no more, or the member has left."""
    BY_HAND = "by_hand"
    """Somebody left it out."""
    STOPPED = "stopped"
    HOLIDAY = "holiday"
    """The playbook leaves it out on public holidays."""
    NO_WORKDAY = "no_workday"
    """It leaves it out on days that are no working days."""
    CANNOT = "cannot"
    """The carrier cannot do it, and nobody was to do it instead."""
    REFUSED = "refused"
    REPLACED = "replaced"
    """The playbook was changed, and this step is no more."""
    ANEW = "anew"
    """The run began anew with another version."""
