"""The archive as something that is listened to: page after page, opened and read. What cannot be opened yet is kept locked.

The cursor is the number of the last record. "196+57" says as well that of the locked records up to row 57 those that were
opened have been handed on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from huoqun.carriers.base import Barred, Received, Unreachable
from huoqun.carriers.wecom.models import Archive, Corp
from huoqun.carriers.wecom.queries import company_of
from huoqun.vocabulary.ids import Account

from . import codes, operations, queries, quotes
from .codes import LibraryError, LibraryMissing
from .keys import Ring
from .library import PAGE, Access, Library, open_library
from .opening import Locked, Opener

Libraries = Callable[[Access], Library]
"""Raises LibraryMissing, LibraryError."""


class _Answer(msgspec.Struct):
    errcode: int = 0
    chatdata: list[Locked] = msgspec.field(default_factory=list)


_decoder = msgspec.json.Decoder(_Answer, strict=False)


@dataclass(frozen=True, slots=True)
class Cursor:
    seq: int = 0
    given: int | None = None

    @staticmethod
    def of(text: str) -> Cursor:
        seq, _plus, given = text.partition("+")
        return Cursor(int(seq or 0), int(given) if given else None)

    def __str__(self) -> str:
        return f"{self.seq}" if self.given is None else f"{self.seq}+{self.given}"


class Pull:
    """One company's archive. Used by one thread at a time."""

    def __init__(self, account: Account, *, libraries: Libraries = open_library, now: Callable[[], datetime]) -> None:
        self._account = account
        self._libraries = libraries
        self._now = now
        self._library: tuple[Access, Library] | None = None
        self._ring: tuple[int, Ring] | None = None
        self._recent = quotes.Recent()

    def receive(self, since: str) -> Received:
        """What was locked and can be opened now, or else the next page. Raises Barred where somebody has to mend something."""
        corp = company_of(self._account)
        if corp is None:
            raise Barred(codes.NO_CORP)
        try:
            return self._receive(corp, Cursor.of(since))
        except LibraryMissing as missing:
            raise Barred(missing.sentence) from missing
        except LibraryError as error:
            self._drop_library()
            if error.again:
                raise Unreachable(str(error)) from error
            raise Barred(error.sentence) from error

    def _receive(self, corp: Corp, cursor: Cursor) -> Received:
        archive = operations.begin(corp)
        library = self._open_library(corp, archive)
        if cursor.given is None:
            operations.take_back(corp)
        else:
            operations.drop_given(corp, cursor.given)
        opener = Opener(corp, archive, library, self._keys(corp), self._recent, self._account, self._now())
        return self._unlocked(opener, cursor) or self._page(opener, cursor)

    def _unlocked(self, opener: Opener, cursor: Cursor) -> Received | None:
        """Records that were locked and are not any more. None: there are none."""
        held = queries.openable(opener.corp, opener.ring.mark)
        if not held:
            return None
        page = operations.Page(cursor.seq)
        opened, locked = opener.try_again(held, page)
        operations.still_locked(locked)
        operations.keep_found(opener.corp, page, now=self._now())
        operations.given(opened, now=self._now())
        reached = max((each.pk for each in opened), default=None)
        return Received(records=tuple(opener.told), cursor=str(replace(cursor, given=reached)), more=True)

    def _page(self, opener: Opener, cursor: Cursor) -> Received:
        records = _records(opener.library.records(cursor.seq, PAGE))
        page = operations.Page(max((each.seq for each in records), default=cursor.seq), len(records), len(records) >= PAGE)
        opener.take(records, page)
        operations.keep_page(opener.corp, page, now=self._now())
        return Received(records=tuple(opener.told), cursor=str(Cursor(page.seq)), more=page.more)

    def _open_library(self, corp: Corp, archive: Archive) -> Library:
        if not corp.archive_secret:
            raise LibraryMissing(codes.NO_SECRET)
        access = Access(
            corpid=corp.corpid,
            secret=corp.archive_secret,
            proxy=archive.proxy,
            proxy_password=archive.proxy_password,
        )
        if self._library is None or self._library[0] != access:
            self._drop_library()
            self._library = access, self._libraries(access)
        return self._library[1]

    def _drop_library(self) -> None:
        if self._library is not None:
            self._library[1].close()
            self._library = None

    def _keys(self, corp: Corp) -> Ring:
        if self._ring is None or self._ring[0] != corp.pk or self._ring[1].mark != queries.keys_mark(corp):
            self._ring = corp.pk, Ring(queries.kept_keys(corp))
        return self._ring[1]


def _records(answer: bytes) -> list[Locked]:
    try:
        told = _decoder.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Barred(codes.NOT_READABLE) from wrong
    if told.errcode:
        raise LibraryError(told.errcode, "list records")
    return told.chatdata
