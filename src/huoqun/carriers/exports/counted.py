"""A stream whose bytes are counted, for progress and against the limits, and whose failures are ours."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, TYPE_CHECKING

from . import errors
from .errors import gettext_noop

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER = 1 << 18
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)


class Counted(io.RawIOBase):
    """Tells `count(bytes read)` about every read; `count` may raise to stop it."""

    def __init__(self, inner: IO[bytes], count: Callable[[int], None], name: str) -> None:
        self._inner = inner
        self._count = count
        self._name = name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._inner.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(len(view))
        except DAMAGE as damage:
            raise errors.FileUnreadable(
                gettext_noop("{file} is damaged and cannot be read on. Copy or export it again."), file=self._name
            ) from damage
        view[: len(data)] = data
        self._count(len(data))
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def counted(inner: IO[bytes], count: Callable[[int], None], name: str) -> IO[bytes]:
    return io.BufferedReader(Counted(inner, count, name), BUFFER)
