"""What a live code may lead to, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum

MOST_GROUPS = 5
"""One code fills at most so many groups, one after the other."""

MOST_COLLEAGUES = 100
LONGEST_TITLE = 30


class Kind(StrEnum):
    JOIN = "join"
    """People come into a group."""
    CONTACT = "contact"
    """People add a colleague."""


class State(StrEnum):
    ASKED = "asked"
    """The carrier has been asked for it."""
    LIVE = "live"
    BY_HAND = "by_hand"
    """Somebody makes it by hand and enters the link."""
    FAILED = "failed"
    ENDED = "ended"


class Wish(StrEnum):
    """What a request was about: the last word of its key before any number."""

    MAKE = "make"
    CHANGE = "change"
    END = "end"


def source_of(code: int) -> str:
    """What the carrier tells of everybody who came by it: the same for good, and no other code's."""
    return f"code-{code}"


def state_after(wish: Wish, outcome: str, before: State) -> State:
    """A change that did not work leaves the code as it was, and a code that could not be ended is live."""
    match wish, outcome:
        case Wish.MAKE, "sent":
            return State.LIVE if before == State.ASKED else before
        case Wish.MAKE, "handed":
            return State.BY_HAND if before == State.ASKED else before
        case Wish.MAKE, "refused" | "expired" | "cancelled":
            return State.FAILED if before in {State.ASKED, State.BY_HAND} else before
        case Wish.END, "sent":
            return State.ENDED
    return before


def trouble_after(outcome: str, reason: str) -> str:
    """What stands beside the code: why the last wish was not done, or is not done yet."""
    return "" if outcome == "sent" else reason


def wish_of(about: str) -> tuple[int, Wish, int] | None:
    """Of which code, what, and which version of it; None: no request of this room."""
    parts = about.split("/")
    if len(parts) != 4 or parts[0] != "code" or not parts[1].isdigit() or not parts[3].isdigit():
        return None
    return (int(parts[1]), Wish(parts[2]), int(parts[3])) if parts[2] in set(Wish) else None
