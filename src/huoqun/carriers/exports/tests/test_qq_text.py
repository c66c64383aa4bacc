from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.carriers.exports.formats import qq_text
from huoqun.vocabulary.events import (
    MemberJoined,
    MessageKind,
    MessagePosted,
    MessageRecalled,
    NoticePosted,
)

from .memory import SETTING, MemoryEntry, entry, events, unreadables

BAR = "=" * 64
TITLE = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"


def head(chat: str = "阳台种菜群", label: str = "我的QQ群") -> str:
    return f"{BAR}\n消息分组:{label}\n{BAR}\n消息对象:{chat}\n{BAR}\n\n"


def history(body: str, **chat: str) -> MemoryEntry:
    return entry(TITLE + head(**chat) + body)


def read(source: MemoryEntry) -> list:
    return list(qq_text.read([source], SETTING))


def said(body: str, **chat: str) -> list:
    records = read(history(body, **chat))
    assert unreadables(records) == []
    return events(records)


def test_a_message_has_sender_time_chat_and_text() -> None:
    (message,) = said("2024-05-06 9:07:08 小林(10000123)\n今天收了三斤番茄\n")
    assert isinstance(message, MessagePosted)
    assert message.at == datetime(2024, 5, 6, 1, 7, 8, tzinfo=UTC)
    assert (message.author.id, message.author.name) == ("10000123", "小林")
    assert (message.text, message.kind) == ("今天收了三斤番茄", MessageKind.TEXT)
    assert (message.group_id, message.group_name) == ("name:阳台种菜群", "阳台种菜群")
    assert message.account.carrier == "qq"
    assert message.source_id.startswith("h:")
    assert message.message_id == message.source_id


@pytest.mark.parametrize(
    ("header", "hour"),
    [
        ("2024-05-06 9:07:08 小林(10000123)", 9),
        ("2024-05-06 09:07:08 小林(10000123)", 9),
        ("2024-05-06 9:07:08 PM 小林(10000123)", 21),
        ("2024-05-06 12:07:08 AM 小林(10000123)", 0),
        ("2024-05-06 12:07:08 PM 小林(10000123)", 12),
        ("2024-05-06 上午 09:07:08 小林(10000123)", 9),
        ("2024-05-06 下午 09:07:08 小林(10000123)", 21),
        ("2024-05-06 下午 12:07:08 小林(10000123)", 12),
        ("2024/5/6 21:07:08 小林(10000123)", 21),
    ],
)
def test_times_of_other_locales(header: str, hour: int) -> None:
    (message,) = said(f"{header}\n好\n")
    assert message.at.astimezone(SETTING.zone).hour == hour


@pytest.mark.parametrize(
    ("who", "id", "name"),
    [
        ("小林<lin@example.org>", "lin@example.org", "小林"),
        ("【管理员】小林(10000123)", "10000123", "小林"),
        ("【群主】小林(10000123)", "10000123", "小林"),
        ("【LV100】小林(10000123)", "10000123", "小林"),
        ("A(工作室)(10000123)", "10000123", "A(工作室)"),
        ("(A(123123)", "123123", "(A"),
        ("(10000123)", "10000123", "10000123"),
        ("【番茄】老王(10000123)", "10000123", "【番茄】老王"),
        ("【管理员】(10000123)", "10000123", "【管理员】"),
        ("a <b(10000123)", "10000123", "a <b"),
    ],
)
def test_who_speaks(who: str, id: str, name: str) -> None:
    (message,) = said(f"2024-05-06 9:07:08 {who}\n好\n")
    assert (message.author.id, message.author.name) == (id, name)


def test_words_in_brackets_that_two_people_bear_are_a_title() -> None:
    body = "2024-05-06 9:07:08 【种菜能手】小林(10000123)\n早\n\n2024-05-06 9:07:09 【种菜能手】老周(10000777)\n早\n"
    assert [message.author.name for message in said(body)] == ["小林", "老周"]


def test_one_number_with_two_names_is_one_person_under_the_name_of_each_moment() -> None:
    body = "2024-05-06 9:07:08 小林(10000123)\n早\n\n2024-05-07 9:07:08 林掌柜(10000123)\n早\n"
    assert [(m.author.id, m.author.name) for m in said(body)] == [("10000123", "小林"), ("10000123", "林掌柜")]


def test_a_date_and_time_alone_is_content_even_after_a_blank_line() -> None:
    body = "2024-05-06 9:07:08 小林(10000123)\n下次活动：\n\n2024-05-08 19:00:00\n\n大家都来\n"
    (message,) = said(body)
    assert message.text == "下次活动：\n\n2024-05-08 19:00:00\n\n大家都来"


