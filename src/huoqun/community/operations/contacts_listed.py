"""Who knows whom, as the carrier lists it: thousands of contacts compared with what is known, only differences written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from huoqun.community.listing import Listed
from huoqun.community.models import Community, Contact
from huoqun.community.operations.filling import amend, fill
from huoqun.community.parts import parts
from huoqun.community.rules import SETTLING, Presence, while_listed
from huoqun.vocabulary.roster import Brought, KnownBy

_Spot = tuple[int, int]
"""Rows of the colleague's and of the person's identity."""


class Kept(NamedTuple):
    """A contact as its row has it."""

    remark: str = ""
    description: str = ""
    tags: str = "[]"
    way: str = ""
    source: str = ""
    added_at: datetime | None = None
    lost_at: datetime | None = None
    noted_at: datetime | None = None


COLUMNS = Kept._fields


def keep(community: Community, listed: Listed, ids: dict[int, int], *, at: datetime) -> Brought:
    """`ids`: rows of the identities by key. Everybody who knows or is known is among them."""
    wanted = {(ids[staff], ids[person]): known for (staff, person), known in listed.known.items()}
    rows: dict[_Spot, tuple[int, Kept]] = {}
    for part in parts(wanted):
        rows.update(_known(part))
    new = [(*spot, *_described(Kept(), wanted[spot], at)) for spot in wanted if spot not in rows]
    after = {spot: _described(row[1], wanted[spot], at) for spot, row in rows.items()}
    fill(Contact, ("staff_id", "identity_id", *COLUMNS), new, community_id=community.pk)
    amend(Contact, COLUMNS, ((row, *after[spot]) for spot, (row, before) in rows.items() if after[spot] != before))
    back = sum(before.lost_at is not None and after[spot].lost_at is None for spot, (_, before) in rows.items())
    return Brought(contacts=len(new) + back, lost=_lose(listed, ids, at))


def _known(spots: Iterable[_Spot]) -> dict[_Spot, tuple[int, Kept]]:
    spots = set(spots)
    staff, people = {spot[0] for spot in spots}, {spot[1] for spot in spots}
    rows = Contact.objects.filter(staff_id__in=staff, identity_id__in=people)
    known: dict[_Spot, tuple[int, Kept]] = {}
    for colleague, person, row, *values in rows.values_list("staff_id", "identity_id", "id", *COLUMNS).iterator(10_000):
        if (colleague, person) in spots:
            kept = Kept(*values)
            known[colleague, person] = (row, kept._replace(tags=_text(kept.tags)))
    return known


def _described(before: Kept, known: KnownBy, at: datetime) -> Kept:
    """What was noted later than the list was asked for stays."""
    presence = while_listed(Presence(before.added_at, before.lost_at), known.added_at, at)
    came = before.added_at is None or presence.joined_at != before.added_at
    kept = before._replace(added_at=presence.joined_at, lost_at=presence.left_at)
    if came or not before.way:
        kept = kept._replace(way=known.way[:32] or before.way)
    if came or not before.source:
        kept = kept._replace(source=known.source[:64] or before.source)
    if before.noted_at and at < before.noted_at:
        return kept
    noted = kept._replace(remark=known.remark[:200], description=known.description, tags=_text(known.tags))
    return noted if noted == kept and before.noted_at else noted._replace(noted_at=at)


def _text(tags: Iterable[str]) -> str:
    return json.dumps(list(tags), ensure_ascii=False)


def _lose(listed: Listed, ids: dict[int, int], at: datetime) -> int:
    """Of the colleagues who were listed with all they know: whoever is not among those is none of their contacts any more."""
    gone: list[int] = []
    for staff, people in listed.all_known.items():
        rows = Contact.objects.filter(staff_id=ids[staff], lost_at=None).values_list("id", "identity__native_id", "added_at")
        gone += [row for row, person, added in rows if person not in people and not (added and added > at - SETTLING)]
    for part in parts(gone):
        Contact.objects.filter(id__in=part).update(lost_at=at)
    return len(gone)
