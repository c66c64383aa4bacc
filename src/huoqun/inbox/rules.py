"""Which shard, and how a failure is said to people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from huoqun.vocabulary.events import ContactEvent, Event, StaffEvent
from huoqun.vocabulary.facts import Fact
from huoqun.vocabulary.ids import PersonKey, person_key

SHARDS = 16
"""Fixed for ever: cursors are kept by shard."""

WHOLE_LOG = -1
"""The shard of a cursor that reads all of them."""


def shard_of(what: Event | Fact) -> int:
    """Events of one group or about one person, and facts about them, share a shard: they are heard in the order they were
    stored.
    """
    return what.subject % SHARDS


def ends_of_halves(positions: Sequence[int]) -> tuple[int, int]:
    """Where the first half of a failing batch ends, and where the second does. Needs two positions at least."""
    return positions[len(positions) // 2 - 1], positions[-1]


def whose(what: Event | Fact) -> set[PersonKey]:
    """The people whose words or deeds an event is (not those it merely mentions)."""
    if not isinstance(what, Event):
        return set()
    if isinstance(what, StaffEvent):
        return {person_key(what.account, what.staff_id)}
    if isinstance(what, ContactEvent):
        return {person_key(what.account, what.person.id)}
    doers = (getattr(what, role, None) for role in ("author", "member", "by", "owner"))
    return {person_key(what.account, person.id) for person in doers if person is not None}


class Why(StrEnum):
    """Why an entry was parked, as far as people who are not programmers can use it."""

    UNREADABLE = "unreadable"
    REFUSED = "refused"
    MISSING = "missing"
    UNEXPECTED = "unexpected"


_REASONS = (
    (Why.UNREADABLE, re.compile(r"^(ValidationError|DecodeError|UnicodeDecodeError)$")),
    (Why.REFUSED, re.compile(r"^(IntegrityError|DataError|ProgrammingError|DatabaseError|OperationalError)$")),
    (Why.MISSING, re.compile(r"(DoesNotExist|NotFoundError|NotFound)$")),
)


def reason(error: BaseException) -> Why:
    """Goes by the error's name, so that databases and codecs need not be known here."""
    name = type(error).__name__
    return next((why for why, pattern in _REASONS if pattern.search(name)), Why.UNEXPECTED)