def test_a_pasted_header_without_a_blank_line_before_it_is_content() -> None:
    body = (
        "2024-05-06 9:07:08 小林(10000123)\n转：\n2024-05-01 8:00:00 老周(10000777)\n早\n\n"
        "2024-05-06 9:08:08 阿琴(10000888)\n嗯\n"
    )
    first, second = said(body)
    assert first.text == "转：\n2024-05-01 8:00:00 老周(10000777)\n早"
    assert second.author.name == "阿琴"


def test_in_a_group_a_time_and_a_name_without_a_number_is_content() -> None:
    (message,) = said("2024-05-06 9:07:08 小林(10000123)\n日程\n\n2024-05-08 19:00:00 楼下集合\n")
    assert message.text == "日程\n\n2024-05-08 19:00:00 楼下集合"


def test_blank_lines_inside_a_message_are_kept() -> None:
    first, second = said("2024-05-06 9:07:08 小林(10000123)\n一\n\n\n二\n\n2024-05-06 9:07:09 老周(10000777)\n三\n")
    assert (first.text, second.text) == ("一\n\n\n二", "三")


@pytest.mark.parametrize("number", ["10000", "1000000"])
def test_the_system_tells_of_a_join_and_the_newcomer_is_who_speaks_later(number: str) -> None:
    body = f"2024-05-06 9:08:10 系统消息({number})\n老周加入本群。\n\n2024-05-06 9:30:00 老周(10000777)\n大家好\n"
    joined, message = said(body)
    assert isinstance(joined, MemberJoined)
    assert joined.member.id == message.author.id == "10000777"


def test_a_newcomer_who_never_speaks_is_known_by_name() -> None:
    joined, _ = said(
        "2024-05-06 9:08:10 系统消息(10000)\n小林邀请老周加入了本群。\n\n2024-05-06 9:30:00 小林(10000123)\n欢迎\n"
    )
    assert (joined.member.id, joined.inviter.id, joined.way) == ("name:老周", "10000123", "invited")


def test_a_sentence_about_two_newcomers_is_two_joins_with_two_ids() -> None:
    first, second = said("2024-05-06 9:08:10 系统消息(10000)\n小林邀请老周、阿琴加入了本群。\n")
    assert (first.member.name, second.member.name) == ("老周", "阿琴")
    assert first.source_id != second.source_id


def test_recalls_and_sentences_nobody_knows() -> None:
    recalled, notice = said(
        "2024-05-06 9:08:10 系统消息(10000)\n小林撤回了一条消息\n\n2024-05-06 9:08:11 系统消息(10000)\n本群开启了全员禁言\n"
    )
    assert isinstance(recalled, MessageRecalled)
    assert recalled.by.name == "小林"
    assert isinstance(notice, NoticePosted)
    assert notice.text == "本群开启了全员禁言"


def test_a_member_who_writes_such_a_sentence_has_only_said_it() -> None:
    (message,) = said("2024-05-06 9:08:10 小林(10000123)\n老周加入本群。\n")
    assert isinstance(message, MessagePosted)


def test_placeholders_and_messages_whose_content_is_gone() -> None:
    body = (
        "2024-05-06 9:07:08 小林(10000123)\n[图片]\n\n2024-05-06 9:07:09 小林(10000123)\n今天的[图片]\n\n"
        "2024-05-06 9:07:10 小林(10000123)\n\n\n"
    )
    assert [(m.kind, m.text) for m in said(body)] == [
        (MessageKind.IMAGE, None),
        (MessageKind.TEXT, "今天的[图片]"),
        (MessageKind.OTHER, None),
    ]


def test_mentions_by_name_of_the_longest_unique_name() -> None:
    body = "".join(
        f"2024-05-06 9:07:0{second} {who}\n早\n\n"
        for second, who in enumerate(["小林(10000123)", "小林 园艺(10000124)", "豆豆(10000125)", "豆豆(10000126)"])
    )
    *_, message = said(body + "2024-05-06 9:09:00 老周(10000777)\n@小林 园艺 @小林 @豆豆 @路人 看看\n")
    assert message.mentions == ("10000124", "10000123")


def test_one_file_may_hold_many_chats() -> None:
    body = "2024-05-06 9:07:08 小林(10000123)\n早\n\n" + head("读书群") + "2024-05-06 9:07:08 小林(10000123)\n早\n"
    first, second = said(body)
    assert (first.group_name, second.group_name) == ("阳台种菜群", "读书群")
    assert first.text == second.text == "早"


def test_a_bar_in_a_message_is_content() -> None:
    (message,) = said(f"2024-05-06 9:07:08 小林(10000123)\n上\n{BAR}\n下\n")
    assert message.text == f"上\n{BAR}\n下"


def test_a_private_chat_is_left_out_and_said_so() -> None:
    body = "2024-05-06 9:07:08 小林\n在吗\n\n2024-05-06 9:07:18 我\n在\n"
    records = read(history(body, chat="小林", label="我的好友"))
    assert events(records) == []
    (note,) = unreadables(records)
    assert (note.field, note.raw) == ("chat", "小林: 2")


