"""Runs looked for by what their steps need."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huoqun.console.models import Role, Staff
from huoqun.sop.models import Line, Run
from huoqun.sop.rules.states import LineState, Why
from huoqun.sop.tests.conftest import START, Life

pytestmark = pytest.mark.django_db(transaction=True)

DAILY = """\
name: daily
title: 日常
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - {do: post, key: morning, at: {day: 0, time: "09:30", spread: 0m}, words: {text: 早}}
  - {do: todo, key: answer, at: {day: 0, time: "14:00"}, task: 看看有没有没回答的问题}
  - {do: post, key: evening, at: {day: 0, time: "21:00"}, words: {text: 晚安}}
"""


@pytest.fixture
def runs(life: Life, monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    monkeypatch.setattr(timezone, "now", lambda: life.now)
    life.put_to_work(DAILY)
    life.until(START + timedelta(hours=2))
    Line.objects.filter(step="answer").update(state=LineState.DONE, settled_at=life.now)
    of_today = Run.objects.filter(anchor__lt=START + timedelta(days=1))
    assert Run.objects.count() > of_today.count() == 3, "tomorrow's are planned as well"
    return list(of_today.order_by("pk"))


def listed(client: Client, need: str) -> set[int]:
    answer = client.get("/sop/runs/", {"need": need})
    assert answer.status_code == 200
    return {int(pk) for pk in re.findall(r'href="/sop/runs/(\d+)/"', answer.content.decode())}


def make(run: Run, step: str, state: LineState, reason: str = "") -> None:
    assert Line.objects.filter(run=run, step=step).update(state=state, reason=reason) == 1


@pytest.mark.parametrize("state", [LineState.HAND, LineState.CONFIRMING, LineState.WAITING])
def test_runs_that_wait_for_somebody_are_found(client: Client, lin: Staff, runs: list[Run], state: LineState) -> None:
    client.force_login(lin)
    assert listed(client, "hand") == set()
    make(runs[1], "answer", state)
    assert listed(client, "hand") == {runs[1].pk}
    assert listed(client, "trouble") == listed(client, "skipped") == set()


def test_refused_and_unknown_steps_and_those_left_out_are_told_apart(client: Client, lin: Staff, runs: list[Run]) -> None:
    client.force_login(lin)
    make(runs[0], "answer", LineState.FAILED, "the bot is no longer in the group")
    make(runs[1], "answer", LineState.UNKNOWN)
    make(runs[1], "evening", LineState.SKIPPED, Why.NOT_TAKEN)
    make(runs[2], "evening", LineState.SKIPPED, Why.TOO_LATE)
    assert listed(client, "trouble") == {runs[0].pk, runs[1].pk}
    assert listed(client, "skipped") == {runs[2].pk}, "a way not taken is nothing that was left out"


def test_an_operator_finds_only_the_runs_of_groups_of_their_own(client: Client, lin: Staff, runs: list[Run]) -> None:
    for run in runs:
        make(run, "answer", LineState.HAND)
    tao = Staff.objects.create(username="tao-operates", name="陶", role=Role.OPERATOR)
    for seat in lin.seats.all():
        tao.seats.create(community=seat.community)
    type(runs[0].group).objects.filter(pk=runs[0].group_id).update(operator=tao)
    client.force_login(tao)
    assert listed(client, "hand") == {runs[0].pk}
    client.force_login(lin)
    assert listed(client, "hand") == {run.pk for run in runs}


@pytest.mark.parametrize("need", ["hand", "trouble", "skipped"])
def test_they_are_found_among_what_went_otherwise_however_much_was_done(
    client: Client, lin: Staff, runs: list[Run], need: str
) -> None:
    """Else a million lines are read for a page."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads small tables through, and rightly so")
    client.force_login(lin)
    make(runs[0], "answer", LineState.HAND)
    with CaptureQueriesContext(connection) as asked:
        listed(client, need)
    narrowed = [each["sql"] for each in asked if '"sop_line"' in each["sql"] and "LIMIT" in each["sql"]]
    assert len(narrowed) == 2, "how many, and those shown"
    for sql in narrowed:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}", [])
            assert any("lines_out_of_the_way" in row[3] for row in cursor.fetchall()), sql
