"""WeChat's CSV exports: what is common to all, then each tool's own."""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.carriers.exports.formats import (
    wechat_chatlog,
    wechat_kinds,
    wechat_memotrace,
    wechat_memotrace_chat,
    wechat_pywxdump,
    wechat_xml,
)
from huoqun.carriers.exports.formats.wechat_kinds import by_number, by_words
from huoqun.vocabulary.events import MemberJoined, MessageKind, MessageRecalled, NoticePosted, RedPacketClaimed

from .memory import SETTING, MemoryEntry, entry, events, unreadables

AT = datetime(2024, 5, 6, 1, 7, 8, tzinfo=UTC)
SECONDS = str(int(AT.timestamp()))
LOCAL = "2024-05-06 09:07:08"
ROOM = "12345@chatroom"
FULL = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"
OLDER = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime\n"
PER_CHAT = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n"
PYWXDUMP = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n"
PYWXDUMP_OLDER = "id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime\n"
CHATLOG = "Time,SenderName,Sender,TalkerName,Talker,Content\n"
QUOTE = (
    "<msg><appmsg><title>我也要</title><type>57</type><refermsg><type>1</type><svrid>7654321098765432123</svrid>"
    "<fromusr>12345@chatroom</fromusr><chatusr>wxid_zhou</chatusr><content>番茄谁要</content></refermsg></appmsg></msg>"
)
INVITATION = (
    '<sysmsg type="sysmsgtemplate"><sysmsgtemplate><content_template type="tmpl_type_profile">'
    '<template><![CDATA["$username$"邀请"$names$"加入了群聊 $revoke$]]></template><link_list>'
    '<link name="username"><memberlist><member><username>wxid_lin</username><nickname>小林</nickname></member>'
    "</memberlist></link>"
    '<link name="names"><memberlist><member><username>wxid_zhou</username><nickname>老周</nickname></member>'
    "<member><username>wxid_qin</username><nickname>阿琴</nickname></member></memberlist><separator>、</separator></link>"
    '<link name="revoke"><title>撤销</title></link>'
    "</link_list></content_template></sysmsgtemplate></sysmsg>"
)
RECALL = (
    '<sysmsg type="revokemsg"><revokemsg><newmsgid>7654321098765432123</newmsgid>'
    '<replacemsg><![CDATA["小林" 撤回了一条消息]]></replacemsg></revokemsg></sysmsg>'
)


def quoted(*fields: str) -> str:
    return ",".join('"' + field.replace('"', '""') + '"' for field in fields) + "\n"


def read(module: ModuleType, source: MemoryEntry) -> list:
    assert module.recognise([source])
    return list(module.read([source], SETTING))


# what the types mean


@pytest.mark.parametrize(
    ("kind", "sub", "expected"),
    [
        ("1", "0", MessageKind.TEXT),
        ("3", "0", MessageKind.IMAGE),
        ("34", "0", MessageKind.VOICE),
        ("42", "0", MessageKind.CARD),
        ("43", "0", MessageKind.VIDEO),
        ("47", "0", MessageKind.STICKER),
        ("48", "0", MessageKind.LOCATION),
        ("49", "3", MessageKind.LINK),
        ("49", "5", MessageKind.LINK),
        ("49", "6", MessageKind.FILE),
        ("49", "19", MessageKind.LINK),
        ("49", "33", MessageKind.LINK),
        ("49", "51", MessageKind.VIDEO),
        ("49", "57", MessageKind.TEXT),
        ("49", "2000", MessageKind.TRANSFER),
        ("49", "2001", MessageKind.RED_PACKET),
        ("49", "999", MessageKind.OTHER),
        ("49", "", MessageKind.LINK),
        ("50", "0", MessageKind.CALL),
        ("1.0", "0", MessageKind.TEXT),
        ("?", "", None),
    ],
)
def test_numbers(kind: str, sub: str, expected: MessageKind | None) -> None:
    assert by_number(kind, sub).kind == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("文本", MessageKind.TEXT),
        ("图片", MessageKind.IMAGE),
        ("语音", MessageKind.VOICE),
        ("语音通话", MessageKind.CALL),
        ("视频", MessageKind.VIDEO),
        ("分享的视频号名片", MessageKind.CARD),
        ("分享的视频号视频", MessageKind.VIDEO),
        ("动画表情", MessageKind.STICKER),
        ("用户上传的GIF表情", MessageKind.STICKER),
        ("卡片式链接", MessageKind.LINK),
        ("分享的小程序", MessageKind.LINK),
        ("合并转发的聊天记录", MessageKind.LINK),
        ("文件", MessageKind.FILE),
        ("引用回复", MessageKind.TEXT),
        ("转账", MessageKind.TRANSFER),
        ("红包", MessageKind.RED_PACKET),
        ("位置", MessageKind.LOCATION),
        ("接龙", MessageKind.POLL),
        ("以后才有的东西", None),
    ],
)
def test_words_for_types(name: str, expected: MessageKind | None) -> None:
    assert by_words(name).kind == expected


