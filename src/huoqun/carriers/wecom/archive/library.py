"""What we need of the vendor's archive library, and how one is found. The data zone, or a test, may stand in for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from . import codes
from .native import Native, loaded

PAGE = 1000
"""Records an answer holds at most."""

PATIENCE = 10
"""Seconds one question may take; the library's own clock."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a file. `next` is where the next one begins, in the library's words."""

    data: bytes
    next: str
    last: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """Whom the library asks as, and through which proxy. Never printed: the secret is in it."""

    corpid: str
    secret: str
    proxy: str = ""
    proxy_password: str = ""

    def __repr__(self) -> str:
        return f"Access({self.corpid!r})"


class Library(Protocol):
    """One company's archive. Used by one thread at a time; every call raises LibraryError."""

    def records(self, after: int, limit: int) -> bytes:
        """JSON with the locked records whose number is greater than `after`, lowest first."""
        ...

    def open(self, key: str, message: str) -> bytes:
        """JSON of one record, from the key our private key gave and the locked message."""
        ...

    def piece(self, file_id: str, at: str) -> Piece:
        """The part of a file that begins at `at` ("": the first)."""
        ...

    def close(self) -> None: ...


def open_library(access: Access) -> Library:
    """The library the installation names: a file, or "module:Class" for one whose functions are written in Python.

    Raises LibraryMissing, LibraryError.
    """
    return NativeLibrary(named_functions(settings.WECOM_ARCHIVE_LIBRARY), access)


def named_functions(name: str) -> Native:
    """Raises LibraryMissing. The doctor asks this as well: it is all of the library that can be had without a company."""
    if not name:
        raise codes.LibraryMissing(codes.NO_LIBRARY)
    if ":" in name and "/" not in name:
        return Native(import_string(name.replace(":", "."))())
    return loaded(Path(name))


class NativeLibrary:
    """The vendor's own, through its C functions."""

    def __init__(self, native: Native, access: Access) -> None:
        self._native = native
        self._access = access
        self._sdk = native.begin(access.corpid, access.secret)

    def records(self, after: int, limit: int) -> bytes:
        return self._native.records(self._sdk, after, limit, self._access.proxy, self._access.proxy_password, PATIENCE)

    def open(self, key: str, message: str) -> bytes:
        return self._native.open(key, message)

    def piece(self, file_id: str, at: str) -> Piece:
        asked = (at, file_id, self._access.proxy, self._access.proxy_password, PATIENCE)
        return Piece(*self._native.piece(self._sdk, *asked))

    def close(self) -> None:
        self._native.end(self._sdk)
        self._sdk = None
