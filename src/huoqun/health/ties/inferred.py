# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""Ties where a carrier does not say who answers whom: the linker reads each such group's last messages."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .. import engine
from ..rules import TALK_KINDS
from .linker import Linker, Links, Talk, link

A_GROUP, FEWEST, ALTOGETHER = 1_000, 200, 200_000
"""Messages read of one group at most; where there are many groups, at least so many; of all groups together at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: groups in which people do not say whom they answer, how many of them were read, and how many messages."""

    groups: int = 0
    groups_read: int = 0
    messages_read: int = 0


def infer(con: duckdb.DuckDBPyConnection, linker: Linker | None = None, *, altogether: int = ALTOGETHER) -> Reading:
    """Fills `inferred_ties` and `linked_groups` from `history`, newest groups first, until `altogether` messages are read.

    Repeating it changes nothing. Without `history` on the connection nothing is read, and those groups' ties stay unknown.
    """
    con.execute("DELETE FROM inferred_ties")
    con.execute("DELETE FROM linked_groups")
    silent = engine.scalar(con, "SELECT COUNT(*) FROM tie_window WHERE NOT express")
    if not silent or not _has_history(con):
        return Reading(groups=silent or 0)
    heard = _last_talk(con, min(A_GROUP, max(FEWEST, altogether // silent)), altogether)
    groups = np.asarray(heard["group_key"])
    links = link(_talk(heard), linker)
    _store(con, heard, links)
    return Reading(silent, len(np.unique(groups)), len(groups))


def _has_history(con: duckdb.DuckDBPyConnection) -> bool:
    names = "SELECT view_name AS name FROM duckdb_views() UNION ALL SELECT table_name FROM duckdb_tables()"
    return bool(engine.scalar(con, f"SELECT COUNT(*) FROM ({names}) WHERE name = 'history'"))


def _last_talk(con: duckdb.DuckDBPyConnection, of_group: int, altogether: int) -> pa.Table:
    """The last messages of the groups that were talking last, in order; as far back as the window of ties reaches.

    From which moment on each group is read is told by the days it has talk on, so that texts before it are never touched.
    """
    kinds = ", ".join(f"'{kind}'" for kind in TALK_KINDS)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE read_from AS
        SELECT group_key, first_at, last_at FROM (
          SELECT group_key, MIN(first_at) AS first_at, MAX(last_at) AS last_at,
            SUM(MAX(LEAST(later, {of_group}))) OVER (ORDER BY MAX(last_at) DESC, group_key) AS so_far
          FROM (
            SELECT d.group_key, d.day, MIN(d.first_at) AS first_at, MAX(d.last_at) AS last_at, SUM(d.messages) AS messages,
              CAST(SUM(SUM(d.messages)) OVER (PARTITION BY d.group_key ORDER BY d.day DESC) AS BIGINT) AS later
            FROM all_person_days AS d
            INNER JOIN tie_window AS w ON d.group_key = w.group_key
            WHERE NOT w.express AND d.day >= w.first_day AND d.day <= w.last_day
            GROUP BY d.group_key, d.day
          ) WHERE later - messages < {of_group} GROUP BY group_key
        ) WHERE so_far <= {altogether}"""
    )
    return engine.arrow(
        con,
        f"""SELECT group_key, author_key, at_us, message_id, reply_to, mentions, text FROM (
          SELECT h.*, EPOCH_US(h.sent_at) AS at_us, ROW_NUMBER() OVER (
            PARTITION BY h.group_key ORDER BY h.sent_at DESC, LENGTH(h.source_id) DESC, h.source_id DESC) AS place
          FROM history AS h INNER JOIN read_from AS r ON h.group_key = r.group_key
          WHERE h.kind IN ({kinds}) AND NOT h.author_key IS NULL
          AND EPOCH_US(h.sent_at) BETWEEN r.first_at AND r.last_at
        ) WHERE place <= {of_group} ORDER BY group_key, place DESC""",
    )


def _talk(heard: pa.Table) -> Talk:
    return Talk.of(
        group=np.asarray(heard["group_key"]),
        at_us=np.asarray(heard["at_us"]),
        author=np.asarray(heard["author_key"]),
        mentions=heard["mentions"].combine_chunks(),
        texts=heard["text"].combine_chunks(),
        message_id=heard["message_id"].combine_chunks(),
        reply_to=heard["reply_to"].combine_chunks(),
    )


def _store(con: duckdb.DuckDBPyConnection, heard: pa.Table, links: Links) -> None:
    """Sums the links of people (merged accounts joined) into ties, and says how certain each group's and pair's are."""
    con.register("linked", _linked(heard, links))
    con.register("chosen", _chosen(heard, links))
    con.execute(
        """INSERT INTO inferred_ties BY NAME
        SELECT l.group_key, f.person_key AS from_key, t.person_key AS to_key, f.house AS from_house, t.house AS to_house,
          0 AS replies, 0 AS mentions, SUM(l.weight) AS inferred,
          COALESCE(AVG(CASE WHEN l.is_chosen THEN l.weight END), MAX(l.weight)) AS certainty
        FROM linked AS l
        LEFT JOIN merged AS m ON l.from_key = m.author_key
        LEFT JOIN merged AS n ON l.to_key = n.author_key
        INNER JOIN tie_people AS f ON l.group_key = f.group_key AND COALESCE(m.person_key, l.from_key) = f.person_key
        INNER JOIN tie_people AS t ON l.group_key = t.group_key AND COALESCE(n.person_key, l.to_key) = t.person_key
        WHERE f.person_key <> t.person_key
        GROUP BY ALL"""
    )
    con.execute(
        "INSERT INTO linked_groups "
        "SELECT group_key, COUNT(*), AVG(CASE WHEN NOT starts THEN probability END) FROM chosen GROUP BY group_key"
    )
    con.unregister("linked")
    con.unregister("chosen")


def _linked(heard: pa.Table, links: Links) -> pa.Table:
    author: npt.NDArray[np.int64] = np.asarray(heard["author_key"])
    return pa.table(
        {
            "group_key": np.asarray(heard["group_key"])[links.child],
            "from_key": author[links.child],
            "to_key": author[links.parent],
            "weight": links.weight,
            "is_chosen": links.foremost(),
        }
    )


def _chosen(heard: pa.Table, links: Links) -> pa.Table:
    starts = links.answered == np.arange(len(links.answered))
    return pa.table({"group_key": heard["group_key"], "probability": links.probability, "starts": starts})