@pytest.mark.parametrize("name", ["系统通知", "消息撤回33", "邀请加群", "拍一拍"])
def test_the_programs_own_words_are_nobodys_message(name: str) -> None:
    assert by_words(name) == wechat_kinds.SYSTEM
    assert by_number("10000").system


# the XML inside


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE msg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><msg><appmsg><title>&b;</title></appmsg></msg>',
        '<?xml version="1.0"?><!doctype msg SYSTEM "file:///etc/passwd"><msg/>',
        "<msg><appmsg>",
        "<3 你们",
        "<html></html>",
        "<msg>" + "a" * (1 << 20) + "</msg>",
        "文字",
    ],
)
def test_xml_that_is_none_or_wants_more_than_a_message_is_not_parsed(content: str) -> None:
    assert wechat_xml.parse(content) is None


def test_a_quote_names_the_message_it_answers() -> None:
    inside = wechat_xml.parse(QUOTE)
    assert inside is not None
    assert (inside.text, inside.kind) == ("我也要", MessageKind.TEXT)
    assert (inside.reply_to, inside.reply_to_author) == ("7654321098765432123", "wxid_zhou")


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        ("<msg><img aeskey='x'/></msg>", MessageKind.IMAGE, ""),
        ("<msg><emoji md5='x'/></msg>", MessageKind.STICKER, ""),
        ("<msg><location label='花园路1号' poiname='社区花园'/></msg>", MessageKind.LOCATION, "社区花园"),
        ("<msg nickname='阿琴' username='wxid_qin'/>", MessageKind.CARD, "阿琴"),
        ("<msg><appmsg><title>报价.xlsx</title><type>6</type></appmsg></msg>", MessageKind.FILE, "报价.xlsx"),
        ("<msg><appmsg><title>恭喜发财</title><type>2001</type></appmsg></msg>", MessageKind.RED_PACKET, "恭喜发财"),
        ('<?xml version="1.0" encoding="gbk"?><msg><voicemsg/></msg>', MessageKind.VOICE, ""),
    ],
)
def test_what_was_shared(content: str, kind: MessageKind, text: str) -> None:
    inside = wechat_xml.parse(content)
    assert inside is not None
    assert (inside.kind, inside.text) == (kind, text)


# MemoTrace, all chats


def full(*rows: tuple[str, ...]) -> MemoryEntry:
    return entry(FULL + "".join(quoted(*row) for row in rows), "messages.csv", "utf-8-sig")


def in_full(
    sender: str, content: str, *, kind: str = "1", sub: str = "0", mine: str = "0", talker: str = "3", name: str = "阳台种菜群"
):
    return ("1", talker, kind, sub, mine, SECONDS, "", content, LOCAL, "", name, sender)


def test_memotrace_full_needs_no_zone_and_takes_the_chat_from_its_name() -> None:
    source = full(in_full("小林", "今天收了三斤番茄，\n真甜"), in_full("我", "好", mine="1"))
    first, second = read(wechat_memotrace, source)
    assert not wechat_memotrace.NEEDS_ZONE
    assert (first.at, first.text) == (AT, "今天收了三斤番茄，\n真甜")
    assert (first.group_id, first.group_name) == ("name:阳台种菜群", "阳台种菜群")
    assert (first.author.id, second.author.id) == ("name:小林", "name:我")
    assert first.source_id.startswith("h:")


def test_memotrace_full_leaves_private_chats_out() -> None:
    source = full(
        in_full("我", "在吗", mine="1", talker="4", name="老周"),
        in_full("老周", "在", talker="4", name="老周"),
        in_full("小林", "早"),
    )
    records = read(wechat_memotrace, source)
    assert [event.text for event in events(records)] == ["早"]
    (note,) = unreadables(records)
    assert (note.field, note.raw, note.line) == ("chat", "老周: 2", 2)


