"""What a carrier promises. A reader of files promises the first part, a live carrier the rest; tests/carriers/ checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from huoqun.vocabulary.actions import ACTIONS, Action
from huoqun.vocabulary.events import Event, GroupEvent
from huoqun.vocabulary.outcomes import Outcome
from huoqun.vocabulary.roster import Brought, Seen


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


Parsed = GroupEvent | Unreadable
"""What files tell: of groups only."""

Heard = Event | Unreadable
"""What live carriers tell."""


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
class Confirmation:
    """What is asked this way waits at the carrier (`Waiting`) until a colleague confirms it in their app, or time passes."""

    within: timedelta
    """So long the carrier keeps it for them; what is not confirmed by then has expired."""
    as_of: date
    source: str
    reminders: int = 0
    """How often they may be reminded of one task in any `every`; 0: not at all."""
    every: timedelta = timedelta(days=1)
    can_withdraw: bool = False
    """What was not confirmed can be taken back, so that nobody can confirm it any more."""

    def __post_init__(self) -> None:
        if self.within <= timedelta(0) or self.every <= timedelta(0) or self.reminders < 0:
            raise ValueError("a confirmation waits for some time, and reminders are counted in some time")
        if not self.source.strip():
            raise ValueError("a confirmation names its source: where the carrier says so, or who measured it")


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
    confirmation: Confirmation | None = None
    """Where it may end in Waiting: the carrier is `Confirming`."""

    def __post_init__(self) -> None:
        if self.how != "api" and not self.why.strip():
            raise ValueError(f"an ability that is '{self.how}' says why")
        if self.how != "api" and (self.repeatable or self.can_ask or self.paces or self.batch != 1 or self.confirmation):
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
    message_id: str = ""
    """For what waits for a confirmation: what the carrier calls it."""
    since: datetime | None = None
    """When it was last called, where that is known: for looking up what became of it."""


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
        """What became of a call that was cut off. Sent, Waiting or Refused: that is how it ended. TryLater: surely not done,
        send it again. None: the carrier cannot tell. Asked only when no call with this key can still be on its way
        (LONGEST_CALL), and only where `can_ask`. Raises Unreachable or CutOff: look again later.
        """
        ...


@runtime_checkable
class Confirming(Protocol):
    """A carrier some of whose actions wait for a colleague's confirmation (`Ability.confirmation`).

    Actions that were sent together may share one task: then all of them have the same `message_id`, and each method is asked
    about one task, with everything of it that still waits. Each raises Unreachable or CutOff: ask again later; asking any of
    them twice does no harm but for a second reminder.
    """

    def follow(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        """How each stands now, in their order. Waiting: not yet. Sent, Refused, NeedsHand: that is how it ended. None: the
        carrier cannot tell at present.
        """
        ...

    def remind(self, asked: Asked) -> Outcome:
        """The colleague is reminded of the task. Sent: they were. TryLater: not before that time. Refused: they cannot be."""
        ...

    def withdraw(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        """Nothing of the task can be confirmed any more. For each: Sent: it had been confirmed before and is out. Refused: it
        is surely not out and never will be. Waiting or None: not known yet, ask again.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A page of what a carrier delivered. Store the records first, then keep the cursor: delivered twice is harmless."""

    records: tuple[Heard, ...]
    cursor: str
    more: bool
    wait: timedelta | None = None
    """Something is known to be there after that time; None: whenever it is usual to ask again."""


class Hearing(Protocol):
    """A carrier which is asked what is new. Deliveries may come twice and out of order; `source_id` tells them apart."""

    def receive(self, since: str) -> Received:
        """What came after `since` ("": from the beginning). Raises Unreachable: ask again with the same cursor; Barred:
        somebody has to mend something first.
        """
        ...


class Barred(Exception):
    """The carrier will not answer until a person has mended something; the text is an English sentence for them, which pages
    translate.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterPage:
    """A page of who and what there is. Take in the records, then tell the roster in the same transaction that it is `kept`."""

    records: tuple[Seen, ...]
    at: datetime
    """Asked for at this time: what changed later is not in it."""
    cursor: str
    """What to go on with."""
    done: int
    """How much of the whole is told with this page, and how much that is as far as is known by now."""
    total: int
    settled: bool = True
    """What comes next does not depend on this page: it may be asked for before this one is kept."""


class Roster(Protocol):
    """An account that lists who and what there is. It remembers how far it has come: whoever is interrupted goes on there."""

    def open(self, *, now: datetime) -> str:
        """The cursor to go on with: of the walk that was not finished, or of a new one."""
        ...

    def page(self, cursor: str) -> RosterPage | None:
        """None: everything was told. Raises Unreachable or CutOff (ask again later with the same cursor) and Barred."""
        ...

    def kept(self, page: RosterPage, brought: Brought) -> None:
        """Everything on the page is kept: call it in the transaction in which that happened, after it."""
        ...

    def put_down(self, trouble: str, *, now: datetime) -> None:
        """The walk stands still, and why, in an English sentence; `open` goes on with it. "": somebody asked to stop."""
        ...

    def finish(self, *, now: datetime) -> None:
        """Everything was told and kept."""
        ...
