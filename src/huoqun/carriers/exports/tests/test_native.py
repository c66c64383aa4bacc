"""Real public archives: the counts that are known of them."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from huoqun.carriers import registry
from huoqun.vocabulary.events import MemberJoined, MemberLeft, MemberRenamed, MessageKind, MessagePosted, NoticePosted

from .memory import SETTING, events, unreadables


def everything(place: Path) -> list[object]:
    records = list(registry.read(registry.recognise([place]), SETTING))
    assert unreadables(records) == []
    ids = [(event.account.carrier, event.group_id, event.source_id) for event in events(records)]
    assert len(set(ids)) == len(ids)
    return events(records)


def kinds(found: list[object]) -> Counter[type]:
    return Counter(type(event) for event in found)


@pytest.mark.method("I01")
def test_a_telegram_group(shared_data: Path) -> None:
    place = shared_data / "native" / "telegram_result.json"
    found = everything(place)
    assert kinds(found) == {MessagePosted: 2851, MemberJoined: 272}
    truth = [one for one in json.loads(place.read_bytes())["messages"] if one["type"] == "message"]
    posted = [event for event in found if isinstance(event, MessagePosted)]
    assert [event.text or "" for event in posted] == ["".join(e["text"] for e in one["text_entities"]) for one in truth]
    assert [event.reply_to for event in posted] == [
        str(one["reply_to_message_id"]) if "reply_to_message_id" in one else None for one in truth
    ]
    assert [f"user{event.author.id}" for event in posted] == [one["from_id"] for one in truth]
    assert sum(event.kind == MessageKind.IMAGE for event in posted) == 314
    assert {event.way for event in found if isinstance(event, MemberJoined)} == {"link"}
    # 65 people are addressed by name; whom the file shows speaking or joining is known.
    names = {one.get("from") or one.get("actor") for one in json.loads(place.read_bytes())["messages"]}
    called = [e["text"][1:] for one in truth for e in one["text_entities"] if e["type"] == "mention"]
    assert len(called) == 65
    assert sum(len(event.mentions) for event in posted) == sum(
        len({e["text"] for e in one["text_entities"] if e["type"] == "mention" and e["text"][1:] in names}) for one in truth
    )


def test_a_telegram_channel(shared_data: Path) -> None:
    found = everything(shared_data / "native" / "telegram_channel_result.json")
    assert [(event.message_id, event.kind.value) for event in found] == [("3858", "image")] + [
        (str(number), "video") for number in range(3859, 3864)
    ]
    assert found[0].text.startswith("Очень странные дела (S1 E1-5)\n\n📹 ТВИЧ | 💳 БУСТИ")


def test_a_slack_workspace(shared_data: Path) -> None:
    found = everything(shared_data / "native" / "slack_export.zip")
    assert kinds(found) == {MessagePosted: 5638, MemberJoined: 653, MemberLeft: 60, NoticePosted: 2}
    assert sum(kinds(found).values()) == 6353
    assert len({event.group_id for event in found}) == 80
    assert sum(event.inviter is not None for event in found if isinstance(event, MemberJoined)) == 5
    assert sum(event.reply_to is not None for event in found if isinstance(event, MessagePosted)) > 300


def test_a_zulip_archive(shared_data: Path) -> None:
    found = everything(shared_data / "native" / "zulip_archive.zip")
    assert kinds(found) == {MessagePosted: 2406}
    assert len({event.group_id for event in found}) == 7
    assert {event.group_name for event in found} >= {"docs", "geospatial", "infra-ops"}
    topics = {event.topic for event in found}
    assert {"API docs from OpenAPI", "extract lat/long #9331"} <= topics
    assert sum(len(event.mentions) for event in found) > 400
    assert not any("user-mention" in (event.text or "") for event in found)
    assert sum("<p" in (event.text or "") for event in found) < 5


def test_irc_daily_logs(shared_data: Path) -> None:
    place = shared_data / "native" / "irc_daily_logs.zip"
    found = everything(place)
    with zipfile.ZipFile(place) as archive:
        files = [info for info in archive.infolist() if not info.is_dir()]
        lines = sum(bool(line.strip()) for info in files for line in archive.read(info).decode().split("\n"))
    assert len(files) == 803
    assert len(found) == lines
    assert len({event.group_id for event in found}) == 5
    counted = kinds(found)
    assert (counted[MemberJoined], counted[MemberLeft]) == (5411, 5436)
    assert counted[MemberRenamed] == 62
    assert sum(event.kind == MessageKind.ACTION for event in found if isinstance(event, MessagePosted)) > 10


NAMES = {MemberJoined: "join", MemberLeft: "leave"}


@pytest.mark.parametrize("name", ["irc_raku", "zulip_dataverse", "slack_clojurians", "telegram_hyperdbg"])
def test_the_uniform_tables(shared_data: Path, name: str) -> None:
    place = shared_data / f"community_{name}.parquet"
    counted: Counter[tuple[str, str]] = Counter()
    carriers = set()
    for record in registry.read(registry.recognise([place]), SETTING):
        kind = record.kind.value if isinstance(record, MessagePosted) else NAMES[type(record)]
        counted[record.group_id, kind] += 1
        carriers.add(record.account.carrier)
    with duckdb.connect() as connection:
        truth = connection.execute("select group_id, kind, count(*) from read_parquet(?) group by all", [str(place)]).fetchall()
    assert counted == {(group, kind): count for group, kind, count in truth}
    assert carriers == {name.partition("_")[0]}
