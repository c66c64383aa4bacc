"""Who may call: the company's apps and the two built-in secrets."""

from __future__ import annotations

import base64
import enum
import hashlib
from dataclasses import dataclass, field


class Kind(enum.Enum):
    APP = "app"
    CONTACT = "contact"
    """The built-in secret for customer contact of older companies."""
    ARCHIVE = "archive"


class Right(enum.Enum):
    """What a call asks of its caller."""

    OPEN = "no token"
    ANY = "any token"
    DIRECTORY = "an app or customer contact"
    CONTACT = "customer contact, or an app allowed to"
    APP = "an app"
    ARCHIVE = "the archive"


@dataclass(slots=True)
class App:
    kind: Kind
    secret: str
    name: str
    agentid: int | None = None
    may_contact: bool = True
    """An administrator has put it on the list of apps which may call customer contact."""
    enabled: bool = True
    visible_to: set[str] | None = None
    """userids in its range; None: everybody."""
    allowed_ips: set[str] | None = None
    """None: not checked."""
    made: set[str] = field(default_factory=set)
    """Ids of things only this app may read or change."""

    def sees(self, userid: str) -> bool:
        return self.visible_to is None or userid in self.visible_to

    def may(self, right: Right) -> bool:
        match right:
            case Right.OPEN | Right.ANY:
                return True
            case Right.ARCHIVE:
                return self.kind is Kind.ARCHIVE
            case Right.APP:
                return self.kind is Kind.APP
            case Right.DIRECTORY:
                return self.kind is not Kind.ARCHIVE
            case Right.CONTACT:
                return self.kind is Kind.CONTACT or (self.kind is Kind.APP and self.may_contact)


def secret_from(seed: int, purpose: str, length: int = 43) -> str:
    """Letters and digits which follow from the seed, as long as asked."""
    text = ""
    while len(text) < length:
        block = hashlib.sha256(f"{seed}/{purpose}/{len(text)}".encode()).digest()
        text += base64.b64encode(block).decode().translate({ord(sign): None for sign in "+/="})
    return text[:length]


def callback_key_from(seed: int) -> str:
    """43 signs; the last leaves no spare bits, so that strict decoders take it too."""
    text = secret_from(seed, "callback key", 42)
    return text + "AEIMQUYcgkosw048"[seed % 16]
