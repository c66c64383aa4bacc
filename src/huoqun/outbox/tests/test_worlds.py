"""A few of the randomised lives; bench/outbox.py plays ten thousand."""

from __future__ import annotations

import logging

import pytest

from huoqun.carriers.base import Asked
from huoqun.outbox.tests import worlds
from huoqun.outbox.tests.cast import Deed, Outside
from huoqun.vocabulary.outcomes import Outcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LIVES = 120
MISHAPS = ("deaths", "cut off before", "cut off after", "dies after", "clock set", "meanwhile before", "asked twice")
WAITED = ("confirmed", "reminded", "taken back")


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.mark.method("G04")
def test_each_request_is_sent_once_or_reported_unknown_whatever_happens() -> None:
    tally = worlds.runs(LIVES, seed=2026)
    assert tally.wrong == []
    assert tally.ends["sent"] > LIVES
    for mishap in (*MISHAPS, *WAITED):
        assert tally.happened[mishap] > 5, mishap


def test_a_second_deed_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Outside.send

    def twice(self: Outside, asked: Asked) -> Outcome:
        ended = real(self, asked)
        self.deeds.append(Deed(asked.key, asked.action, self.clock.now))
        return ended

    monkeypatch.setattr(Outside, "send", twice)
    assert any("was done 2 times" in words for words in worlds.runs(3, seed=1).wrong)


def test_a_lost_lease_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.outbox.loop.take_over", lambda *_, **__: 0)
    monkeypatch.setattr(worlds, "REASONABLE", 50)
    assert any("comes to rest" in words for words in worlds.runs(20, seed=1).wrong)
