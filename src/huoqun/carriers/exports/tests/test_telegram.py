"""Telegram Desktop, oddity by oddity."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from huoqun.carriers.exports import problems
from huoqun.carriers.exports.format import Setting
from huoqun.carriers.exports.formats import telegram
from huoqun.vocabulary.events import (
    GroupCreated,
    GroupRenamed,
    MemberJoined,
    MemberLeft,
    MessageKind,
    MessagePosted,
    NoticePosted,
    Person,
)

from .memory import SETTING, entry, events, unreadables
from .samples import chat, message, service

LIN = Person(id="42000001", name="Lin")
TAO = Person(id="42000002", name="Tao")


def read(*messages: dict[str, Any], setting: Setting = SETTING, **more: Any) -> list[Any]:
    export = entry(json.dumps(chat(*messages, **more), ensure_ascii=False, indent=1), "result.json")
    assert telegram.recognise([export])
    return list(telegram.read([export], setting))


def test_a_message() -> None:
    (posted,) = read(message(7, reply_to_message_id=3))
    assert posted == MessagePosted(
        account=posted.account,
        source_id="m:7",
        at=datetime(2024, 5, 6, 1, 7, tzinfo=UTC),
        group_id="1900000001",
        group_name="阳台种菜群",
        message_id="7",
        author=LIN,
        text="今天浇水第7次",
        reply_to="3",
    )
    assert (posted.account.community, posted.account.carrier, posted.account.name) == ("garden", "telegram", "import-1")


@pytest.mark.parametrize("number", [-1001900000001, -1900000001, 1900000001])
def test_the_group_has_one_id_whatever_tool_wrote_it(number: int) -> None:
    assert read(message(1), id=number)[0].group_id == "1900000001"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"photo": "photos/1.jpg"}, "image"),
        ({"photo": "(File not included. Change data exporting settings to download.)"}, "image"),
        ({"file": "a.pdf", "mime_type": "application/pdf"}, "file"),
        ({"file": "a.png", "mime_type": "image/png"}, "image"),
        ({"file": "a", "media_type": "sticker", "sticker_emoji": "😀"}, "sticker"),
        ({"file": "a", "media_type": "voice_message"}, "voice"),
        ({"file": "a", "media_type": "video_message"}, "video"),
        ({"file": "a", "media_type": "video_file"}, "video"),
        ({"file": "a", "media_type": "animation"}, "image"),
        ({"file": "a", "media_type": "audio_file"}, "file"),
        ({"file": "a", "media_type": "something_new"}, "file"),
        ({"poll": {"question": "?", "answers": []}}, "poll"),
        ({"contact_information": {"first_name": "x"}}, "card"),
        ({"location_information": {"latitude": 1.0}}, "location"),
        ({"type": "unsupported"}, "other"),
        ({}, "message"),
    ],
)
def test_what_a_message_is_made_of(fields: dict[str, Any], kind: str) -> None:
    (posted,) = read(message(1, text="", text_entities=[], **fields))
    assert posted.kind == MessageKind(kind)
    assert posted.text is None


def test_text_in_pieces_is_one_text_with_mentions() -> None:
    pieces: list[Any] = [
        "hi ",
        {"type": "mention_name", "text": "阿琴", "user_id": 42000009},
        {"type": "plain", "text": " and "},
        {"type": "mention", "text": "@Tao"},
        {"type": "mention", "text": "@somebody_else"},
        {"type": "custom_emoji", "text": "📹", "document_id": "x"},
    ]
    uniform = [piece if isinstance(piece, dict) else {"type": "plain", "text": piece} for piece in pieces]
    for told in ({"text": pieces, "text_entities": uniform}, {"text": pieces, "text_entities": []}):
        first, _ = read(message(1, **told), message(2, **{"from": "Tao", "from_id": "user42000002"}))
        assert first.text == "hi 阿琴 and @Tao@somebody_else📹"
        assert first.mentions == ("42000009", "42000002")


def test_hostile_and_emoji_text_stays_as_it_is() -> None:
    text = "👨‍👩‍👧‍👦\u202e<script>alert(1)</script>'; drop table--\x07\n\n  "
    (posted,) = read(message(1, text=text))
    assert posted.text == text


def test_half_an_emoji_does_not_cost_the_message() -> None:
    raw = json.dumps(chat(message(1, text="cut \ud83d")), indent=1)
    (posted,) = telegram.read([entry(raw, "result.json")], SETTING)
    assert posted.text == "cut \ufffd"


@pytest.mark.parametrize(
    ("peer", "name", "person"),
    [
        ("user42000001", "Lin", LIN),
        (42000001, "Lin", LIN),
        ("channel77", "News", Person(id="channel77", name="News")),
        ((2 << 32) + 77, "News", Person(id="channel77", name="News")),
        ((1 << 32) + 78, "Old group", Person(id="chat78", name="Old group")),
        ("user5", None, Person(id="5")),
        (None, "Somebody", Person(id="name:Somebody", name="Somebody")),
        (None, None, Person(id="deleted")),
    ],
)
def test_who_wrote_it(peer: str | int | None, name: str | None, person: Person) -> None:
    assert read(message(1, from_id=peer, **{"from": name}))[0].author == person


def test_old_exports_have_local_times_only() -> None:
    old = message(1)
    del old["date_unixtime"]
    assert read(old)[0].at == datetime(2024, 5, 6, 1, 0, tzinfo=UTC)
    (bad,) = read(old, setting=Setting(community="garden", zone=None, account="a"))
    assert (bad.field, bad.problem) == ("date", problems.NO_ZONE)
    assert "--zone" in bad.problem


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"date_unixtime": "soon"}, "date_unixtime", problems.NO_TIME),
        ({"date_unixtime": "9" * 30}, "date_unixtime", problems.NO_TIME),
        ({"date_unixtime": None, "date": ""}, "date", problems.NO_TIME),
        ({"id": "seven"}, "id", problems.WRONG_SHAPE),
        ({"text": 5}, "text", problems.WRONG_SHAPE),
        ({"text": ["", ""], "text_entities": [5]}, "[0]", problems.WRONG_SHAPE),
    ],
)
def test_one_bad_message_is_kept_and_the_others_read(fields: dict[str, Any], field: str, problem: str) -> None:
    records = read(message(1), message(2, **fields), message(3))
    assert [event.message_id for event in events(records)] == ["1", "3"]
    (bad,) = unreadables(records)
    assert (bad.file, bad.line, bad.problem) == ("result.json", 21, problem)
    assert field.strip("[]0") in bad.field
    assert '"id"' in bad.raw


def test_members_come_and_go() -> None:
    found = read(
        service(1, "create_group", title="种菜", members=["Lin", "Tao"]),
        service(2, "invite_members", members=["Tao", None, "阿琴"]),
        service(3, "invite_members", members=["Lin"]),
        service(4, "join_group_by_link", inviter="Tao", actor="Mo", actor_id="user42000003"),
        service(5, "join_group_by_link", inviter="Group"),
        service(6, "join_group_by_request"),
        service(7, "remove_members", members=["Tao"]),
        service(8, "remove_members", members=["Lin"]),
        message(9, **{"from": "Tao", "from_id": "user42000002"}),
    )
    told = [
        (type(one), one.source_id, one.member.id, getattr(one, "way", ""), (getattr(one, "inviter", None) or LIN).id)
        for one in found[1:-1]
        if isinstance(one, MemberJoined)
    ]
    assert told == [
        (MemberJoined, "j:1", LIN.id, "", LIN.id),
        (MemberJoined, "j:1:1", TAO.id, "added", LIN.id),
        (MemberJoined, "j:2:0", TAO.id, "invited", LIN.id),
        (MemberJoined, "j:2:1", "deleted:2:1", "invited", LIN.id),
        (MemberJoined, "j:2:2", "name:阿琴", "invited", LIN.id),
        (MemberJoined, "j:3:0", LIN.id, "", LIN.id),
        (MemberJoined, "j:4", "42000003", "link", TAO.id),
        (MemberJoined, "j:5", LIN.id, "link", LIN.id),
        (MemberJoined, "j:6", LIN.id, "request", LIN.id),
    ]
    assert isinstance(found[0], GroupCreated)
    assert (found[0].group_name, found[0].by) == ("种菜", LIN)
    assert next(one for one in found if one.source_id == "j:5").inviter is None
    left = [one for one in found if isinstance(one, MemberLeft)]
    assert [(one.member, one.removed_by) for one in left] == [(TAO, LIN), (LIN, None)]


def test_a_name_that_two_people_bear_is_nobody_in_particular() -> None:
    found = read(
        service(1, "invite_members", members=["Tao"]),
        message(2, **{"from": "Tao", "from_id": "user42000002"}),
        message(3, **{"from": "Tao", "from_id": "user42000004"}),
    )
    assert found[0].member == Person(id="name:Tao", name="Tao")


def test_names_and_everything_else() -> None:
    renamed, pinned, moved = read(
        service(1, "edit_group_title", title="夜跑群"),
        service(2, "pin_message", message_id=1),
        service(-3, "migrate_to_supergroup"),
    )
    assert isinstance(renamed, GroupRenamed)
    assert (renamed.group_name, renamed.by) == ("夜跑群", LIN)
    assert [(type(one), one.source_id, one.text) for one in (pinned, moved)] == [
        (NoticePosted, "n:2", "pin_message 1"),
        (NoticePosted, "n:-3", "migrate_to_supergroup"),
    ]


def test_a_forum_topic_is_the_thread_of_its_first_message() -> None:
    _, inside, outside = read(service(1, "topic_created", title="水肥"), message(2, reply_to_message_id=1), message(3))
    assert (inside.topic, inside.reply_to) == ("水肥", None)
    assert outside.topic is None


def test_an_answer_to_another_chat_answers_nothing_here() -> None:
    assert read(message(1, reply_to_message_id=5, reply_to_peer_id="channel9"))[0].reply_to is None


def account(*chats: dict[str, Any], **left: Any) -> bytes:
    return json.dumps(
        {
            "about": "Here is the data you requested.",
            "personal_information": {"user_id": 1, "bio": "x" * 3000},
            "contacts": {"list": [{"first_name": "x"}]},
            "chats": {"about": "This page lists all chats", "list": list(chats)},
            **left,
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def test_an_account_has_many_chats_and_private_ones_are_left_out() -> None:
    export = entry(
        account(
            chat(message(1), id=11, name="甲"),
            chat(message(1), message(2), id=12, name="Tao", type="personal_chat"),
            chat(id=13, name="empty"),
            chat(message(1), id=14, name="乙", type="private_group"),
            left_chats={"about": "", "list": [chat(message(5), id=15, name="丙")]},
        ),
        "result.json",
    )
    assert telegram.recognise([export])
    records = list(telegram.read([export], SETTING))
    assert [(one.group_id, one.group_name, one.message_id) for one in events(records)] == [
        ("11", "甲", "1"),
        ("14", "乙", "1"),
        ("15", "丙", "5"),
    ]
    (left_out,) = unreadables(records)
    assert left_out.raw == "personal_chat Tao: 2"


def test_keys_in_another_order_are_read() -> None:
    raw = json.dumps(chat(*(message(number) for number in range(1, 4))), sort_keys=True)
    assert raw.index('"messages"') < raw.index('"name"')
    found = list(telegram.read([entry(raw, "result.json")], SETTING))
    assert {(one.group_id, one.group_name) for one in found} == {("1900000001", "阳台种菜群")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_any_encoding(encoding: str) -> None:
    raw = json.dumps(chat(message(1)), ensure_ascii=False, indent=1).encode(encoding)
    export = entry(raw, "result.json")
    assert telegram.recognise([export])
    assert next(telegram.read([export], SETTING)).text == "今天浇水第1次"


def test_a_file_cut_off_says_so_once() -> None:
    raw = json.dumps(chat(*(message(number) for number in range(1, 9))), ensure_ascii=False, indent=1).encode()
    records = list(telegram.read([entry(raw[:-120], "result.json")], SETTING))
    assert [one.message_id for one in events(records)] == [str(number) for number in range(1, 8)]
    (bad,) = unreadables(records)
    assert bad.problem == problems.CUT_OFF
