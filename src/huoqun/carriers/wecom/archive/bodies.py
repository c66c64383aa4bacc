"""What each kind of archive record says in words, what it counts as, and which files hang on it. One line a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from huoqun.vocabulary.events import MessageKind

from . import shapes

LONGEST = 20_000
"""Characters of one message that are kept: a forwarded chat may hold a book."""


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file that belongs to a message and can be fetched."""

    kind: MessageKind
    file_id: str
    size: int = 0
    md5: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    kind: MessageKind
    text: str | None = None
    files: tuple[FileTold, ...] = ()
    notice: bool = False
    """Words of WeCom itself: kept, and nobody's talk."""


@dataclass(frozen=True, slots=True)
class Reader:
    key: str
    shape: type[shapes.Shape]
    read: Callable[[Any], Body]


class NotThisShape(ValueError):
    """The object is not as it should be. The message says where."""


def read(msgtype: str, record: dict[str, Any]) -> Body | None:
    """None for a kind nobody knows. Raises NotThisShape."""
    reader = READERS.get(msgtype)
    if reader is None:
        return None
    return reader.read(_shaped(record.get(reader.key), reader.shape))


S = TypeVar("S", bound=shapes.Shape)


def _shaped(told: object, shape: type[S]) -> S:
    try:
        return msgspec.convert(told, shape, strict=False)
    except msgspec.ValidationError as wrong:
        raise NotThisShape(str(wrong)) from None


def kind_of(msgtype: str) -> MessageKind:
    """What a record of this kind counts as even where it cannot be read."""
    reader = READERS.get(msgtype)
    return _COUNTED_AS.get(msgtype, MessageKind.OTHER) if reader else MessageKind.OTHER


def joined(*parts: str, by: str = "\n") -> str | None:
    """The parts that say something; None where none does."""
    said = by.join(part.strip() for part in parts if part.strip())
    return said[:LONGEST] or None


def _words(kind: MessageKind, *fields: str) -> Callable[[Any], Body]:
    return lambda told: Body(kind, joined(*(str(getattr(told, field)) for field in fields)))


def _text(told: shapes.Words) -> Body:
    return Body(MessageKind.TEXT, told.content[:LONGEST] or None)


def _with_file(kind: MessageKind, size: str) -> Callable[[Any], Body]:
    def read(told: Any) -> Body:
        return Body(kind, None, _files(FileTold(kind, told.sdkfileid, getattr(told, size), told.md5sum)))

    return read


def _document(told: shapes.Document) -> Body:
    found = FileTold(MessageKind.FILE, told.sdkfileid, told.filesize, told.md5sum, told.filename)
    return Body(MessageKind.FILE, joined(told.filename), _files(found))


def _files(*found: FileTold) -> tuple[FileTold, ...]:
    return tuple(each for each in found if each.file_id)


def _place(told: shapes.Place) -> Body:
    return Body(MessageKind.LOCATION, joined(told.title or told.address))


def _forwarded(told: shapes.Several) -> Body:
    """The words of a forwarded chat are others' words: they follow its title, and stay part of a link's text."""
    inside = [each for each in map(_inner, told.item) if each]
    return Body(MessageKind.LINK, joined(told.title, *(each.text or "" for each in inside)), _all_files(inside))


def _mixed(told: shapes.Several) -> Body:
    """Text and pictures in one: a text where there are words, else what its first part is."""
    inside = [each for each in map(_inner, told.item) if each]
    said = joined(*(each.text or "" for each in inside))
    wordy = any(each.kind is MessageKind.TEXT for each in inside)
    kind = MessageKind.TEXT if wordy or not inside else inside[0].kind
    return Body(kind, said, _all_files(inside))


def _all_files(inside: Iterable[Body]) -> tuple[FileTold, ...]:
    return tuple(each for body in inside for each in body.files)


def _inner(item: shapes.Item, depth: int = 0) -> Body | None:
    """One part, whose object is JSON in a text. A part nobody can read takes nothing from the others."""
    msgtype = item.type.removeprefix("ChatRecord").casefold()
    try:
        told = msgspec.json.decode(item.content) if item.content else {}
        if msgtype == "mixed":
            return _mixed_inner(_shaped(told, shapes.Several)) if depth == 0 else None
        reader = READERS.get(msgtype)
        return reader.read(_shaped(told, reader.shape)) if reader and msgtype != "chatrecord" else None
    except (msgspec.DecodeError, NotThisShape):
        return None


