"""An audit of files alone: no database, no set-up. What `huoqun audit FILE...` prints."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from . import engine, runner
from .results import AuditResult, NoTalk

Names = Mapping[int, tuple[str, str]]
"""By group_key: the group's id on its carrier and its name."""

PORTFOLIO = (
    "groups",
    "alive_7d",
    "alive_30d",
    "silent_90d",
    "top1_share",
    "next9_share",
    "rest_share",
    "median_life_days",
)
GROUP = (
    "state",
    "since",
    "messages",
    "speakers_7d",
    "days_active_7d",
    "messages_7d",
    "messages_30d",
    "p_alive",
    "p_low",
    "p_high",
    "rule",
    "changed_on",
    "level_before",
    "level_now",
    "first_talk_on",
    "last_message_at",
    "life_days",
    "days_silent",
    "members",
    "joins_30d",
    "leaves_30d",
    "questions_30d",
    "unanswered",
    "house_messages_30d",
)


@dataclass(frozen=True, slots=True)
class Trial:
    """`result` is None where nobody who is not house has said anything."""

    result: AuditResult | None
    names: Names

    def as_json(self) -> dict[str, Any]:
        """One object of plain values: shares are fractions, unknown is null, `messages` are all messages so far."""
        if self.result is None:
            return {"as_of": None, "portfolio": {"groups": 0}, "groups": [], "no_talk_seen": []}
        result = self.result
        rows = result.groups.drop_columns(["messages"]).rename_columns({"messages_ever": "messages"}).to_pylist()
        return {
            "as_of": result.as_of.isoformat(),
            "window": result.window,
            "zone": result.zone,
            "portfolio": self._portfolio(result),
            "groups": [self._group(row) for row in rows if row["talk_seen"]],
            "no_talk_seen": [self._named(key) for key in result.no_talk_seen],
            "coverage": result.coverage,
        }

    def _portfolio(self, result: AuditResult) -> dict[str, Any]:
        first = {name: _whole(result.portfolio[name]) for name in PORTFOLIO}
        return first | {name: _whole(value) for name, value in result.portfolio.items() if name not in first}

    def _group(self, row: dict[str, Any]) -> dict[str, Any]:
        return self._named(row["group_key"]) | {name: _plain(row[name]) for name in GROUP}

    def _named(self, key: int) -> dict[str, Any]:
        group_id, name = self.names.get(key, (str(key), ""))
        return {"group_id": group_id, "group_name": name or group_id}


def audit_table(
    table: pa.Table,
    *,
    names: Names,
    zone: ZoneInfo,
    house: Collection[int] | Mapping[int, str] = (),
    as_of: date | None = None,
    window: int = 7,
) -> Trial:
    """Audits rows with the columns of history; see `audit_history`."""
    con = engine.connect()
    try:
        con.register("history", table)
        return audit_history(con, names=names, zone=zone, house=house, as_of=as_of, window=window)
    finally:
        con.close()


def audit_history(
    con: duckdb.DuckDBPyConnection,
    *,
    names: Names,
    zone: ZoneInfo,
    house: Collection[int] | Mapping[int, str] = (),
    as_of: date | None = None,
    window: int = 7,
) -> Trial:
    """Audits the table or view `history` of the connection. `house` are keys of accounts to leave out, with their label where
    one is known; "bot" otherwise. Without `as_of`: as of the last talk.
    """
    labels = house if isinstance(house, Mapping) else dict.fromkeys(house, "bot")
    con.execute("CREATE OR REPLACE TABLE house (author_key BIGINT, house VARCHAR)")
    if labels:
        con.executemany("INSERT INTO house VALUES (?, ?)", [list(label) for label in labels.items()])
    try:
        return Trial(runner.audit(con, as_of=as_of, zone=zone, window=window), names)
    except NoTalk:
        return Trial(None, names)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _whole(value: Any) -> Any:
    """1350.0 days are 1350 days."""
    return int(value) if isinstance(value, float) and value.is_integer() and value > 1 else value
