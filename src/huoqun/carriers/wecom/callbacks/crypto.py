"""How callbacks are signed and locked. Bytes and text in, bytes and text out."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32
"""Padded to twice the cipher's own block: a padding of up to 32 bytes is right."""

_RANDOM = 16
_LENGTH = 4
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class Rejected(Exception):
    """This is not from the platform, or not for this company. The reason is for whoever sets it up; it holds no secret."""


class BadKey(ValueError):
    """The EncodingAESKey is not 43 letters and digits of base64."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a company's callbacks are opened with. Not shown by `repr`."""

    token: str = field(repr=False)
    key: str = field(repr=False)
    receiver: str
    """The company's id, which stands inside every message for it."""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise BadKey("the EncodingAESKey must be the 43 letters and digits that WeCom's console shows")


def signature(token: str, timestamp: str, nonce: str, locked: str) -> str:
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, locked))).encode(), usedforsecurity=False).hexdigest()


def opened(keys: Keys, *, timestamp: str, nonce: str, signed: str, locked: str) -> bytes:
    """The message inside. Raises Rejected: first for a wrong signature, before anything is opened."""
    ours = signature(keys.token, timestamp, nonce, locked)
    if not hmac.compare_digest(ours.encode(), signed.encode()):
        raise Rejected("the signature does not fit: the token here and the token in WeCom's console are not the same")
    message, receiver = unlock(keys.key, locked)
    if not hmac.compare_digest(receiver, keys.receiver.encode()):
        raise Rejected("it is for another company: the company id here and in WeCom's console are not the same")
    return message


def unlock(key: str, locked: str) -> tuple[bytes, bytes]:
    """The message and whom it is for. Raises Rejected."""
    plain = _without_padding(_decrypted(key, locked))
    start = _RANDOM + _LENGTH
    end = start + int.from_bytes(plain[_RANDOM:start], "big")
    if len(plain) < start or end > len(plain):
        raise Rejected(_WRONG_KEY)
    return plain[start:end], plain[end:]


def lock(key: str, message: bytes, receiver: str, *, random: bytes) -> str:
    """`random`: 16 bytes, new each time."""
    if len(random) != _RANDOM:
        raise ValueError(f"{_RANDOM} random bytes are needed, not {len(random)}")
    plain = random + len(message).to_bytes(_LENGTH, "big") + message + receiver.encode()
    missing = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()).decode()


_WRONG_KEY = "it cannot be opened: the EncodingAESKey here and in WeCom's console are not the same"


def _decrypted(key: str, locked: str) -> bytes:
    try:
        sealed = base64.b64decode(locked, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise Rejected("what came is not base64: something on the way has changed it") from broken
    if not sealed or len(sealed) % (AES.block_size // 8):
        raise Rejected("what came is cut short: something on the way has changed it")
    decryptor = _cipher(key).decryptor()
    return decryptor.update(sealed) + decryptor.finalize()


def _without_padding(plain: bytes) -> bytes:
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise Rejected(_WRONG_KEY)
    return plain[:-padding]


def _cipher(key: str) -> Cipher[CBC]:
    # Real keys have spare bits set in their last letter, at which strict decoders stop; Python's passes over them.
    whole = base64.b64decode(f"{key}=")
    return Cipher(AES(whole), CBC(whole[:_RANDOM]))
