"""The inner step of the stand-in library, our own: the vendor does not tell how its library opens a record.

A record is base64 of 16 bytes (ChaCha20's counter and nonce) and the text behind a mark, locked with the 32 bytes whose 64 hex
digits are the text key that RSA hands over.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

MARK = b"SBX1"
_NONCE = 16


class NoKey(ValueError):
    """That text is not a key of a record."""


class NotOpened(ValueError):
    """The record does not open with this key."""


def _stream(text_key: str, nonce: bytes, data: bytes) -> bytes:
    try:
        key = bytes.fromhex(text_key)
    except ValueError as wrong:
        raise NoKey("not hex digits") from wrong
    if len(key) != 32:
        raise NoKey(f"{len(key)} bytes, not 32")
    locker = Cipher(algorithms.ChaCha20(key, nonce), mode=None).encryptor()
    return locker.update(data)


def locked(text: str, text_key: str, *, nonce: bytes | None = None) -> str:
    start = b"\0\0\0\0" + (nonce or secrets.token_bytes(_NONCE - 4))
    return base64.b64encode(start + _stream(text_key, start, MARK + text.encode())).decode()


def opened(text_key: str, sealed: str) -> str:
    try:
        raw = base64.b64decode(sealed, validate=True)
    except binascii.Error as wrong:
        raise NotOpened("not base64") from wrong
    plain = _stream(text_key, raw[:_NONCE], raw[_NONCE:]) if len(raw) > _NONCE else b""
    if not plain.startswith(MARK):
        raise NotOpened("another key locked it")
    return plain[len(MARK) :].decode()


def new_text_key() -> str:
    return secrets.token_hex(32)


def key_for(public_key: RSAPublicKey, text_key: str) -> str:
    """The text key as it stands in encrypt_random_key: RSA with PKCS#1 v1.5, base64."""
    return base64.b64encode(public_key.encrypt(text_key.encode(), padding.PKCS1v15())).decode()