def test_a_discussion_group_has_names_only() -> None:
    messages = said("2017-08-29 20:28:30 番茄\n早\n\n2017-08-29 20:28:31 黄瓜\n早\n", label="多人聊天")
    assert [message.author.id for message in messages] == ["name:番茄", "name:黄瓜"]


def test_a_day_that_does_not_exist_costs_its_message_only() -> None:
    body = "2024-02-30 9:07:08 小林(10000123)\n早\n\n2024-05-06 9:07:08 小林(10000123)\n晚\n"
    records = read(history(body))
    (bad,) = unreadables(records)
    assert (bad.file, bad.line, bad.field) == ("history.txt", 9, "time")
    assert "2024-02-30" in bad.raw
    assert [message.text for message in events(records)] == ["晚"]


def test_lines_before_the_first_message_are_reported() -> None:
    records = read(history("撕掉了半页\n\n2024-05-06 9:07:08 小林(10000123)\n早\n"))
    (bad,) = unreadables(records)
    assert bad.raw.strip() == "撕掉了半页"
    assert len(events(records)) == 1


def test_a_message_without_end_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qq_text, "_LONGEST_MESSAGE", 100)
    body = "2024-05-06 9:07:08 小林(10000123)\n" + "番茄黄瓜豆角\n" * 50 + "\n2024-05-06 9:08:08 阿琴(10000888)\n好\n"
    records = read(history(body))
    assert [len(message.text) for message in events(records)] == [15 * 7 - 1, 1]
    assert sum(len(bad.raw.splitlines()) for bad in unreadables(records)) == 35


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_encodings_and_line_breaks_change_nothing(encoding: str, line_break: str) -> None:
    text = TITLE + head() + "2024-05-06 9:07:08 小林(10000123)\n今天收了三斤番茄\n\n第二行\n"
    source = entry(text.replace("\n", line_break), encoding=encoding)
    assert qq_text.recognise([source])
    (message,) = read(source)
    assert message.text == "今天收了三斤番茄\n\n第二行"
    assert message.author.name == "小林"


def test_a_longer_export_repeats_the_ids_and_adds_new_ones() -> None:
    body = "2024-05-06 9:07:08 小林(10000123)\n哈哈\n\n2024-05-06 9:07:08 小林(10000123)\n哈哈\n\n"
    short = [message.source_id for message in said(body)]
    longer = [message.source_id for message in said(body + "2024-05-06 9:07:08 小林(10000123)\n哈哈\n")]
    assert len(set(longer)) == 3
    assert longer[:2] == short


@pytest.mark.parametrize("content", ["", "随便一段话\n", "[10:00] <lin> hi\n", '{"messages": []}', "\x00\x01\x02"])
def test_other_files_are_not_taken_for_it(content: str) -> None:
    assert not qq_text.recognise([entry(content)])


names = st.text(alphabet="小林老周AB()（）【】 <>@·,，1", min_size=1, max_size=8).map(str.strip).filter(bool)
texts = (
    st.text(alphabet="番茄黄瓜 \n=：:()[]0123-ab", min_size=1, max_size=30)
    .map(lambda text: text.strip("\n").rstrip())
    .filter(lambda text: text.strip())
)
seconds = st.integers(min_value=1_000_000_000, max_value=1_900_000_000)
messages = st.lists(st.tuples(names, st.integers(min_value=1_000_001, max_value=9_999_999_999), seconds, texts), max_size=12)


def rendered(said: list[tuple[str, int, int, str]]) -> str:
    blocks = []
    for name, number, second, text in said:
        local = datetime.fromtimestamp(second, UTC).astimezone(SETTING.zone)
        blocks.append(f"{local:%Y-%m-%d} {local.hour}:{local:%M:%S} {name}({number})\n{text}\n\n")
    return TITLE + head() + "".join(blocks)


@given(messages)
@settings(max_examples=150, deadline=None)
def test_what_was_written_is_read(said: list[tuple[str, int, int, str]]) -> None:
    records = read(entry(rendered(said)))
    expected = [(str(number), second, text) for _, number, second, text in said]
    found = [(m.author.id, int(m.at.timestamp()), m.text) for m in records if m.kind is MessageKind.TEXT]
    assert found == expected


@given(messages, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_damage_never_raises(said: list[tuple[str, int, int, str]], random) -> None:
    content = bytearray(rendered(said).encode())
    for _ in range(6):
        at = random.randrange(len(content))
        content[at : at + random.randrange(4)] = bytes(random.randrange(256) for _ in range(random.randrange(4)))
    for record in read(entry(bytes(content))):
        assert record is not None
