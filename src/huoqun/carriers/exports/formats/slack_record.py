"""One message of a Slack export, field by field."""

from __future__ import annotations

from typing import Any

import msgspec

from huoqun.vocabulary.events import MessageKind


class File(msgspec.Struct):
    mimetype: str | None = None


class Comment(msgspec.Struct):
    """On a file, in exports before 2018; the message around it has no author of its own."""

    user: str | None = None


class Profile(msgspec.Struct):
    display_name: str | None = None
    real_name: str | None = None
    name: str | None = None


class Record(msgspec.Struct):
    ts: str
    type: str | None = None
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    username: str | None = None
    user_profile: Profile | None = None
    text: str | None = None
    thread_ts: str | None = None
    parent_user_id: str | None = None
    inviter: str | None = None
    name: str | None = None
    old_name: str | None = None
    files: list[File | None] | None = None
    file: Any = None
    comment: Comment | None = None
    blocks: Any = None
    attachments: Any = None


RECORD = msgspec.json.Decoder(Record)
_KINDS = {"image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "audio": MessageKind.VOICE}


def kind(record: Record) -> MessageKind:
    if record.subtype == "me_message":
        return MessageKind.ACTION
    if record.subtype in ("huddle_thread", "sh_room_created"):
        return MessageKind.CALL
    if record.files:
        first = record.files[0]
        return _KINDS.get(((first.mimetype if first else "") or "").partition("/")[0], MessageKind.FILE)
    return MessageKind.FILE if record.file or record.subtype == "file_share" else MessageKind.TEXT
