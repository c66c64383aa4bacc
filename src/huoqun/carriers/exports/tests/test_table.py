"""Huoqun's own table in its three dresses."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huoqun.carriers.exports import errors, problems
from huoqun.carriers.exports.format import Setting
from huoqun.carriers.exports.formats import table
from huoqun.vocabulary import events as told
from huoqun.vocabulary.events import MessageKind, Person

from .memory import SETTING, MemoryEntry, entry, events, unreadables

AT = "2024-05-06T09:00:00+08:00"


def row(**more: Any) -> dict[str, Any]:
    return {
        "carrier": "qq",
        "group_id": "10001",
        "group_name": "阳台种菜群",
        "message_id": "5",
        "sent_at": AT,
        "author_id": "9",
        "author_name": "Lin",
        "kind": "message",
        "text": "早",
        **more,
    }


def as_csv(*rows: dict[str, Any], encoding: str = "utf-8-sig") -> MemoryEntry:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys(name for one in rows for name in one)))
    writer.writeheader()
    writer.writerows(rows)
    return entry(out.getvalue(), "t.csv", encoding)


def as_jsonl(*rows: dict[str, Any]) -> MemoryEntry:
    return entry("\r\n".join(json.dumps(one, ensure_ascii=False) for one in rows), "t.jsonl")


def as_parquet(*rows: dict[str, Any]) -> MemoryEntry:
    names = dict.fromkeys(name for one in rows for name in one)
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([{name: one.get(name) for name in names} for one in rows]), out)
    return entry(out.getvalue(), "t.parquet")


DRESSES = [as_csv, as_jsonl, as_parquet]


def read(export: MemoryEntry, setting: Setting = SETTING) -> list[Any]:
    assert table.recognise([export])
    return list(table.read([export], setting))


@pytest.mark.parametrize("dress", DRESSES)
def test_a_message(dress: Any) -> None:
    (posted,) = read(dress(row(reply_to="4", topic="水肥")))
    assert posted == told.MessagePosted(
        account=posted.account,
        source_id="m:5",
        at=datetime(2024, 5, 6, 1, tzinfo=UTC),
        group_id="10001",
        group_name="阳台种菜群",
        message_id="5",
        author=Person(id="9", name="Lin"),
        text="早",
        reply_to="4",
        topic="水肥",
    )
    assert posted.account.carrier == "qq"


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("kind", list(MessageKind))
def test_every_kind_of_talk(dress: Any, kind: MessageKind) -> None:
    assert read(dress(row(kind=kind.value)))[0].kind is kind


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize(
    ("kind", "fields", "event", "expected"),
    [
        (
            "join",
            {"inviter_id": "7", "inviter_name": "Mo", "way": "code"},
            told.MemberJoined,
            {"inviter": Person(id="7", name="Mo"), "way": "code", "source_id": "j:5"},
        ),
        ("join", {}, told.MemberJoined, {"inviter": None, "way": ""}),
        ("leave", {"target_id": "7"}, told.MemberLeft, {"removed_by": Person(id="7")}),
        ("leave", {}, told.MemberLeft, {"removed_by": None, "source_id": "l:5"}),
        ("rename", {"detail": "小林"}, told.MemberRenamed, {"before": "小林", "member": Person(id="9", name="Lin")}),
        ("recall", {"reply_to": "3"}, told.MessageRecalled, {"message_id": "3", "by": Person(id="9", name="Lin")}),
        ("claim", {"reply_to": "3", "target_id": "7"}, told.RedPacketClaimed, {"message_id": "3", "sender": Person(id="7")}),
        ("notice", {}, told.NoticePosted, {"text": "早"}),
        ("group_created", {}, told.GroupCreated, {"by": Person(id="9", name="Lin")}),
        ("group_renamed", {"detail": "旧名"}, told.GroupRenamed, {"before": "旧名", "group_name": "阳台种菜群"}),
        ("owner", {"target_id": "7"}, told.OwnerChanged, {"owner": Person(id="9", name="Lin"), "before": Person(id="7")}),
        (
            "order",
            {"amount": "1990", "detail": "番茄苗;花盆", "currency": "CNY"},
            told.OrderPaid,
            {"order_id": "5", "amount": 1990, "items": ("番茄苗", "花盆"), "currency": "CNY"},
        ),
    ],
)
def test_every_happening(dress: Any, kind: str, fields: dict[str, Any], event: type, expected: dict[str, Any]) -> None:
    (happened,) = read(dress(row(kind=kind, **fields)))
    assert type(happened) is event
    assert {name: getattr(happened, name) for name in expected} == expected


@pytest.mark.parametrize("dress", DRESSES)
def test_mentions_are_taken_from_their_column(dress: Any) -> None:
    first, second = read(dress(row(mentions="7; 8;7"), row(message_id="6", text="@Lin", mentions="")))
    assert (first.mentions, second.mentions) == (("7", "8"), ())


@pytest.mark.parametrize("dress", [as_jsonl, as_parquet])
def test_mentions_may_be_a_list(dress: Any) -> None:
    assert read(dress(row(mentions=["7", "8"])))[0].mentions == ("7", "8")


@pytest.mark.parametrize("dress", DRESSES)
def test_without_the_column_names_seen_so_far_are_found_in_the_text(dress: Any) -> None:
    found = read(
        dress(
            row(text="@Tao 还没来"),
            row(message_id="6", author_id="7", author_name="Tao"),
            row(message_id="7", text="@Tao，@Lin. @nobody a@Tao.example"),
            row(message_id="8", author_id="8", author_name="Tao"),
            row(message_id="9", text="@Tao @Lin"),
            row(message_id="10", carrier="irc", author_id="r", author_name="Ren", text="@Lin @Ren"),
        )
    )
    assert [one.mentions for one in found] == [(), (), ("7", "9"), (), ("9",), ("r",)]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"kind": "shout"}, "kind", problems.UNKNOWN_KIND),
        ({"sent_at": "soon"}, "sent_at", problems.NO_TIME),
        ({"sent_at": ""}, "sent_at", problems.NO_TIME),
        ({"author_id": ""}, "author_id", problems.NO_AUTHOR),
        ({"group_id": None}, "group_id", problems.NO_GROUP),
        ({"message_id": ""}, "message_id", problems.NO_ID),
        ({"carrier": ""}, "carrier", problems.NO_GROUP),
        ({"kind": "order", "amount": "19.90"}, "amount", problems.BAD_VALUE),
        ({"kind": "order"}, "amount", problems.BAD_VALUE),
    ],
)
def test_a_bad_row_is_kept_and_names_its_field(dress: Any, fields: dict[str, Any], field: str, problem: str) -> None:
    records = read(dress(row(), {**row(), **fields}, row(message_id="9")))
    assert [one.message_id for one in events(records)] == ["5", "9"]
    (bad,) = unreadables(records)
    assert (bad.field, bad.problem, bad.line) == (field, problem, 2 if dress is not as_csv else 3)
    assert bad.raw


@pytest.mark.parametrize("dress", [as_csv, as_parquet])
@pytest.mark.parametrize("missing", ["carrier", "group_id", "message_id", "sent_at", "author_id", "kind"])
def test_a_missing_column_is_named(dress: Any, missing: str) -> None:
    short = {name: value for name, value in row().items() if name != missing}
    with pytest.raises(errors.FileUnreadable) as caught:
        read(dress(short))
    assert f"no column {missing}" in str(caught.value)
    assert "Add it" in str(caught.value)


def test_local_times_take_the_zone_of_the_setting() -> None:
    local = as_csv(row(sent_at="2024-05-06 09:00:00"))
    assert read(local)[0].at == datetime(2024, 5, 6, 1, tzinfo=UTC)
    (bad,) = read(local, Setting(community="garden", zone=None, account="a"))
    assert bad.problem == problems.NO_ZONE


@pytest.mark.parametrize(
    "at", [1714957200, 1714957200000, "1714957200", "2024-05-06T01:00:00Z", "2024-05-06T01:00:00.000+00:00"]
)
def test_times_may_be_seconds_or_text(at: Any) -> None:
    assert read(as_jsonl(row(sent_at=at)))[0].at == datetime(2024, 5, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "type_", [pa.timestamp("s"), pa.timestamp("ns", "UTC"), pa.timestamp("us", "Asia/Shanghai"), pa.timestamp("ms")]
)
def test_parquet_times_of_every_unit(type_: pa.DataType) -> None:
    instant = datetime(2024, 5, 6, 1, tzinfo=UTC)
    stored = instant if type_.tz else instant.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
    rows = pa.Table.from_pylist([row()]).set_column(4, "sent_at", pa.array([stored], type_))
    out = io.BytesIO()
    pq.write_table(rows, out)
    assert read(entry(out.getvalue(), "t.parquet"))[0].at == instant


def test_a_spreadsheet_in_gb18030() -> None:
    assert read(as_csv(row(), encoding="gb18030"))[0].text == "早"


def test_line_breaks_and_quotes_inside_a_field() -> None:
    text = '他说"好",\n然后走了'
    first, second = read(as_csv(row(text=text), row(message_id="6")))
    assert (first.text, second.message_id) == (text, "6")


def test_lines_that_are_no_rows_are_kept() -> None:
    raw = as_jsonl(row(), row(message_id="6")).content + b'\n{"carrier":\n[]\n\n' + json.dumps(row(message_id="7")).encode()
    records = read(entry(raw, "t.jsonl"))
    assert [one.message_id for one in events(records)] == ["5", "6", "7"]
    assert [(bad.line, bad.problem) for bad in unreadables(records)] == [(3, problems.CUT_OFF), (4, problems.WRONG_SHAPE)]


def test_a_damaged_parquet_file_is_an_error_with_a_remedy() -> None:
    whole = as_parquet(row()).content
    with pytest.raises(errors.FileUnreadable) as caught:
        read(entry(whole[:-30], "t.parquet"))
    assert "t.parquet" in str(caught.value)


def test_numbers_may_be_ids() -> None:
    (posted,) = read(as_jsonl(row(group_id=10001, author_id=9, message_id=5, reply_to=4)))
    assert (posted.group_id, posted.author.id, posted.source_id, posted.reply_to) == ("10001", "9", "m:5", "4")
