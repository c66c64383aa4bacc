"""How far behind the archive is, when that becomes dangerous, when a file is tried again. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from huoqun.vocabulary.heard import Deaf

KEPT = timedelta(days=5)
"""How long WeCom keeps records to be read. One note says three days: from there on we warn."""

WARN_AFTER = timedelta(days=3)

SHORT = timedelta(minutes=2)
"""Silence shorter than this is only the pause between two questions."""

CHECK_EVERY = timedelta(days=1)
CHECK_AGAIN = timedelta(hours=1)
"""Where a group could not be checked."""

SILENT_AFTER = timedelta(days=1)
"""An archive nobody has read for so long says nothing of what is said now."""

CHORES_EVERY = timedelta(minutes=1)
CHORES_AGAIN = timedelta(minutes=15)
"""Where none of a company's groups could be checked: its archive secret is wrong, or it has no permission."""

MEGABYTE = 1 << 20

FILE_TRIES = 8
FILE_TURN = timedelta(minutes=2)
"""How long one worker has a file for itself after each piece it has put down."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind reading is. `caught_up` None: nobody has asked yet."""

    caught_up: bool | None
    behind: timedelta = timedelta(0)
    ready_in: timedelta | None = None
    """When it will have caught up if it goes on like this; None: not known, or it does not get nearer."""

    @property
    def dangerous(self) -> bool:
        """Soon records are gone before they are read."""
        return self.behind >= WARN_AFTER


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What is known of the last answers."""

    asked_at: datetime | None
    newest_at: datetime | None
    more: bool
    behind_since: datetime | None = None
    behind_from: datetime | None = None


def lag(progress: Progress, *, now: datetime) -> Lag:
    """Behind is the age of the newest message read, where there is more; else how long nobody has answered."""
    if progress.asked_at is None:
        return Lag(None)
    silence = max(now - progress.asked_at, timedelta(0))
    if not progress.more:
        return Lag(True, silence)
    behind = max(now - (progress.newest_at or progress.asked_at), timedelta(0))
    return Lag(False, behind, _ready_in(progress, behind))


def _ready_in(progress: Progress, behind: timedelta) -> timedelta | None:
    if progress.behind_since is None or progress.behind_from is None or progress.asked_at is None or progress.newest_at is None:
        return None
    spent = (progress.asked_at - progress.behind_since).total_seconds()
    read = (progress.newest_at - progress.behind_from).total_seconds()
    # What is read is time of the past in time of the present: faster than one second a second, or it never catches up.
    gained = read - spent
    if spent <= 0 or gained <= 0:
        return None
    return timedelta(seconds=behind.total_seconds() * spent / gained)


def missed(asked_at: datetime | None, now: datetime) -> tuple[datetime, datetime] | None:
    """A stretch of which records may have gone unread, as nobody asked for so long."""
    if asked_at is None or now - asked_at <= KEPT:
        return None
    return asked_at, now - KEPT


def not_read_since(asked_at: datetime | None, newest_at: datetime | None, *, more: bool, now: datetime) -> datetime | None:
    """Up to when the archive is read, where that is too long ago to say anything of today; None: it is read."""
    if asked_at is None:
        return None
    read_up_to = newest_at or asked_at if more else asked_at
    return read_up_to if now - read_up_to > SILENT_AFTER else None


def deaf_to(*, licensed: int, customers: int, refused: int) -> Deaf | None:
    """Why nothing that is said in a group reaches the archive: nobody there has a licence, or all customers refused."""
    if not licensed:
        return Deaf.NO_LICENCE
    return Deaf.NO_CONSENT if customers and refused >= customers else None


def turned_at(
    before: Deaf | None, after: Deaf | None, *, known: bool, since: datetime | None, last_at: datetime | None, now: datetime
) -> datetime | None:
    """Since when a group is heard, or is not, now that it was checked; `known`: it had been checked before.

    A group that is found to be heard has been since something was read of it; what was said before nobody has heard.
    """
    if known and (before is None) == (after is None):
        return since
    if after is not None:
        return now if known else None
    read_before = last_at is not None and (since is None or last_at > since)
    return last_at if read_before else now


def wait_for_file(tries: int) -> timedelta:
    """Until a file is tried again after so many failures: they are kept for some days only."""
    wait: timedelta = min(timedelta(seconds=30) * 2**tries, timedelta(hours=3))
    return wait
