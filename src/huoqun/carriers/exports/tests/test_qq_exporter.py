from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.carriers.exports.formats import qq_exporter
from huoqun.vocabulary.events import MemberJoined, MessageKind, MessageRecalled

from .memory import SETTING, MemoryEntry, entry, events, unreadables


def message(number: int = 1, text: str = "今天收了三斤番茄", **fields: Any) -> dict[str, Any]:
    told = {
        "messageId": f"73000000000000000{number:02}",
        "timestamp": "2024-05-06T13:07:08.000Z",
        "sender": {"uid": "u_abc", "uin": "10000123", "name": "林"},
        "messageType": 2,
        "isSystemMessage": False,
        "isRecalled": False,
        "content": {"text": text, "html": "", "raw": "", "resources": [], "elements": [], "emojis": []},
        "rawMessage": {"sendNickName": "林林", "sendMemberName": "小林", "msgTime": "1715000828"},
    }
    return told | fields


def system(number: int, text: str) -> dict[str, Any]:
    return message(number, text, sender={"uid": "", "uin": "0", "name": ""}, rawMessage={}, isSystemMessage=True)


def content(text: str = "", *elements: dict[str, Any], resources: list[dict[str, Any]] | None = None, emojis: Any = ()) -> dict:
    return {"text": text, "elements": list(elements), "resources": resources or [], "emojis": list(emojis)}


def export(*messages: Any, indent: int | None = 2, chat: dict[str, Any] | None = None, last: bool = False) -> MemoryEntry:
    info = {"chatInfo": chat or {"name": "阳台种菜群", "type": "group"}}
    head = {"metadata": {"name": "QQChatExporter V4 / https://github.com/shuakami/qq-chat-exporter", "version": "4.0.1"}}
    body = {"statistics": {"totalMessages": len(messages)}, "messages": list(messages)}
    return entry(json.dumps(head | (body | info if last else info | body), ensure_ascii=False, indent=indent), "group.json")


def read(source: MemoryEntry) -> list:
    assert qq_exporter.recognise([source])
    return list(qq_exporter.read([source], SETTING))


@pytest.mark.parametrize("indent", [2, None])
@pytest.mark.parametrize("last", [False, True])
def test_a_message_keeps_its_id_and_the_number_is_the_person(indent: int | None, last: bool) -> None:
    (said,) = read(export(message(), indent=indent, last=last))
    assert (said.source_id, said.message_id) == ("7300000000000000001", "7300000000000000001")
    assert said.at == datetime(2024, 5, 6, 13, 7, 8, tzinfo=UTC)
    assert (said.author.id, said.author.name) == ("10000123", "小林")
    assert (said.group_id, said.group_name, said.text) == ("name:阳台种菜群", "阳台种菜群", "今天收了三斤番茄")


@pytest.mark.parametrize(
    ("fields", "id", "name"),
    [
        ({"sender": {"uid": "u_abc", "name": "林"}, "rawMessage": {}}, "u_abc", "林"),
        ({"sender": {"uid": "u_abc", "uin": "0", "name": "林"}}, "u_abc", "小林"),
        ({"sender": {"uid": "u_abc"}, "rawMessage": {"senderUin": "10000123", "sendNickName": "林林"}}, "10000123", "林林"),
        ({"rawMessage": None}, "10000123", "林"),
        ({"sender": {"uin": 10000123, "name": "林"}, "rawMessage": None}, "10000123", "林"),
        ({"sender": {"name": "林"}, "rawMessage": None}, "name:林", "林"),
    ],
)
def test_who_speaks(fields: dict[str, Any], id: str, name: str) -> None:
    (said,) = read(export(message(1, **fields)))
    assert (said.author.id, said.author.name) == (id, name)


@pytest.mark.parametrize(
    ("inside", "kind", "text"),
    [
        (content("[图片: a.jpg]", {"type": "image", "data": {"filename": "a.jpg"}}), MessageKind.IMAGE, None),
        (content("[图片]", resources=[{"type": "image"}]), MessageKind.IMAGE, None),
        (content("看[图片]", {"type": "text", "data": {"text": "看"}}, {"type": "image"}), MessageKind.TEXT, "看[图片]"),
        (content("", {"type": "file", "data": {"filename": "报价.xlsx"}}), MessageKind.FILE, "报价.xlsx"),
        (content("", {"type": "audio", "data": {}}), MessageKind.VOICE, None),
        (content("", {"type": "market_face", "data": {"name": "鼓掌"}}), MessageKind.STICKER, None),
        (content("", {"type": "json", "data": {"title": "怎么搭架"}}), MessageKind.LINK, "怎么搭架"),
        (content("", emojis=[{"type": "face"}]), MessageKind.STICKER, None),
        (content("[语音]"), MessageKind.VOICE, None),
        ("就是一句话", MessageKind.TEXT, "就是一句话"),
        (None, MessageKind.OTHER, None),
    ],
)
def test_what_a_message_is_made_of(inside: Any, kind: MessageKind, text: str | None) -> None:
    (said,) = read(export(message(1, content=inside)))
    assert (said.kind, said.text) == (kind, text)


