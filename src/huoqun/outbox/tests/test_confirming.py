"""What waits for a colleague: asked after, reminded of, confirmed, forgotten, taken back."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from huoqun.carriers.base import Asked, CutOff, Unreachable
from huoqun.inbox.models import Entry
from huoqun.outbox import operations
from huoqun.outbox.loop import Sender
from huoqun.outbox.models import Pause, Request, Stage
from huoqun.outbox.rules.confirming import FOLLOWS, GIVEN_UP
from huoqun.outbox.rules.states import State
from huoqun.outbox.tests import cast
from huoqun.outbox.tests.cast import NOW, Clock, Outside, sender, state
from huoqun.outbox.types import Ask
from huoqun.vocabulary.outcomes import Outcome

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def outside() -> Outside:
    return Outside(Clock())


@pytest.fixture
def worker(outside: Outside) -> Sender:
    return sender(outside)


def ask(*keys: str, hours: float | None = 24) -> None:
    expires = NOW + timedelta(hours=hours) if hours else None
    operations.ask_many(
        [Ask(action=cast.moment(key), key=key, room="content", about="b/1", run="b/1", expires=expires) for key in keys],
        now=NOW,
    )


def told(key: str) -> list[str]:
    rows = Entry.objects.filter(name="RequestSettled", payload__contains=f'"{key}"').order_by("position")
    return [payload.split('"outcome":"')[1].split('"')[0] for payload in rows.values_list("payload", flat=True)]


def stages(key: str) -> list[str]:
    return list(Stage.objects.filter(request__key=key).values_list("stage", flat=True))


def later(outside: Outside, worker: Sender, span: timedelta, *, step: timedelta = HOUR) -> None:
    """Time passes in steps, and the worker goes on."""
    end = outside.clock.now + span
    while outside.clock.now < end:
        outside.clock.goes_on(min(step, end - outside.clock.now))
        worker.run_dry()


@pytest.mark.method("G04")
def test_what_the_carrier_gave_to_a_colleague_is_sent_when_they_confirm(outside: Outside, worker: Sender) -> None:
    ask("a", "b")
    worker.run_dry()
    assert (state("a"), told("a"), outside.done["a"]) == ("confirming", ["confirming"], 0)
    assert {row.message_id for row in Request.objects.all()} == {"t0"}
    assert Request.objects.get(key="a").waits_for_staff == "mo"
    outside.confirms("t0", refused=["b"])
    later(outside, worker, 2 * MINUTE, step=MINUTE)
    assert (state("a"), state("b")) == ("sent", "refused")
    assert (told("a"), told("b")) == (["confirming", "sent"], ["confirming", "refused"])
    assert stages("a")[-3:] == ["confirmed", "sent", "delivered"]
    assert outside.calls == {"a": 1, "b": 1}


def test_the_carrier_is_asked_sooner_at_first_and_then_every_hour(outside: Outside, worker: Sender) -> None:
    asked: list[timedelta] = []
    outside.on_look = lambda _: asked.append(outside.clock.now - NOW)
    ask("a")
    worker.run_dry()
    later(outside, worker, 6 * HOUR, step=timedelta(seconds=20))
    waits = [after - before for before, after in itertools.pairwise(asked)]
    assert asked[0] <= MINUTE
    assert all(wait >= planned for wait, planned in zip(waits, FOLLOWS, strict=False))
    assert waits == sorted(waits)
    assert max(waits) < 62 * MINUTE


def test_a_forgetful_colleague_is_reminded_by_day_and_not_more_often_than_the_carrier_lets(
    outside: Outside, worker: Sender
) -> None:
    ask("a", hours=None)
    worker.run_dry()
    later(outside, worker, timedelta(hours=29), step=10 * MINUTE)
    reminded = outside.held["t0"].reminded
    # Asked at 17:00 in Shanghai: four hours later it is night, so at 9:00; then 20 hours after that it is night again... over.
    assert [f"{each:%d %H}" for each in reminded] == ["03 01"]
    row = Request.objects.get(key="a")
    assert (row.reminders, row.reminded_at) == (1, reminded[0])
    assert "reminded" in stages("a")


def test_somebody_who_asks_for_reminders_too_often_waits_for_a_free_one(outside: Outside, worker: Sender) -> None:
    ask("a")
    worker.run_dry()
    for _ in range(5):
        assert operations.remind(Request.objects.all(), by=None, now=outside.clock.now) == 1
        later(outside, worker, 5 * MINUTE, step=MINUTE)
    reminded = outside.held["t0"].reminded
    assert len(reminded) == 2
    later(outside, worker, 9 * HOUR, step=10 * MINUTE)
    assert len(reminded) == 3
    assert reminded[2] - reminded[0] >= cast.BY_TAP.every


def test_nobody_is_reminded_while_it_is_paused(outside: Outside, worker: Sender) -> None:
    ask("a")
    worker.run_dry()
    operations.pause(Pause.Scope.RUN, "balcony/b/1", by=None, now=NOW)
    operations.remind(Request.objects.all(), by=None, now=NOW)
    later(outside, worker, HOUR, step=5 * MINUTE)
    assert outside.held["t0"].reminded == []
    operations.lift(Pause.Scope.RUN, "balcony/b/1", by=None, now=outside.clock.now)
    later(outside, worker, 2 * HOUR, step=5 * MINUTE)
    assert len(outside.held["t0"].reminded) == 1


def test_what_nobody_confirms_in_time_is_taken_back_and_never_goes_out(outside: Outside, worker: Sender) -> None:
    ask("a", hours=5)
    worker.run_dry()
    later(outside, worker, 6 * HOUR)
    assert (state("a"), told("a")) == ("expired", ["confirming", "expired"])
    assert outside.confirms("t0") is False
    assert outside.done["a"] == 0


def test_confirmed_at_the_last_moment_it_is_sent_and_not_expired(outside: Outside, worker: Sender) -> None:
    ask("a", hours=5)
    worker.run_dry()
    outside.clock.goes_on(timedelta(hours=5, minutes=3))
    outside.confirms("t0")
    worker.run_dry()
    assert (state("a"), outside.done["a"]) == ("sent", 1)


def test_what_takes_its_time_and_cannot_be_taken_back_is_waited_for(outside: Outside, worker: Sender) -> None:
    operations.ask(cast.pass_on(), key="a", room="ownership", about="leaving/1", now=NOW, expires=NOW + HOUR)
    worker.run_dry()
    assert operations.cancel(Request.objects.all(), by=None, now=NOW) == 0
    later(outside, worker, 4 * HOUR)
    assert state("a") == "confirming"
    outside.confirms("t0")
    later(outside, worker, 2 * HOUR)
    assert state("a") == "sent"


def test_nobody_says_how_it_ended_so_it_is_over_when_the_carriers_time_is(outside: Outside, worker: Sender) -> None:
    operations.ask(cast.pass_on(), key="a", room="ownership", about="leaving/1", now=NOW)
    worker.run_dry()
    later(outside, worker, 7 * HOUR)
    assert state("a") == "expired"
    assert outside.confirms("t0") is False


def test_cancelled_it_is_taken_back(outside: Outside, worker: Sender) -> None:
    ask("a")
    worker.run_dry()
    assert operations.cancel(Request.objects.all(), by=None, now=NOW) == 1
    assert operations.cancel(Request.objects.all(), by=None, now=NOW) == 0
    worker.run_dry()
    assert (state("a"), told("a"), outside.held["t0"].ended) == ("cancelled", ["confirming", "cancelled"], "back")


def test_of_a_task_it_is_all_or_nothing(outside: Outside, worker: Sender) -> None:
    """The carrier takes back tasks, and others of this one are still wanted."""
    ask("a", "b")
    worker.run_dry()
    operations.cancel(Request.objects.filter(key="a"), by=None, now=NOW)
    later(outside, worker, 3 * HOUR)
    assert (state("a"), outside.held["t0"].ended) == ("confirming", "")
    operations.cancel(Request.objects.filter(key="b"), by=None, now=outside.clock.now)
    worker.run_dry()
    assert (state("a"), state("b")) == ("cancelled", "cancelled")


def test_requests_that_end_at_different_times_are_different_tasks(outside: Outside, worker: Sender) -> None:
    ask("a", hours=5)
    ask("b", hours=6)
    worker.run_dry()
    assert len(outside.held) == 2


@pytest.mark.parametrize("trouble", [CutOff("the line broke"), Unreachable("no answer"), RuntimeError("strange")])
def test_a_carrier_that_cannot_tell_is_asked_again(outside: Outside, worker: Sender, trouble: Exception) -> None:
    ask("a")
    worker.run_dry()
    outside.confirms("t0")

    def broken(asked: Asked) -> None:
        raise trouble

    outside.on_look = broken
    later(outside, worker, 10 * MINUTE, step=MINUTE)
    assert (state("a"), told("a")) == ("confirming", ["confirming"])
    outside.on_look = lambda _: None
    later(outside, worker, HOUR, step=MINUTE)
    assert state("a") == "sent"


def test_a_carrier_that_never_tells_leaves_it_to_a_person(outside: Outside, worker: Sender) -> None:
    ask("a", hours=5)
    worker.run_dry()

    def silent(asked: Asked) -> None:
        raise Unreachable("no answer")

    outside.on_look = silent
    later(outside, worker, 5 * HOUR + GIVEN_UP + 2 * HOUR)
    assert (state("a"), told("a")) == ("unknown", ["confirming", "unknown"])
    assert Request.objects.get(key="a").next_try_at is None


def test_a_call_cut_off_after_the_carrier_took_it_is_found_and_followed(outside: Outside, worker: Sender) -> None:
    def lost(asked: Asked) -> Outcome | None:
        outside._hold(asked, repeatable=False)
        return cast.cut_off(asked)

    outside.after = lost
    ask("a")
    worker.run_dry()
    assert state("a") == "unknown"
    later(outside, worker, MINUTE, step=timedelta(seconds=35))
    assert (state("a"), told("a")) == ("confirming", ["unknown", "confirming"])
    outside.confirms(Request.objects.get(key="a").message_id)
    later(outside, worker, HOUR, step=MINUTE)
    assert (state("a"), outside.done["a"], outside.calls["a"]) == ("sent", 1, 1)


def test_who_followed_and_died_leaves_it_to_the_next(outside: Outside, worker: Sender) -> None:
    from huoqun.outbox.operations.confirming import to_follow

    ask("a")
    worker.run_dry()
    outside.clock.goes_on(MINUTE)
    assert len(to_follow(5, now=outside.clock.now)) == 1  # and the worker is gone
    assert to_follow(5, now=outside.clock.now) == []
    outside.confirms("t0")
    later(outside, worker, 3 * MINUTE, step=MINUTE)
    assert state("a") == "sent"


def test_a_late_answer_changes_nothing_that_is_settled(outside: Outside, worker: Sender) -> None:
    """Two workers followed the same task; the slower one must not undo what the quicker one wrote."""
    from huoqun.outbox.operations.confirming import still_waiting
    from huoqun.outbox.operations.recording import Ended, record
    from huoqun.outbox.rules.endings import Effect

    ask("a")
    worker.run_dry()
    row = Request.objects.get(key="a")
    outside.confirms("t0")
    later(outside, worker, 2 * MINUTE, step=MINUTE)
    still_waiting([(row, NOW)])
    assert record([Ended(row, Effect(State.EXPIRED))], now=NOW, of=(State.CONFIRMING,)) == 0
    assert (state("a"), Request.objects.get(key="a").next_try_at) == ("sent", None)
