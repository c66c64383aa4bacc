from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest

from huoqun.jobs import operations, queries
from huoqun.jobs.errors import CannotGoOn, LostIt, TryLater
from huoqun.jobs.models import Job, State
from huoqun.jobs.rules import INTERRUPTIONS, LEASE, Daily
from huoqun.jobs.run import Run, beating, work_on

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KINDS = {"import"}


@dataclass
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> datetime:
        self.at += by
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def asked(key: str = "7", **more: object) -> Job:
    return operations.ask("import", {"import": 7}, key=key, by=None, now=NOW, **more)  # type: ignore[arg-type]


def claimed(now: datetime = NOW) -> Job:
    job = operations.claim(KINDS, now=now)
    assert job is not None
    return job


def done_by(function: Callable[[Run], object], clock: Clock) -> Job:
    job = claimed(clock())
    work_on(job, function, clock=clock)
    job.refresh_from_db()
    return job


pytestmark = pytest.mark.django_db


def test_asking_twice_while_open_is_asking_once(clock: Clock) -> None:
    first = asked()
    assert asked().pk == first.pk
    done_by(lambda run: None, clock)
    assert asked().pk != first.pk
    assert Job.objects.count() == 2


def test_the_longest_waiting_job_is_taken_first_and_only_once() -> None:
    later, first = asked("late", not_before=NOW + timedelta(hours=1)), asked("early")
    assert claimed().pk == first.pk
    assert operations.claim(KINDS, now=NOW) is None, "one is running, one is not due"
    assert claimed(NOW + timedelta(hours=1)).pk in {later.pk, first.pk}


def test_a_worker_leaves_kinds_it_does_not_know() -> None:
    asked()
    assert operations.claim({"audit"}, now=NOW) is None


def test_done_says_so(clock: Clock) -> None:
    asked()
    job = done_by(lambda run: run.report(5, 10, "五个群"), clock)
    assert (job.state, job.done, job.total, job.message, job.share) == (State.DONE, 5, 10, "五个群", 0.5)
    assert job.finished_at == NOW


def test_a_plain_error_is_for_people_and_an_unexpected_one_is_not(clock: Clock) -> None:
    def plain(run: Run) -> None:
        raise CannotGoOn("The file is empty; choose another one.")

    def unexpected(run: Run) -> None:
        raise KeyError("secret path")

    asked("a")
    job = done_by(plain, clock)
    assert (job.state, job.error) == (State.FAILED, "The file is empty; choose another one.")
    asked("b")
    job = done_by(unexpected, clock)
    assert (job.state, job.error) == (State.FAILED, "")
    assert "secret path" in job.detail


def test_later_means_waiting_again(clock: Clock) -> None:
    def busy(run: Run) -> None:
        raise TryLater(timedelta(minutes=5), "the disk is busy")

    asked()
    job = done_by(busy, clock)
    assert (job.state, job.not_before) == (State.WAITING, NOW + timedelta(minutes=5))
    assert operations.claim(KINDS, now=NOW) is None


def test_reports_are_written_about_once_a_second(clock: Clock, django_assert_max_num_queries: object) -> None:
    asked()
    run = Run(claimed(), clock)
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        for number in range(1, 100):
            run.report(number, 1000)
    clock.forward(timedelta(seconds=2))
    run.report(200, 1000)
    assert Job.objects.get().done == 200
    run.report(1000, 1000)
    assert Job.objects.get().done == 1000, "the end is always written"


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = asked()
    operations.cancel(job, now=NOW)
    assert job.state == State.CANCELLED
    assert operations.claim(KINDS, now=NOW) is None


@pytest.mark.parametrize("style", ["raises", "returns"])
def test_a_running_job_stops_at_its_next_checkpoint(style: str, clock: Clock) -> None:
    steps: list[int] = []

    def works(run: Run) -> None:
        for step in range(10):
            steps.append(step)
            clock.forward(timedelta(seconds=2))
            if step == 3:
                operations.cancel(Job.objects.get(), now=clock())
            if style == "raises":
                run.report(step, 10)
            elif run.cancelled():
                return

    asked()
    job = done_by(works, clock)
    assert job.state == State.CANCELLED
    assert steps == [0, 1, 2, 3]


def test_a_cancelled_or_failed_job_can_be_gone_on_with() -> None:
    job = asked()
    operations.cancel(job, now=NOW)
    again = operations.resume(job, by=None, now=NOW)
    assert (again.state, again.arguments, again.key) == (State.WAITING, job.arguments, job.key)
    assert operations.resume(job, by=None, now=NOW).pk == again.pk
    assert operations.resume(again, by=None, now=NOW).pk == again.pk
    assert queries.latest("import", "7") == again


