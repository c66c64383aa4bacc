from __future__ import annotations

import base64
import html
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.carriers.exports.formats import qq_mht, qq_text
from huoqun.vocabulary.events import MemberJoined, MessageKind

from .memory import SETTING, MemoryEntry, entry, events, unreadables

BOUNDARY = "----=_NextPart_20D95298_8E4B.7C71"
HEAD = (
    "From: <Save by Tencent MsgMgr>\r\nSubject: Tencent IM Message\r\nMIME-Version: 1.0\r\n"
    f'Content-Type:multipart/related;\r\n\tcharset="utf-8"\r\n\ttype="text/html";\r\n\tboundary="{BOUNDARY}"\r\n\r\n'
)
PAGE = "<html><head><title>QQ Message</title><style>td{font-size:12px}</style></head><body><table width=100%>"


def row(words: str) -> str:
    return f"<tr><td>{words}</td></tr>"


def top(chat: str = "阳台种菜群", label: str = "我的QQ群") -> str:
    title = row("<div style=padding-left:10px;><br><b>消息记录</b></div>")
    return title + row(f"<div style=padding-left:10px;>消息分组:{label}</div>") + row(f"<div>消息对象:{chat}</div>")


def day(words: str = "2024-05-06") -> str:
    return f"<tr><td style=border-bottom:1px;>日期: {words}</td></tr>"


def message(who: str, clock: str, content: str) -> str:
    return row(
        f"<div style=color:#006EFE;padding-left:10px;><div style=float:left;margin-right:6px;>{html.escape(who)}</div>"
        f"{clock}</div><div style=padding-left:20px;>{content}</div>"
    )


def said(words: str) -> str:
    return f"<font style=\"font-size:10pt;font-family:'宋体';\" color='000000'>{words}</font>"


def mht(*rows: str, parts: str = "") -> MemoryEntry:
    page = PAGE + "".join(rows) + "</table></body></html>"
    first = f"--{BOUNDARY}\r\nContent-Type: text/html\r\nContent-Transfer-Encoding:7bit\r\n\r\n{page}\r\n\r\n"
    return entry(f"{HEAD}{first}{parts}--{BOUNDARY}--\r\n", "history.mht")


def picture() -> str:
    packed = base64.encodebytes(bytes(range(256)) * 40).decode()
    return (
        f"--{BOUNDARY}\r\nContent-Type:image/png\r\nContent-Transfer-Encoding:base64\r\n"
        f"Content-Location:{{AB}}.dat\r\n\r\n{packed}\r\n"
    )


def read(source: MemoryEntry) -> list:
    return list(qq_mht.read([source], SETTING))


def test_the_day_comes_from_its_row_and_the_time_from_the_message() -> None:
    source = mht(
        top(),
        day(),
        message("小林(10000123)", "9:07:08", said("今天收了&nbsp;三斤&lt;番茄&gt;<br>真甜")),
        day("2012/4/11"),
        message("老周<zhou@example.org>", "21:07:08", said("早")),
        parts=picture(),
    )
    assert qq_mht.recognise([source])
    assert unreadables(read(source)) == []
    first, second = events(read(source))
    assert first.text == "今天收了 三斤<番茄>\n真甜"
    assert first.at == datetime(2024, 5, 6, 1, 7, 8, tzinfo=UTC)
    assert (first.author.id, first.author.name) == ("10000123", "小林")
    assert (first.group_id, first.group_name) == ("name:阳台种菜群", "阳台种菜群")
    assert second.at == datetime(2012, 4, 11, 13, 7, 8, tzinfo=UTC)
    assert second.author.id == "zhou@example.org"


def test_pictures_become_kinds_and_their_bytes_are_passed_over() -> None:
    source = mht(
        top(),
        day(),
        message("小林(10000123)", "9:07:08", '<IMG src="{AB}.dat">'),
        message("小林(10000123)", "9:07:09", said("看") + '<IMG src="{AB}.dat">'),
        parts=picture() * 3,
    )
    assert [(m.kind, m.text) for m in events(read(source))] == [(MessageKind.IMAGE, None), (MessageKind.TEXT, "看[图片]")]


def test_the_system_tells_of_a_join() -> None:
    source = mht(
        top(),
        day(),
        message("系统消息(10000)", "9:07:08", said("老周加入本群。")),
        message("老周(10000777)", "9:08:08", said("大家好")),
    )
    joined, _ = events(read(source))
    assert isinstance(joined, MemberJoined)
    assert joined.member.id == "10000777"


def test_the_same_chat_as_text_has_the_same_ids() -> None:
    bar = "=" * 64
    text = (
        f"消息记录（此消息记录为文本格式，不支持重新导入）\n\n{bar}\n消息分组:我的QQ群\n{bar}\n消息对象:阳台种菜群\n{bar}\n\n"
        "2024-05-06 9:07:08 小林(10000123)\n早[图片]\n"
    )
    (from_text,) = qq_text.read([entry(text)], SETTING)
    (from_mht,) = read(mht(top(), day(), message("小林(10000123)", "9:07:08", said("早") + "<IMG src=x>")))
    assert from_mht == from_text


