"""Whether what people say in a group reaches us, as its carrier says: what cannot be heard must not pass for silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deaf(StrEnum):
    """Why nothing that is said in a group reaches us."""

    NO_ARCHIVE = "no_archive"
    """The carrier hands messages over through an archive only, and there is none."""
    NOT_READ = "not_read"
    """There is an archive, and it is not being read."""
    NO_LICENCE = "no_licence"
    """Nobody in the group holds the licence without which nothing is archived."""
    NO_CONSENT = "no_consent"
    """None of those who speak there has agreed."""
    ADDRESSED_ONLY = "addressed_only"
    """Our account there is told only what is addressed to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeardIn:
    """One group. `since`: from when on that has been so, as far as the carrier knows; None: always, as far as it knows."""

    group_id: str
    deaf: Deaf | None = None
    """None: what is said there reaches us."""
    since: datetime | None = None
