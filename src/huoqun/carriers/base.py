"""What a carrier promises. A reader of files promises the first part, a live carrier the rest; tests/carriers/ checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from huoqun.vocabulary.actions import ACTIONS, Action
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One record of a file, or one delivery of a live carrier, that could not be read. The rest goes on."""

    file: str
    """The file, or what brought it ("pretend: update 17")."""
    line: int | None
    """Line (text formats) or record number (binary ones), from 1; None where neither is known."""
    field: str
    problem: str
    """In plain words, with the remedy: English text that the page translates by `str.format` of a known message."""
    raw: str
    """The record as it stood, cut at 4,000 characters."""


Parsed = Event | Unreadable


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalogue without translating it here. Django's own wants settings; files are read without."""
    return text


LONGEST_CALL = timedelta(seconds=30)
"""No call to a carrier lasts longer: it ends in CutOff instead. Whoever leases work leases it for longer than this."""


class CutOff(Exception):
    """The call broke off on the way, or took too long: what was asked may be done or not."""


class Unreachable(Exception):
    """The carrier did not take the call: surely nothing was done, asking again later is safe."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """At most `at_most` of an action in any stretch of `every`, and who says so.

    account: through one account. target: for one group, person or colleague. member: reaching one person, all actions with a
    pace for members taken together.
    """

    per: Literal["account", "target", "member"]
    every: timedelta
    at_most: int
    as_of: date
    """When somebody last looked at the source."""
    source: str

    def __post_init__(self) -> None:
        if self.every <= timedelta(0) or self.at_most < 1:
            raise ValueError(f"a pace allows at least one action in some time, not {self.at_most} in {self.every}")
        if not self.source.strip():
            raise ValueError("a pace names its source: where the carrier says so, or who measured it")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ability:
    """How a carrier does one action: through its interface, by a person's hand, or not at all."""

    how: Literal["api", "hand", "no"]
    repeatable: bool = False
    """Sent again with the same key it changes nothing more, and gives the answer of the time it was done."""
    paces: tuple[Pace, ...] = ()
    why: str = ""
    """For hand and no: the reason in plain words, an English sentence that pages translate."""
    can_ask: bool = False
    """`look_up` tells afterwards whether it was done."""
    batch: int = 1
    """How many `send_many` takes at once."""

    def __post_init__(self) -> None:
        if self.how != "api" and not self.why.strip():
            raise ValueError(f"an ability that is '{self.how}' says why")
        if self.how != "api" and (self.repeatable or self.can_ask or self.paces or self.batch != 1):
            raise ValueError(
                f"an ability that is '{self.how}' is never sent: it has no pace, no batch and no answer to ask for"
            )
        if self.batch < 1:
            raise ValueError(f"a batch holds at least one action, not {self.batch}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a carrier is called and what it can do: a word for every action there is."""

    name: str
    title: str
    abilities: Mapping[str, Ability]
    """By the name of the action's class."""

    def __post_init__(self) -> None:
        missing, strange = sorted(ACTIONS.keys() - self.abilities.keys()), sorted(self.abilities.keys() - ACTIONS.keys())
        if missing or strange:
            raise ValueError(f"{self.name}: abilities missing for {missing}, and for no action {strange}")

    def ability(self, action: Action) -> Ability:
        return self.abilities[type(action).__name__]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One action to be sent. `key` is the same each time the same thing is asked, and no other's."""

    key: str
    action: Action


class Carrier(Protocol):
    """One account of a carrier, ready to act. May be used by one thread at a time."""

    @property
    def manifest(self) -> Manifest: ...

    def send(self, asked: Asked) -> Outcome:
        """Do it once. An action that is by hand or not possible is answered in words (NeedsHand, Refused), not by an error.

        Raises CutOff where it may be done, Unreachable where surely nothing was.
        """
        ...

    def send_many(self, asked: Sequence[Asked]) -> list[Outcome]:
        """An outcome for each, in their order; at most `ability.batch` of one action.

        Where single ones were cut off, their outcome is Unknown. Raises CutOff where any of them may be done, Unreachable where
        surely none was.
        """
        ...

    def look_up(self, asked: Asked) -> Outcome | None:
        """What became of a call that was cut off. Sent or Refused: that is how it ended. TryLater: surely not done, send it
        again. None: the carrier cannot tell. Asked only when no call with this key can still be on its way (LONGEST_CALL), and
        only where `can_ask`. Raises Unreachable or CutOff: look again later.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A page of what a carrier delivered. Store the records first, then keep the cursor: delivered twice is harmless."""

    records: tuple[Parsed, ...]
    cursor: str
    more: bool


class Hearing(Protocol):
    """A carrier which is asked what is new. Deliveries may come twice and out of order; `source_id` tells them apart."""

    def receive(self, since: str) -> Received:
        """What came after `since` ("": from the beginning). Raises Unreachable: ask again with the same cursor."""
        ...
