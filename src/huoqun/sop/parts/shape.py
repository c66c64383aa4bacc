"""The parts of a playbook that steps and starts are made of."""

from __future__ import annotations

from functools import partial
from typing import Literal, TypeVar

import msgspec

from .lapse import Clock, Hours, Lapse

T = TypeVar("T", bound=str)

PROOFS = ("picture", "link", "number", "note")
"""Evidence somebody has to give: without it a step is not done."""

Holidays = Literal["as_usual", "skip", "move", "workdays", "next_workday"]
"""What happens on China's days off. `as_usual`: every day is a day. `skip`: what falls on a public holiday is left out.
`move`: it moves to the next day that is none, and what comes after moves along: days are counted without public holidays.
`workdays` and `next_workday`: likewise left out, or moved, on every day that is no working day; those are Monday to Friday
without public holidays, and the Saturdays and Sundays on which people make up for them.
"""


def usually(kind: type[T], text: str) -> T:
    """What a field is where nothing is said of it."""
    value: T = msgspec.field(default_factory=partial(kind, text))
    return value


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field nobody knows is a mistake of whoever wrote it, and is said so."""


class When(Part, frozen=True, kw_only=True):
    """The moment of a step. One of three: on a day of the run at a time of day (in the group's zone), some time from the moment
    the run is about (-30m: half an hour before), or some time after the step before has ended. None of them: at once after it.
    """

    day: int | None = None
    """0 is the day of the moment the run is about."""
    time: Clock | None = None
    offset: Lapse | None = None
    after: Lapse | None = None
    spread: Lapse = usually(Lapse, "10m")
    """Groups do it at different minutes of this stretch, each always at its own."""


class Link(Part, frozen=True, kw_only=True):
    url: str
    title: str = ""
    description: str = ""


class Words(Part, frozen=True, kw_only=True):
    """What is said. The structure is fixed; where a slot stands in [[brackets]] each group gets one of its wordings, and a text
    of its own where its host has a persona with one.
    """

    text: str
    personas: dict[str, str] = {}
    """A text by the persona of whoever speaks."""
    slots: dict[str, tuple[str, ...]] = {}
    picture: str = ""
    """Upload id."""
    link: Link | None = None


class Audience(Part, frozen=True, kw_only=True):
    """For whom: groups that have all of these; an empty list asks for nothing."""

    about: Literal["groups", "members"] = "groups"
    """What a run is about: a group, or a member of one."""
    connects: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    least_members: int = 0


class Aim(Part, frozen=True, kw_only=True):
    """What the playbook is meant to change, judged by one primary measure."""

    measure: str
    """Name of a weekly measure of a group (`measures.MEASURES`)."""
    weeks: int = 4
    """So long after the start it is looked at."""
    by: tuple[Literal["state", "connects", "lifecycle"], ...] = ()
    """Asked for beforehand: the effect for each of these by itself."""


class Base(Part, frozen=True, kw_only=True):
    """What every step has."""

    key: str
    """Its name in this playbook for good: what has happened is found by it after an edit."""
    title: str = ""
    why: str = ""
    at: When = msgspec.field(default_factory=When)
    owner: Literal["operator", "owner", "lead", "helper"] = "operator"
    """Who does or answers for it."""
    window: Hours | None = None
    """Not outside of these hours, in the group's zone: it waits for them."""
    expires: Lapse = usually(Lapse, "6h")
    """Later than this it is left out, with that as the reason."""
    fallback: Literal["todo", "skip"] = "todo"
    """Where the carrier cannot do it: a person does, or nobody."""
    evidence: Literal["carrier", "tap", "picture", "link", "number", "note"] = "carrier"
    """What counts as done: the carrier's word, somebody's, or what they have to show: a picture, a link, a number, a note."""
    holidays: Literal["", "as_usual", "skip", "workdays"] = ""
    """Empty: as the playbook says. `as_usual`: also on a day on which the rest is left out. `skip`, `workdays`: this step is
    left out on public holidays, or on all days that are no working days; what only decides how it goes on never is.
    """
    core: Literal["", "help", "content", "answers", "rules", "people"] = ""
    """Which of the five cores of lasting activity it serves (G03)."""
