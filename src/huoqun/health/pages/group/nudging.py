"""Whom to speak to first: single people whose return may bring others back (F20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.figures import DAY, count_words, span_words
from huoqun.console.models import Staff
from huoqun.health import queries
from huoqun.health.causes.nudging import Kind, Nudge, Voice, asks_for_people, whom_first
from huoqun.health.models import GroupGraph, GroupHealth, PersonRole
from huoqun.health.pages.group import ties

T = TypeVar("T")
NAMED_UNDER = frozenset({"revive", "share_the_load"})
"""Actions whose first step is to win single people: those are named beside it."""


@dataclass(frozen=True, slots=True)
class Asked:
    person_id: int
    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class Nudging:
    sentence: str
    people: list[Asked]
    under_the_step: bool
    """Whether they are named beside the first step too."""


def block(visitor: Staff, health: GroupHealth, graph: GroupGraph | None) -> Nudging | None:
    """None where speaking to single people is not what helps, or where there is nobody of whom it could be said."""
    step = health.advice.get("first_step", "")
    if health.last_message_at is None or not asks_for_people(health.action, step, health.state):
        return None
    zone, as_of = ZoneInfo(health.group.community.zone), health.audit.as_of
    roles = queries.silent_voices(visitor, health.group, before=datetime.combine(as_of, time.min, zone))
    touch = Touch(health, graph)
    who = {role.identity.key: role for role in roles}
    voices = [_voice(role, touch, zone) for role in roles]
    nudges = whom_first(voices, as_of=as_of, last_talk=health.last_message_at.astimezone(zone).date())
    people = [_asked(nudge, who[nudge.voice.key], as_of) for nudge in nudges]
    return Nudging(_sentence(people[0]), people, health.action in NAMED_UNDER) if people else None


class Touch:
    """Who was in touch with whom, as far as known: a graph may have left people out, and of some groups there is none."""

    def __init__(self, health: GroupHealth, graph: GroupGraph | None) -> None:
        people, found = (graph.people, ties.read(graph.ties)) if graph else ([], [])
        members = {place for place, person in enumerate(people) if not person.get("house")}
        self._places = {person["key"]: place for place, person in enumerate(people)}
        self._members = ties.standings(ties.among(found, members))
        self._everybody = ties.standings(found)
        looked = graph is not None or health.figures.get("pairs_connected") is not None
        self._complete = looked and not (graph and graph.left_out)

    def others(self, key: int) -> int | None:
        """Members they were in touch with."""
        standing = self._members.get(self._places.get(key, -1))
        return standing.people if standing else self._nobody(key, 0)

    def answered(self, key: int) -> bool | None:
        """Whether anybody, house included, turned to them."""
        standing = self._everybody.get(self._places.get(key, -1))
        return standing.got >= ties.CONNECTED if standing else self._nobody(key, False)

    def _nobody(self, key: int, value: T) -> T | None:
        return value if self._complete or key in self._places else None


def _voice(role: PersonRole, touch: Touch, zone: ZoneInfo) -> Voice:
    joined: datetime | None = role.joined  # type: ignore[attr-defined]
    key = role.identity.key
    return Voice(
        key=key,
        role=role.role,
        messages=role.messages,
        days=role.days,
        last_on=role.last_at.astimezone(zone).date(),
        joined_on=joined.astimezone(zone).date() if joined else None,
        others=touch.others(key),
        answered=touch.answered(key),
    )


def _asked(nudge: Nudge, role: PersonRole, as_of: date) -> Asked:
    facts = _regular(nudge) if nudge.kind is Kind.REGULAR else _newcomer(nudge, as_of)
    return Asked(role.identity.person_id, str(role.identity.person) or str(role.identity), facts)


def _sentence(first: Asked) -> str:
    return _("Ask %(name)s first: %(facts)s.") % {"name": first.name, "facts": first.facts}


def _regular(nudge: Nudge) -> str:
    voice = nudge.voice
    told = {"messages": count_words(voice.messages), "days": count_words(voice.days), "silence": _span(nudge.silent_days)}
    if voice.others is None:
        return _("said %(messages)s messages on %(days)s days, silent for %(silence)s") % told
    words = ngettext(
        "said %(messages)s messages on %(days)s days, in touch with %(others)s other, silent for %(silence)s",
        "said %(messages)s messages on %(days)s days, in touch with %(others)s others, silent for %(silence)s",
        voice.others,
    )
    return words % {**told, "others": count_words(voice.others)}


def _newcomer(nudge: Nudge, as_of: date) -> str:
    joined = (as_of - nudge.voice.joined_on).days if nudge.voice.joined_on else nudge.silent_days
    words = _("joined %(joined)s ago, spoke on one day %(silence)s ago, and nobody turned to them")
    return words % {"joined": _span(max(joined, nudge.silent_days)), "silence": _span(nudge.silent_days)}


def _span(days: int) -> str:
    return span_words(days * DAY)
