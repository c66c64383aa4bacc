"""Who and what there is, as a carrier lists it: for the first sync and for looking whether events missed something.

Ids are the carrier's own text ids, as in events. A record says how things stand, not what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ColleagueSeen:
    """Somebody of the house."""

    id: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownBy:
    """What one colleague notes about a person they are in contact with."""

    staff_id: str
    added_at: datetime | None = None
    remark: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    """Names."""
    way: str = ""
    """How they became contacts, in the words of `ContactAdded.way`."""
    source: str = ""
    """The contact code they came by, by our own name for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonSeen:
    """Somebody outside whom colleagues are in contact with; `known_by` need not be all of these."""

    id: str
    name: str = ""
    known_by: tuple[KnownBy, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AllKnownTo:
    """Everybody a colleague is in contact with: who is not among them is none of their contacts any more."""

    staff_id: str
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberSeen:
    """Somebody in a group. `way` and `source` as in `MemberJoined`."""

    id: str
    name: str = ""
    nickname: str = ""
    joined_at: datetime | None = None
    way: str = ""
    inviter: str = ""
    source: str = ""
    house: bool = False
    """One of the house, as the carrier knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupSeen:
    """A group with everybody in it: who is not among `members` is not there any more."""

    id: str
    name: str = ""
    owner: str = ""
    created_at: datetime | None = None
    members: tuple[MemberSeen, ...] = ()
    version: str = ""
    """The carrier's own mark of this list of members, "" where it gives none."""
    notice: str | None = None
    """What is pinned up there; None where the carrier does not say."""
    admins: tuple[str, ...] | None = None
    """Members who help the owner; None where the carrier does not say."""


Seen = ColleagueSeen | PersonSeen | AllKnownTo | GroupSeen


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What was not known before, or known otherwise."""

    groups: int = 0
    people: int = 0
    joined: int = 0
    left: int = 0
    renamed: int = 0
    owners: int = 0
    contacts: int = 0
    lost: int = 0
    """Contacts that are none any more."""

    def __add__(self, other: Brought) -> Brought:
        return Brought(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})
