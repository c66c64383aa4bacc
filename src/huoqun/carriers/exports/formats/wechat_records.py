"""What the exports of WeChat have in common: ids of chats and people, raw contents, the account's own "我"."""

from __future__ import annotations

import re
from datetime import datetime

from huoqun.carriers.exports.fingerprints import exact
from huoqun.carriers.exports.placeholders import kind_of
from huoqun.carriers.exports.roster import by_name
from huoqun.carriers.exports.said import Chat, Said
from huoqun.vocabulary.events import MessageKind, Person

from . import wechat_xml
from .wechat_kinds import Sort
from .wechat_xml import Inside

ME = Person(id=by_name("我"), name="我")
"""The account that made the export: these tools write only 我 where it speaks."""
ROOM = "@chatroom"
_PREFIX = re.compile(r"(?P<id>[A-Za-z0-9][A-Za-z0-9_\-]{4,39}(?:@[a-z]+)?):[ ]?\r?\n")
_PERSON_ID = re.compile(r"(?:wxid_|gh_)\w+|[\w-]+@(?:openim|im\.wxwork|stranger)|filehelper|weixin|newsapp|fmessage")


def chat(id: str, name: str = "") -> Chat:
    """Groups have ids that end in @chatroom; every other chat is with one person or one official account."""
    return Chat(id=id, name=name, private=not id.endswith(ROOM))


def own_id(number: str) -> str:
    """The message's id at WeChat's server; "" where it is missing, rounded, or only the number of a row."""
    return exact(number) if len(number.strip()) >= 10 else ""


def is_person_id(text: str) -> bool:
    return bool(_PERSON_ID.fullmatch(text))


def has_prefix(content: str) -> bool:
    """Whether the sender's id surely stands in front; "明天：" and "Notes:" are somebody's words."""
    found = _PREFIX.match(content)
    return found is not None and is_person_id(found["id"])


def _without_prefix(content: str, sender: Person | None) -> tuple[Person | None, str]:
    """The sender and the content, where raw group contents have the sender in front: "wxid_abc:" and a line break."""
    found = _PREFIX.match(content)
    if found is None:
        return sender, content
    rest = content[found.end() :]
    if sender is None:
        return Person(id=found["id"]), rest
    if found["id"] == sender.id or (sender == ME and is_person_id(found["id"])):
        return sender, rest
    if sender.id == by_name(sender.name) and is_person_id(found["id"]):
        return Person(id=found["id"], name=sender.name), rest
    return sender, content


def record(
    *,
    chat: Chat,
    at: datetime,
    line: int,
    sender: Person | None,
    sort: Sort,
    content: str,
    own_id: str = "",
    reply_to_author: str | None = None,
) -> Said | None:
    """The record, its raw content taken apart; None where it is somebody's message and nobody says whose."""
    sender, content = _without_prefix(content, sender)
    inside = wechat_xml.parse(content)
    if sort.system or (inside and inside.system):
        inside = inside or Inside(text=content)
        return Said(
            chat=chat,
            at=at,
            line=line,
            sender=Person(id=""),
            text=inside.text or content,
            own_id=own_id,
            system=True,
            named=inside.named,
            recalled_id=inside.recalled_id,
        )
    if sender is None:
        return None
    kind, text = _kind_and_text(sort, content, inside)
    return Said(
        chat=chat,
        at=at,
        line=line,
        sender=sender,
        text=text,
        kind=kind,
        own_id=own_id,
        reply_to=inside.reply_to if inside else None,
        reply_to_author=inside.reply_to_author if inside else reply_to_author,
    )


def _kind_and_text(sort: Sort, content: str, inside: Inside | None) -> tuple[MessageKind | None, str]:
    if inside:
        return inside.kind or sort.kind or MessageKind.OTHER, inside.text
    if sort.kind in (None, MessageKind.TEXT):
        # Where the type says text, "[图片]" is what somebody typed.
        return sort.kind, content
    # Half an XML document says nothing to people; the kind is known all the same.
    return sort.kind, "" if content.lstrip().startswith("<") else kind_of(content)[1] or ""
