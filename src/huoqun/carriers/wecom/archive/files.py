"""Files of the archive: fetched piece by piece, taken up again where it was put down, checked, kept out of the web's reach."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from huoqun.carriers.wecom.models import ArchiveFile, Corp

from . import operations, queries, rules
from .codes import LibraryError, LibraryMissing
from .library import Access, Library, Piece, open_library
from .pull import Libraries

PIECES = 16
"""In one go (8 MB): then another file, or a worker that is told to stop, has its turn."""

NOT_NOW = timedelta(minutes=15)
"""While there is no library, or it lets nobody in: no fault of the file."""


class NotWhole(Exception):
    """What was fetched is not what was announced."""


def folder(corp_id: int) -> Path:
    return Path(settings.UPLOADS) / "archive" / str(corp_id)


def path_of(file: ArchiveFile) -> Path:
    """Where a kept file lies."""
    return folder(file.corp_id) / file.stored


def delete_files(stored: Iterable[str]) -> None:
    """Files that rows no longer name, by "company/name"."""
    for name in stored:
        (Path(settings.UPLOADS) / "archive" / name).unlink(missing_ok=True)


def delete_folder(corp_id: int) -> None:
    """Every file of a company, whole or in part."""
    shutil.rmtree(folder(corp_id), ignore_errors=True)


class Fetcher:
    """One step of the worker, a file at a time; any number of workers may take it at once."""

    def __init__(self, *, libraries: Libraries = open_library, clock: Callable[[], datetime]) -> None:
        self._libraries = libraries
        self._clock = clock
        self._open: dict[Access, Library] = {}

    def round(self) -> bool:
        """Fetch what waits longest, or part of it. True if there was one."""
        now = self._clock()
        for file in queries.due_files(now):
            if operations.take_file(file, until=now + rules.FILE_TURN):
                self._fetch(file)
                return True
        return False

    def _fetch(self, file: ArchiveFile) -> None:
        limit = _limit(file.corp)
        if not limit or file.size > limit:
            _drop_part(file)
            operations.end_file(file, ArchiveFile.State.TOO_LARGE)
            return
        try:
            self._go_on(file, self._library(file.corp), limit)
        except LibraryMissing:
            operations.put_off_file(file, until=self._clock() + NOT_NOW)
        except LibraryError as error:
            self._failed(file, error)
        except NotWhole:
            self._again(file, code=None, afresh=True)

    def _go_on(self, file: ArchiveFile, library: Library, limit: int) -> None:
        part = _part(file)
        with part.open("r+b") as there:
            there.truncate(file.got)
            there.seek(file.got)
            for _turn in range(PIECES):
                piece = library.piece(file.file_id, file.index)
                there.write(piece.data)
                there.flush()
                if file.got + len(piece.data) > limit:
                    _too_large(file)
                    return
                if piece.last:
                    file.got += len(piece.data)
                    break
                if not self._put_down(file, piece):
                    return
            else:
                operations.put_off_file(file, until=self._clock())
                return
        _keep_whole(file, part)

    def _put_down(self, file: ArchiveFile, piece: Piece) -> bool:
        """False: another worker has it by now. Raises NotWhole where the library would go round in circles."""
        if not piece.data or not piece.next or piece.next == file.index:
            raise NotWhole
        until = self._clock() + rules.FILE_TURN
        return operations.got_piece(file, index=piece.next, got=file.got + len(piece.data), until=until)

    def _failed(self, file: ArchiveFile, error: LibraryError) -> None:
        self._open.clear()
        if error.gone:
            _drop_part(file)
            operations.end_file(file, ArchiveFile.State.GONE, code=error.code)
        elif error.again:
            self._again(file, code=error.code)
        else:
            operations.put_off_file(file, until=self._clock() + NOT_NOW)

    def _again(self, file: ArchiveFile, *, code: int | None, afresh: bool = False) -> None:
        if file.tries + 1 >= rules.FILE_TRIES:
            _drop_part(file)
            operations.end_file(file, ArchiveFile.State.FAILED, code=code)
            return
        wait = rules.wait_for_file(file.tries)
        operations.again_later(file, wait=wait, now=self._clock(), code=code, afresh=afresh)

    def _library(self, corp: Corp) -> Library:
        archive = queries.archive_of(corp)
        access = Access(
            corpid=corp.corpid, secret=corp.archive_secret, proxy=archive.proxy, proxy_password=archive.proxy_password
        )
        if access not in self._open:
            self._open[access] = self._libraries(access)
        return self._open[access]


def _limit(corp: Corp) -> int:
    return queries.archive_of(corp).file_limit_mb * rules.MEGABYTE


def _part(file: ArchiveFile) -> Path:
    """What there is of it so far. Where the disk has less than the row says, it begins again."""
    place = folder(file.corp_id)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place / f"{file.pk}.part"
    if not part.exists() or part.stat().st_size < file.got:
        part.touch(mode=0o600)
        file.got, file.index = 0, ""
    return part


def _drop_part(file: ArchiveFile) -> None:
    (folder(file.corp_id) / f"{file.pk}.part").unlink(missing_ok=True)


def _too_large(file: ArchiveFile) -> None:
    _drop_part(file)
    operations.end_file(file, ArchiveFile.State.TOO_LARGE)


def _keep_whole(file: ArchiveFile, part: Path) -> None:
    """Under a name that follows from the row: a crash between here and the row leaves nothing nobody knows of."""
    if not _is_whole(file, part):
        raise NotWhole
    stored = f"{file.pk}.file"
    part.replace(part.with_name(stored))
    operations.finish_file(file, stored=stored, got=file.got)


def _is_whole(file: ArchiveFile, part: Path) -> bool:
    if file.md5:
        with part.open("rb") as there:
            return hashlib.file_digest(there, _md5).hexdigest() == file.md5
    return not file.size or file.got == file.size


def _md5() -> Any:
    # It proves that nothing was lost on the way, not who sent it.
    return hashlib.md5(usedforsecurity=False)
