"""What WeChat's message types mean, as numbers and as the words the export tools write for them."""

from __future__ import annotations

from dataclasses import dataclass

from huoqun.vocabulary.events import MessageKind


@dataclass(frozen=True, slots=True)
class Sort:
    kind: MessageKind | None
    """None where the type is not known: to be seen from the content."""
    system: bool = False


SYSTEM = Sort(None, system=True)
UNKNOWN = Sort(None)

_TYPES: dict[int, Sort] = {
    1: Sort(MessageKind.TEXT),
    3: Sort(MessageKind.IMAGE),
    34: Sort(MessageKind.VOICE),
    37: Sort(MessageKind.CARD),
    42: Sort(MessageKind.CARD),
    43: Sort(MessageKind.VIDEO),
    47: Sort(MessageKind.STICKER),
    48: Sort(MessageKind.LOCATION),
    50: Sort(MessageKind.CALL),
    62: Sort(MessageKind.VIDEO),
    66: Sort(MessageKind.CARD),
    10000: SYSTEM,
    10002: SYSTEM,
}
_APP_TYPES: dict[int, Sort] = {
    1: Sort(MessageKind.TEXT),
    **dict.fromkeys((3, 4, 5, 7, 19, 24, 33, 36, 40, 44), Sort(MessageKind.LINK)),
    **dict.fromkeys((6, 74), Sort(MessageKind.FILE)),
    8: Sort(MessageKind.STICKER),
    17: Sort(MessageKind.LOCATION),
    50: Sort(MessageKind.CARD),
    **dict.fromkeys((51, 63, 88), Sort(MessageKind.VIDEO)),
    53: Sort(MessageKind.POLL),
    57: Sort(MessageKind.TEXT),
    # A pat on the shoulder: the program tells of it, nobody has said anything.
    62: SYSTEM,
    87: Sort(MessageKind.TEXT),
    2000: Sort(MessageKind.TRANSFER),
    2001: Sort(MessageKind.RED_PACKET),
    2003: Sort(MessageKind.RED_PACKET),
}
APP = 49

# The first word that is part of the name decides, so the more particular stand first.
_WORDS: tuple[tuple[str, Sort], ...] = (
    *((word, SYSTEM) for word in ("系统", "撤回", "邀请加群", "拍一拍", "System")),
    *((word, Sort(MessageKind.TEXT)) for word in ("引用", "文本", "文字", "群公告", "Text", "Quote")),
    *((word, Sort(MessageKind.RED_PACKET)) for word in ("红包", "Red Packet")),
    *((word, Sort(MessageKind.TRANSFER)) for word in ("转账", "Transfer")),
    *((word, Sort(MessageKind.CALL)) for word in ("通话", "Call")),
    *((word, Sort(MessageKind.CARD)) for word in ("名片", "公众号", "添加好友", "打招呼", "Card")),
    *((word, Sort(MessageKind.STICKER)) for word in ("表情", "GIF", "Emoji", "Sticker")),
    *(
        (word, Sort(MessageKind.LINK))
        for word in ("聊天记录", "链接", "小程序", "音乐", "笔记", "收藏", "小说", "游戏", "Link")
    ),
    *((word, Sort(MessageKind.IMAGE)) for word in ("图片", "Image", "Picture")),
    *((word, Sort(MessageKind.VOICE)) for word in ("语音", "Voice", "Audio")),
    *((word, Sort(MessageKind.VIDEO)) for word in ("视频", "Video")),
    *((word, Sort(MessageKind.FILE)) for word in ("文件", "File")),
    *((word, Sort(MessageKind.LOCATION)) for word in ("位置", "Location")),
    *((word, Sort(MessageKind.POLL)) for word in ("接龙", "投票")),
    ("分享", Sort(MessageKind.LINK)),
)


def by_number(kind: str, sub_kind: str = "") -> Sort:
    """From the columns Type and SubType; a type nobody knows is `UNKNOWN`, never an error."""
    number, sub_number = _number(kind), _number(sub_kind)
    if number == APP:
        return _APP_TYPES.get(sub_number, Sort(MessageKind.LINK) if sub_number < 0 else Sort(MessageKind.OTHER))
    return _TYPES.get(number, UNKNOWN)


def app(sub_number: int) -> Sort:
    return _APP_TYPES.get(sub_number, UNKNOWN)


def by_words(name: str) -> Sort:
    """From a type written out ("动画表情", "引用回复", "系统通知")."""
    return next((sort for word, sort in _WORDS if word in name), UNKNOWN)


def _number(text: str) -> int:
    digits = text.strip().removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else -1
