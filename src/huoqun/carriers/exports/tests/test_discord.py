from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.carriers.exports.formats import discord, discord_csv
from huoqun.vocabulary.events import (
    GroupRenamed,
    MemberJoined,
    MemberLeft,
    MessageKind,
    MessagePosted,
    NoticePosted,
)

from .memory import SETTING, MemoryEntry, entry, events, unreadables

AT = datetime(2024, 5, 6, 1, 7, 8, 120000, tzinfo=UTC)
LIN = {"id": "900000000000000001", "name": "lin", "discriminator": "0000", "nickname": "小林", "isBot": False, "roles": []}
ZHOU = {"id": "900000000000000002", "name": "zhou", "nickname": None, "isBot": False}
BOT = {"id": "900000000000000009", "name": "helper", "nickname": "helper", "isBot": True}


def message(number: int = 1, **fields: Any) -> dict[str, Any]:
    told = {
        "id": f"12345678901234567{number:02}",
        "type": "Default",
        "timestamp": "2024-05-06T09:07:08.12+08:00",
        "timestampEdited": None,
        "content": "今天收了三斤番茄",
        "author": LIN,
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [{"emoji": {"id": "", "name": "👍"}, "count": 2, "users": []}],
        "mentions": [],
    }
    return told | fields


def export(*messages: dict[str, Any], guild: dict[str, Any] | None = None, indent: int | None = 2) -> MemoryEntry:
    whole = {
        "guild": guild or {"id": "77", "name": "阳台种菜社", "iconUrl": "https://example.org/a.png"},
        "channel": {"id": "88", "type": "GuildTextChat", "categoryId": "5", "category": "闲聊", "name": "番茄", "topic": None},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-06-01T00:00:00+08:00",
        "messages": list(messages),
        "messageCount": len(messages),
    }
    return entry(json.dumps(whole, ensure_ascii=False, indent=indent), "channel.json")


def read(source: MemoryEntry) -> list:
    assert discord.recognise([source])
    return list(discord.read([source], SETTING))


@pytest.mark.parametrize("indent", [2, None])
def test_a_message_keeps_its_ids(indent: int | None) -> None:
    (said,) = read(export(message(), indent=indent))
    assert (said.source_id, said.message_id) == ("1234567890123456701", "1234567890123456701")
    assert (said.at, said.text, said.kind) == (AT, "今天收了三斤番茄", MessageKind.TEXT)
    assert (said.group_id, said.group_name) == ("88", "阳台种菜社 / 番茄")
    assert (said.author.id, said.author.name, said.house) == ("900000000000000001", "小林", False)


@pytest.mark.method("L02")
def test_replies_mentions_and_bots() -> None:
    reply = message(
        2, type="Reply", author=BOT, mentions=[LIN, ZHOU], reference={"messageId": "1234567890123456701", "channelId": "88"}
    )
    said, answer = read(export(message(1, author=ZHOU), reply))
    assert said.author.name == "zhou"
    assert (answer.reply_to, answer.mentions) == (said.message_id, (LIN["id"], ZHOU["id"]))
    assert answer.house


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"attachments": [{"id": "1", "fileName": "tomato.JPG"}]}, MessageKind.IMAGE),
        ({"attachments": [{"id": "1", "fileName": "a.mp4"}]}, MessageKind.VIDEO),
        ({"attachments": [{"id": "1", "fileName": "voice-message.ogg"}]}, MessageKind.VOICE),
        ({"attachments": [{"id": "1", "fileName": "报价.xlsx"}]}, MessageKind.FILE),
        ({"attachments": [{"id": "1", "fileName": None}]}, MessageKind.FILE),
        ({"content": "", "stickers": [{"id": "1", "name": "wave"}]}, MessageKind.STICKER),
        ({"content": "", "embeds": [{"title": "x"}]}, MessageKind.LINK),
        ({"type": "Call", "content": "Started a call"}, MessageKind.CALL),
        ({"type": "20", "author": BOT}, MessageKind.TEXT),
    ],
)
def test_what_a_message_is_made_of(fields: dict[str, Any], kind: MessageKind) -> None:
    (said,) = read(export(message(1, **fields)))
    assert isinstance(said, MessagePosted)
    assert said.kind is kind