def test_memotrace_full_waits_for_a_third_voice_and_then_tells_all_in_order() -> None:
    source = full(in_full("我", "有人吗", mine="1"), in_full("我", "喂", mine="1"), in_full("小林", "有"))
    assert [event.text for event in read(wechat_memotrace, source)] == ["有人吗", "喂", "有"]


def test_memotrace_full_stops_waiting_after_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_memotrace, "_WAITS", 3)
    records = read(wechat_memotrace, full(*(in_full("我", f"记事{n}", mine="1", name="文件传输助手") for n in range(9))))
    assert [note.raw for note in unreadables(records)] == ["文件传输助手: 9"]


def test_memotrace_full_kinds_and_system_sentences() -> None:
    source = full(
        in_full("小林", '"小林"邀请"老周"加入了群聊', kind="10000"),
        in_full("小林", INVITATION, kind="10000"),
        in_full("小林", "<msg><img/></msg>", kind="3"),
        in_full("小林", "[动画表情]", kind="47"),
        in_full("小林", "[图片]"),
        in_full("小林", QUOTE, kind="49", sub="57"),
        in_full("小林", "<msg><broken", kind="49", sub="5"),
        in_full("小林", '"老周"领取了你的红包', kind="10000"),
    )
    joined, second, third, image, sticker, typed, quote, link, claim = read(wechat_memotrace, source)
    assert isinstance(joined, MemberJoined)
    assert (joined.member.name, joined.inviter.name) == ("老周", "小林")
    assert (second.member.id, second.inviter.id, second.way) == ("wxid_zhou", "wxid_lin", "invited")
    assert third.member.id == "wxid_qin"
    assert second.source_id != third.source_id
    assert [(m.kind, m.text) for m in (image, sticker, link)] == [
        (MessageKind.IMAGE, None),
        (MessageKind.STICKER, None),
        (MessageKind.LINK, None),
    ]
    assert (typed.kind, typed.text) == (MessageKind.TEXT, "[图片]")
    assert (quote.text, quote.reply_to) == ("我也要", "7654321098765432123")
    assert isinstance(claim, RedPacketClaimed)
    assert claim.sender.id == "name:我"


def test_memotrace_older_has_the_sender_in_front_and_the_id_behind() -> None:
    rows = (
        ("1", "3", "1", "0", "0", SECONDS, "", "wxid_lin77:\n早", LOCAL, "7654321098765432101"),
        ("2", "3", "1", "0", "0", SECONDS, "", "linlin_2020:\n早", LOCAL, "7654321098765432102"),
        ("3", "3", "1", "0", "1", SECONDS, "", "好", LOCAL, "7654321098765430000"),
        ("4", "3", "1", "0", "0", SECONDS, "", "没有名字", LOCAL, "7654321098765432104"),
    )
    records = read(wechat_memotrace, entry(OLDER + "".join(quoted(*row) for row in rows)))
    first, second, third = events(records)
    assert (first.author.id, first.text, first.source_id) == ("wxid_lin77", "早", "7654321098765432101")
    assert second.author.id == "linlin_2020"
    assert third.author.id == "name:我"
    assert third.source_id.startswith("h:"), "an id that a spreadsheet has rounded is not one"
    (bad,) = unreadables(records)
    assert (bad.field, bad.line) == ("Sender", 7)


def test_memotrace_words_before_a_colon_are_not_a_sender() -> None:
    (message,) = read(wechat_memotrace, full(in_full("小林", "Notes:\n买土")))
    assert (message.author.id, message.text) == ("name:小林", "Notes:\n买土")


# MemoTrace, one chat


def per_chat(*rows: tuple[str, ...], name: str = f"聊天记录/阳台种菜群({ROOM})/阳台种菜群.csv") -> MemoryEntry:
    return entry(PER_CHAT + "".join(quoted(*row) for row in rows), name, "utf-8-sig")


def test_memotrace_per_chat_takes_the_chats_id_from_the_folder() -> None:
    source = per_chat(
        ("7654321098765432101", "文本", "小林", LOCAL, "早", "小林", "小林", "more"),
        ("7654321098765432102", "系统消息", "", LOCAL, '"小林"邀请"老周"加入了群聊', "", "", "more"),
        ("7654321098765432103", "图片", "老周", LOCAL, "图片", "", "", "more"),
    )
    first, joined, image = read(wechat_memotrace_chat, source)
    assert (first.group_id, first.group_name, first.at) == (ROOM, "阳台种菜群", AT)
    assert (first.source_id, first.author.id) == ("7654321098765432101", "name:小林")
    assert joined.inviter.id == first.author.id
    assert joined.member.id == image.author.id
    assert image.kind is MessageKind.IMAGE


