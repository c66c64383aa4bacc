"""What rooms tell one another: one frozen class a kind of fact. `docs/events.md` has a line for each; a test compares.

Facts travel the same log as events. `community` is the slug of the community they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .ids import GroupKey, PersonKey, folded


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    community: str
    at: datetime

    @property
    def subject(self) -> int:
        """What the fact is about, as a number: facts about the same subject keep their order."""
        return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryImported(Fact):
    """An import has finished: its talk is in history, its groups and people are known."""

    import_id: int
    first_day: date | None
    last_day: date | None
    messages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportUndone(Fact):
    import_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterTaken(Fact):
    """A live account was read from end to end; the numbers say what was not known before, so what events had missed."""

    carrier: str
    name: str
    """The account's."""
    groups: int
    people: int
    joined: int
    left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseChanged(Fact):
    """Who counts as house (staff, helper, bot) has changed: every figure of the community is out of date."""

    people: tuple[PersonKey, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupTurned(Fact):
    """The audit of `as_of` put the group in another state than the audit before."""

    group: GroupKey
    state: str
    before: str
    since: date | None
    as_of: date

    @property
    def subject(self) -> int:
        return self.group


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonErased(Fact):
    """A person was erased on request; `people` are the keys of all their identities."""

    people: tuple[PersonKey, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestSettled(Fact):
    """What a room asked of a carrier has ended, or was handed to a person."""

    request: str
    """The key it was asked with."""
    action: str
    """Name of the action's class."""
    target: str
    """"group/<id>", "person/<id>" or "staff/<id>" with the carrier's own id."""
    outcome: str
    """sent, refused, unknown, handed, confirming (a colleague must still confirm it), expired or cancelled."""
    reason: str = ""
    room: str
    """The room that asked."""
    about: str
    """What it asked for: the room's own name for it, such as "run/17"."""
    message_id: str = ""
    """What the carrier calls the result, where it was sent."""
    link: str = ""
    """Where what was made is opened."""

    @property
    def subject(self) -> int:
        return folded("target", self.community, self.target)


@dataclass(frozen=True, kw_only=True, slots=True)
class TodoDone(Fact):
    """Somebody has done what they were given, and it can no longer be taken back."""

    todo: int
    key: str
    """What it was given under."""
    room: str
    """The room that gave it."""
    about: str
    how: str
    """tap (somebody said so), seen (an event of the carrier proves it) or outbox (said there)."""
    by: int | None = None
    """The staff account that did it, where it is known."""
    request: str = ""
    """Key of the request to a carrier that it came from."""

    @property
    def subject(self) -> int:
        return self.todo


@dataclass(frozen=True, kw_only=True, slots=True)
class TodoLate(Fact):
    """It is not done though its time has passed; the leads have been told."""

    todo: int
    key: str
    room: str
    about: str
    due_at: datetime
    assigned: int | None = None
    """The staff account that has it; None: any lead."""

    @property
    def subject(self) -> int:
        return self.todo


FACTS: dict[str, type[Fact]] = {
    kind.__name__: kind
    for kind in (
        HistoryImported,
        ImportUndone,
        RosterTaken,
        HouseChanged,
        GroupTurned,
        PersonErased,
        RequestSettled,
        TodoDone,
        TodoLate,
    )
}
