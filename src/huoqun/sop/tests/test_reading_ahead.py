"""What branches ask of history is read once for a whole batch, and never while runs are locked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from huoqun.community.models import Group
from huoqun.sop import asked
from huoqun.sop.models import Line, Run
from huoqun.sop.operations import planning
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.planning import plan
from huoqun.sop.operations.reading_ahead import read_ahead

from .conftest import START, Life

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
FORK = """\
name: fork
title: 岔路
starts: [{when: hand}]
steps:
  - {do: post, key: say, at: {offset: 1h, spread: 0m}, words: {text: 早}}
  - {do: branch, key: many, at: {offset: 3h, spread: 0m}, question: {about: speakers, at_least: 2}, unknown: end}
  - {do: branch, key: bought, at: {spread: 0m}, question: {about: orders, at_least: 1, days: 30}}
  - {do: todo, key: after, at: {spread: 0m}, task: 然后}
"""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read of history, with whether a transaction was open."""
    told: list[str] = []
    for name in ("speakers_in", "orders_in"):

        def reading(*_where: object, _name: str = name, **_more: object) -> dict[int, int]:
            told.append(_name + (" in a transaction" if connection.in_atomic_block else ""))
            return {}

        monkeypatch.setattr(asked, name, reading)
    return told


def begun(life: Life) -> None:
    put = life.put_to_work(FORK)
    begin(put, [Begin(group, life.now, f"hand/{group.pk}") for group in Group.objects.all()], now=life.now)


def test_history_is_read_once_for_a_batch_when_it_is_asked_and_not_in_its_transaction(life: Life, read: list[str]) -> None:
    begun(life)
    life.until(START + 2 * HOUR)
    assert read == [], "nobody has come to it yet"
    life.until(START + 4 * HOUR)
    assert read == ["speakers_in", "orders_in"], "for three groups"
    assert set(Line.objects.filter(kind="branch").values_list("way", flat=True)) == {"no"}
    assert Line.objects.filter(step="after").count() == 3


def test_a_run_that_became_due_meanwhile_waits_for_the_next_round(
    life: Life, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(life)
    life.until(START + 2 * HOUR)
    now = START + 3 * HOUR + timedelta(minutes=1)
    late = Run.objects.latest("pk")

    def all_but_one(due: object, *arguments: object, **more: object) -> object:
        return read_ahead(due.exclude(pk=late.pk), *arguments, **more)  # type: ignore[attr-defined, arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(planning, "read_ahead", all_but_one)
        assert plan(now=now) == 3
    assert Line.objects.filter(step="many").count() == 2
    assert plan(now=now) == 1
    assert Line.objects.filter(step="after", run=late).exists()
    assert not [each for each in read if "transaction" in each]


def test_whom_one_playbook_greets_does_not_wait_until_another_is_through(life: Life) -> None:
    begun(life)
    greeting = life.put_to_work(FORK.replace("name: fork", "name: greet"))
    begin(greeting, [Begin(Group.objects.earliest("pk"), life.now, "hand/1")], now=life.now + timedelta(seconds=1))
    now = life.now + timedelta(seconds=2)
    assert plan(now=now, most=2) == 2
    assert Line.objects.filter(run__launch=greeting).exists(), "those of the other began earlier, and have their share too"
    assert Line.objects.values("run").distinct().count() == 2
    assert plan(now=now, most=5) == 2, "what one does not need is for the others"
    assert Line.objects.values("run").distinct().count() == 4