def test_memotrace_per_chat_with_a_person_is_private() -> None:
    source = per_chat(("1", "文本", "小林", LOCAL, "早", "", "", ""), name="聊天记录/小林(wxid_lin77)/小林.csv")
    records = read(wechat_memotrace_chat, source)
    assert events(records) == []
    assert [note.raw for note in unreadables(records)] == ["小林: 1"]


def test_memotrace_per_chat_out_of_its_folder_has_the_files_name() -> None:
    (message,) = read(wechat_memotrace_chat, per_chat(("1", "文本", "小林", LOCAL, "早", "", "", ""), name="阳台种菜群.csv"))
    assert message.group_id == "name:阳台种菜群"


# PyWxDump


def test_pywxdump_accepts_seconds_and_formatted_times() -> None:
    rows = (
        quoted("1", "7654321098765432101", "文本", "0", "wxid_lin77", ROOM, "早", "", SECONDS),
        quoted("2", "7654321098765432102", "文本", "1", "我", ROOM, "早", "", LOCAL),
        quoted("3", "7.65432109876543E+18", "图片", "0", "wxid_lin77", ROOM, "图片", "a.jpg", LOCAL),
        quoted("4", "7654321098765432104", "系统通知", "0", "wxid_lin77", ROOM, "你撤回了一条消息", "", LOCAL),
        quoted("5", "7654321098765432105", "文本", "0", "wxid_lin77", ROOM, "早", "", "昨天"),
    )
    records = read(wechat_pywxdump, entry(PYWXDUMP + "".join(rows), f"{ROOM}_0_5000.csv"))
    first, second, third, recall = events(records)
    assert (first.at, second.at) == (AT, AT)
    assert (first.group_id, first.author.id, first.source_id) == (ROOM, "wxid_lin77", "7654321098765432101")
    assert second.author.id == "name:我"
    assert third.source_id.startswith("h:")
    assert isinstance(recall, MessageRecalled)
    assert recall.by.id == "name:我"
    (bad,) = unreadables(records)
    assert (bad.line, bad.field) == (6, "CreateTime")


def test_pywxdump_older_has_one_content_column_that_may_be_json() -> None:
    rows = (
        quoted("1", "1", "文本", "0", "wxid_lin77", ROOM, '{"src": "", "msg": "早"}', SECONDS),
        quoted("2", "2", "文本", "0", "wxid_lin77", ROOM, "{花括号}", SECONDS),
        quoted("3", "3", "文本", "0", "wxid_lin77", "wxid_lin77", "在吗", SECONDS),
    )
    records = read(wechat_pywxdump, entry(PYWXDUMP_OLDER + "".join(rows)))
    assert [event.text for event in events(records)] == ["早", "{花括号}"]
    assert [note.raw for note in unreadables(records)] == ["wxid_lin77: 1"]


def test_pywxdump_takes_the_id_from_the_files_name_where_the_column_has_a_name() -> None:
    source = entry(PYWXDUMP + quoted("1", "1", "文本", "0", "wxid_a1", "阳台种菜群", "早", "", LOCAL), f"{ROOM}_0_5000.csv")
    (message,) = read(wechat_pywxdump, source)
    assert (message.group_id, message.group_name) == (ROOM, "阳台种菜群")


# chatlog


def test_chatlog_csv_has_ids_and_names() -> None:
    rows = (
        quoted(LOCAL, "", "系统消息", "阳台种菜群", ROOM, '"小林"邀请"老周"加入了群聊'),
        quoted(LOCAL, "小林", "wxid_lin77", "阳台种菜群", ROOM, "@老周\u2005 欢迎"),
        quoted(LOCAL, "老周", "zhou_2020", "阳台种菜群", ROOM, "[动画表情]"),
        quoted(LOCAL, "小林", "wxid_lin77", "小林", "wxid_lin77", "在吗"),
        quoted(LOCAL, "", "系统消息", "阳台种菜群", ROOM, "小林拍了拍老周"),
    )
    records = read(wechat_chatlog, entry(CHATLOG + "".join(rows)))
    joined, welcome, sticker, notice = events(records)
    assert (joined.member.id, joined.inviter.id) == ("zhou_2020", "wxid_lin77")
    assert welcome.mentions == ("zhou_2020",)
    assert (sticker.kind, sticker.author.name) == (MessageKind.STICKER, "老周")
    assert isinstance(notice, NoticePosted)
    assert [note.raw for note in unreadables(records)] == ["小林: 1"]


