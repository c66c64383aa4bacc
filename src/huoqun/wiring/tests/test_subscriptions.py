"""docs/events.md says the same as the code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from huoqun.inbox.words import SUBSCRIBERS
from huoqun.jobs.pages.jobs import KINDS
from huoqun.vocabulary.events import (
    CONTACT_EVENTS,
    EVENTS,
    GROUP_EVENTS,
    STAFF_EVENTS,
    ContactEvent,
    Event,
    GroupEvent,
    StaffEvent,
)
from huoqun.vocabulary.facts import FACTS, Fact
from huoqun.wiring.long_work import CALENDAR, LONG_WORK
from huoqun.wiring.subscriptions import SUBSCRIPTIONS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "events.md"
LINE = re.compile(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
LINES = {name: (named, when, heard) for name, named, when, heard in LINE.findall(PAGE.read_text(encoding="utf-8"))}
ALL: dict[str, type[Event] | type[Fact]] = {**EVENTS, **FACTS}


def test_every_event_and_fact_has_its_line_and_no_line_is_left_over() -> None:
    assert set(LINES) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_its_fields_are_named(name: str) -> None:
    shared = {field.name for field in fields(_shared(name))}
    own = [field.name for field in fields(ALL[name]) if field.name not in shared]
    assert re.findall(r"`(\w+)`", LINES[name][0]) == own
    assert LINES[name][1]


def _shared(name: str) -> type[Event] | type[Fact]:
    kinds = ((GROUP_EVENTS, GroupEvent), (CONTACT_EVENTS, ContactEvent), (STAFF_EVENTS, StaffEvent))
    return next((base for names, base in kinds if name in names), Fact)


@pytest.mark.parametrize("name", ALL)
def test_who_hears_it_is_told(name: str) -> None:
    hearing = [each.name for each in SUBSCRIPTIONS if ALL[name] in each.hears]
    assert LINES[name][2] == (", ".join(hearing) or "nobody yet")


def test_names_of_subscribers_are_theirs_alone() -> None:
    names = [each.name for each in SUBSCRIPTIONS]
    assert len(set(names)) == len(names)


def test_each_subscriber_is_called_something_on_the_page_of_what_is_parked() -> None:
    assert {one.name for one in SUBSCRIPTIONS} == SUBSCRIBERS.keys()


def test_the_calendar_asks_for_work_somebody_does() -> None:
    assert {daily.kind for daily in CALENDAR} <= set(LONG_WORK)


def test_every_long_work_is_named_on_the_page_of_long_jobs() -> None:
    assert set(KINDS) == set(LONG_WORK)
