"""A few of the randomised lives; bench/sop.py plays ten thousand."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from huoqun.sop.rules.moments import moment
from huoqun.sop.tests.verdicts import live
from huoqun.sop.tests.worlds import Verdict

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LIVES = 12
MET = (
    "deaths",
    "join",
    "leave",
    "say",
    "tap",
    "trouble",
    "clock_is_set",
    "shift",
    "reword",
    "skip",
    "edit",
    "pause_run",
    "put to work",
)


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def is_seen(part: str, *, within: int) -> bool:
    """Whether one of so many lives goes wrong in this way."""
    return any(part in words for seed in range(within) for words in live(seed).wrong)


@pytest.mark.method("G04", "L08")
def test_every_promised_step_happens_once_or_says_why_not() -> None:
    played: list[Verdict] = [live(seed) for seed in range(LIVES)]
    assert [words for verdict in played for words in verdict.wrong] == []
    met = sum((verdict.happened for verdict in played), Counter[str]())
    assert [name for name in MET if not met[name]] == []
    kinds = sum((verdict.lines for verdict in played), Counter[str]())
    for kind in ("post", "topic", "notice", "message", "todo", "wait", "branch", "approval"):
        assert kinds[f"{kind} done"] > 0, kind


def test_the_same_seed_is_the_same_life() -> None:
    assert live(3) == live(3)


def test_two_playbooks_in_one_hour_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.sop.operations.hours.placed", lambda due, *_, **__: due)
    assert is_seen("are of two playbooks", within=30)


def test_a_step_before_its_time_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def early(*args: Any, **more: Any) -> Any:
        return moment(*args, **more) - timedelta(hours=2)

    monkeypatch.setattr("huoqun.sop.operations.planning.moment", early)
    assert is_seen("its playbook says", within=20)


def test_a_step_left_out_without_a_line_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.sop.operations.planning.next_place", lambda book, place, line: place + 2)
    assert is_seen("there is no line for", within=20)
