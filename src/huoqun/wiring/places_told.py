"""Joins and leaves that a roster brought to light and no event told: history learns of them too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import duckdb
import pyarrow as pa

from huoqun.community.models import Community, Group, Membership
from huoqun.community.parts import parts
from huoqun.history.rows import rows_of
from huoqun.history.schema import JOIN, LEAVE
from huoqun.history.store import Store
from huoqun.vocabulary.events import GroupEvent, MemberJoined, MemberLeft, Person
from huoqun.vocabulary.ids import Account
from huoqun.wiring import recording

GROUPS = 250
"""At a time: with 200 members each fifty thousand places in memory."""

AT_ONCE = 4
"""So many of these go into history together: each addition makes a file for every month it speaks of."""

SAME = timedelta(minutes=10)
"""An event's time and the list's are that close for one and the same join."""

ON_ITS_WAY = timedelta(minutes=15)
"""What is younger may still arrive as an event; if it does not, the next night tells it."""


class Spot(NamedTuple):
    """A membership, with the ids which events have."""

    group: int
    person: int
    group_id: str
    member: str
    joined_at: datetime | None
    left_at: datetime | None
    way: str
    source: str
    inviter: str | None


COLUMNS = (
    "group__key",
    "identity__key",
    "group__native_id",
    "identity__native_id",
    "joined_at",
    "left_at",
    "way",
    "source",
    "inviter__native_id",
)


def tell_history(
    community: Community, account: Account, store: Store, *, now: Callable[[], datetime], report: Callable[[], None]
) -> int:
    """Afterwards history has a join and a leave for every place of the account's carrier. Repeating it adds nothing. Returns
    how many rows were added.
    """
    groups = Group.objects.filter(community=community, carrier=account.carrier).order_by("pk")
    added = 0
    for portion in parts(list(groups.values_list("pk", "key")), GROUPS * AT_ONCE):
        with recording.nobody_erased(community.slug, store=store) as forgotten:
            tables = []
            for part in parts(portion, GROUPS):
                missing = _missing(part, account, store, now())
                tables.append(rows_of(forgotten.left_of_all(missing)))
                report()
            added += store.add_new(pa.concat_tables(tables))
    return added


def _missing(groups: list[tuple[int, int]], account: Account, store: Store, now: datetime) -> list[GroupEvent]:
    """Joins and leaves of these groups of which history has none at about that time."""
    rows = Membership.objects.filter(group_id__in=[pk for pk, _ in groups]).values_list(*COLUMNS)
    happened = list(_happened((Spot(*row) for row in rows.iterator(10_000)), latest=now - ON_ITS_WAY))
    if not happened:
        return []
    with duckdb.connect() as con:
        con.register("wanted", _table(happened))
        told = store.relation(con, community=account.community, groups=[key for _, key in groups])
        told.filter(f"kind IN ('{JOIN}', '{LEAVE}')").create_view("told")
        untold = con.execute(_UNTOLD, [SAME.total_seconds()]).fetchall()
    return [_event(happened[number], account) for (number,) in untold]


_UNTOLD = """
SELECT number FROM wanted
EXCEPT
SELECT number FROM wanted JOIN told
  ON told.group_key = wanted.place AND told.author_key = wanted.person AND told.kind = wanted.kind
WHERE abs(epoch(told.sent_at) - wanted.at) <= ?
"""

Happened = tuple[Spot, str, datetime]


def _happened(spots: Iterable[Spot], *, latest: datetime) -> Iterator[Happened]:
    for spot in spots:
        if spot.joined_at and spot.joined_at < latest:
            yield spot, JOIN, spot.joined_at
        if spot.left_at and spot.left_at < latest:
            yield spot, LEAVE, spot.left_at


def _table(happened: list[Happened]) -> pa.Table:
    return pa.table(
        {
            "number": pa.array(range(len(happened)), pa.int64()),
            "place": pa.array([spot.group for spot, _, _ in happened], pa.int64()),
            "person": pa.array([spot.person for spot, _, _ in happened], pa.int64()),
            "kind": pa.array([kind for _, kind, _ in happened], pa.string()),
            "at": pa.array([at.timestamp() for _, _, at in happened], pa.float64()),
        }
    )


def _event(happened: Happened, account: Account) -> GroupEvent:
    spot, kind, at = happened
    return _join(spot, account, at) if kind == JOIN else _leave(spot, account, at)


def _join(spot: Spot, account: Account, at: datetime) -> MemberJoined:
    return MemberJoined(
        account=account,
        source_id=f"roster/{spot.member}/{at.timestamp():.0f}",
        at=at,
        group_id=spot.group_id,
        member=Person(id=spot.member),
        way=spot.way,
        inviter=Person(id=spot.inviter) if spot.inviter else None,
        source=spot.source,
    )


def _leave(spot: Spot, account: Account, at: datetime) -> MemberLeft:
    return MemberLeft(
        account=account,
        source_id=f"roster/{spot.member}/{at.timestamp():.0f}/left",
        at=at,
        group_id=spot.group_id,
        member=Person(id=spot.member),
    )
