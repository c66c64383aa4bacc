"""Small exports in every format of this half, written to disk. `more` adds so many messages at the end."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

START = datetime(2024, 5, 6, 1, 0, tzinfo=UTC)


class Make(Protocol):
    def __call__(self, folder: Path, more: int = 0) -> Path: ...


def message(number: int, **more: Any) -> dict[str, Any]:
    """A Telegram message from Lin."""
    at = int((START + timedelta(minutes=number)).timestamp())
    basis = {"id": number, "type": "message", "date": "2024-05-06T09:00:00", "date_unixtime": str(at), "from": "Lin"}
    text = f"今天浇水第{number}次"
    return {**basis, "from_id": "user42000001", "text": text, "text_entities": [{"type": "plain", "text": text}], **more}


def service(number: int, action: str, **more: Any) -> dict[str, Any]:
    at = int((START + timedelta(minutes=number)).timestamp())
    basis = {"id": number, "type": "service", "date": "2024-05-06T09:00:00", "date_unixtime": str(at), "actor": "Lin"}
    return {**basis, "actor_id": "user42000001", "action": action, "text": "", "text_entities": [], **more}


def chat(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "阳台种菜群", "type": "private_supergroup", "id": 1900000001, **more, "messages": list(messages)}


def telegram(folder: Path, more: int = 0) -> Path:
    messages = [
        service(1, "create_group", title="阳台种菜群", members=["Lin"]),
        service(2, "invite_members", members=["Tao"]),
        *(message(number) for number in range(3, 8)),
        message(8, **{"from": "Tao", "from_id": "user42000002"}),
        *(message(100 + number) for number in range(more)),
    ]
    place = folder / "result.json"
    place.write_text(json.dumps(chat(*messages), ensure_ascii=False, indent=1), encoding="utf-8")
    return place


def telegram_on_one_line(folder: Path, more: int = 0) -> Path:
    place = telegram(folder, more)
    place.write_text(json.dumps(json.loads(place.read_text())))
    return place


def slack(folder: Path, more: int = 0) -> Path:
    users = [{"id": "U1", "name": "lin", "profile": {"display_name": "Lin"}}, {"id": "UB", "name": "bot", "is_bot": True}]
    first: list[dict[str, Any]] = [
        {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1714957200.000100", "text": "<@U1> has joined"},
        {"type": "message", "user": "U1", "ts": "1714957201.000200", "text": "浇水了吗"},
    ]
    second = [{"type": "message", "user": "U1", "ts": f"17150436{n:02}.000100", "text": f"第{n}天"} for n in range(3 + more)]
    files = {"channels.json": [{"id": "C1", "name": "garden"}], "users.json": users}
    days = {"garden/2024-05-06.json": first, "garden/2024-05-07.json": second}
    place = folder / "slack.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, **days}.items():
            archive.writestr(name, json.dumps(content, indent=2))
    return place


def zulip(folder: Path, more: int = 0) -> Path:
    root = folder / "zulip"
    (root / "7-garden").mkdir(parents=True)
    (root / "stream_index.json").write_text(json.dumps({"streams": {"garden": {"id": 7, "topic_data": {}}}, "time": 1}))
    messages = [
        {"id": 100 + number, "content": f"<p>第{number}天</p>", "sender_full_name": "Lin", "timestamp": 1714957200 + number}
        for number in range(4 + more)
    ]
    (root / "7-garden" / "to.20do.json").write_text(json.dumps(messages))
    return root


def irc(folder: Path, more: int = 0) -> Path:
    day = folder / "irc" / "garden" / "2024"
    day.mkdir(parents=True)
    lines = ["[09:00] *** lin joined", "[09:01] <lin> morning", "", "[09:02] * lin waters", "[09:03] *** tao joined"]
    lines += [f"[09:1{number}] <tao> lin: day {number}" for number in range(more)]
    (day / "2024-05-06").write_text("\n".join(lines) + "\n")
    return folder / "irc"


def rows(more: int = 0) -> list[dict[str, Any]]:
    basis = {"carrier": "qq", "group_id": "10001", "group_name": "阳台种菜群", "reply_to": None, "topic": None}
    joined = {
        **basis,
        "message_id": "1",
        "sent_at": START,
        "author_id": "7",
        "author_name": "Tao",
        "kind": "join",
        "text": None,
    }
    talk = [
        {
            **basis,
            "message_id": str(number),
            "sent_at": START + timedelta(minutes=number),
            "author_id": "9",
            "author_name": "Lin",
            "kind": "message",
            "text": f"@Tao 第{number}天",
        }
        for number in range(2, 6 + more)
    ]
    return [joined, *talk]


def as_csv(folder: Path, more: int = 0) -> Path:
    place = folder / "table.csv"
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows()[0]))
        writer.writeheader()
        for row in rows(more):
            writer.writerow({**row, "sent_at": row["sent_at"].isoformat()})
    return place


def jsonl(folder: Path, more: int = 0) -> Path:
    place = folder / "table.jsonl"
    lines = [json.dumps({**row, "sent_at": row["sent_at"].isoformat()}, ensure_ascii=False) for row in rows(more)]
    place.write_text("\n".join(lines), encoding="utf-8")
    return place


def parquet(folder: Path, more: int = 0) -> Path:
    place = folder / "table.parquet"
    pq.write_table(pa.Table.from_pylist(rows(more)), place)
    return place


ALL: list[Callable[..., Path]] = [telegram, telegram_on_one_line, slack, zulip, irc, as_csv, jsonl, parquet]
