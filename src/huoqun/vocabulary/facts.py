"""What rooms tell one another: one frozen class a kind of fact. `docs/events.md` has a line for each; a test compares.

Facts travel the same log as events. `community` is the slug of the community they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .ids import GroupKey, PersonKey


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


FACTS: dict[str, type[Fact]] = {
    kind.__name__: kind for kind in (HistoryImported, ImportUndone, HouseChanged, GroupTurned, PersonErased)
}
