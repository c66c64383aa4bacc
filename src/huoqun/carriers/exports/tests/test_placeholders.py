from __future__ import annotations

import pytest

from huoqun.carriers.exports.placeholders import kind_of
from huoqun.vocabulary.events import MessageKind as Kind


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("今天收了三斤番茄", Kind.TEXT, "今天收了三斤番茄"),
        ("[图片]", Kind.IMAGE, None),
        ("[图片][图片]", Kind.IMAGE, None),
        ("[图片]\n[表情]", Kind.IMAGE, None),
        ("[表情]", Kind.STICKER, None),
        ("[动画表情]", Kind.STICKER, None),
        ("[语音]", Kind.VOICE, None),
        ("[视频]", Kind.VIDEO, None),
        ("[文件]", Kind.FILE, None),
        ("[文件] 报价.xlsx", Kind.FILE, "报价.xlsx"),
        ("[红包]", Kind.RED_PACKET, None),
        ("[红包] 恭喜发财", Kind.RED_PACKET, "恭喜发财"),
        ("[转账|发送 ￥6.60](谢谢)", Kind.TRANSFER, "发送 ￥6.60"),
        ("[链接]", Kind.LINK, None),
        ("[链接|阳台番茄怎么搭架](https://example.org/t)", Kind.LINK, "阳台番茄怎么搭架"),
        ("[位置]", Kind.LOCATION, None),
        ("[名片]", Kind.CARD, None),
        ("[语音通话]", Kind.CALL, None),
        ("![图片](http://127.0.0.1:5030/image/ab12)", Kind.IMAGE, None),
        ("看这个[图片]", Kind.TEXT, "看这个[图片]"),
        ("[图片]这是我家的", Kind.TEXT, "[图片]这是我家的"),
        ("[图片]\n这是我家的", Kind.TEXT, "[图片]\n这是我家的"),
        ("[文件]\n大家看一下", Kind.TEXT, "[文件]\n大家看一下"),
        ("[未知的东西]", Kind.TEXT, "[未知的东西]"),
        ("[图片][未知的东西]", Kind.TEXT, "[图片][未知的东西]"),
        ("", Kind.TEXT, None),
        ("[图片: a1b2.jpg]", Kind.IMAGE, None),
        ("[文件：报价.xlsx]", Kind.FILE, "报价.xlsx"),
        ("[Photo]", Kind.IMAGE, None),
    ],
)
def test_a_placeholder_tells_the_kind(text: str, kind: Kind, words: str | None) -> None:
    assert kind_of(text) == (kind, words)
