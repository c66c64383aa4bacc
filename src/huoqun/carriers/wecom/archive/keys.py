"""RSA pairs for the archive: made here, the public half shown, the private half never leaving. And the ring they hang on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from huoqun.carriers.base import gettext_noop

BITS = 2048
"""What WeCom asks for."""

NO_KEY = gettext_noop("This is no private key. Paste the whole text, from BEGIN to END, without a password.")
NOT_RSA = gettext_noop("This key is not an RSA key of 2048 bits, which WeCom asks for.")


class BadKey(ValueError):
    """What was given as a private key is none we can use. `sentence` says why; the key is never in it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Pair:
    """Both halves as PEM text."""

    public: str
    private: str

    def __repr__(self) -> str:
        return "Pair(…)"


def new_pair() -> Pair:
    return _pair(rsa.generate_private_key(65537, BITS))


def read_private(text: str) -> Pair:
    """A pair made elsewhere, from its private half. Raises BadKey."""
    try:
        key = serialization.load_pem_private_key(text.strip().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey(NO_KEY) from None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != BITS:
        raise BadKey(NOT_RSA)
    return _pair(key)


def _pair(key: rsa.RSAPrivateKey) -> Pair:
    encoding = serialization.Encoding.PEM
    public = key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Pair(public.decode(), private.decode())


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as it is kept. `version` None: nobody has said yet which it is."""

    id: int
    version: int | None
    private: str

    def __repr__(self) -> str:
        return f"KeptKey({self.id}, {self.version})"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a key made of a locked key: the text the library asks for."""

    key_id: int
    text: str


class Ring:
    """All keys of one company. Loading them takes a while: keep the ring as long as its mark stays."""

    def __init__(self, keys: Iterable[KeptKey]) -> None:
        keys = list(keys)
        self.mark = mark_of((key.id, key.version) for key in keys)
        self._loaded = {key.id: _load(key.private) for key in keys}
        self._by_version = {key.version: key.id for key in keys if key.version is not None}
        self._unnamed = [key.id for key in keys if key.version is None]

    def has(self, version: int) -> bool:
        return version in self._by_version

    def candidates(self, version: int, locked: str) -> list[Unlocked]:
        """What may be the key's text: with the key of this version, or with each that has none yet. Those that surely do not
        fit are left out."""
        known = self._by_version.get(version)
        keys = [known] if known is not None else self._unnamed
        return [Unlocked(key, text) for key in keys if (text := _unlock(self._loaded[key], locked)) is not None]

    def name(self, key_id: int, version: int) -> None:
        """This key has turned out to be the one of a version."""
        self._by_version[version] = key_id
        if key_id in self._unnamed:
            self._unnamed.remove(key_id)


def mark_of(keys: Iterable[tuple[int, int | None]]) -> str:
    """Short text that changes whenever a key comes or is given its version."""
    told = ";".join(f"{key}:{version or ''}" for key, version in sorted(keys, key=lambda pair: pair[0]))
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _load(private: str) -> rsa.RSAPrivateKey:
    # It was checked when it was taken in; checking it again takes longer than opening a hundred records.
    key = serialization.load_pem_private_key(private.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BadKey(NOT_RSA)
    return key


def _unlock(key: rsa.RSAPrivateKey, locked: str) -> str | None:
    """None where this key surely does not fit. A wrong key may also give noise of any length instead of an error: noise is
    hardly ever plain text."""
    try:
        text = key.decrypt(base64.b64decode(locked), PKCS1v15()).decode("ascii")
    except (ValueError, binascii.Error):
        return None
    return text if text and text.isprintable() else None
