# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""What operators put in, read from the view `history`: the one part of this folder that asks a database."""

from __future__ import annotations

from datetime import datetime

import duckdb

from huoqun.health.rules import HALF_HOUR_US, TALK_KINDS, microseconds

from .dispersion import Effort


def efforts(con: duckdb.DuckDBPyConnection, *, since: datetime, until: datetime) -> dict[str, Effort]:
    """By operator, from `since` to before `until`: what house people other than bots wrote in the operator's groups.

    A half-hour counts once for each person who wrote in it, in however many groups: it is a lower bound of the hours spent, as
    reading, planning and private talk leave no trace. Needs `plans`, and the audit's `house_people` and `merged`.
    """
    kinds = ", ".join(f"'{kind}'" for kind in TALK_KINDS)
    rows = con.execute(
        f"""
        SELECT g.operator, COUNT(*), COUNT(DISTINCT (p.person_key, EPOCH_US(h.sent_at) // {HALF_HOUR_US})),
          COUNT(DISTINCT p.person_key)
        FROM history AS h
        INNER JOIN plans AS g ON h.group_key = g.group_key
        LEFT JOIN merged AS m ON h.author_key = m.author_key
        INNER JOIN house_people AS p ON p.person_key = COALESCE(m.person_key, h.author_key)
        WHERE h.kind IN ({kinds}) AND p.house <> 'bot' AND NOT g.operator IS NULL AND g.operator <> ''
          AND EPOCH_US(h.sent_at) >= {microseconds(since)} AND EPOCH_US(h.sent_at) < {microseconds(until)}
        GROUP BY g.operator
        """
    ).fetchall()
    days = max((until - since).days, 1)
    return {
        operator: Effort(messages=count, half_hours=slots, people=people, days=days) for operator, count, slots, people in rows
    }
