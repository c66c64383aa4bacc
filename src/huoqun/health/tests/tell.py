"""Small histories told by hand: who said what when, in the community's own time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from huoqun.health import engine, runner
from huoqun.health.results import AuditResult
from huoqun.health.rules import day_number
from huoqun.history.schema import SCHEMA

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIN, MO, TAO, REN, YU, BEI, BOT = 1, 2, 3, 4, 5, 6, 99
TEA, COFFEE, QUIET = 101, 102, 103


@dataclass
class Story:
    """Rows of history; times are "MM-DD HH:MM" of 2026 in the community's zone."""

    zone: ZoneInfo = SHANGHAI
    rows: list[dict[str, object]] = field(default_factory=list)
    house: dict[int, str] = field(default_factory=dict)
    same_person: dict[int, int] = field(default_factory=dict)
    unheard: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    """By group: the first and the last day ("03-02") on which nothing of it was heard."""
    plans: list[tuple[int, str, date | None, date | None]] = field(default_factory=list)

    def say(self, group: int, who: int | None, when: str, text: str = "好的", **more: object) -> str:
        return self._add(group, who, when, "message", text=text, **more)

    def daily(self, group: int, who: int, first: str, days: int, at: str = "10:00", text: str = "早") -> None:
        start = datetime.strptime(f"2026-{first}", "%Y-%m-%d")
        for place in range(days):
            self.say(group, who, f"{start + timedelta(days=place):%m-%d} {at}", text)

    def join(self, group: int, who: int, when: str, inviter: int | None = None) -> str:
        return self._add(group, who, when, "join", other_key=inviter)

    def leave(self, group: int, who: int, when: str) -> str:
        return self._add(group, who, when, "leave")

    def packet(self, group: int, who: int, when: str) -> str:
        return self._add(group, who, when, "red_packet")

    def claim(self, group: int, who: int, packet: str, seconds: float) -> None:
        """`who` takes from the packet so many seconds after it."""
        (sent,) = [row for row in self.rows if row["source_id"] == packet]
        name = self._add(group, who, "01-01 00:00", "claim", message_id=packet)
        row = self.rows[-1]
        row["sent_at"] = sent["sent_at"] + timedelta(seconds=seconds)  # type: ignore[operator]
        row["month"], row["source_id"] = sent["month"], name

    def order(self, group: int, who: int, when: str, order_id: str, amount: int) -> str:
        detail = {"order_id": order_id, "amount": amount, "currency": "CNY", "items": ['茶 "amount": 1']}
        return self._add(group, who, when, "order", message_id=None, detail=json.dumps(detail, ensure_ascii=False))

    def _add(self, group: int, who: int | None, when: str, kind: str, **more: object) -> str:
        local = datetime.strptime(f"2026-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=self.zone)
        name = f"m{len(self.rows) + 1}"
        row = dict.fromkeys(SCHEMA.names) | {
            "community": "tea-house",
            "carrier": "wechat",
            "account": "import-1",
            "month": f"{local.astimezone(UTC):%Y-%m}",
            "group_key": group,
            "source_id": name,
            "message_id": name if kind not in {"join", "leave"} else None,
            "kind": kind,
            "sent_at": local.astimezone(UTC),
            "author_key": who,
        }
        self.rows.append(row | more)
        return name

    def table(self) -> pa.Table:
        return pa.Table.from_pylist(self.rows, SCHEMA)

    def con(self) -> duckdb.DuckDBPyConnection:
        con = engine.connect(threads=1)
        told = self.table()
        con.register("told", told)
        con.execute("CREATE TABLE history AS SELECT * FROM told")
        self.hand_in(con)
        return con

    def hand_in(self, con: duckdb.DuckDBPyConnection) -> None:
        runner.tables_asked_for(con)
        stretches = [(key, *map(_number, ends)) for key, ends in self.unheard.items()]
        con.executemany("INSERT INTO unheard VALUES (?, ?, ?)", stretches) if stretches else None
        for name, rows in (("house", self.house.items()), ("same_person", self.same_person.items()), ("plans", self.plans)):
            con.execute(f"DELETE FROM {name}")
            columns = [column[0] for column in con.execute(f"DESCRIBE {name}").fetchall()]
            for row in rows:
                # A row may leave out the last columns.
                given = ", ".join(columns[: len(row)])
                con.execute(f"INSERT INTO {name} ({given}) VALUES ({', '.join('?' * len(row))})", list(row))

    def audit(self, as_of: str | None = None, **more: object) -> AuditResult:
        day = date.fromisoformat(f"2026-{as_of}") if as_of else None
        return runner.audit(self.con(), as_of=day, zone=self.zone, **more)


def _number(day: str | None) -> int | None:
    return day_number(date.fromisoformat(f"2026-{day}")) if day else None


def group(result: AuditResult, key: int) -> dict[str, object]:
    (row,) = [row for row in result.groups.to_pylist() if row["group_key"] == key]
    return row
