from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from huoqun.carriers.base import Ability, Asked, Manifest
from huoqun.inbox.models import Entry
from huoqun.inbox.operations import store
from huoqun.inbox.types import Batch, Subscription
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job, State
from huoqun.jobs.rules import Daily
from huoqun.jobs.run import Run
from huoqun.outbox.models import Request
from huoqun.outbox.operations import ask
from huoqun.vocabulary.actions import ACTIONS, PinMessage
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import Outcome, Sent
from huoqun.wiring.apart import PROCESS, Apart
from huoqun.wiring.long_work import KEEP_LOG, tidy
from huoqun.wiring.subscriptions import SUBSCRIPTIONS
from huoqun.wiring.worker import Worker

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PATIENCE = 60


def said(number: int) -> MessagePosted:
    account, tao = Account("balcony", "qq", "bot-1"), Person(id="tao", name="小陶")
    return MessagePosted(
        account=account, source_id=str(number), at=NOW, group_id="g1", message_id=str(number), author=tao, text="早"
    )


def worker(handler: Callable[..., None], long_work: dict[str, Callable[[Run], object]] | None = None) -> Worker:
    return Worker([Subscription("ears", (MessagePosted,), handler)], long_work or {}, (), clock=lambda: NOW)


@pytest.mark.django_db(transaction=True)
def test_it_hears_works_and_ends_when_told_to() -> None:
    heard, worked, stop = threading.Event(), threading.Event(), threading.Event()

    def listens(batch: Batch, /, *, now: datetime) -> None:
        heard.set()

    thread = threading.Thread(target=worker(listens, {"count": lambda run: worked.set()}).run, args=(stop,))
    thread.start()
    try:
        store([said(1)], now=NOW)
        jobs.ask("count", {}, key="1", by=None, now=NOW)
        assert heard.wait(PATIENCE)
        assert worked.wait(PATIENCE)
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert Job.objects.get().state == State.DONE


@pytest.mark.django_db(transaction=True)
def test_it_sends_what_is_due_beside_everything_else() -> None:
    sent, stop = threading.Event(), threading.Event()

    class Line:
        manifest = Manifest(name="line", title="line", abilities=dict.fromkeys(ACTIONS, Ability(how="api", repeatable=True)))

        def send(self, asked: Asked) -> Outcome:
            sent.set()
            return Sent(message_id="7")

    one = Worker([], {}, (), clock=lambda: NOW, carriers=lambda account: Line())  # type: ignore[arg-type, return-value]
    account = Account("balcony", "line", "bot-1")
    ask(PinMessage(account=account, group_id="g1", message_id="1"), key="k", room="sop", about="", now=NOW)
    thread = threading.Thread(target=one.run, args=(stop,))
    thread.start()
    try:
        assert sent.wait(PATIENCE)
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert Request.objects.get().state == "sent"


@pytest.mark.django_db
def test_what_came_from_a_file_waits_for_a_carrier() -> None:
    action = PinMessage(account=Account("balcony", "wechat", "import-1"), group_id="g1", message_id="1")
    ask(action, key="k", room="sop", about="", now=NOW)
    Worker([], {}, (), clock=lambda: NOW).run_dry()
    assert (Request.objects.get().state, Request.objects.get().waits_for) == ("waiting", "no_carrier")


@pytest.mark.django_db(transaction=True)
def test_it_outlives_a_database_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    heard, stop, failures = threading.Event(), threading.Event(), [OperationalError("gone"), ValueError("a mistake of ours")]

    def listens(batch: Batch, /, *, now: datetime) -> None:
        heard.set()

    one = worker(listens)
    real = one._loop.round

    def round_() -> bool:
        if failures:
            raise failures.pop()
        return real()

    monkeypatch.setattr(one._loop, "round", round_)
    thread = threading.Thread(target=one.run, args=(stop,))
    thread.start()
    try:
        store([said(1)], now=NOW)
        assert heard.wait(PATIENCE)
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert failures == []


@pytest.mark.django_db
def test_a_job_is_put_down_when_the_worker_is_told_to_stop() -> None:
    stop = threading.Event()

    def works(run: Run) -> None:
        run.report(1, 10)
        stop.set()
        run.report(2, 10)
        raise AssertionError("it should have stopped here")

    jobs.ask("long", {}, key="1", by=None, now=NOW)
    assert worker(lambda batch, *, now: None, {"long": works}).job(stop)
    job = Job.objects.get()
    assert (job.state, job.done, job.interruptions) == (State.WAITING, 2, 0)


@pytest.mark.django_db
def test_daily_work_is_found_in_the_calendar() -> None:
    done: list[str] = []
    one = Worker([], {"dust": lambda run: done.append(run.job.key)}, [Daily("dust", time(6), "UTC")], clock=lambda: NOW)
    assert one.job(threading.Event())
    assert not one.job(threading.Event())
    assert done == ["2026-03-02"]


@pytest.mark.django_db
def test_tidying_forgets_only_what_everybody_has_read() -> None:
    store([said(1)], now=NOW - KEEP_LOG - timedelta(days=1))
    jobs.ask("tidy", {}, key="1", by=None, now=NOW)
    one = Worker(SUBSCRIPTIONS, {"tidy": tidy}, (), clock=lambda: NOW)
    assert one.job(threading.Event())
    assert Job.objects.get().state == State.DONE
    assert Entry.objects.count() == 1


class Started:
    """In place of a real process."""

    def __init__(self) -> None:
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self.returncode


def test_the_process_for_long_work_is_there_while_there_is_some(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Started] = []
    due = False
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: begun.append(Started()) or begun[-1])
    apart = Apart(lambda: due)
    apart.round()
    assert begun == []
    due = True
    apart.round()
    apart.round()
    assert len(begun) == 1
    begun[0].returncode = -9
    apart.round()
    assert len(begun) == 2, "it was killed, and there is work"


def test_the_process_for_long_work_ends_with_whoever_began_it(tmp_path: Path) -> None:
    env = {**os.environ, "HUOQUN_DATA": str(tmp_path), "HUOQUN_DATABASE": ""}
    process = subprocess.Popen([sys.executable, "-m", PROCESS], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0
