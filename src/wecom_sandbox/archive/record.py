"""One record of the archive: what was said, the key it is locked for, and the locked form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from wecom_sandbox.archive import inner

BODY_KEYS = {
    "docmsg": "doc",
    "markdown": "info",
    "news": "info",
    "meeting_notification": "info",
    "external_redpacket": "redpacket",
    "voiptext": "info",
    "qydiskfile": "info",
}
"""Where the body of a kind does not stand under the kind's own name."""

_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\u00([01][0-9a-f])")


def message(
    *, msgid: str, sender: str, to: Sequence[str], room: str, at_ms: int, kind: str, body: Mapping[str, Any], **more: Any
) -> dict[str, Any]:
    """A message as the library tells it; a kind it calls "revoke" is an action of its own."""
    return {
        "msgid": msgid,
        "action": "recall" if kind == "revoke" else "send",
        "from": sender,
        "tolist": list(to),
        "roomid": room,
        "msgtime": at_ms,
        "msgtype": kind,
        BODY_KEYS.get(kind, kind): dict(body),
        **more,
    }


def switched(*, msgid: str, user: str, at_ms: int) -> dict[str, Any]:
    """A member of staff changed to another company: few fields, and others than usual."""
    return {"msgid": msgid, "action": "switch", "time": at_ms, "user": user}


def as_text(said: Mapping[str, Any]) -> str:
    """JSON as the real library tells it: control characters in a text stand there bare, which strict readers refuse."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: found[1] + chr(int(found[2], 16)), text)


@dataclass(frozen=True)
class PublicKey:
    version: int
    rsa: RSAPublicKey
    pem: str


@dataclass(slots=True)
class Record:
    seq: int
    at_ms: int
    said: dict[str, Any]
    key: PublicKey
    locked: dict[str, Any] | None = None

    def row(self) -> dict[str, Any]:
        """As chatdata tells it; locked when first asked for, then kept."""
        if self.locked is None:
            text_key = inner.new_text_key()
            self.locked = {
                "seq": self.seq,
                "msgid": self.said["msgid"],
                "publickey_ver": self.key.version,
                "encrypt_random_key": inner.key_for(self.key.rsa, text_key),
                "encrypt_chat_msg": inner.locked(as_text(self.said), text_key),
            }
        return self.locked
