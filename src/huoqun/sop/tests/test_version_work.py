"""Hundreds of runs take another version in a job: stopped half-way, asked twice, taken up when its worker died."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job, State
from huoqun.jobs.rules import LEASE
from huoqun.jobs.run import Run as Work
from huoqun.jobs.run import work_on
from huoqun.sop import version_work
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.operations import moving
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.moving import UnderWay
from huoqun.sop.playbooks.reading import read
from huoqun.sop.rules.states import RunState, Why
from huoqun.sop.version_work import JOB, take_another_version

from .conftest import START, Life

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
OLD = """\
name: morning
title: 早上
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - {do: post, key: one, at: {offset: 0m, spread: 0m}, words: {text: 一}}
  - {do: post, key: two, at: {offset: 3h, spread: 0m}, words: {text: 二}}
"""
NEW = OLD.replace("text: 二", "text: 新二")
RUNS = 6
"""Today's and tomorrow's, in three groups."""


class Killed(BaseException):
    """The worker's process is gone; nothing is written any more."""


@pytest.fixture
def under_way(life: Life, monkeypatch: pytest.MonkeyPatch) -> tuple[Launch, Version]:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    put = life.put_to_work(OLD)
    life.until(START + HOUR)
    assert Run.objects.filter(launch=put, state=RunState.GOING).count() == RUNS
    return put, keep(read(NEW), life.home, by=life.lin, now=life.now)


def ask(life: Life, under_way: tuple[Launch, Version], choice: UnderWay = UnderWay.MOVE) -> Job:
    version_work.ask(*under_way, choice, by=life.lin, now=life.now)
    return Job.objects.get(kind=JOB, state__in=[State.WAITING, State.RUNNING])


def work(life: Life, function: Callable[[Work], object] = take_another_version) -> Job:
    job = jobs.claim({JOB}, now=life.now)
    assert job is not None
    work_on(job, function, clock=lambda: life.now)
    job.refresh_from_db()
    return job


def versions() -> Counter[int]:
    return Counter(Run.objects.exclude(state=RunState.STOPPED).values_list("version__number", flat=True))


def after_so_many(batches: int, happens: Callable[[Work], object]) -> Callable[[Work], object]:
    """The job, and what happens when it has reported so often."""

    def worked(run: Work) -> None:
        told, plainly = iter(range(batches, -1000, -1)), run.report

        def report(done: int, total: int | None = None, message: str = "") -> None:
            if next(told) <= 1:
                happens(run)
            plainly(done, total, message)

        run.report = report  # type: ignore[method-assign]
        take_another_version(run)

    return worked


@pytest.mark.parametrize("choice", [UnderWay.MOVE, UnderWay.ANEW])
def test_it_says_how_far_it_is_and_what_it_does_is_what_was_chosen(
    life: Life, under_way: tuple[Launch, Version], choice: UnderWay
) -> None:
    told: list[tuple[int, int | None]] = []

    def watched(run: Work) -> None:
        plainly = run.report

        def report(done: int, total: int | None = None, message: str = "") -> None:
            told.append((done, total))
            plainly(done, total, message)

        run.report = report  # type: ignore[method-assign]
        take_another_version(run)

    ask(life, under_way, choice)
    job = work(life, watched)
    assert (job.state, job.done, job.total, job.asked_by) == (State.DONE, RUNS, RUNS, life.lin)
    assert told == [(2, RUNS), (4, RUNS), (RUNS, RUNS)]
    assert versions() == {2: RUNS}
    assert Run.objects.filter(state=RunState.STOPPED, reason=Why.ANEW).count() == (RUNS if choice == UnderWay.ANEW else 0)
    life.until(START + 5 * HOUR)
    assert "新二" in [text for _room, text in life.said("r1")]
    assert "二" not in [text for _room, text in life.said("r1")]


def test_asked_twice_it_is_done_once(life: Life, under_way: tuple[Launch, Version]) -> None:
    assert ask(life, under_way).pk == ask(life, under_way).pk
    work(life)
    assert jobs.claim({JOB}, now=life.now) is None
    editions = list(Run.objects.order_by("pk").values_list("edition", flat=True))
    ask(life, under_way)
    again = work(life)
    assert (again.state, again.done) == (State.DONE, 0), "asked once more when it is over, it finds nothing to do"
    assert list(Run.objects.order_by("pk").values_list("edition", flat=True)) == editions


def test_stopped_half_way_the_rest_keeps_its_version_until_it_goes_on(life: Life, under_way: tuple[Launch, Version]) -> None:
    job = ask(life, under_way)
    stopped = work(life, after_so_many(1, lambda run: jobs.cancel(run.job, now=life.now)))
    assert (stopped.state, versions()) == (State.CANCELLED, {1: 4, 2: 2})
    jobs.resume(job, by=life.lin, now=life.now)
    assert work(life).state == State.DONE
    assert versions() == {2: RUNS}


@pytest.mark.parametrize("choice", [UnderWay.MOVE, UnderWay.ANEW])
def test_what_a_worker_left_that_died_is_taken_up_and_nothing_done_twice(
    life: Life, under_way: tuple[Launch, Version], choice: UnderWay
) -> None:
    def dies(_run: Work) -> None:
        raise Killed

    ask(life, under_way, choice)
    with pytest.raises(Killed):
        work(life, after_so_many(2, dies))
    assert versions() == {1: 2, 2: 4}
    assert jobs.claim({JOB}, now=life.now) is None, "it may still be alive"
    life.now += LEASE + timedelta(seconds=1)
    job = work(life)
    assert (job.state, job.attempts, job.done) == (State.DONE, 2, 2)
    assert versions() == {2: RUNS}
    life.until(START + 5 * HOUR)
    wanted = ["一", "新二"] if choice == UnderWay.MOVE else ["一", "一", "新二"]
    assert [text for _room, text in life.said("r1")] == wanted
    assert Line.objects.filter(run__state=RunState.DONE, step="two").count() == 3


def test_a_worker_that_is_closed_puts_it_down_at_the_next_batch(life: Life, under_way: tuple[Launch, Version]) -> None:
    ask(life, under_way)
    job = jobs.claim({JOB}, now=life.now)
    assert job is not None
    work_on(job, take_another_version, clock=lambda: life.now, closing=lambda: True)
    job.refresh_from_db()
    assert (job.state, versions()) == (State.WAITING, {1: 4, 2: 2})
    assert work(life).state == State.DONE
    assert versions() == {2: RUNS}


def test_what_can_no_longer_take_it_fails_with_a_plain_sentence(life: Life, under_way: tuple[Launch, Version]) -> None:
    about_members = keep(read(NEW + "audience: {about: members}\n"), life.home, by=life.lin, now=life.now)
    ask(life, (under_way[0], about_members))
    job = work(life)
    assert job.state == State.FAILED
    assert job.error.startswith("the launch cannot take this version")
