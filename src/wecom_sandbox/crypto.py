"""How callbacks are locked and signed: AES-256-CBC, padding to 32, SHA-1 over the sorted parts."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_KEY_CHARACTERS = 43


class Broken(ValueError):
    """What came cannot be opened; the message says why."""


def aes_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind the 43 characters. Real keys may have spare bits set in their last character: that is let pass."""
    if len(encoding_aes_key) != _KEY_CHARACTERS:
        raise Broken(f"an EncodingAESKey has {_KEY_CHARACTERS} characters, this one {len(encoding_aes_key)}")
    try:
        return base64.b64decode(encoding_aes_key + "=")
    except binascii.Error as wrong:
        raise Broken("this EncodingAESKey is not base64") from wrong


def new_encoding_aes_key(random_bytes: bytes) -> str:
    """A key for 32 bytes."""
    return base64.b64encode(random_bytes).decode().rstrip("=")


def signature(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """msg_signature: the parts sorted byte by byte, joined without anything between."""
    parts = sorted(part.encode() for part in (token, timestamp, nonce, encrypt))
    return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()


def page_signature(ticket: str, noncestr: str, timestamp: str, url: str) -> str:
    """What `wx.config` wants; the address is signed without its fragment."""
    bare = url.split("#", 1)[0]
    text = f"jsapi_ticket={ticket}&noncestr={noncestr}&timestamp={timestamp}&url={bare}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _padded(plain: bytes) -> bytes:
    short = _BLOCK - len(plain) % _BLOCK
    return plain + bytes([short]) * short


def _unpadded(plain: bytes) -> bytes:
    short = plain[-1] if plain else 0
    if not 1 <= short <= min(_BLOCK, len(plain)):
        raise Broken("the padding is wrong: another key?")
    return plain[:-short]


@dataclass(frozen=True)
class Lock:
    """One app's token and key for one receiver id: what both ends of a callback address share."""

    token: str
    encoding_aes_key: str
    receive_id: str

    def _cipher(self) -> Cipher[modes.CBC]:
        key = aes_key(self.encoding_aes_key)
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(self, message: str, *, random_block: bytes | None = None) -> str:
        """The message as it travels. Sixteen random bytes go first, so that equal messages look different."""
        raw = message.encode()
        plain = (random_block or secrets.token_bytes(16)) + struct.pack(">I", len(raw)) + raw + self.receive_id.encode()
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(_padded(plain)) + encryptor.finalize()).decode()

    def decrypt(self, encrypt: str) -> str:
        """The message; raises Broken when it was made with another key or for somebody else."""
        try:
            sealed = base64.b64decode(encrypt)
            decryptor = self._cipher().decryptor()
            plain = _unpadded(decryptor.update(sealed) + decryptor.finalize())
        except (binascii.Error, ValueError) as wrong:
            raise Broken(f"cannot be opened: {wrong}") from wrong
        (length,) = struct.unpack(">I", plain[16:20].rjust(4, b"\0"))
        message, receiver = plain[20 : 20 + length], plain[20 + length :]
        if len(message) != length or not hmac.compare_digest(receiver, self.receive_id.encode()):
            raise Broken("this was made for another receiver")
        return message.decode()

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        return signature(self.token, timestamp, nonce, encrypt)

    def open(self, *, msg_signature: str, timestamp: str, nonce: str, encrypt: str) -> str:
        """Check the signature first, then open."""
        if not hmac.compare_digest(self.sign(timestamp, nonce, encrypt), msg_signature):
            raise Broken("the signature is wrong")
        return self.decrypt(encrypt)
