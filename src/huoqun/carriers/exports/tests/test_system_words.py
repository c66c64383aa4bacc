from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.carriers.exports.system_words import Happening, understand

JOINS = [
    ('"小林"邀请"老周"加入了群聊', [("老周", "小林", "invited")]),
    ("小林邀请老周加入了群聊", [("老周", "小林", "invited")]),
    ('"小林"邀请"老周、阿琴"加入了群聊', [("老周", "小林", "invited"), ("阿琴", "小林", "invited")]),
    ("“小林”邀请“老周”、“阿琴”加入了群聊", [("老周", "小林", "invited"), ("阿琴", "小林", "invited")]),
    (
        "你邀请老周、阿琴、豆豆加入了群聊  撤销",
        [("老周", "你", "invited"), ("阿琴", "你", "invited"), ("豆豆", "你", "invited")],
    ),
    ('"小林"邀请你和"老周"加入了群聊', [("你", "小林", "invited"), ("老周", "小林", "invited")]),
    ('"小林"邀请你加入了群聊，群聊参与人还有：老周、阿琴', [("你", "小林", "invited")]),
    ("小林邀请老周加入了本群。", [("老周", "小林", "invited")]),
    ("老周通过小林的邀请加入本群", [("老周", "小林", "invited")]),
    ("老周通过扫描小林分享的二维码加入群聊", [("老周", "小林", "code")]),
    ('" 老周"通过扫描"小林"分享的二维码加入群聊', [("老周", "小林", "code")]),
    ('"老周"通过扫描你分享的二维码加入群聊  撤销', [("老周", "你", "code")]),
    ("老周通过扫描二维码加入群聊", [("老周", "", "code")]),
    ("老周通过小林分享的链接加入群聊", [("老周", "小林", "link")]),
    ("老周通过游戏中心加入群聊", [("老周", "", "游戏中心")]),
    ("管理员小林已同意老周的入群申请", [("老周", "管理员小林", "request")]),
    ("老周加入本群。", [("老周", "", "")]),
    ("老周(10000777)加入本群。", [("老周(10000777)", "", "")]),
    ("老周已加入该群", [("老周", "", "")]),
    ("欢迎老周加入本群，请多多关照", [("老周", "", "")]),
    ('"Lin" invited "Zhou" to the group chat', [("Zhou", "Lin", "invited")]),
    ('You\'ve invited "Zhou" to the group chat', [("Zhou", "You", "invited")]),
    ("Lin invited you to a group chat with Zhou, Qin", [("you", "Lin", "invited")]),
    ('"Zhou" joined the group chat via the QR Code shared by "Lin".', [("Zhou", "Lin", "code")]),
    ('"Zhou" joined group chat via the QR code you shared.', [("Zhou", "you", "code")]),
    ("Zhou joined the group.", [("Zhou", "", "")]),
]


@pytest.mark.parametrize(("sentence", "people"), JOINS)
def test_who_joined_how_and_by_whom(sentence: str, people: list[tuple[str, str, str]]) -> None:
    understood = understand(sentence)
    assert {one.happening for one in understood} == {Happening.JOINED}
    assert [(one.who, one.by, one.way) for one in understood] == people


OTHERS = [
    ('你将"老周"移出了群聊', Happening.LEFT, "老周", "你", ""),
    ("老周被小林移出本群", Happening.LEFT, "老周", "小林", ""),
    ("老周已被管理员移出群聊", Happening.LEFT, "老周", "管理员", ""),
    ('你被"小林"移出群聊', Happening.LEFT, "你", "小林", ""),
    ("老周退出了群聊", Happening.LEFT, "老周", "", ""),
    ("老周已退出本群。", Happening.LEFT, "老周", "", ""),
    ('You removed "Zhou" from the group chat', Happening.LEFT, "Zhou", "You", ""),
    ("Zhou left the group chat", Happening.LEFT, "Zhou", "", ""),
    ("小林撤回了一条消息", Happening.RECALLED, "", "小林", ""),
    ('"小林" 撤回了一条消息', Happening.RECALLED, "", "小林", ""),
    ("你撤回了一条消息  重新编辑", Happening.RECALLED, "", "你", ""),
    ("小林撤回了一条成员消息", Happening.RECALLED, "", "小林", ""),
    ("小林撤回了老周的一条消息", Happening.RECALLED, "老周", "小林", ""),
    ("小林撤回了一条消息，并说：打错了", Happening.RECALLED, "", "小林", ""),
    ('"Lin" recalled a message', Happening.RECALLED, "", "Lin", ""),
    ("小林修改群名为“阳台种菜二群”", Happening.GROUP_RENAMED, "", "小林", "阳台种菜二群"),
    ('你修改群名为"阳台种菜"', Happening.GROUP_RENAMED, "", "你", "阳台种菜"),
    ("小林已将群名称修改为阳台种菜", Happening.GROUP_RENAMED, "", "小林", "阳台种菜"),
    ('"Lin" changed the group name to "Balcony"', Happening.GROUP_RENAMED, "", "Lin", "Balcony"),
    ("老周已成为新群主", Happening.OWNER, "老周", "", ""),
    ("你已成为新的群主", Happening.OWNER, "你", "", ""),
    ("小林已将群主转让给老周", Happening.OWNER, "老周", "小林", ""),
    ("小林将本群转让给了老周", Happening.OWNER, "老周", "小林", ""),
    ("Zhou is the new group owner", Happening.OWNER, "Zhou", "", ""),
    ("你领取了小林的红包", Happening.CLAIMED, "你", "小林", ""),
    ("老周领取了你的红包", Happening.CLAIMED, "老周", "你", ""),
    ("老周领取了你的红包，你的红包已被领完", Happening.CLAIMED, "老周", "你", ""),
    ("你领取了自己发的红包", Happening.CLAIMED, "你", "你", ""),
    ("Zhou opened your Red Packet", Happening.CLAIMED, "Zhou", "your", ""),
    ("You opened Lin's Red Packet", Happening.CLAIMED, "You", "Lin", ""),
    ("小林创建了群聊", Happening.CREATED, "", "小林", ""),
]


@pytest.mark.parametrize(("sentence", "happening", "who", "by", "name"), OTHERS)
def test_what_else_happened(sentence: str, happening: Happening, who: str, by: str, name: str) -> None:
    (one,) = understand(sentence)
    assert (one.happening, one.who, one.by, one.name) == (happening, who, by, name)


def test_several_people_removed_at_once() -> None:
    assert [one.who for one in understand('你将"老周、阿琴"移出了群聊')] == ["老周", "阿琴"]


@pytest.mark.parametrize(
    "sentence", ["", "小林拍了拍老周", "全员禁言已开启", "消息已发出，但被对方拒收了", "番茄" * 600 + "加入本群"]
)
def test_what_is_not_known_is_not_guessed(sentence: str) -> None:
    assert understand(sentence) == []


@pytest.mark.parametrize(
    "piece", [" ", "。", "、", '"', "“”", "邀请 ", " 通过", "被 ", "撤回了 的", "领取了 的", " invited ", "群 ", "你和"]
)
def test_a_sentence_made_to_keep_us_busy_is_answered_at_once(piece: str) -> None:
    # With patterns that can share out spaces in many ways the first of these takes a minute.
    assert understand(piece * (1000 // len(piece))) == []
    assert understand("小" + piece * (990 // len(piece)) + "x") == []


@given(st.text(max_size=1000))
def test_any_sentence_is_answered(sentence: str) -> None:
    assert isinstance(understand(sentence), list)
