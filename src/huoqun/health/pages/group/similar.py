"""Groups most like this one, and how they do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import ngettext

from huoqun.console.figures import count_words
from huoqun.console.models import Staff
from huoqun.health import queries
from huoqun.health.models import GroupHealth, State

WELL = (State.THRIVING, State.STEADY)


@dataclass(frozen=True, slots=True)
class Similar:
    sentence: str
    rows: list[GroupHealth]


def block(visitor: Staff, health: GroupHealth) -> Similar | None:
    """None where no other group is meant to be like this one."""
    rows = queries.similar(visitor, health)
    return Similar(_sentence(rows), rows) if rows else None


def _sentence(rows: list[GroupHealth]) -> str:
    well = sum(row.state in WELL for row in rows)
    words = ngettext(
        "Of the %(n)s group most like this one %(well)s is well.",
        "Of the %(n)s groups most like this one %(well)s are well.",
        len(rows),
    )
    return words % {"n": count_words(len(rows)), "well": count_words(well)}
