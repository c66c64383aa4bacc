"""Numbers that look thrown but follow from what they are for, and ids that can be read back."""

from __future__ import annotations

import base64
import hashlib

_MASK = (1 << 64) - 1
_ODD = 0x9E3779B97F4A7C15
_BITS = 48
_ROOM = 1 << _BITS


def mixed(number: int, salt: int) -> int:
    """64 bits in which every bit of the number has had its say."""
    value = (number * _ODD + salt) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def salt_of(seed: int, purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:8], "big")


class Ids:
    """`number` <-> an id of 32 characters such as a client sees: prefix, the company's own part, the number in disguise."""

    def __init__(self, prefix: str, seed: int, purpose: str) -> None:
        digest = hashlib.sha256(f"{seed}/ids/{purpose}".encode()).digest()
        own = base64.urlsafe_b64encode(digest).decode().replace("-", "A").replace("_", "B")
        self.prefix = prefix + own[: 24 - len(prefix)]
        self._factor = int.from_bytes(digest[:6], "big") | 1
        self._inverse = pow(self._factor, -1, _ROOM)
        self._added = int.from_bytes(digest[6:12], "big")

    def of(self, number: int) -> str:
        disguised = number * self._factor + self._added & (_ROOM - 1)
        return self.prefix + base64.urlsafe_b64encode(disguised.to_bytes(6, "big")).decode()

    def number(self, text: str) -> int | None:
        """None for what this never made."""
        if len(text) != len(self.prefix) + 8 or not text.startswith(self.prefix):
            return None
        try:
            disguised = int.from_bytes(base64.urlsafe_b64decode(text[len(self.prefix) :]), "big")
        except ValueError:
            return None
        return (disguised - self._added) * self._inverse & (_ROOM - 1)
