"""Joins and leaves that a roster brought to light and no event told: history learns of them too."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from huoqun.community.models import Community, Group
from huoqun.community.parts import parts
from huoqun.community.places_known import Known, places_known
from huoqun.history import schema
from huoqun.history.store import Store
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
                tables.append(_missing(part, account, store, now(), forgotten.keys))
                report()
            added += store.add_new(pa.concat_tables(tables))
    return added


def _missing(groups: list[tuple[int, int]], account: Account, store: Store, now: datetime, erased: Collection[int]) -> pa.Table:
    """Rows of history for the joins and leaves of these groups of which it has none at about that time. Columns from end to
    end: at the first sync there are millions of them, and an object each would cost more than all the rest.
    """
    places = places_known([pk for pk, _ in groups])
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.register("places", _table(places, dict(groups)))
        con.register("erased", pa.table({"key": pa.array(erased, pa.int64())}))
        told = store.relation(con, community=account.community, groups=[key for _, key in groups])
        told.filter(f"kind IN ('{schema.JOIN}', '{schema.LEAVE}')").create_view("told")
        named = [account.community, account.carrier, account.name]
        asked = [now - ON_ITS_WAY, now - ON_ITS_WAY, SAME.total_seconds(), *named]
        return con.sql(_UNTOLD, params=asked).to_arrow_table().cast(schema.SCHEMA)


_UNTOLD = """
WITH happened AS (
  SELECT place, person, member, 'join' AS kind, joined_at AS moment, way, source, inviter
  FROM places WHERE joined_at < ?
  UNION ALL
  SELECT place, person, member, 'leave', left_at, '', '', NULL
  FROM places WHERE left_at < ?
), untold AS (
  SELECT * FROM happened
  ANTI JOIN told ON told.group_key = happened.place AND told.author_key = happened.person AND told.kind = happened.kind
    AND abs(epoch(told.sent_at) - epoch(happened.moment)) <= ?
  WHERE person NOT IN (SELECT key FROM erased)
)
SELECT
  ? AS community, ? AS carrier, ? AS account,
  strftime(moment, '%Y-%m') AS month,
  place AS group_key,
  'roster/' || member || '/' || round(epoch(moment))::BIGINT || CASE kind WHEN 'leave' THEN '/left' ELSE '' END AS source_id,
  kind,
  moment AS sent_at,
  person AS author_key,
  NULL::VARCHAR AS message_id,
  nullif(source, '') AS text,
  NULL::VARCHAR AS reply_to,
  NULL::BIGINT AS reply_to_author,
  NULL::BIGINT[] AS mentions,
  NULL::VARCHAR AS topic,
  CASE WHEN inviter IN (SELECT key FROM erased) THEN NULL ELSE inviter END AS other_key,
  nullif(way, '') AS detail,
  NULL::BIGINT AS import_id
FROM untold
ORDER BY moment, group_key, source_id
"""
"""In the columns of `schema.SCHEMA`, as `history.rows` tells a join and a leave."""


def _table(places: Known, keys: dict[int, int]) -> pa.Table:
    at = pa.timestamp("us", "UTC")
    columns = [
        ("place", pa.array([keys[group] for group in places.group], pa.int64())),
        ("person", pa.array(places.person, pa.int64())),
        ("member", pa.array(places.member, pa.string())),
        ("joined_at", _times(places.joined_at, at)),
        ("left_at", _times(places.left_at, at)),
        ("way", pa.array(places.way, pa.string())),
        ("source", pa.array(places.source, pa.string())),
        ("inviter", pa.array(places.inviter, pa.int64())),
    ]
    return pa.table(dict(columns))


def _times(values: Collection[datetime | str | None], kind: pa.DataType) -> pa.Array:
    """Texts are in UTC, as the embedded database holds them."""
    if any(isinstance(value, str) for value in values):
        return pa.array(values, pa.string()).cast(pa.timestamp("us")).cast(kind)
    return pa.array(values, kind)
