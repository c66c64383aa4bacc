"""Opening the records of one answer, and sorting what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from huoqun.carriers.base import Heard
from huoqun.carriers.wecom.models import Archive, ArchiveFile, ArchiveHeld, ArchiveRaw, Corp
from huoqun.vocabulary.events import MessageKind, MessagePosted
from huoqun.vocabulary.ids import Account, person_key

from . import codes, operations, queries, quotes, rules
from .bodies import FileTold
from .codes import LibraryError
from .keys import Ring
from .library import Library
from .records import Reading, read


class Locked(msgspec.Struct):
    """A record as it comes."""

    seq: int
    msgid: str
    publickey_ver: int = 0
    encrypt_random_key: str = ""
    encrypt_chat_msg: str = ""


@dataclass(frozen=True, slots=True)
class NotOpened:
    why: ArchiveHeld.Why
    code: int | None = None


class Opener:
    """Opens and reads the records of one answer."""

    def __init__(
        self,
        corp: Corp,
        archive: Archive,
        library: Library,
        ring: Ring,
        recent: quotes.Recent,
        account: Account,
        now: datetime,
    ) -> None:
        self.corp, self.archive, self.library, self.ring = corp, archive, library, ring
        self.told: list[Heard] = []
        self._recent, self._account, self._now = recent, account, now
        self._forgotten = queries.forgotten(corp)

    def take(self, records: Iterable[Locked], page: operations.Page) -> None:
        for record in records:
            opened = self.open(record.publickey_ver, record.encrypt_random_key, record.encrypt_chat_msg)
            if isinstance(opened, NotOpened):
                page.held.append(self._held(record, opened))
            else:
                self._keep(opened, record.seq, record.msgid, page)

    def try_again(self, held: Iterable[ArchiveHeld], page: operations.Page) -> tuple[list[ArchiveHeld], list[ArchiveHeld]]:
        """Those that could be opened, and those that could not; both have it written on them."""
        opened, locked = [], []
        for each in held:
            result = self.open(each.version, each.locked_key, each.locked_message)
            if isinstance(result, NotOpened):
                each.why, each.code, each.tried_with = result.why, result.code, self.ring.mark
                locked.append(each)
            else:
                self._keep(result, each.seq, each.msgid, page)
                opened.append(each)
        return opened, locked

    def open(self, version: int, locked_key: str, locked_message: str) -> bytes | NotOpened:
        """A key without a version that opens a record has its version from now on."""
        named = self.ring.has(version)
        failed = NotOpened(ArchiveHeld.Why.WRONG_KEY if named else ArchiveHeld.Why.NO_KEY)
        for candidate in self.ring.candidates(version, locked_key):
            try:
                opened = self.library.open(candidate.text, locked_message)
            except LibraryError as error:
                if error.code == codes.SYSTEM:
                    raise
                failed = _not_opened(error, named=named)
                continue
            if not named:
                self.ring.name(candidate.key_id, version)
                operations.discover_version(candidate.key_id, version)
            return opened
        return failed

    def _keep(self, opened: bytes, seq: int, msgid: str, page: operations.Page) -> None:
        reading = read(opened, self._account, seq=seq)
        if reading.at is not None and (page.newest_at is None or reading.at > page.newest_at):
            page.newest_at = reading.at
        if reading.passed is not None:
            page.passed[reading.passed] += 1
        if reading.agreed is not None and not self._is_forgotten(reading.agreed.person_id):
            page.agreed.append(reading.agreed)
        if isinstance(reading.event, MessagePosted):
            self._keep_message(reading.event, reading, page, opened)
        elif reading.event is not None:
            self.told.append(reading.event)
        elif reading.strange is not None:
            page.raw.append(self._raw(opened, msgid, reading, group_id=""))

    def _keep_message(self, event: MessagePosted, reading: Reading, page: operations.Page, opened: bytes) -> None:
        page.spoken[event.group_id] = max(event.at, page.spoken.get(event.group_id, event.at))
        if self._is_forgotten(event.author.id):
            # Whoever takes in the event leaves it out as well; here nothing of it may stay behind.
            self.told.append(event)
            return
        if reading.strange is not None:
            page.raw.append(self._raw(opened, event.message_id, reading, group_id=event.group_id))
        page.files += self._files(event, reading.files)
        self.told.append(self._answering(event))

    def _is_forgotten(self, person_id: str) -> bool:
        return bool(self._forgotten) and person_key(self._account, person_id) in self._forgotten

    def _answering(self, event: MessagePosted) -> MessagePosted:
        """The message with what it quotes taken out, and whom it answers where that was said lately."""
        if event.text is None or event.kind is not MessageKind.TEXT:
            return event
        quoted = quotes.split(event.text)
        said = event.text if quoted is None else quoted.words
        if quoted is not None:
            place = self._recent.find(event.group_id, quoted.above)
            event = replace(
                event,
                text=said,
                reply_to=place.message_id if place else None,
                reply_to_author=place.author_id if place else None,
            )
        self._recent.remember(event.group_id, said, quotes.Place(event.message_id, event.author.id))
        return event

    def _files(self, event: MessagePosted, files: tuple[FileTold, ...]) -> list[ArchiveFile]:
        limit = self.archive.file_limit_mb * rules.MEGABYTE
        if not limit:
            return []
        return [self._file(event, number, told, limit) for number, told in enumerate(files)]

    def _file(self, event: MessagePosted, number: int, told: FileTold, limit: int) -> ArchiveFile:
        return ArchiveFile(
            corp=self.corp,
            msgid=event.message_id,
            number=number,
            group_id=event.group_id,
            author_id=event.author.id,
            at=event.at,
            kind=told.kind.value,
            name=told.name[:300],
            size=max(told.size, 0),
            md5=told.md5.lower() if len(told.md5) == 32 else "",
            file_id=told.file_id,
            state=ArchiveFile.State.TOO_LARGE if told.size > limit else ArchiveFile.State.WAITING,
            next_at=self._now,
        )

    def _raw(self, opened: bytes, msgid: str, reading: Reading, *, group_id: str) -> ArchiveRaw:
        assert reading.strange is not None
        assert reading.at is not None
        return ArchiveRaw(
            corp=self.corp,
            msgid=msgid,
            msgtype=reading.strange.msgtype[:64],
            field=reading.strange.field,
            group_id=group_id,
            at=reading.at,
            raw=opened.decode(errors="replace").replace("\0", "\ufffd"),
        )

    def _held(self, record: Locked, failed: NotOpened) -> ArchiveHeld:
        return ArchiveHeld(
            corp=self.corp,
            seq=record.seq,
            msgid=record.msgid,
            version=record.publickey_ver,
            locked_key=record.encrypt_random_key,
            locked_message=record.encrypt_chat_msg,
            why=failed.why,
            code=failed.code,
            tried_with=self.ring.mark,
            found_at=self._now,
        )


def _not_opened(error: LibraryError, *, named: bool) -> NotOpened:
    if not named:
        return NotOpened(ArchiveHeld.Why.NO_KEY, error.code)
    fits = error.code not in {codes.WRONG_KEY, codes.DECRYPTION, codes.NO_PRIVATE_KEY}
    return NotOpened(ArchiveHeld.Why.DAMAGED if fits else ArchiveHeld.Why.WRONG_KEY, error.code)
