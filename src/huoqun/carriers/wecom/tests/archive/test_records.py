"""Every kind of record of the archive: what it says, what it counts as, which files hang on it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huoqun.carriers.base import Unreadable
from huoqun.carriers.wecom.archive.bodies import READERS, FileTold
from huoqun.carriers.wecom.archive.records import NO_FIELD, NO_JSON, Agreed, Passed, Reading, Strange, read
from huoqun.carriers.wecom.tests.archive.far_side import ACCOUNT, ROOM, SAID_AT, said
from huoqun.vocabulary.events import MessageKind, MessagePosted, MessageRecalled, NoticePosted, Person


def reading(record: dict[str, Any]) -> Reading:
    return read(json.dumps(record, ensure_ascii=False).encode(), ACCOUNT, seq=196)


def posted(record: dict[str, Any]) -> MessagePosted:
    event = reading(record).event
    assert isinstance(event, MessagePosted)
    return event


def test_a_text_is_who_said_what_where_and_when() -> None:
    assert posted(said(1)) == MessagePosted(
        account=ACCOUNT,
        source_id=f"archive:1_{int(SAID_AT.timestamp() * 1000)}_external",
        at=SAID_AT + timedelta(seconds=1),
        group_id=ROOM,
        message_id=f"1_{int(SAID_AT.timestamp() * 1000)}_external",
        author=Person(id="wmTao"),
        text="第1句",
    )


FILE = {"md5sum": "0" * 32, "filesize": 12, "sdkfileid": "f1"}


def _content(**told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)


KINDS: list[tuple[str, str, Any, MessageKind, str | None]] = [
    ("text", "text", {"content": "早"}, MessageKind.TEXT, "早"),
    ("image", "image", FILE, MessageKind.IMAGE, None),
    ("voice", "voice", {"md5sum": "0" * 32, "voice_size": 9, "play_length": 2, "sdkfileid": "f1"}, MessageKind.VOICE, None),
    ("video", "video", {**FILE, "play_length": 4}, MessageKind.VIDEO, None),
    ("card", "card", {"corpname": "阳台花园", "userid": "mo"}, MessageKind.CARD, "阳台花园"),
    (
        "location",
        "location",
        {"longitude": 120.1, "latitude": 30.2, "address": "文三路 1 号", "title": "书店", "zoom": 15},
        MessageKind.LOCATION,
        "书店",
    ),
    ("emotion", "emotion", {"type": 1, "imagesize": 5, "md5sum": "0" * 32, "sdkfileid": "f1"}, MessageKind.STICKER, None),
    ("file", "file", {**FILE, "filename": "报价.xlsx", "fileext": "xlsx"}, MessageKind.FILE, "报价.xlsx"),
    (
        "link",
        "link",
        {"title": "第三章", "description": "提纲", "link_url": "https://example.org/3", "image_url": ""},
        MessageKind.LINK,
        "第三章\n提纲\nhttps://example.org/3",
    ),
    ("weapp", "weapp", {"title": "签到", "username": "x", "displayname": "小程序"}, MessageKind.LINK, "签到\n小程序"),
    ("todo", "todo", {"title": "带书", "content": "周五前"}, MessageKind.OTHER, "带书\n周五前"),
    ("vote", "vote", {"votetitle": "去哪?", "voteitem": ["山", "湖"], "votetype": 101}, MessageKind.POLL, "去哪?\n山\n湖"),
    (
        "collect",
        "collect",
        {"title": "报名", "create_time": "2026-03-02", "details": [{"id": 1, "ques": "几人?", "type": "Number"}]},
        MessageKind.POLL,
        "报名\n几人?",
    ),
    (
        "redpacket",
        "redpacket",
        {"type": 1, "wish": "新春快乐", "totalcnt": 10},
        MessageKind.RED_PACKET,
        "新春快乐",
    ),
    ("external_redpacket", "redpacket", {"type": 2, "wish": "抢", "totalcnt": 2}, MessageKind.RED_PACKET, "抢"),
    ("meeting", "meeting", {"topic": "例会", "starttime": 1, "endtime": 2, "meetingtype": 101}, MessageKind.CALL, "例会"),
    ("docmsg", "doc", {"title": "名单", "doc_creator": "mo", "link_url": "https://d"}, MessageKind.LINK, "名单\nhttps://d"),
    ("markdown", "info", {"content": "**好**"}, MessageKind.TEXT, "**好**"),
    (
        "news",
        "info",
        {"item": [{"title": "周报", "description": "", "url": "https://n", "picurl": ""}]},
        MessageKind.LINK,
        "周报\nhttps://n",
    ),
    ("calendar", "calendar", {"title": "共读", "creatorname": "mo", "attendeename": ["lin"]}, MessageKind.OTHER, "共读"),
    (
        "mixed",
        "mixed",
        {"item": [{"type": "text", "content": _content(content="看图")}, {"type": "image", "content": _content(**FILE)}]},
        MessageKind.TEXT,
        "看图",
    ),
    (
        "chatrecord",
        "chatrecord",
        {
            "title": "群聊的聊天记录",
            "item": [
                {"type": "ChatRecordText", "msgtime": 1, "content": _content(content="几点?"), "from_chatroom": False},
                {"type": "ChatRecordFile", "msgtime": 2, "content": _content(filename="表.xlsx", **FILE)},
                {"type": "ChatRecordMixed", "content": _content(item=[{"type": "text", "content": _content(content="八点")}])},
            ],
        },
        MessageKind.LINK,
        "群聊的聊天记录\n几点?\n表.xlsx\n八点",
    ),
    (
        "meeting_voice_call",
        "meeting_voice_call",
        {"endtime": 1, "sdkfileid": "f1", "demofiledata": [{"filename": "演示.pptx"}]},
        MessageKind.CALL,
        "演示.pptx",
    ),
    ("voip_doc_share", "voip_doc_share", {**FILE, "filename": "稿.docx"}, MessageKind.FILE, "稿.docx"),
    ("sphfeed", "sphfeed", {"feed_type": 4, "sph_name": "花园", "feed_desc": "浇水"}, MessageKind.VIDEO, "花园\n浇水"),
    ("voiptext", "info", {"callduration": 12, "invitetype": 1}, MessageKind.CALL, None),
    ("qydiskfile", "info", {"filename": "合同.pdf"}, MessageKind.FILE, "合同.pdf"),
]


@pytest.mark.parametrize(("msgtype", "key", "body", "kind", "text"), KINDS, ids=[case[0] for case in KINDS])
def test_every_kind_of_the_table_is_read(msgtype: str, key: str, body: Any, kind: MessageKind, text: str | None) -> None:
    told = reading(said(1, msgtype, body, key=key))
    assert isinstance(told.event, MessagePosted)
    assert (told.event.kind, told.event.text, told.strange) == (kind, text, None)


def test_no_kind_of_the_table_is_left_out() -> None:
    assert {case[0] for case in KINDS} | {"meeting_notification"} == READERS.keys()


def test_words_of_wecom_itself_are_nobodys_talk() -> None:
    event = reading(said(1, "meeting_notification", {"content": "会议开始", "meeting_id": 7}, key="info")).event
    assert isinstance(event, NoticePosted)
    assert event.text == "会议开始"


@pytest.mark.parametrize(
    ("msgtype", "body", "told"),
    [
        ("image", FILE, FileTold(MessageKind.IMAGE, "f1", 12, "0" * 32)),
        ("voice", {"sdkfileid": "f1", "voice_size": "9"}, FileTold(MessageKind.VOICE, "f1", 9)),
        ("emotion", {"sdkfileid": "f1", "imagesize": 5}, FileTold(MessageKind.STICKER, "f1", 5)),
        ("file", {**FILE, "filename": "a.txt"}, FileTold(MessageKind.FILE, "f1", 12, "0" * 32, "a.txt")),
        ("meeting_voice_call", {"sdkfileid": "f1"}, FileTold(MessageKind.VOICE, "f1")),
    ],
)
def test_what_can_be_fetched_is_told(msgtype: str, body: Any, told: FileTold) -> None:
    assert reading(said(1, msgtype, body)).files == (told,)


def test_files_inside_mixed_and_forwarded_messages_are_told_too() -> None:
    for case in KINDS:
        if case[0] in {"mixed", "chatrecord"}:
            assert [each.file_id for each in reading(said(1, case[0], case[2])).files] == ["f1"]


def test_a_mixed_message_of_pictures_only_is_a_picture() -> None:
    body = {"item": [{"type": "image", "content": _content(**FILE)}]}
    assert posted(said(1, "mixed", body)).kind is MessageKind.IMAGE


def test_one_broken_part_takes_nothing_from_the_others() -> None:
    items = [
        {"type": "text", "content": "{"},
        {"type": "text", "content": _content(content="在")},
        {"type": "dance", "content": ""},
    ]
    assert posted(said(1, "mixed", {"item": items})).text == "在"


def test_a_kind_nobody_knows_counts_as_talk_and_is_kept_aside() -> None:
    told = reading(said(1, "chain_list", {"title": "接龙"}))
    assert isinstance(told.event, MessagePosted)
    assert (told.event.kind, told.event.text) == (MessageKind.OTHER, None)
    assert told.strange == Strange("chain_list", "")


@pytest.mark.parametrize("body", ["not an object", {"filesize": "many"}, None])
def test_a_known_kind_of_another_shape_keeps_its_kind_and_is_kept_aside(body: Any) -> None:
    told = reading({**said(1, "image", {}), "image": body})
    assert isinstance(told.event, MessagePosted)
    assert told.event.kind is MessageKind.IMAGE
    assert told.strange is not None
    assert told.strange.field


@pytest.mark.parametrize("record", [said(1, "revoke", {"pre_msgid": "0_x_external"}, action="recall")])
def test_a_recall_names_what_is_gone_and_who_took_it_back(record: dict[str, Any]) -> None:
    event = reading(record).event
    assert isinstance(event, MessageRecalled)
    assert (event.message_id, event.by) == ("0_x_external", Person(id="wmTao"))


def test_a_robot_is_of_the_house() -> None:
    assert posted(said(1, **{"from": "wbRobot"})).house
    assert not posted(said(1, **{"from": "lin"})).house


@pytest.mark.parametrize(
    ("changes", "passed"),
    [
        ({"roomid": ""}, Passed.PRIVATE),
        ({"msgid": "1_2", "from": "mo", "tolist": ["lin"]}, Passed.INTERNAL),
        ({"action": "switch", "from": ""}, Passed.SWITCHED),
    ],
)
def test_what_is_no_communitys_talk_is_passed_over(changes: dict[str, Any], passed: Passed) -> None:
    told = reading({**said(1), **changes})
    assert (told.event, told.passed) == (None, passed)


def test_a_customer_in_the_room_makes_it_a_customer_group_whatever_the_number_looks_like() -> None:
    assert posted({**said(1), "msgid": "1_2", "from": "mo", "tolist": ["wmTao"]}).author.id == "mo"


@pytest.mark.parametrize(("msgtype", "yes"), [("agree", True), ("disagree", False)])
def test_an_answer_to_being_archived_is_no_message(msgtype: str, yes: bool) -> None:
    told = reading(said(1, msgtype, {"userid": "wmTao", f"{msgtype}_time": 1772413200000}, roomid=""))
    assert told.event is None
    assert told.agreed == Agreed("", "wmTao", yes, datetime(2026, 3, 2, 1, tzinfo=UTC))


def test_control_characters_inside_a_text_do_not_make_it_unreadable() -> None:
    raw = json.dumps(said(1), ensure_ascii=False).replace("第1句", "第\x01\n1\x1f句").encode()
    event = read(raw, ACCOUNT, seq=1).event
    assert isinstance(event, MessagePosted)
    assert event.text == "第1句"


@pytest.mark.parametrize("raw", [b"", b"{", b'"text"', b"\xff\xfe", b"[]"])
def test_what_is_no_record_is_kept_as_it_came(raw: bytes) -> None:
    event = read(raw, ACCOUNT, seq=196).event
    assert isinstance(event, Unreadable)
    assert (event.line, event.problem, event.raw) == (196, NO_JSON, raw.decode(errors="replace"))


@pytest.mark.parametrize(
    ("changes", "field"), [({"from": ""}, "from"), ({"msgtime": 0}, "msgtime"), ({"msgtime": 10**17}, "msgtime")]
)
def test_what_every_record_has_is_missed_by_name(changes: dict[str, Any], field: str) -> None:
    event = reading({**said(1), **changes}).event
    assert isinstance(event, Unreadable)
    assert (event.field, event.problem) == (field, NO_FIELD)


def test_a_book_in_one_message_is_cut() -> None:
    body = {"title": "书", "item": [{"type": "ChatRecordText", "content": _content(content="字" * 30_000)}]}
    assert len(posted(said(1, "chatrecord", body)).text or "") == 20_000