# rows and files


@pytest.mark.parametrize(
    ("module", "heading"),
    [
        (wechat_memotrace, FULL),
        (wechat_memotrace, OLDER),
        (wechat_memotrace_chat, PER_CHAT),
        (wechat_pywxdump, PYWXDUMP),
        (wechat_chatlog, CHATLOG),
    ],
)
def test_each_tool_is_told_from_the_others_by_its_heading(module: ModuleType, heading: str) -> None:
    all_of_them = [wechat_memotrace, wechat_memotrace_chat, wechat_pywxdump, wechat_chatlog]
    for line_break in ("\n", "\r\n"):
        for encoding in ("utf-8", "utf-8-sig", "gb18030"):
            source = entry(heading.replace("\n", line_break), encoding=encoding)
            assert [one for one in all_of_them if one.recognise([source])] == [module]


def test_one_bad_row_never_takes_others_along() -> None:
    good = [quoted(LOCAL, "小林", "wxid_lin77", "群", ROOM, f"第{n}行\n还有一行") for n in range(6)]
    content = (
        CHATLOG + good[0] + "一,二\n" + good[1] + f'{LOCAL},小林,wxid_lin77,群,{ROOM},"没有关上的引号\n' + good[2]
        + quoted(LOCAL, "小林", "wxid_lin77", "群", ROOM, "多", "一", "列") + good[3] + "\0\0\n" + good[4]
        + quoted("2024-05-06 29:00:00", "小林", "wxid_lin77", "群", ROOM, "时间不对") + good[5]
    )  # fmt: skip
    records = read(wechat_chatlog, entry(content))
    assert [event.text for event in events(records)] == [f"第{n}行\n还有一行" for n in range(6)]
    assert {bad.line for bad in unreadables(records)} >= {4}
    assert any("没有关上的引号" in bad.raw for bad in unreadables(records))


def test_a_very_long_field_is_read() -> None:
    long = "番茄" * 150_000
    (message,) = read(wechat_chatlog, entry(CHATLOG + quoted(LOCAL, "小林", "wxid_lin77", "群", ROOM, long)))
    assert message.text == long


contents = st.text(alphabet='番茄,"\n a:', min_size=1, max_size=20).map(str.strip).filter(bool)


@given(st.lists(contents, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_read(texts: list[str]) -> None:
    rows = "".join(quoted(LOCAL, "小林", "wxid_lin77", "群", ROOM, text) for text in texts)
    records = read(wechat_chatlog, entry(CHATLOG + rows))
    assert [record.text for record in records] == texts


@given(st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_damage_never_raises(random) -> None:
    rows = [quoted("1", "1", "文本", "0", "wxid_lin77", ROOM, text, "", SECONDS) for text in ("早", QUOTE, INVITATION)]
    body = bytearray("".join(rows).encode())
    for _ in range(6):
        at = random.randrange(len(body))
        body[at : at + random.randrange(4)] = bytes(random.randrange(256) for _ in range(random.randrange(4)))
    records = wechat_pywxdump.read([MemoryEntry(PYWXDUMP.encode() + bytes(body))], SETTING)
    assert isinstance(list(records), list)


def test_importing_twice_gives_the_same_ids() -> None:
    rows = [quoted(LOCAL, "小林", "wxid_lin77", "群", ROOM, text) for text in ("哈哈", "哈哈", "好")]
    once = [event.source_id for event in read(wechat_chatlog, entry(CHATLOG + "".join(rows)))]
    longer = [event.source_id for event in read(wechat_chatlog, entry(CHATLOG + "".join([*rows, rows[0]])))]
    assert len(set(longer)) == 4
    assert longer[:3] == once


def test_a_row_number_in_the_place_of_an_id_is_not_taken_for_one() -> None:
    (message,) = read(wechat_pywxdump, entry(PYWXDUMP + quoted("1", "17", "文本", "0", "wxid_a1", ROOM, "早", "", LOCAL)))
    assert message.source_id.startswith("h:")


def test_recall_inside_xml_names_the_message() -> None:
    (recalled,) = read(wechat_pywxdump, entry(PYWXDUMP + quoted("1", "5", "消息撤回5", "0", ROOM, ROOM, RECALL, "", SECONDS)))
    assert isinstance(recalled, MessageRecalled)
    assert (recalled.message_id, recalled.by.name) == ("7654321098765432123", "小林")