def test_a_silent_run_is_taken_up_and_the_first_one_can_write_no_more(clock: Clock) -> None:
    asked()
    first = claimed()
    assert operations.claim(KINDS, now=NOW + LEASE) is None
    clock.forward(LEASE + timedelta(seconds=1))
    second = claimed(clock())
    assert (second.pk, second.attempts) == (first.pk, 2)
    with pytest.raises(LostIt):
        Run(first, clock).report(9, 10)
    assert not operations.finish(first, now=clock())
    assert not operations.beat(first, now=clock())
    assert not operations.fail(first, ValueError(), plain="", now=clock())
    assert not operations.stop(first, now=clock())
    assert not operations.put_off(first, clock(), "")
    assert Job.objects.get().state == State.RUNNING
    assert operations.finish(second, now=clock())


def test_a_beating_run_is_left_alone() -> None:
    asked()
    job = claimed()
    operations.beat(job, now=NOW + LEASE)
    assert operations.claim(KINDS, now=NOW + LEASE + timedelta(seconds=30)) is None


def test_a_job_that_kills_its_workers_is_given_up(clock: Clock) -> None:
    asked()
    for _ in range(INTERRUPTIONS):
        claimed(clock())
        clock.forward(LEASE + timedelta(seconds=1))
    assert operations.claim(KINDS, now=clock()) is None
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert f"died {INTERRUPTIONS} times" in job.detail


def test_a_job_that_gets_further_each_time_is_not(clock: Clock) -> None:
    asked()
    for step in range(2 * INTERRUPTIONS):
        Run(claimed(clock()), clock).report(step + 1, 100)
        clock.forward(LEASE + timedelta(seconds=1))
    for _ in range(INTERRUPTIONS - 1):
        Run(claimed(clock()), clock).report(3, 100)
        clock.forward(LEASE + timedelta(seconds=1))
    assert operations.claim(KINDS, now=clock()) is None, "it came as far as before, but never further"
    assert Job.objects.get().state == State.FAILED


def test_old_jobs_are_forgotten_and_open_ones_are_not(clock: Clock) -> None:
    asked("a")
    done_by(lambda run: None, clock)
    asked("b")
    assert operations.forget(NOW) == 0
    assert operations.forget(NOW + timedelta(days=400)) == 1
    assert Job.objects.get().key == "b"


def test_daily_work_is_asked_for_once_a_day(clock: Clock) -> None:
    calendar = [Daily("import", time(6), "Asia/Shanghai")]
    for _ in range(3):
        operations.ask_what_is_due(calendar, now=clock())
    assert Job.objects.get().key == "2026-03-02"
    done_by(lambda run: None, clock)
    operations.ask_what_is_due(calendar, now=clock())
    assert Job.objects.count() == 1
    clock.forward(timedelta(days=3))
    operations.ask_what_is_due(calendar, now=clock())
    assert Job.objects.latest("id").key == "2026-03-05"
    assert Job.objects.count() == 2, "days nobody was there are not made up for"


@pytest.mark.parametrize(
    ("now", "zone", "hour", "due"),
    [
        ("2026-03-01T21:59", "Asia/Shanghai", 6, "2026-02-28T22:00"),
        ("2026-03-01T22:00", "Asia/Shanghai", 6, "2026-03-01T22:00"),
        ("2026-03-08T07:10", "America/New_York", 2, "2026-03-08T07:00"),  # 2:00 does not exist that day
        ("2026-03-08T06:59", "America/New_York", 2, "2026-03-07T07:00"),
        ("2026-10-25T02:00", "Europe/Berlin", 2, "2026-10-25T00:00"),  # 2:00 comes twice: the first one counts
        ("2026-07-01T00:00", "Asia/Kathmandu", 6, "2026-06-30T00:15"),
    ],
)
def test_when_daily_work_is_due(now: str, zone: str, hour: int, due: str) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert Daily("audit", time(hour), zone).latest(here) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_in_a_thread_of_its_own(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.jobs.run.BEAT", timedelta(milliseconds=5))
    beaten, real = threading.Event(), operations.beat

    def beat(job: Job, *, now: datetime) -> bool:
        held = real(job, now=now)
        beaten.set()
        return held

    monkeypatch.setattr(operations, "beat", beat)
    asked()
    job = claimed()
    clock.forward(timedelta(seconds=40))
    with beating(job, clock=clock):
        assert beaten.wait(timeout=30)
    assert Job.objects.get().heartbeat_at == clock()
