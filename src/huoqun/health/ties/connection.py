# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""Connection: how the people of each group hang together. Fills inferred ties, measures the graph, hands out ties for pages."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from .. import engine
from .columns import GRAPH
from .graph import People, Wholes, core_of, curves, largest_component_share
from .inferred import ALTOGETHER, Reading, infer
from .linker import Linker

DRAWN = 500
"""People of one group whose ties are handed out; those with the strongest ties are kept."""
TOO_MANY_GROUPS = 50
"""Who is in more groups than this says nothing about which groups belong together."""


@dataclass(frozen=True, slots=True)
class Connected:
    """`figures` has a row a group whose ties are known: `group_key` and the columns of `columns.GRAPH`.

    `curves` has for each of them how many members are in the k-core, k = 1, 2, ... `ties` has a row for each person and whom
    they address: `group_key`, `from_key`, `to_key`, `replies`, `mentions`, `inferred`, `certainty`, house included; of a group
    with very many people those with the strongest ties. `people` has for each group how many have ties.
    `coverage` says in how many groups people do not say whom they answer, and how many of those the linker has read.
    """

    figures: pa.Table
    curves: dict[int, list[int]]
    ties: pa.Table
    coverage: dict[str, int]
    people: dict[int, int]


def connect(con: duckdb.DuckDBPyConnection, *, linker: Linker | None = None, altogether: int = ALTOGETHER) -> Connected:
    """Measures the ties of all groups; repeating it changes nothing.

    Reads the shared tables (`tie_groups`, `ties` and what they need) and, where people do not say whom they answer, `history`,
    which must then hold the groups' last 90 days of talk up to the asked day. Comes before the metrics of `connection`, and
    leaves its own figures as the table `metric_graph` beside theirs.
    """
    reading = infer(con, linker, altogether=altogether)
    keys, people = _people(con)
    core = core_of(people)
    shapes = list(curves(people, core))
    figures = pa.table(
        {
            "group_key": keys,
            "largest_component_share": _known(largest_component_share(people, people.member)),
            "component_share_with_staff": _known(largest_component_share(people, ~people.bot)),
            "core_k": pa.array([len(shape) for shape in shapes], pa.int64()),
            "core_people": pa.array([shape[-1] if shape else 0 for shape in shapes], pa.int64()),
        }
    )
    _keep(con, figures)
    return Connected(figures, dict(zip(keys.tolist(), shapes, strict=True)), _ties(con), _coverage(reading), _tied(con))


def _keep(con: duckdb.DuckDBPyConnection, figures: pa.Table) -> None:
    """As if a metric's SQL had made them, so that they are put together with the others."""
    con.register("connected", figures)
    con.execute(f"CREATE OR REPLACE TABLE {GRAPH.table} AS SELECT * FROM connected")
    con.unregister("connected")


def overlaps(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Groups that share people (members as far as seen, house left out): `group_a` < `group_b`, `shared` people.

    People in more than `TOO_MANY_GROUPS` groups are skipped. Reads the shared table `roster`.
    """
    return engine.arrow(
        con,
        f"""WITH several AS (
          SELECT person_key FROM roster GROUP BY person_key HAVING COUNT(*) BETWEEN 2 AND {TOO_MANY_GROUPS}
        ), places AS (SELECT r.group_key, r.person_key FROM roster AS r INNER JOIN several AS s ON r.person_key = s.person_key)
        SELECT a.group_key AS group_a, b.group_key AS group_b, COUNT(*) AS shared
        FROM places AS a INNER JOIN places AS b ON a.person_key = b.person_key AND a.group_key < b.group_key
        GROUP BY ALL ORDER BY group_a, group_b""",
    )


def _people(con: duckdb.DuckDBPyConnection) -> tuple[Wholes, People]:
    """The groups whose ties are known, in order, and their people with the pairs that are connected."""
    keys = np.asarray(con.execute("SELECT group_key FROM tie_groups ORDER BY group_key").fetchnumpy()["group_key"], np.int64)
    con.execute(
        """CREATE OR REPLACE TEMP TABLE nodes AS
        SELECT p.group_key, p.person_key, p.house IS NULL AS member, COALESCE(p.house, '') = 'bot' AS bot,
          ROW_NUMBER() OVER (ORDER BY p.group_key, p.person_key) - 1 AS node
        FROM tie_people AS p INNER JOIN tie_groups AS g ON p.group_key = g.group_key"""
    )
    nodes = con.execute("SELECT group_key, member, bot FROM nodes ORDER BY node").fetchnumpy()
    pairs = con.execute(
        """SELECT a.node AS one, b.node AS other FROM (
          SELECT group_key, LEAST(from_key, to_key) AS one_key, GREATEST(from_key, to_key) AS other_key
          FROM ties GROUP BY ALL HAVING SUM(weight) >= 0.5
        ) AS t
        INNER JOIN nodes AS a ON t.group_key = a.group_key AND t.one_key = a.person_key
        INNER JOIN nodes AS b ON t.group_key = b.group_key AND t.other_key = b.person_key"""
    ).fetchnumpy()
    group = np.searchsorted(keys, np.asarray(nodes["group_key"], np.int64))
    member, bot = np.asarray(nodes["member"], bool), np.asarray(nodes["bot"], bool)
    one, other = np.asarray(pairs["one"], np.int64), np.asarray(pairs["other"], np.int64)
    return keys, People(group, member, bot, one, other, len(keys))


def _known(shares: np.ndarray[tuple[int], np.dtype[np.float64]]) -> pa.Array:
    return pa.array(shares, pa.float64(), mask=np.isnan(shares))


def _ties(con: duckdb.DuckDBPyConnection) -> pa.Table:
    con.execute(
        """CREATE OR REPLACE TEMP TABLE tied_people AS
        SELECT group_key, person_key, ROW_NUMBER() OVER (PARTITION BY group_key ORDER BY SUM(weight) DESC, person_key) AS place
        FROM (SELECT group_key, from_key AS person_key, weight FROM ties UNION ALL SELECT group_key, to_key, weight FROM ties)
        GROUP BY group_key, person_key"""
    )
    return engine.arrow(
        con,
        f"""WITH drawn AS (SELECT group_key, person_key FROM tied_people WHERE place <= {DRAWN})
        SELECT t.group_key, t.from_key, t.to_key, t.replies, t.mentions, t.inferred, t.certainty
        FROM ties AS t
        INNER JOIN drawn AS f ON t.group_key = f.group_key AND t.from_key = f.person_key
        INNER JOIN drawn AS o ON t.group_key = o.group_key AND t.to_key = o.person_key
        ORDER BY t.group_key, t.from_key, t.to_key""",
    )


def _tied(con: duckdb.DuckDBPyConnection) -> dict[int, int]:
    return dict(con.execute("SELECT group_key, COUNT(*) FROM tied_people GROUP BY group_key").fetchall())


def _coverage(reading: Reading) -> dict[str, int]:
    return {
        "ties_unsaid_groups": reading.groups,
        "ties_inferred_groups": reading.groups_read,
        "ties_inferred_messages": reading.messages_read,
    }
