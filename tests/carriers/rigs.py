"""What a carrier brings to be tested: itself, a far side that does as it is told, and a clock of its own.

A carrier has one line in RIGS. For a live carrier the far side is its sandbox, or recorded answers; never the real one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from huoqun.carriers.base import Carrier, Hearing
from huoqun.vocabulary.actions import Action
from tests.carriers.pretended import PretendRig
from tests.carriers.wecom_rig import WeComRig


class FastClock:
    """Time that passes only when somebody waits or leaps."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def leap(self, span: timedelta) -> None:
        self.time += span


class Trouble(StrEnum):
    """What the far side can be told to get wrong."""

    FORBIDDEN = "forbidden"
    STRANGE = "strange"
    TOO_FAST = "too_fast"
    OUTAGE = "outage"
    SLOW = "slow"
    CUT_BEFORE = "cut_before"
    CUT_HALFWAY = "cut_halfway"
    CUT_AFTER = "cut_after"
    TWICE = "twice"
    MIXED_UP = "mixed_up"
    STRANGE_NEWS = "strange_news"


SENDING = (Trouble.FORBIDDEN, Trouble.STRANGE, Trouble.TOO_FAST, Trouble.OUTAGE, Trouble.SLOW)
CUTS = (Trouble.CUT_BEFORE, Trouble.CUT_HALFWAY, Trouble.CUT_AFTER)


class LiveCarrier(Carrier, Hearing, Protocol):
    pass


class Rig(Protocol):
    carrier: LiveCarrier
    clock: FastClock

    def sample(self, action: str, number: int = 0) -> Action:
        """One of this kind that will be done when sent; another target for another number (fewer than 1,000)."""

    def pointless(self, action: str) -> Action:
        """One of this kind that is refused for good, because what it is about is no longer there."""

    def trouble(
        self, kind: Trouble, *, times: int = 1, seconds: float = 0, news: bool = False, looking_up: bool = False
    ) -> None:
        """The next `times` actions (calls, for what concerns a whole call) go wrong; or the next pages of news, or look-ups."""

    def all_clear(self) -> None:
        """No trouble is planned any more."""

    def confirm(self, key: str) -> None:
        """What was asked under this key and waits is confirmed, or its time passes, so that it ends well."""

    def times_done(self, key: str) -> int:
        """How often the far side has really done something under this key."""

    def happen(self, count: int) -> None:
        """So many people say something of their own."""

    def wait(self, seconds: float) -> timedelta:
        """What a far side that was told to be too busy for so long asks for: these seconds, or, where it never says, what its
        documents say.
        """

    tells_pace: bool
    """What is more than the manifest's pace is answered with "later"; else its own tests show what becomes of it."""


RIGS: dict[str, Callable[[FastClock], Rig]] = {"pretend": PretendRig, "wecom": WeComRig}

HEARD_AGAIN = ("pretend",)
"""Those whose news may be asked for from the beginning as often as one likes. WeCom calls, and each call is settled once it was
kept: carriers/wecom/tests/callbacks has its tests.
"""
