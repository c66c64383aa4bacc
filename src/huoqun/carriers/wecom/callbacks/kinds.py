"""What a callback is, and when two of them tell the same happening."""

from __future__ import annotations

from hashlib import blake2b

from .payload import Fields

CHAT = "change_external_chat"
CONTACT = "change_external_contact"
DIRECTORY = "change_contact"
CARD = "template_card_event"
ARCHIVE = "msgaudit_notify"

LONGEST = 120


def kind_of(fields: Fields) -> str:
    """As it calls itself, in small letters: "change_external_chat/update/add_member", "message/text"."""
    event = fields.text("Event")
    named = [event, fields.text("ChangeType"), fields.text("UpdateDetail")] if event else ["message", fields.text("MsgType")]
    return "/".join(filter(None, named)).lower()[:LONGEST]


def key_of(fields: Fields) -> str:
    """The same however often it is delivered.

    Messages have a number. Events have none: sender and second are not enough, as everything about groups comes from "sys" and
    two people may join within one second. So an event is all it says; a second delivery says the same.
    """
    message = fields.text("MsgId")
    if message:
        return f"m:{message}"[:LONGEST]
    told = "\x1f".join(f"{name}\x1e{text}" for name, text in sorted(fields.leaves()))
    return f"{fields.text('CreateTime')[:20]}:{_digest(told.encode())}"


def key_of_garbled(body: bytes) -> str:
    return f"?:{_digest(body)}"


def _digest(told: bytes) -> str:
    return blake2b(told, digest_size=16).hexdigest()
