"""A few of the randomised lives; bench/sop.py plays ten thousand."""

from __future__ import annotations

import logging
from collections import Counter

import pytest

from huoqun.sop.tests.lived import Verdict
from huoqun.sop.tests.mutants import MUTANTS, found
from huoqun.sop.tests.verdicts import live

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LIVES = range(37, 49)
"""In these everything of MET happens."""
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
    "die_while_sending",
    "say_what_is_waited_for",
    "left while something was meant for them",
    "runs that took another version",
    "clocks were changed",
    "a month ended",
    "drag",
    "dragged in the calendar",
    "evidence: shows",
    "deeds for a role",
    "rush",
)


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.mark.method("G04", "L08")
def test_every_promised_step_happens_once_or_says_why_not() -> None:
    played: list[Verdict] = [live(seed) for seed in LIVES]
    assert [words for verdict in played for words in verdict.wrong] == []
    met = sum((verdict.happened for verdict in played), Counter[str]())
    assert [name for name in MET if not met[name]] == []
    kinds = sum((verdict.lines for verdict in played), Counter[str]())
    for kind in ("post", "message", "todo", "wait", "branch", "approval"):
        assert kinds[f"{kind} done"] > 0, kind


def test_the_same_seed_is_the_same_life() -> None:
    assert live(3) == live(3)


QUICK = (
    "evidence is not asked for",
    "days off are working days",
    "steps are two hours early",
    "the end of a group is only said",
    "a step is left out without a reason",
    "a step is left out without a line",
    "a newcomer begins twice",
)
"""Seen in the first lives; `bench/sop.py mutants` plants all of them."""


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_fault_is_seen(name: str) -> None:
    mutant = next(each for each in MUTANTS if each.name == name)
    assert found(mutant, range(12)).after is not None


def test_what_is_planted_is_the_products() -> None:
    """A place that was renamed is noticed here, and not only by the long run."""
    for mutant in MUTANTS:
        with mutant.plant():
            pass
