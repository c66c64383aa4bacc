"""Whom to speak to first: members whose return would carry most, and newcomers nobody answered. Plain values in and out.

A return is worth what it sets off: score = √(days with talk × (1 + members they were in touch with)), halved for each
`FADING_DAYS` of silence. Days rather than messages, since one long evening is no habit; the root of the product, since
neither many words nor many acquaintances make up for the lack of the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt

from huoqun.health.rules import Limits

AT_MOST = 5
KEPT_FOR_NEWCOMERS = 2
"""So many of the places go to newcomers while there are any: by what they said so far they would never come first."""
REGULAR_DAYS = 3
"""Who spoke on fewer days has no rhythm to fall out of."""
PAUSES = 3
"""So many of their usual pauses without a word are hardly chance: one silence in twenty is as long."""
SHORTEST_SILENCE = 7
"""Days; holidays and busy weeks are nobody's leaving."""
FADING_DAYS = 60
NEW_DAYS = 90
"""Who joined no longer ago is a newcomer."""
ROLES = frozenset({"co_builder", "active"})
"""Who carried talk. Chatterboxes fill a group without setting anybody off."""
LEFT_TO_ITSELF = frozenset({"leave_alone", "merge", ""})
"""Where nothing is advised, where the record is in doubt, or where people are asked over to another group."""
FAREWELL = "say_goodbye"


class Kind(StrEnum):
    REGULAR = "regular"
    NEWCOMER = "newcomer"


@dataclass(frozen=True, slots=True)
class Voice:
    """A member still here as far as known, and what they said in the last days of the group's own talk."""

    key: int
    role: str
    messages: int
    days: int
    last_on: date
    joined_on: date | None
    others: int | None
    """Members they were in touch with; None where nobody knows who answers whom."""
    answered: bool | None
    """Whether anybody, house included, ever turned to them; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Nudge:
    voice: Voice
    kind: Kind
    silent_days: int
    score: float


def asks_for_people(action: str, first_step: str, state: str) -> bool:
    """Whether speaking to single members fits what is advised of the group."""
    return state != "planned_end" and action not in LEFT_TO_ITSELF and first_step != FAREWELL


def whom_first(voices: Iterable[Voice], *, as_of: date, last_talk: date) -> list[Nudge]:
    """At most five; who would carry most first, newcomers after them. `last_talk` is the day the group's own window ends."""
    found = [nudge for voice in voices if (nudge := _nudge(voice, as_of, last_talk))]
    found.sort(key=lambda nudge: (-nudge.score, -nudge.voice.messages, nudge.voice.key))
    regulars = [nudge for nudge in found if nudge.kind is Kind.REGULAR]
    newcomers = [nudge for nudge in found if nudge.kind is Kind.NEWCOMER]
    kept = newcomers[: max(KEPT_FOR_NEWCOMERS, AT_MOST - len(regulars))]
    return [*regulars[: AT_MOST - len(kept)], *kept]


def score(voice: Voice, silent_days: int) -> float:
    """Where ties are not known, everybody is taken to have been in touch with nobody: days alone decide."""
    faded: float = 0.5 ** (silent_days / FADING_DAYS)
    return sqrt(voice.days * (1 + (voice.others or 0))) * faded


def usual_pause(voice: Voice, last_talk: date) -> float:
    """Days between two days on which they spoke, from the window's first day or their joining to their last word."""
    began = last_talk - timedelta(days=Limits().role_days - 1)
    since = max(began, voice.joined_on) if voice.joined_on else began
    return max(1, (voice.last_on - since).days + 1) / voice.days


def _nudge(voice: Voice, as_of: date, last_talk: date) -> Nudge | None:
    silent = (as_of - voice.last_on).days
    kind = _kind(voice, silent, as_of, last_talk)
    return Nudge(voice, kind, silent, score(voice, silent)) if kind else None


def _kind(voice: Voice, silent: int, as_of: date, last_talk: date) -> Kind | None:
    if _fell_silent(voice, silent, last_talk):
        return Kind.REGULAR
    new = voice.joined_on is not None and (as_of - voice.joined_on).days < NEW_DAYS
    return Kind.NEWCOMER if new and voice.days == 1 and voice.answered is False and silent > 0 else None


def _fell_silent(voice: Voice, silent: int, last_talk: date) -> bool:
    if voice.role not in ROLES or voice.days < REGULAR_DAYS or voice.others == 0:
        return False
    return silent >= SHORTEST_SILENCE and silent > PAUSES * usual_pause(voice, last_talk)
