"""What a step promises, until when it is in time, and what counts neither way (G03, A27)."""

from __future__ import annotations

from datetime import datetime, timedelta

from huoqun.sop.parts.shape import Base
from huoqun.sop.rules.states import Why
from huoqun.sop.steps import Todo

PATIENCE = timedelta(minutes=15)
"""What is said within this of its moment is said in time."""

PROMISED = ("post", "message", "notice", "topic", "pin", "todo", "end")
"""Kinds that promise something at a time; waits, forks and the like promise nothing."""

NOBODYS_FAULT = (Why.NOT_TAKEN, Why.NOBODY, Why.BY_HAND, Why.STOPPED, Why.GONE, Why.REPLACED, Why.ANEW)
"""Left out on purpose, or because there was nothing to do: neither in time nor late."""

CORES = ("help", "content", "answers", "rules", "people")
"""The five cores of lasting activity, in the order of the method."""

BY_PEOPLE = ("todo", "approval")
"""Kinds only a person can do."""


def due(step: Base, at: datetime, latest: datetime) -> datetime:
    """Until then it is in time. What promises nothing is never late."""
    if isinstance(step, Todo):
        return at + step.within.delta
    return at + PATIENCE if str(step.__struct_config__.tag) in PROMISED else latest
