"""Which groups need somebody today, and why. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

NEW_DAYS = 14
"""A turn for the worse is news for so many days."""
ENDING_DAYS = 3
LIKELY = 0.5
"""From this chance on a group that still talks is more likely than not to be silent within the month."""
TALKING = frozenset({"thriving", "steady", "bubbling", "declining"})


@dataclass(frozen=True, slots=True)
class Look:
    """What the audit of `as_of` says of a group, as far as it matters here. None: not known."""

    state: str
    since: date | None
    as_of: date
    unanswered: int | None = None
    first_words: int | None = None
    first_words_answered: int | None = None
    planned_end: date | None = None
    main_cause: str = ""
    p_silent: float | None = None
    """The chance of silence within 30 days; None also where the forecast has no track record here."""


@dataclass(frozen=True, slots=True)
class Concern:
    """A reason to look at the group today. `weight` orders concerns of all groups, the strongest first."""

    code: str
    weight: int
    figures: dict[str, int] = field(default_factory=dict)


def concerns(look: Look) -> list[Concern]:
    """Why this group needs somebody, the strongest reason first; empty where it can be left alone.

    A fall that is still under way comes before silence that has set in (more can be saved), and people left without an answer
    only count where the group still talks. A season that closed is no fall; where the record breaks off, that comes first.
    """
    found = [*_turned(look), *_foreseen(look), *_left_alone(look), *_ending(look)]
    return sorted(found, key=lambda concern: -concern.weight)


def presses(found: list[Concern]) -> bool:
    """Whether this is for today. One open question in a lively group can wait; a fall, or many people left alone, cannot."""
    return any(concern.weight >= 50 for concern in found) or sum(concern.weight for concern in found) >= 85


@dataclass(frozen=True, slots=True)
class Answer:
    """The action that stands beside a finding, its first step, and the block of the group's page that shows it."""

    action: str
    step: str
    block: str = "why"


_ANSWERS = {
    "unanswered": Answer("welcome_and_answer", "answer_questions", "questions"),
    "newcomers_ignored": Answer("welcome_and_answer", "answer_newcomers", "newcomers"),
    "ends_soon": Answer("farewell", "say_goodbye"),
}


def answer(found: list[Concern], advised: Answer) -> Answer:
    """What the audit advises; where it would leave a group alone that leaves people alone, the answer to that.

    A group that is well needs nothing new, but its open questions still need an answer today.
    """
    if advised.action != "leave_alone" or not found or found[0].code == "record_gap":
        return advised
    return next((_ANSWERS[concern.code] for concern in found if concern.code in _ANSWERS), advised)


def _turned(look: Look) -> Iterable[Concern]:
    if look.main_cause == "season_closed":
        return
    if look.main_cause == "record_gap":
        yield Concern("record_gap", 60)
        return
    days = (look.as_of - look.since).days if look.since else NEW_DAYS + 1
    if look.state == "declining":
        yield Concern("declining", 100 - min(days, 60) // 2, {"days": days})
    if look.state == "dormant" and days <= NEW_DAYS:
        yield Concern("fell_silent", 80 - days, {"days": days})


def _foreseen(look: Look) -> Iterable[Concern]:
    """A fall that is seen coming weighs less than one that is there, and adds to it: there is less time left."""
    if look.state in TALKING and look.p_silent is not None and look.p_silent >= LIKELY and look.main_cause != "season_closed":
        yield Concern("likely_silent", 50 + round(40 * (look.p_silent - LIKELY)))


def _left_alone(look: Look) -> Iterable[Concern]:
    if look.state not in TALKING:
        return
    if look.unanswered:
        yield Concern("unanswered", 40 + min(look.unanswered, 20), {"questions": look.unanswered})
    ignored = (look.first_words or 0) - (look.first_words_answered or 0)
    if ignored >= 2:
        yield Concern("newcomers_ignored", 35 + min(ignored, 20), {"people": ignored})


def _ending(look: Look) -> Iterable[Concern]:
    if look.planned_end and look.state != "planned_end" and 0 <= (look.planned_end - look.as_of).days <= ENDING_DAYS:
        yield Concern("ends_soon", 70, {"days": (look.planned_end - look.as_of).days})