def test_what_happens_to_members_and_the_channel() -> None:
    joined, added, second, left, removed, renamed, pinned = read(
        export(
            message(1, type="GuildMemberJoin", content="Joined the server.", author=ZHOU),
            message(2, type="RecipientAdd", content="Added zhou to the group.", mentions=[ZHOU, BOT]),
            message(3, type="RecipientRemove", content="Left the group.", mentions=[LIN]),
            message(4, type="RecipientRemove", content="Removed zhou from the group.", mentions=[ZHOU]),
            message(5, type="ChannelNameChange", content="Changed the channel name: **黄瓜**"),
            message(6, type="ChannelPinnedMessage", content="Pinned a message."),
        )
    )
    assert isinstance(joined, MemberJoined)
    assert (joined.member.id, joined.inviter) == (ZHOU["id"], None)
    assert (added.member.id, added.inviter.id, added.way) == (ZHOU["id"], LIN["id"], "added")
    assert second.member.id == BOT["id"]
    assert added.source_id != second.source_id
    assert isinstance(left, MemberLeft)
    assert left.removed_by is None
    assert removed.removed_by.id == LIN["id"]
    assert isinstance(renamed, GroupRenamed)
    assert (renamed.group_id, renamed.group_name) == ("88", "阳台种菜社 / 黄瓜")
    assert isinstance(pinned, NoticePosted)


def test_a_private_chat_is_left_out_and_said_so() -> None:
    records = read(export(message(1), message(2), guild={"id": "0", "name": "Direct Messages"}))
    assert events(records) == []
    assert [note.raw for note in unreadables(records)] == ["番茄: 2"]


def test_bad_records_cost_themselves_only() -> None:
    bad = [message(2, timestamp="昨天"), message(3, author=None), message(4, content=7), message(5) | {"id": ""}]
    records = read(export(message(1), *bad, message(6)))
    assert [event.source_id[-2:] for event in events(records)] == ["01", "06"]
    assert [one.field for one in unreadables(records)] == ["timestamp", "author", "content", "id"]
    assert all(one.line and one.line > 1 for one in unreadables(records))


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"messages": []}', '{"x": {"guild": {}}}', '{"name":"a","type":"private_group"}']
)
def test_other_files_are_not_taken_for_it(content: str) -> None:
    assert not discord.recognise([entry(content)])


@given(st.randoms(use_true_random=False), st.sampled_from([2, None]))
@settings(max_examples=80, deadline=None)
def test_damage_never_raises(random, indent: int | None) -> None:
    content = bytearray(export(message(1), message(2, type="GuildMemberJoin"), message(3), indent=indent).content)
    for _ in range(5):
        at = random.randrange(200, len(content))
        content[at : at + random.randrange(4)] = bytes(random.randrange(256) for _ in range(random.randrange(4)))
    assert isinstance(list(discord.read([MemoryEntry(bytes(content))], SETTING)), list)


CSV = "AuthorID,Author,Date,Content,Attachments,Reactions\n"


def test_the_csv_has_the_channel_in_the_files_name() -> None:
    rows = (
        '"900000000000000001","lin","2024-05-06T09:07:08.1200000+08:00","今天收了""三斤""番茄","",""\n'
        '"900000000000000002","zhou","2024-05-06T09:07:08.1200000+08:00","","https://example.org/a.png","👍 (2)"\n'
        '"","zhou","2024-05-06T09:07:08.1200000+08:00","谁","",""\n'
    )
    source = entry(CSV + rows, "阳台种菜社 - 闲聊 - 番茄 [88].csv")
    assert discord_csv.recognise([source])
    records = list(discord_csv.read([source], SETTING))
    first, second = events(records)
    assert (first.group_id, first.group_name, first.at) == ("88", "阳台种菜社 / 番茄", AT)
    assert (first.author.id, first.text) == ("900000000000000001", '今天收了"三斤"番茄')
    assert second.kind is MessageKind.FILE
    assert [(bad.line, bad.field) for bad in unreadables(records)] == [(4, "AuthorID")]


def test_a_private_csv_is_left_out() -> None:
    row = "1,lin,2024-05-06T09:07:08+08:00,早,,\n"
    records = list(discord_csv.read([entry(CSV + row, "Direct Messages - zhou [88].csv")], SETTING))
    assert [note.field for note in unreadables(records)] == ["chat"]
    assert events(records) == []