def test_replies_mentions_and_recalls() -> None:
    inside = content(
        "@小林 好的",
        {"type": "reply", "data": {"messageId": "7300000000000000001", "senderUin": "10000123"}},
        {"type": "at", "data": {"uin": "10000123"}},
        {"type": "text", "data": {"text": "好的"}},
    )
    said, answer, recalled = read(export(message(1), message(2, content=inside, isRecalled=True)))
    assert (answer.reply_to, answer.reply_to_author, answer.mentions) == (said.message_id, "10000123", ("10000123",))
    assert isinstance(recalled, MessageRecalled)
    assert recalled.message_id == answer.message_id
    assert recalled.source_id != answer.source_id


def test_a_join_is_resolved_to_who_speaks_later() -> None:
    joined, _ = read(export(system(1, "小林加入了本群。"), message(2)))
    assert isinstance(joined, MemberJoined)
    assert joined.member.id == "10000123"


def test_the_version_that_names_its_fields_otherwise() -> None:
    told = {
        "id": "7300000000000000005",
        "timestamp": 1715000828000,
        "time": "2024-05-06T13:07:08.000Z",
        "sender": {"uid": "u_abc", "uin": "10000123", "name": "小林"},
        "type": "text",
        "content": {"text": "早", "html": "", "elements": [{"type": "text", "data": {"text": "早"}}], "resources": []},
        "recalled": False,
        "system": False,
    }
    (said,) = read(export(told, chat={"name": "阳台种菜群", "type": "group", "groupCode": "99887766"}))
    assert (said.source_id, said.text, said.group_id) == ("7300000000000000005", "早", "99887766")
    assert said.at == datetime(2024, 5, 6, 13, 7, 8, tzinfo=UTC)


def test_a_chat_cut_into_chunks() -> None:
    info = {"chatInfo": {"name": "阳台种菜群", "type": "group"}}
    whole = {
        "metadata": {"name": "QQChatExporter V4", "version": "4.0.0"},
        "chunkInfo": {"totalChunks": 2},
        "chunks": [info | {"messages": [message(1)]}, info | {"messages": [message(2)]}],
    }
    said = read(entry(json.dumps(whole, ensure_ascii=False)))
    assert [one.source_id[-2:] for one in said] == ["01", "02"]
    assert {one.group_name for one in said} == {"阳台种菜群"}


def test_a_private_chat_is_left_out_and_said_so() -> None:
    records = read(export(message(1), message(2), chat={"name": "老周", "type": "private"}))
    assert events(records) == []
    assert [note.raw for note in unreadables(records)] == ["老周: 2"]


def test_bad_records_cost_themselves_only() -> None:
    bad = [
        message(2, timestamp="昨天", rawMessage=None),
        message(3, sender=None, rawMessage=None),
        message(4, sender=[]),
    ]
    records = read(export(message(1), *bad, message(5)))
    assert [event.source_id[-2:] for event in events(records)] == ["01", "05"]
    assert [one.field for one in unreadables(records)] == ["timestamp", "sender", "sender"]


@pytest.mark.parametrize("text", ["", "{}", '{"guild": {}, "channel": {}, "messages": []}', "[]"])
def test_other_files_are_not_taken_for_it(text: str) -> None:
    assert not qq_exporter.recognise([entry(text)])


@given(st.randoms(use_true_random=False), st.sampled_from([2, None]))
@settings(max_examples=60, deadline=None)
def test_damage_never_raises(random, indent: int | None) -> None:
    damaged = bytearray(export(message(1), system(2, "小林加入了本群。"), message(3), indent=indent).content)
    for _ in range(5):
        at = random.randrange(200, len(damaged))
        damaged[at : at + random.randrange(4)] = bytes(random.randrange(256) for _ in range(random.randrange(4)))
    assert isinstance(list(qq_exporter.read([MemoryEntry(bytes(damaged))], SETTING)), list)
