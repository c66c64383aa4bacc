"""How an action ends. A carrier translates its own words into these; nobody above reads its codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """Somebody the action did not reach, though it reached others."""

    member_id: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """The carrier has done it."""

    message_id: str = ""
    """What the carrier calls the result: of a message its id, of a join link the link or its number."""
    link: str = ""
    """Where what was made is opened: of a live code its picture or address, where `message_id` is not that already."""
    reached: int | None = None
    """How many people it was delivered to; None where the carrier does not say."""
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """The carrier has it and will not be asked to do it again, but it takes effect only when a colleague has confirmed it in
    their app, or when some time has passed.
    """

    message_id: str
    """What the carrier calls the task. Actions that were asked together may share one."""
    reason: str
    """What it waits for, in plain words."""
    staff_id: str = ""
    """The colleague it waits for, where it is somebody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Not done. `for_good`: asking again would be refused again; else somebody can mend what is in the way and ask anew."""

    reason: str
    for_good: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class TryLater:
    """Not done; asking again before `after` has passed is no use."""

    after: timedelta
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedsHand:
    """Not done: only a person can do this on this carrier, or here and now."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """It may be done or not. It is never repeated unasked: first the carrier is asked, then a person."""

    reason: str


Outcome = Sent | Waiting | Refused | TryLater | NeedsHand | Unknown

OUTCOMES: dict[str, type[Outcome]] = {kind.__name__: kind for kind in (Sent, Waiting, Refused, TryLater, NeedsHand, Unknown)}