def _mixed_inner(told: shapes.Several) -> Body:
    inside = [each for item in told.item if (each := _inner(item, depth=1))]
    return Body(MessageKind.TEXT, joined(*(each.text or "" for each in inside)), _all_files(inside))


def _vote(told: shapes.Vote) -> Body:
    return Body(MessageKind.POLL, joined(told.votetitle, *told.voteitem))


def _collect(told: shapes.Collect) -> Body:
    return Body(MessageKind.POLL, joined(told.title, *(each.ques for each in told.details)))


def _news(told: shapes.News) -> Body:
    lines = (joined(each.title, each.description, each.url) or "" for each in told.item)
    return Body(MessageKind.LINK, joined(*lines))


def _meeting_voice(told: shapes.MeetingVoice) -> Body:
    names = (each.filename for each in told.demofiledata)
    return Body(MessageKind.CALL, joined(*names), _files(FileTold(MessageKind.VOICE, told.sdkfileid)))


def _notice(told: shapes.Words) -> Body:
    return Body(MessageKind.OTHER, told.content[:LONGEST] or None, notice=True)


READERS: dict[str, Reader] = {
    "text": Reader("text", shapes.Words, _text),
    "image": Reader("image", shapes.Picture, _with_file(MessageKind.IMAGE, "filesize")),
    "voice": Reader("voice", shapes.Voice, _with_file(MessageKind.VOICE, "voice_size")),
    "video": Reader("video", shapes.Picture, _with_file(MessageKind.VIDEO, "filesize")),
    "card": Reader("card", shapes.Card, _words(MessageKind.CARD, "corpname")),
    "location": Reader("location", shapes.Place, _place),
    "emotion": Reader("emotion", shapes.Emotion, _with_file(MessageKind.STICKER, "imagesize")),
    "file": Reader("file", shapes.Document, _document),
    "link": Reader("link", shapes.Link, _words(MessageKind.LINK, "title", "description", "link_url")),
    "weapp": Reader("weapp", shapes.MiniProgram, _words(MessageKind.LINK, "title", "displayname", "description")),
    "chatrecord": Reader("chatrecord", shapes.Several, _forwarded),
    "todo": Reader("todo", shapes.Todo, _words(MessageKind.OTHER, "title", "content")),
    "vote": Reader("vote", shapes.Vote, _vote),
    "collect": Reader("collect", shapes.Collect, _collect),
    "redpacket": Reader("redpacket", shapes.RedPacket, _words(MessageKind.RED_PACKET, "wish")),
    "external_redpacket": Reader("redpacket", shapes.RedPacket, _words(MessageKind.RED_PACKET, "wish")),
    "meeting": Reader("meeting", shapes.Meeting, _words(MessageKind.CALL, "topic")),
    "meeting_notification": Reader("info", shapes.Words, _notice),
    "docmsg": Reader("doc", shapes.Paper, _words(MessageKind.LINK, "title", "link_url")),
    "markdown": Reader("info", shapes.Words, _text),
    "news": Reader("info", shapes.News, _news),
    "calendar": Reader("calendar", shapes.Appointment, _words(MessageKind.OTHER, "title", "place")),
    "mixed": Reader("mixed", shapes.Several, _mixed),
    "meeting_voice_call": Reader("meeting_voice_call", shapes.MeetingVoice, _meeting_voice),
    "voip_doc_share": Reader("voip_doc_share", shapes.Document, _document),
    "sphfeed": Reader("sphfeed", shapes.Channel, _words(MessageKind.VIDEO, "sph_name", "feed_desc")),
    "voiptext": Reader("info", shapes.Call, lambda told: Body(MessageKind.CALL)),
    "qydiskfile": Reader("info", shapes.Shared, _words(MessageKind.FILE, "filename")),
}

_COUNTED_AS: dict[str, MessageKind] = {name: reader.read(reader.shape()).kind for name, reader in READERS.items()}