def test_many_chats_in_one_file_and_private_ones_left_out() -> None:
    source = mht(
        top(),
        day(),
        message("小林(10000123)", "9:07:08", said("早")),
        top("老周", "我的好友"),
        day(),
        message("老周", "9:07:08", said("在吗")),
        top("读书群"),
        day(),
        message("小林(10000123)", "9:07:08", said("早")),
    )
    assert [m.group_name for m in events(read(source))] == ["阳台种菜群", "读书群"]
    (note,) = unreadables(read(source))
    assert note.raw == "老周: 1"


def test_bad_rows_cost_themselves_only() -> None:
    source = mht(
        top(),
        message("小林(10000123)", "9:07:08", said("没有日期")),
        day("2024-02-30"),
        message("小林(10000123)", "9:07:08", said("没有这一天")),
        day(),
        message("小林(10000123)", "29:07:08", said("没有这个钟点")),
        row("<div>谁也不认识的一行</div>"),
        message("小林(10000123)", "9:07:08", said("好")),
    )
    assert [m.text for m in events(read(source))] == ["好"]
    assert [bad.field for bad in unreadables(read(source))] == ["date", "time", "time", ""]
    assert all(bad.line and "<td" in bad.raw for bad in unreadables(read(source)))


@pytest.mark.parametrize(("name", "encode"), [("base64", base64.encodebytes), ("quoted-printable", None)])
def test_other_transfer_encodings(name: str, encode) -> None:
    import quopri

    page = (PAGE + top() + day() + message("小林(10000123)", "9:07:08", said("早"))).encode()
    packed = (encode or quopri.encodestring)(page)
    content = HEAD.encode() + f"--{BOUNDARY}\r\nContent-Type: text/html; charset=utf-8\r\n".encode()
    content += f"Content-Transfer-Encoding: {name}\r\n\r\n".encode() + packed + f"\r\n--{BOUNDARY}--\r\n".encode()
    assert [m.text for m in events(read(MemoryEntry(content)))] == ["早"]


def test_a_page_on_one_gigantic_line_is_read_in_pieces() -> None:
    source = mht(top(), day(), *(message("小林(10000123)", "9:07:08", said(f"番茄{n}号")) for n in range(3000)))
    assert len(source.content) > 10 * 65536
    assert [m.text for m in events(read(source))] == [f"番茄{n}号" for n in range(3000)]


def test_a_file_cut_off_gives_what_is_there() -> None:
    whole = mht(top(), day(), *(message("小林(10000123)", "9:07:08", said(f"番茄{n}号")) for n in range(20))).content
    for cut in range(0, len(whole), 97):
        texts = [m.text for m in events(read(MemoryEntry(whole[:cut])))]
        assert texts[:-1] == [f"番茄{n}号" for n in range(len(texts))][:-1]


@given(st.lists(st.tuples(st.text(alphabet="番茄<>&\"'; a", min_size=1, max_size=20).map(str.strip).filter(bool)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_read(texts: list[tuple[str]]) -> None:
    source = mht(top(), day(), *(message("小林(10000123)", "9:07:08", said(html.escape(text))) for (text,) in texts))
    assert [m.text for m in read(source)] == [text for (text,) in texts]


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_damage_never_raises(random) -> None:
    content = bytearray(mht(top(), day(), *(message("小林(10000123)", "9:07:08", said("番茄")) for _ in range(4))).content)
    for _ in range(8):
        at = random.randrange(len(content))
        content[at : at + random.randrange(5)] = bytes(random.randrange(256) for _ in range(random.randrange(5)))
    assert isinstance(read(MemoryEntry(bytes(content))), list)


def test_the_day_of_one_chat_is_not_the_next_ones() -> None:
    one = message("小林(10000123)", "9:07:08", said("早"))
    records = read(mht(top(), day(), one, top("读书群"), one))
    assert len(events(records)) == 1
    assert [bad.field for bad in unreadables(records)] == ["date"]


def test_only_the_html_is_read() -> None:
    hidden = message("小林(10000123)", "9:07:08", said("不是聊天记录"))
    beside = f"--{BOUNDARY}\r\nContent-Type: text/plain\r\n\r\n{top()}{day()}{hidden}\r\n"
    assert read(mht(top(), day(), parts=beside)) == []


def test_a_second_page_in_the_same_file_is_read_too() -> None:
    page = PAGE + top("读书群") + day() + message("小林(10000123)", "9:07:08", said("早"))
    beside = f"--{BOUNDARY}\r\nContent-Type: text/html; charset=gb2312\r\n\r\n"
    source = mht(top(), day(), message("小林(10000123)", "9:07:08", said("早")), parts=beside + "@PAGE@\r\n")
    content = source.content.replace(b"@PAGE@", page.encode("gb18030"))
    assert [m.group_name for m in read(MemoryEntry(content))] == ["阳台种菜群", "读书群"]
