"""What stands in a text export where a picture or a red packet was: "[图片]", "[文件] 报价.xlsx", "[链接|标题](网址)"."""

from __future__ import annotations

import re

from huoqun.vocabulary.events import MessageKind

_WORDS: dict[MessageKind, tuple[str, ...]] = {
    MessageKind.IMAGE: ("图片", "闪照", "照片", "Photo", "Image", "Picture"),
    MessageKind.STICKER: ("表情", "动画表情", "大表情", "商城表情", "GIF表情", "Sticker", "Emoji"),
    MessageKind.VOICE: ("语音", "语音消息", "音频", "Voice", "Audio"),
    MessageKind.VIDEO: ("视频", "短视频", "小视频", "视频号", "视频号视频", "Video"),
    MessageKind.FILE: ("文件", "群文件", "File"),
    MessageKind.RED_PACKET: ("红包", "QQ红包", "微信红包", "口令红包", "拼手气红包", "红包封面", "Red Packet"),
    MessageKind.TRANSFER: ("转账", "微信转账", "QQ转账", "Transfer"),
    MessageKind.LINK: ("链接", "分享", "音乐", "音乐分享", "小程序", "聊天记录", "合并转发", "转发消息", "笔记", "Link"),
    MessageKind.LOCATION: ("位置", "地理位置", "位置共享", "实时位置", "Location"),
    MessageKind.CARD: ("名片", "推荐名片", "个人名片", "群名片", "Contact Card"),
    MessageKind.CALL: ("语音通话", "视频通话", "通话", "Voice Call", "Video Call"),
    MessageKind.POLL: ("投票", "接龙", "群接龙", "Poll"),
}
_KINDS = {word.casefold(): kind for kind, words in _WORDS.items() for word in words}
# "|" and the link in round brackets are chatlog's, with "!" before its inline pictures; ":" is qq-chat-exporter's.
_TOKEN = re.compile(r"!?\[(?P<word>[^\[\]|:：()\n]{1,12})(?:[|:：](?P<detail>[^\[\]\n]*))?\](?:\((?P<link>[^()\s]*)\))?")


def kind_of(text: str) -> tuple[MessageKind, str | None]:
    """The kind of a message and the words left of it.

    A message with words of its own stays text and keeps every placeholder where it stood; one that is nothing but
    placeholders takes the kind of the first. What a placeholder says beside its kind (a file's name) is kept as text.
    """
    stripped = text.strip()
    first = _TOKEN.match(stripped)
    kind = _KINDS.get(first["word"].strip().casefold()) if first else None
    if first is None or kind is None:
        return MessageKind.TEXT, text or None
    rest = stripped[first.end() :]
    if kind in _NAMED and "\n" not in rest:
        return kind, " ".join(filter(None, ((first["detail"] or "").strip(), rest.strip()))) or None
    if _only_placeholders(rest):
        return kind, None
    return MessageKind.TEXT, text


# These carry a name or title after the bracket, on the same line: "[文件] 报价.xlsx", "[红包] 恭喜发财".
_NAMED = (
    MessageKind.FILE,
    MessageKind.LINK,
    MessageKind.RED_PACKET,
    MessageKind.TRANSFER,
    MessageKind.LOCATION,
    MessageKind.CARD,
    MessageKind.CALL,
    MessageKind.POLL,
)


def _only_placeholders(rest: str) -> bool:
    left = _TOKEN.sub(lambda found: "" if found["word"].strip().casefold() in _KINDS else found[0], rest)
    return not left.strip()
