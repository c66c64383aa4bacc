"""One message of a Telegram Desktop export, field by field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.json_items import NotDecoded
from huoqun.carriers.exports.roster import Roster, by_name
from huoqun.vocabulary.events import MessageKind, Person

_EMPTY_LIST = 2
_PEOPLE_KEPT = 50_000
_OLD_CHAT = 1 << 32
_OLD_CHANNEL = 2 << 32
_OLD_END = 3 << 32

_MEDIA = {
    "sticker": MessageKind.STICKER,
    "video_message": MessageKind.VIDEO,
    "voice_message": MessageKind.VOICE,
    "animation": MessageKind.IMAGE,
    "video_file": MessageKind.VIDEO,
    "audio_file": MessageKind.FILE,
}


class Piece(msgspec.Struct, gc=False):
    """A stretch of text with one look; `mention_name` carries the id of the person meant."""

    type: str = ""
    text: str = ""
    user_id: int | None = None


class Record(msgspec.Struct, gc=False):
    """A message or a service message. Fields not named here do not matter to a community's life."""

    id: int
    type: str = "message"
    date: str = ""
    date_unixtime: str | int | None = None
    name: str | None = msgspec.field(default=None, name="from")
    from_id: str | int | None = None
    reply_to_message_id: int | None = None
    reply_to_peer_id: str | int | None = None
    text: str | list[str | Piece] = ""
    text_entities: msgspec.Raw = msgspec.Raw()
    photo: Any = None
    file: Any = None
    media_type: str | None = None
    mime_type: str | None = None
    sticker_emoji: str | None = None
    contact_information: Any = None
    location_information: Any = None
    place_name: Any = None
    poll: Any = None
    game_title: Any = None
    actor: str | None = None
    actor_id: str | int | None = None
    action: str | None = None
    title: str | None = None
    members: list[str | None] | None = None
    inviter: str | int | None = None
    message_id: int | None = None
    new_title: str | None = None


RECORDS = json_items.Decoders(Record)
_PIECES = msgspec.json.Decoder(list[Piece])


def sent_at(record: Record, zone: ZoneInfo | None) -> datetime:
    """When, in UTC. Raises `NotDecoded` where the record has no time, or a local one and nobody said the zone."""
    try:
        if record.date_unixtime:
            return datetime.fromtimestamp(int(record.date_unixtime), UTC)
        local = datetime.fromisoformat(record.date)
        if local.tzinfo is None:
            if zone is None:
                raise NotDecoded(problems.NO_ZONE, "date")
            local = local.replace(tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise NotDecoded(problems.NO_TIME, "date_unixtime" if record.date_unixtime else "date") from None


def kind(record: Record) -> MessageKind:
    if record.media_type:
        return _MEDIA.get(record.media_type, MessageKind.FILE)
    if record.photo:
        return MessageKind.IMAGE
    if record.file:
        return MessageKind.IMAGE if (record.mime_type or "").startswith("image/") else MessageKind.FILE
    if record.poll:
        return MessageKind.POLL
    if record.location_information or record.place_name:
        return MessageKind.LOCATION
    if record.contact_information:
        return MessageKind.CARD
    return MessageKind.OTHER if record.game_title or record.type == "unsupported" else MessageKind.TEXT


class People:
    """Who is who in one chat: ids from the file's peer ids, and from names where only a name is given."""

    def __init__(self, roster: Roster, chat: str) -> None:
        self._roster = roster
        self._chat = chat
        self._known: dict[tuple[str | int | None, str | None], Person] = {}

    def person(self, peer: str | int | None, name: str | None) -> Person:
        known = self._known.get((peer, name))
        if known is None:
            if len(self._known) >= _PEOPLE_KEPT:
                self._known.clear()
            known = self._known[peer, name] = person(peer, name)
            self._roster.add(self._chat, known)
        return known

    def named(self, name: str) -> Person:
        """Somebody given by name alone: the person seen under that name, if it is one, or else a person of that name."""
        return self._roster.find(self._chat, name) or Person(id=by_name(name), name=name)

    def mentioned(self, pieces: list[Piece]) -> tuple[str, ...]:
        """Ids of the people addressed. An "@user_name" is only somebody where it is the name shown, too."""
        found = [self._id_of(piece) for piece in pieces if piece.type.startswith("mention")]
        return tuple(dict.fromkeys(one for one in found if one))

    def _id_of(self, piece: Piece) -> str | None:
        if piece.user_id is not None:
            return str(piece.user_id)
        found = self._roster.find(self._chat, piece.text.removeprefix("@"))
        return found.id if found else None


def pieces_of(record: Record) -> list[Piece]:
    """The text piece by piece; `text_entities` has it complete, old exports have it in `text`."""
    entities = bytes(record.text_entities)
    if len(entities) > _EMPTY_LIST:
        return json_items.decode(_PIECES, entities)
    if isinstance(record.text, str):
        return [Piece(text=record.text)] if record.text else []
    return [Piece(text=piece) if isinstance(piece, str) else piece for piece in record.text]


def person(peer: str | int | None, name: str | None) -> Person:
    """ "user123" is 123, as everywhere else at Telegram; channels and groups that speak keep the word before their number."""
    if isinstance(peer, int):
        return Person(id=_old_peer(peer), name=name or "")
    if peer:
        return Person(id=peer.removeprefix("user"), name=name or "")
    return Person(id=by_name(name), name=name) if name else Person(id="deleted")


def _old_peer(number: int) -> str:
    """Exports before 2021 put what it is into the number itself."""
    if _OLD_CHANNEL <= number < _OLD_END:
        return f"channel{number - _OLD_CHANNEL}"
    if _OLD_CHAT <= number < _OLD_CHANNEL:
        return f"chat{number - _OLD_CHAT}"
    return str(number)
