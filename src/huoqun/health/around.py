# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""What was said around a question nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .rules import HOUR_US, TALK_KINDS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

NEIGHBOURS = 3
TEXT = 400
Around = dict[tuple[int, str], list[dict[str, Any]]]
"""By (group_key, source_id) of the question."""


def around(con: duckdb.DuckDBPyConnection, unanswered: pa.Table) -> Around:
    """Up to three messages before and after each question, at most an hour away, from the view `history`."""
    if not unanswered.num_rows:
        return {}
    con.register("asked", unanswered.select(["group_key", "source_id", "asked_at"]))
    kinds = ", ".join(f"'{kind}'" for kind in TALK_KINDS)
    rows = con.execute(
        f"""
        WITH questions AS (
          SELECT group_key, source_id, EPOCH_US(asked_at) AS asked_us FROM asked
        ),
        hours AS (
          SELECT q.*, q.asked_us // {HOUR_US} + k.n AS hour FROM questions AS q CROSS JOIN (VALUES (-1), (0), (1)) AS k(n)
        ),
        near AS (
          SELECT q.group_key, q.source_id AS ask_id, q.asked_us, EPOCH_US(h.sent_at) AS at_us, h.source_id, h.author_key,
            h.kind, LEFT(h.text, {TEXT}) AS text
          FROM history AS h
          INNER JOIN hours AS q ON h.group_key = q.group_key AND EPOCH_US(h.sent_at) // {HOUR_US} = q.hour
          WHERE h.kind IN ({kinds}) AND ABS(EPOCH_US(h.sent_at) - q.asked_us) <= {HOUR_US}
        ),
        placed AS (
          SELECT *, ROW_NUMBER() OVER (PARTITION BY group_key, ask_id ORDER BY at_us, LENGTH(source_id), source_id) AS place
          FROM near
        ),
        own AS (SELECT group_key, ask_id, place AS own FROM placed WHERE source_id = ask_id)
        SELECT p.group_key, p.ask_id, p.at_us, p.author_key, p.kind, p.text, p.place = o.own AS asked
        FROM placed AS p INNER JOIN own AS o ON p.group_key = o.group_key AND p.ask_id = o.ask_id
        WHERE ABS(p.place - o.own) <= {NEIGHBOURS}
        ORDER BY p.group_key, p.ask_id, p.place
        """
    ).fetchall()
    con.unregister("asked")
    found: Around = {}
    for group, ask, at_us, author, kind, text, asked in rows:
        said = {"at": at_us // 1000, "author": author, "kind": kind, "text": text, "asked": asked}
        found.setdefault((group, ask), []).append(said)
    return found
