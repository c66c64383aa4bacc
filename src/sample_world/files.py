"""Writes what was lived: Huoqun's own table, the list of groups, the list of house accounts."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .lived import Lived
from .people import HOUSE, Member
from .plan import CAPACITY

TALK = frozenset({"message", "action", "image", "video", "voice", "file", "sticker", "link", "red_packet"})
"""Kinds that are somebody saying something."""

SCHEMA = pa.schema(
    [
        ("carrier", pa.string()),
        ("group_id", pa.string()),
        ("group_name", pa.string()),
        ("message_id", pa.string()),
        ("sent_at", pa.timestamp("us", tz="UTC")),
        ("author_id", pa.string()),
        ("author_name", pa.string()),
        ("kind", pa.string()),
        ("text", pa.string()),
        ("reply_to", pa.string()),
        ("topic", pa.string()),
        ("mentions", pa.list_(pa.string())),
        ("inviter_id", pa.string()),
        ("inviter_name", pa.string()),
        ("way", pa.string()),
        ("target_id", pa.string()),
        ("detail", pa.string()),
        ("amount", pa.int64()),
    ]
)
GROUP_FIELDS = (
    "group_id",
    "name",
    "carrier",
    "connects",
    "matter",
    "lifecycle",
    "planned_end",
    "strategy",
    "stage",
    "purpose",
    "capacity",
    "operator",
    "owner_id",
    "tags",
)


def talk_table(lived: Sequence[Lived]) -> pa.Table:
    """Groups one after the other, each in the order of time."""
    return pa.concat_tables([_group_table(life) for life in lived])


def _group_table(life: Lived) -> pa.Table:
    rows, plan = life.rows, life.plan
    count = len(rows)
    columns: dict[str, Any] = {
        "carrier": [plan.carrier] * count,
        "group_id": [plan.id] * count,
        "group_name": [life.scene.name_at(row.at) for row in rows],
        "message_id": [row.number for row in rows],
        "sent_at": pa.array([int(row.at) * 1_000_000 for row in rows], pa.int64()).cast(pa.timestamp("us", tz="UTC")),
        "author_id": [_id(row.author) for row in rows],
        "author_name": [row.author.name_at(row.at) if row.author else None for row in rows],
        "kind": [row.kind for row in rows],
        "text": [row.text for row in rows],
        "reply_to": [row.reply_to.number if row.reply_to else None for row in rows],
        "topic": [row.topic for row in rows],
        "mentions": [[member.person.id for member in row.mentions] if row.mentions else None for row in rows],
        "inviter_id": [_id(row.inviter) for row in rows],
        "inviter_name": [row.inviter.name_at(row.at) if row.inviter else None for row in rows],
        "way": [row.way for row in rows],
        "target_id": [_id(row.target) for row in rows],
        "detail": [row.detail for row in rows],
        "amount": [row.amount for row in rows],
    }
    return pa.table(columns, schema=SCHEMA)


def _id(member: Member | None) -> str | None:
    return member.person.id if member else None


def write_talk(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path, compression="zstd")


def write_groups(path: Path, lived: Iterable[Lived]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(GROUP_FIELDS)
        writer.writerows(_group_line(life) for life in lived)


def _group_line(life: Lived) -> list[str]:
    plan, kind = life.plan, life.plan.kind
    stage = "autonomous" if not kind.house_owner else "guided" if plan.course.born < 0 else "hands_on"
    end = plan.planned_end
    return [
        plan.id,
        plan.name,
        plan.carrier,
        kind.connects,
        kind.matter,
        kind.lifecycle,
        end.isoformat() if end else "",
        kind.strategy,
        stage,
        plan.purpose,
        str(CAPACITY[plan.carrier]),
        plan.operator[0],
        life.scene.owner.person.id,
        ";".join(kind.tags),
    ]


def write_house(path: Path, lived: Iterable[Lived]) -> None:
    """What the operator knows: own staff, helpers and bots. Nobody has told them about the others."""
    house = {m.person.id: m.role.value for life in lived for m in life.scene.members if m.role in HOUSE}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("author_id", "kind"))
        writer.writerows(sorted(house.items()))


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
