"""What comes to the callback address: a question whether anybody is there, or something locked."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from . import payload
from .crypto import Keys, Rejected, lock, opened, signature

Query = Mapping[str, str]
"""Decoded once, as the address is."""


def echo(keys: Keys, query: Query) -> bytes:
    """The answer to WeCom's question when a callback address is entered there. Raises Rejected."""
    return _opened(keys, query, query.get("echostr", ""))


def letter(keys: Keys, query: Query, body: bytes) -> bytes:
    """The message of a push, as XML or JSON. Raises Rejected, and payload.Garbled where the envelope itself cannot be read."""
    return _opened(keys, query, payload.read(body).text("Encrypt"))


def reply(keys: Keys, message: bytes, *, timestamp: str, nonce: str, random: bytes) -> bytes:
    """Some words back, locked in the same way."""
    locked = lock(keys.key, message, keys.receiver, random=random)
    signed = signature(keys.token, timestamp, nonce, locked)
    return (
        f"<xml><Encrypt><![CDATA[{locked}]]></Encrypt><MsgSignature><![CDATA[{signed}]]></MsgSignature>"
        f"<TimeStamp>{escape(timestamp)}</TimeStamp><Nonce><![CDATA[{nonce.replace(']]>', '')}]]></Nonce></xml>"
    ).encode()


def _opened(keys: Keys, query: Query, locked: str) -> bytes:
    if not locked:
        raise Rejected("nothing is in it: this is no call of WeCom's")
    return opened(
        keys,
        timestamp=query.get("timestamp", ""),
        nonce=query.get("nonce", ""),
        signed=query.get("msg_signature", ""),
        locked=locked,
    )
