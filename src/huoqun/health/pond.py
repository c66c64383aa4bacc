"""Own pond or rented: what groups hang on that the house does not hold. Plain values in, plain values out.

A group can be lost by what its carrier decides, by what its owner's account does, and by having nobody who looks after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

ON_OWN_SERVERS = frozenset({"zulip", "matrix", "irc", "pretend"})
"""Carriers whose server anybody can run: whether this one is the house's own, only the house knows."""
RENTED = frozenset({"wecom", "wechat", "qq", "telegram", "discord", "slack"})
"""Carriers that one company runs, and can close a group or an account of."""


class Ground(StrEnum):
    RENTED = "rented"
    CAN_BE_OWN = "can_be_own"
    UNKNOWN = ""


class Owner(StrEnum):
    """Whose account the group belongs to, the safest first."""

    HOUSE = "house"
    """A helper or bot account, which stays when people go."""
    COLLEAGUE = "colleague"
    OUTSIDER = "outsider"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Held:
    """Groups of one carrier that are held alike."""

    carrier: str
    owner: Owner
    operated: bool
    groups: int
    members: int | None
    """Known members, counted in each of their groups; None where of none of the groups they are known."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the groups; shares of all of them, None where there are none or members are not known."""

    groups: int
    members: int | None
    of_groups: float | None
    of_members: float | None


@dataclass(frozen=True, slots=True)
class Pond:
    whole: Part
    carriers: Sequence[tuple[str, Part]]
    """The one most groups are on first."""
    owners: Sequence[tuple[Owner, Part]]
    """Those there are, the riskiest first."""
    unoperated: Part
    loose: Part
    """Whose owner is not of the house, or not known."""


def ground(carrier: str) -> Ground:
    if carrier in RENTED:
        return Ground.RENTED
    return Ground.CAN_BE_OWN if carrier in ON_OWN_SERVERS else Ground.UNKNOWN


def owner_of(house: str | None) -> Owner:
    """By the label of the owner's person, which is empty for who is not house; None where no owner is known."""
    if house is None:
        return Owner.UNKNOWN
    if not house:
        return Owner.OUTSIDER
    return Owner.COLLEAGUE if house == "staff" else Owner.HOUSE


def is_loose(owner: Owner) -> bool:
    return owner in (Owner.OUTSIDER, Owner.UNKNOWN)


def weigh(held: Iterable[Held]) -> Pond:
    """How all groups looked at are held. Nothing is dropped: every group is in one carrier's part and in one owner's."""
    rows = list(held)
    carriers = [(carrier, _part(own, rows)) for carrier, own in _by(rows, lambda row: row.carrier)]
    owners = {Owner(owner): _part(own, rows) for owner, own in _by(rows, lambda row: row.owner.value)}
    return Pond(
        whole=_part(rows, rows),
        carriers=sorted(carriers, key=lambda pair: (-pair[1].groups, pair[0])),
        owners=[(owner, owners[owner]) for owner in reversed(Owner) if owner in owners],
        unoperated=_part([row for row in rows if not row.operated], rows),
        loose=_part([row for row in rows if is_loose(row.owner)], rows),
    )


def _by(rows: Iterable[Held], name: Callable[[Held], str]) -> list[tuple[str, list[Held]]]:
    return [(key, list(own)) for key, own in groupby(sorted(rows, key=name), key=name)]


def _part(rows: Sequence[Held], everything: Sequence[Held]) -> Part:
    groups, members = sum(row.groups for row in rows), _members(rows)
    all_groups, all_members = sum(row.groups for row in everything), _members(everything)
    return Part(
        groups,
        members,
        groups / all_groups if all_groups else None,
        members / all_members if members is not None and all_members else None,
    )


def _members(rows: Iterable[Held]) -> int | None:
    known = [row.members for row in rows if row.members is not None]
    return sum(known) if known else None
