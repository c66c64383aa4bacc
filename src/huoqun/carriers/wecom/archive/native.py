"""The C functions of the vendor's archive library, through ctypes. Every call lets other threads run meanwhile."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_char_p, c_int, c_uint, c_ulonglong, c_void_p
from functools import cache
from pathlib import Path
from typing import Any

from .codes import BAD_LIBRARY, NO_LIBRARY, LibraryError, LibraryMissing

Sdk = int | None
"""Address of the library's instance."""

_FUNCTIONS: dict[str, tuple[object, list[object]]] = {
    "NewSdk": (c_void_p, []),
    "Init": (c_int, [c_void_p, c_char_p, c_char_p]),
    "DestroySdk": (None, [c_void_p]),
    "GetChatData": (c_int, [c_void_p, c_ulonglong, c_uint, c_char_p, c_char_p, c_int, c_void_p]),
    "DecryptData": (c_int, [c_char_p, c_char_p, c_void_p]),
    "GetMediaData": (c_int, [c_void_p, c_char_p, c_char_p, c_char_p, c_char_p, c_int, c_void_p]),
    "NewSlice": (c_void_p, []),
    "FreeSlice": (None, [c_void_p]),
    # Pointers, not c_char_p: what they point at may hold zero bytes, and is as long as the library says.
    "GetContentFromSlice": (c_void_p, [c_void_p]),
    "GetSliceLen": (c_int, [c_void_p]),
    "NewMediaData": (c_void_p, []),
    "FreeMediaData": (None, [c_void_p]),
    "GetOutIndexBuf": (c_void_p, [c_void_p]),
    "GetIndexLen": (c_int, [c_void_p]),
    "GetData": (c_void_p, [c_void_p]),
    "GetDataLen": (c_int, [c_void_p]),
    "IsMediaDataFinish": (c_int, [c_void_p]),
}


class Native:
    """The library's functions, whoever has them: a file, or a stand-in that looks the same."""

    def __init__(self, functions: Any) -> None:
        try:
            for name, (result, arguments) in _FUNCTIONS.items():
                function = getattr(functions, name)
                function.restype, function.argtypes = result, arguments
        except AttributeError as wrong:
            raise LibraryMissing(BAD_LIBRARY) from wrong
        self._c = functions

    def begin(self, corpid: str, secret: str) -> Sdk:
        sdk: Sdk = self._c.NewSdk()
        code = self._c.Init(sdk, corpid.encode(), secret.encode())
        if code:
            self._c.DestroySdk(sdk)
            raise LibraryError(code, "begin")
        return sdk

    def end(self, sdk: Sdk) -> None:
        if sdk is not None:
            self._c.DestroySdk(sdk)

    def records(self, sdk: Sdk, after: int, limit: int, proxy: str, password: str, patience: int) -> bytes:
        with self._slice() as out:
            code = self._c.GetChatData(sdk, after, limit, proxy.encode(), password.encode(), patience, out)
            return self._content(out, code, "list records")

    def open(self, key: str, message: str) -> bytes:
        with self._slice() as out:
            code = self._c.DecryptData(key.encode(), message.encode(), out)
            return self._content(out, code, "open a record")

    def piece(self, sdk: Sdk, at: str, file_id: str, proxy: str, password: str, patience: int) -> tuple[bytes, str, bool]:
        """The bytes, where the next piece begins, and whether there is none."""
        with self._media() as out:
            asked = (at.encode(), file_id.encode(), proxy.encode(), password.encode(), patience, out)
            code = self._c.GetMediaData(sdk, *asked)
            if code:
                raise LibraryError(code, "fetch a file")
            data = _bytes(self._c.GetData(out), self._c.GetDataLen(out))
            index = _bytes(self._c.GetOutIndexBuf(out), self._c.GetIndexLen(out))
            return data, index.rstrip(b"\0").decode(errors="replace"), bool(self._c.IsMediaDataFinish(out))

    def _content(self, out: int, code: int, doing: str) -> bytes:
        if code:
            raise LibraryError(code, doing)
        return _bytes(self._c.GetContentFromSlice(out), self._c.GetSliceLen(out))

    @contextmanager
    def _slice(self) -> Iterator[int]:
        out = self._c.NewSlice()
        try:
            yield out
        finally:
            self._c.FreeSlice(out)

    @contextmanager
    def _media(self) -> Iterator[int]:
        out = self._c.NewMediaData()
        try:
            yield out
        finally:
            self._c.FreeMediaData(out)


def _bytes(address: int | None, length: int) -> bytes:
    return ctypes.string_at(address, length) if address and length > 0 else b""


@cache
def loaded(path: Path) -> Native:
    """From a file: once a process, whoever asks. Raises LibraryMissing."""
    if not path.is_file():
        raise LibraryMissing(NO_LIBRARY)
    try:
        # By its whole path: the system's folders are not searched for another file of this name.
        return Native(ctypes.CDLL(str(path.resolve())))
    except OSError as wrong:
        raise LibraryMissing(BAD_LIBRARY) from wrong
