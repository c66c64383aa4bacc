"""Operations and the loop on rows, with a carrier that misbehaves when told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from huoqun.carriers.base import Asked, Unreachable
from huoqun.console.models import Staff
from huoqun.inbox.models import Entry
from huoqun.outbox import operations
from huoqun.outbox.errors import NotAskable
from huoqun.outbox.models import Pause, Request, Spent, Stage
from huoqun.outbox.operations import ask, ask_many
from huoqun.outbox.rules.endings import LEASE, LOOKS
from huoqun.outbox.rules.paces import Caps
from huoqun.outbox.rules.quiet import QuietHours
from huoqun.outbox.rules.states import State, Why
from huoqun.outbox.tests import cast
from huoqun.outbox.tests.cast import NOW, Clock, Outside, call, note, pin, post, sender, state
from huoqun.outbox.types import Ask
from huoqun.vocabulary.actions import Action
from huoqun.vocabulary.outcomes import Failed, Outcome, Sent, TryLater

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def wish(action: Action, key: str, **more: object) -> Request:
    return ask(action, key=key, room="sop", about="run/1", **({"now": NOW} | more))  # type: ignore[arg-type]


def stages(key: str) -> list[str]:
    return list(Stage.objects.filter(request__key=key).values_list("stage", flat=True))


def told() -> list[str]:
    return list(Entry.objects.filter(name="RequestSettled").order_by("position").values_list("payload", flat=True))


# Asking


def test_asking_twice_is_asking_once(outside: Outside) -> None:
    first = wish(post(text="早"), "k")
    again = wish(post(text="晚"), "k", priority=1, now=NOW + HOUR)
    assert again.pk == first.pk
    assert (again.priority, again.asked_at) == (5, NOW)
    sender(outside).run_dry()
    wish(post(text="晚"), "k")
    sender(outside).run_dry()
    assert outside.done == {"k": 1}


def test_the_same_key_in_another_community_is_another_wish(outside: Outside) -> None:
    wish(post(), "k")
    wish(post(account=cast.ELSEWHERE), "k")
    assert Request.objects.count() == 2


def test_what_is_asked_in_a_transaction_that_is_undone_was_never_asked() -> None:
    def breaks() -> None:
        with transaction.atomic():
            wish(post(), "k")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()
    assert not Request.objects.exists()


def test_many_are_one_insert(django_assert_num_queries: Callable[[int], object]) -> None:
    wishes = [Ask(action=post(f"g{n}"), key=f"k{n}", room="sop", about="") for n in range(400)]
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert ask_many(wishes, now=NOW) == 400
    assert ask_many([*wishes[:7], Ask(action=post(), key="new", room="sop", about="")], now=NOW) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"key": ""}, "its key is empty"),
        ({"key": "k" * 201}, "over 200"),
        ({"not_before": datetime(2026, 3, 2)}, "not_before has no zone"),
        ({"expires": NOW}, "before it may go out"),
        ({"priority": 0}, "its priority is 0"),
        ({"run": "a\0b"}, "its run"),
        ({"action": post(text="\ud800")}, "no Unicode"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name_and_its_whole_batch_with_it(more: dict[str, object], words: str) -> None:
    good = Ask(action=post(), key="good", room="sop", about="")
    bad = Ask(**({"action": post(), "key": "bad", "room": "sop", "about": ""} | more))  # type: ignore[arg-type]
    with pytest.raises(NotAskable, match=words):
        ask_many([good, bad], now=NOW)
    assert not Request.objects.exists()


# Sending


@pytest.mark.method("G04")
def test_every_stage_is_kept_and_the_room_that_asked_is_told(outside: Outside) -> None:
    failed = (Failed(member_id="ren", reason="left"),)
    outside.after = lambda asked: Sent(message_id="m-1", reached=41, failed=failed)
    wish(post(), "k")
    sender(outside).run_dry()
    row = Request.objects.get()
    assert (row.state, row.message_id, row.reached, row.attempts, row.settled_at) == (State.SENT, "m-1", 41, 1, NOW)
    assert stages("k") == ["asked", "sent", "delivered", "failed"]
    assert [('"outcome":"sent"' in payload, '"about":"run/1"' in payload) for payload in told()] == [(True, True)]


def test_never_before_its_time_and_then_at_once(outside: Outside, clock: Clock) -> None:
    wish(post(), "k", not_before=NOW + HOUR)
    one = sender(outside)
    clock.goes_on(HOUR - timedelta(microseconds=1))
    one.run_dry()
    assert not outside.deeds
    clock.goes_on(timedelta(microseconds=1))
    one.run_dry()
    assert outside.done == {"k": 1}


def test_the_urgent_go_first_then_who_was_due_first(outside: Outside) -> None:
    for key, priority, minutes in (("c", 5, 1), ("d", 9, 0), ("b", 5, 0), ("a", 1, 2)):
        wish(pin(), key, priority=priority, not_before=NOW + minutes * MINUTE)
    outside.clock.goes_on(HOUR)
    sender(outside).run_dry()
    assert [deed.key for deed in outside.deeds] == ["a", "b", "c", "d"]


def test_what_is_past_its_time_expires_unsent_and_says_so(outside: Outside, clock: Clock) -> None:
    wish(post(), "k", expires=NOW + HOUR)
    clock.goes_on(HOUR)
    sender(outside).run_dry()
    assert (state("k"), outside.deeds, stages("k")) == (State.EXPIRED, [], ["expired"])
    assert '"outcome":"expired"' in told()[0]


def test_quiet_hours_are_waited_out(outside: Outside, clock: Clock) -> None:
    quiet = QuietHours(time(16), time(19), "Asia/Shanghai")  # now is 17:00 there
    wish(post(), "asked-inside", quiet=quiet)
    wish(post(), "falls-inside", quiet=QuietHours(time(17, 30), time(18), "Asia/Shanghai"), not_before=NOW + 40 * MINUTE)
    assert Request.objects.get(key="asked-inside").next_try_at == NOW + 2 * HOUR
    one = sender(outside)
    for _ in range(130):
        one.run_dry()
        clock.goes_on(MINUTE)
    assert {deed.key: deed.at for deed in outside.deeds} == {"asked-inside": NOW + 2 * HOUR, "falls-inside": NOW + HOUR}


def test_hand_and_no_are_answered_without_a_call(outside: Outside) -> None:
    wish(cast.dissolve(), "hand")
    wish(cast.hand_over(), "no")
    sender(outside).run_dry()
    assert (state("hand"), state("no"), outside.calls) == (State.HANDED, State.REFUSED, {})
    assert Request.objects.get(key="no").reason == "Groups have no owner here."
    assert stages("hand") == ["handed"]


def test_an_account_without_a_carrier_waits_and_says_why(outside: Outside) -> None:
    wish(post(account=cast.Account("balcony", "paper", "x")), "k")
    wish(post(), "fine")
    sender(outside).run_dry()
    row = Request.objects.get(key="k")
    assert (row.state, row.waits_for) == (State.WAITING, Why.NO_CARRIER)
    assert outside.done == {"fine": 1}


def test_an_action_of_another_version_is_refused_not_lost(outside: Outside) -> None:
    wish(post(), "k")
    Request.objects.update(payload='{"account": 7}')
    sender(outside).run_dry()
    assert state("k") == State.REFUSED


def test_batches_go_in_one_call_and_never_more_than_the_carrier_takes(outside: Outside) -> None:
    sizes: list[int] = []
    real = outside.send_many
    outside.send_many = lambda asked: sizes.append(len(asked)) or real(asked)  # type: ignore[assignment, func-returns-value]
    for number in range(12):
        wish(post(f"g{number}"), f"k{number}")
    sender(outside).run_dry()
    assert sizes == [5, 5, 2]
    assert len(outside.done) == 12


# Endings


@pytest.mark.parametrize(
    ("action", "calls"),
    [(note(), 2), (post(), 1), (call(), 1)],
    ids=["repeatable: again", "findable: looked up", "neither: a person"],
)
@pytest.mark.parametrize("after_the_work", [True, False])
def test_a_call_that_was_cut_off(action: Action, calls: int, after_the_work: bool, outside: Outside, clock: Clock) -> None:
    wish(action, "k")
    place = "after" if after_the_work else "before"
    setattr(outside, place, cast.cut_off)
    one = sender(outside)
    one.run_dry()
    setattr(outside, place, lambda asked: None)
    for _ in range(20):
        clock.goes_on(LOOKS[0])
        one.run_dry()
    is_risky, is_findable = calls == 1 and action == call(), action == post()
    assert state("k") == (State.UNKNOWN if is_risky else State.SENT)
    assert outside.calls["k"] == (2 if is_findable and not after_the_work else calls)
    assert outside.done["k"] == (1 if after_the_work or not is_risky else 0)


def test_a_carrier_that_cannot_tell_is_asked_again_and_then_a_person(outside: Outside, clock: Clock) -> None:
    wish(post(), "k")
    outside.after = cast.cut_off
    looked: list[datetime] = []
    outside.look_up = lambda asked: looked.append(clock.now)  # type: ignore[assignment, func-returns-value]
    one = sender(outside)
    for _ in range(12 * 60):
        one.run_dry()
        clock.goes_on(MINUTE)
    assert len(looked) == len(LOOKS)
    assert (state("k"), Request.objects.get().next_try_at) == (State.UNKNOWN, None)
    assert len(told()) == 1


def test_try_later_waits_as_long_as_the_carrier_says(outside: Outside, clock: Clock) -> None:
    wish(note(), "k")
    answers: list[Outcome | None] = [TryLater(after=10 * MINUTE, reason="slow down"), None]
    outside.before = lambda asked: answers.pop(0)
    one = sender(outside)
    one.run_dry()
    row = Request.objects.get()
    assert (row.state, row.waits_for, row.next_try_at, row.reason) == (
        State.WAITING, Why.CARRIER, NOW + 10 * MINUTE, "slow down",
    )  # fmt: skip
    clock.goes_on(10 * MINUTE)
    one.run_dry()
    assert (state("k"), Request.objects.get().reason) == (State.SENT, "")


def test_an_outage_is_not_asked_again_and_again_and_stops_nobody_else(outside: Outside, clock: Clock) -> None:
    def out(asked: Asked) -> None:
        if asked.action.account == cast.BALCONY:
            raise Unreachable("no answer")

    outside.before = out
    for number in range(40):
        wish(pin(), f"k{number}")
    wish(pin(account=cast.ELSEWHERE), "elsewhere")
    one = sender(outside)
    one.run_dry()
    assert sum(outside.calls.values()) == 2
    assert outside.done == {"elsewhere": 1}
    for _ in range(20):
        clock.goes_on(MINUTE)
        one.run_dry()
    assert sum(outside.calls.values()) < 30
    outside.before = lambda asked: None
    for _ in range(80):
        clock.goes_on(MINUTE)
        one.run_dry()
    assert len(outside.done) == 41


def test_an_error_nobody_expected_counts_as_cut_off(outside: Outside) -> None:
    def breaks(asked: Asked) -> None:
        raise KeyError("oops")

    outside.before = breaks
    wish(call(), "k")
    wish(note(), "n")
    sender(outside).run_dry()
    assert (state("k"), state("n")) == (State.UNKNOWN, State.WAITING)
    assert "oops" not in Request.objects.get(key="k").reason


def test_refused_can_be_tried_again_when_it_is_mended(outside: Outside, lin: Staff) -> None:
    outside.before = cast.refused
    wish(post(), "k")
    sender(outside).run_dry()
    assert state("k") == State.REFUSED
    outside.before = lambda asked: None
    assert operations.try_again([Request.objects.get()], by=lin, now=NOW) == 1
    sender(outside).run_dry()
    assert (state("k"), stages("k")) == (State.SENT, ["asked", "refused", "again", "asked", "sent", "delivered"])


# Paces and caps


@pytest.mark.method("L14")
def test_one_person_is_not_disturbed_more_often_than_the_organisation_wants(outside: Outside, clock: Clock, lin: Staff) -> None:
    operations.set_caps("", Caps(member_day=2, member_week=3), by=lin, now=NOW)
    for number in range(6):
        ask(note(), key=f"k{number}", room=f"room-{number}", about="", now=NOW)
    ask(note("mei"), key="mei", room="sop", about="", now=NOW)
    one = sender(outside)
    one.run_dry()
    assert len(outside.deeds) == 3
    assert Request.objects.filter(waits_for=Why.MEMBER_CAP).count() == 4
    for _ in range(24 * 20):
        clock.goes_on(HOUR)
        one.run_dry()
    times = sorted(deed.at for deed in outside.deeds if deed.key != "mei")
    assert len(times) == 6
    assert all(later - earlier > timedelta(days=1) for earlier, later in zip(times, times[2:], strict=False))
    assert all(later - earlier > timedelta(days=7) for earlier, later in zip(times, times[3:], strict=False))


@pytest.mark.method("L14")
def test_a_community_has_caps_of_its_own_and_a_refusal_disturbs_nobody(outside: Outside, clock: Clock, lin: Staff) -> None:
    operations.set_caps("", Caps(group_day=0), by=lin, now=NOW)
    operations.set_caps("balcony", Caps(group_day=1), by=lin, now=NOW)
    outside.before = lambda asked: cast.refused(asked) if asked.key == "a" else None
    for key in "abc":
        wish(post(), key)
    wish(post(account=cast.ELSEWHERE), "never")
    one = sender(outside, most=1)
    one.run_dry()
    assert [state(key) for key in "abc"] == [State.REFUSED, State.SENT, State.WAITING]
    assert (state("never"), Request.objects.get(key="never").waits_for) == (State.WAITING, Why.GROUP_CAP)


@pytest.mark.parametrize("per", ["account", "target", "member"])
def test_the_pace_of_the_carrier_holds_in_every_stretch_of_time(per: str, clock: Clock) -> None:
    every, at_most = timedelta(seconds=60), 4
    ability = cast.Ability(how="api", repeatable=True, paces=(cast.pace(per, every, at_most),))
    outside = Outside(clock, manifest=cast.manifest(MessageMember=ability))
    for number in range(30):
        wish(note("tao"), f"k{number}")
    two = [sender(outside), sender(outside)]
    for step in range(1500):
        two[step % 2].run_dry()
        clock.goes_on(timedelta(seconds=0.7))
    times = [deed.at for deed in outside.deeds]
    assert len(times) == 30
    assert all(later - earlier >= every for earlier, later in zip(times, times[at_most:], strict=False))
    assert times[-1] - times[0] < 30 / at_most * every * 1.25, "and it is not much slower than allowed"


def test_a_thousand_in_line_are_not_all_looked_at_each_time(clock: Clock) -> None:
    ability = cast.Ability(how="api", repeatable=True, paces=(cast.pace("account", timedelta(seconds=1), 5),))
    outside = Outside(clock, manifest=cast.manifest(PinMessage=ability))
    ask_many((Ask(action=pin(), key=f"k{n}", room="sop", about="") for n in range(600)), now=NOW)
    one, moved = sender(outside), 0
    one.run_dry()
    for _ in range(300):
        clock.goes_on(timedelta(seconds=1))
        before = dict(Request.objects.filter(state=State.WAITING).values_list("pk", "next_try_at"))
        one.run_dry()
        after = dict(Request.objects.filter(state=State.WAITING).values_list("pk", "next_try_at"))
        moved += sum(after[pk] != before[pk] for pk in after)
    assert len(outside.done) == 600
    assert moved < 3 * 600


def test_an_urgent_one_does_not_stand_at_the_end_of_the_line(clock: Clock) -> None:
    ability = cast.Ability(how="api", repeatable=True, paces=(cast.pace("account", timedelta(seconds=60), 1),))
    outside = Outside(clock, manifest=cast.manifest(PinMessage=ability))
    for number in range(20):
        wish(pin(), f"k{number}")
    one = sender(outside)
    one.run_dry()
    wish(pin(), "urgent", priority=1)
    for _ in range(40):
        clock.goes_on(timedelta(seconds=5))
        one.run_dry()
    assert [deed.key for deed in outside.deeds].index("urgent") <= 2


# Stopping


def test_the_red_pause_stops_everything_and_lifting_it_lets_it_go(outside: Outside, lin: Staff) -> None:
    for action, key in ((post(), "a"), (note(account=cast.ELSEWHERE), "b")):
        wish(action, key)
    for _ in range(2):
        operations.pause(Pause.Scope.EVERYTHING, by=lin, now=NOW)
    one = sender(outside)
    one.run_dry()
    assert not outside.calls
    assert operations.lift(Pause.Scope.EVERYTHING, by=lin, now=NOW)
    assert not operations.lift(Pause.Scope.EVERYTHING, by=lin, now=NOW)
    one.run_dry()
    assert len(outside.done) == 2


@pytest.mark.parametrize(
    ("scope", "value", "goes"),
    [
        (Pause.Scope.COMMUNITY, "balcony", {"else"}),
        (Pause.Scope.ACCOUNT, str(cast.BALCONY), {"else", "other"}),
        (Pause.Scope.RUN, "balcony/r1", {"plain", "else", "other"}),
    ],
)
def test_a_part_is_paused(scope: Pause.Scope, value: str, goes: set[str], outside: Outside) -> None:
    wish(post(), "plain")
    wish(post(), "run", run="r1")
    wish(post(account=cast.Account("balcony", "fake", "bot-2")), "other")
    wish(post(account=cast.ELSEWHERE), "else", run="r1")
    operations.pause(scope, value, by=None, now=NOW)
    sender(outside).run_dry()
    left = {"plain", "run", "other", "else"} - goes
    expected = goes if scope != Pause.Scope.COMMUNITY else {"else"}
    expected |= {"plain"} - left
    assert set(outside.done) == expected


def test_cancel_hold_and_go_on(outside: Outside, lin: Staff) -> None:
    rows = {key: wish(post(), key) for key in ("gone", "held", "sent")}
    assert operations.cancel([rows["gone"]], by=lin, now=NOW, reason="not today") == 1
    assert operations.hold([rows["held"], rows["gone"]], by=lin, now=NOW) == 1
    sender(outside).run_dry()
    assert outside.done == {"sent": 1}
    assert operations.cancel([rows["sent"]], by=lin, now=NOW) == 0
    assert operations.release([rows["held"]], by=lin, now=NOW) == 1
    sender(outside).run_dry()
    assert set(outside.done) == {"sent", "held"}
    assert Stage.objects.get(request=rows["gone"]).by == lin


def test_a_held_one_expires_too(outside: Outside, clock: Clock) -> None:
    operations.hold([wish(post(), "k", expires=NOW + HOUR)], by=None, now=NOW)
    clock.goes_on(2 * HOUR)
    sender(outside).run_dry()
    assert state("k") == State.EXPIRED


@pytest.mark.parametrize("was_done", [True, False])
def test_cancelling_what_may_be_done_already_finds_out_first(was_done: bool, outside: Outside, clock: Clock) -> None:
    both = cast.Ability(how="api", repeatable=True, can_ask=True)
    outside.manifest = cast.manifest(MessageMember=both)
    setattr(outside, "after" if was_done else "before", cast.cut_off)
    row, one = wish(note(), "k"), sender(outside)
    one.run_dry()
    assert (state("k"), Request.objects.get().in_doubt) == (State.WAITING, True)
    assert operations.cancel([row], by=None, now=NOW) == 1
    clock.goes_on(MINUTE)
    one.run_dry()
    assert state("k") == (State.SENT if was_done else State.EXPIRED)
    assert outside.calls["k"] == 1


# People settle


@pytest.mark.parametrize(
    ("settle", "ends", "calls"),
    [
        (lambda rows, by: operations.settle_done(rows, by=by, now=NOW), State.SENT, 1),
        (lambda rows, by: operations.settle_not_done(rows, again=True, by=by, now=NOW), State.SENT, 2),
        (lambda rows, by: operations.settle_not_done(rows, again=False, by=by, now=NOW), State.CANCELLED, 1),
    ],
    ids=["it is there", "send it again", "leave it"],
)
def test_a_person_settles_what_is_unknown(
    settle: Callable[[list[Request], Staff], int], ends: State, calls: int, outside: Outside, lin: Staff
) -> None:
    wish(call(), "k")
    outside.before = cast.cut_off
    sender(outside).run_dry()
    outside.before = lambda asked: None
    assert settle([Request.objects.get()], lin) == 1
    assert settle([Request.objects.get()], lin) == 0
    sender(outside).run_dry()
    outside.clock.goes_on(MINUTE)
    sender(outside).run_dry()
    assert (state("k"), outside.calls["k"]) == (ends, calls)
    assert len(told()) == 2


def test_what_was_handed_over_is_confirmed_by_whoever_did_it(outside: Outside, lin: Staff) -> None:
    wish(cast.dissolve(), "k")
    sender(outside).run_dry()
    assert operations.confirm([Request.objects.get()], by=lin, now=NOW) == 1
    assert (state("k"), stages("k")) == (State.SENT, ["handed", "confirmed"])


# Two workers, dead workers, clocks


class Gone(BaseException):
    """The process dies here."""


def dies(asked: Asked) -> None:
    raise Gone


@pytest.mark.parametrize("action", [note(), post(), call()], ids=["repeatable", "findable", "neither"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_the_process_dies_in_the_call(action: Action, place: str, outside: Outside, clock: Clock) -> None:
    wish(action, "k")
    wish(call("lin"), "behind", priority=9)
    setattr(outside, place, dies)
    with pytest.raises(Gone):
        sender(outside).run_dry()
    setattr(outside, place, lambda asked: None)
    one = sender(outside)
    for _ in range(60):
        one.run_dry()
        clock.goes_on(timedelta(seconds=10))
    assert state("behind") == State.SENT, "it was not begun, so it goes out"
    assert state("k") == (State.UNKNOWN if action == call() else State.SENT)
    assert outside.done["k"] <= 1


def test_a_lease_is_not_taken_over_while_a_call_may_last(outside: Outside, clock: Clock) -> None:
    other = sender(outside)

    def meanwhile(asked: Asked) -> None:
        clock.is_set(10 * HOUR)
        for _ in range(3):
            clock.goes_on(LEASE / 4)
            other.run_dry()

    outside.before = meanwhile
    wish(note(), "k")
    sender(outside).run_dry()
    assert (outside.calls, state("k")) == ({"k": 1}, State.SENT)


def test_a_worker_back_from_the_dead_knows_better_than_unknown_but_not_than_a_person(
    outside: Outside, clock: Clock, lin: Staff
) -> None:
    other = sender(outside)

    def hangs(asked: Asked) -> None:
        for _ in range(5):
            other.run_dry()
            clock.goes_on(LEASE / 3)
        assert state(asked.key) == State.UNKNOWN
        if asked.key == "decided":
            operations.settle_not_done(list(Request.objects.filter(key="decided")), again=False, by=lin, now=clock.now)

    outside.before = hangs
    wish(call(), "open")
    wish(call("lin"), "decided")
    one = sender(outside)
    one.run_dry()
    one.run_dry()
    assert (state("open"), state("decided")) == (State.SENT, State.CANCELLED)


def test_the_clock_is_set_back(outside: Outside, clock: Clock) -> None:
    wish(post(), "due-again-later", not_before=NOW + MINUTE)
    clock.goes_on(2 * MINUTE)
    answers: list[Outcome | None] = [TryLater(after=timedelta(seconds=1), reason=""), None]
    outside.before = lambda asked: answers.pop(0)
    one = sender(outside)
    one.run_dry()
    clock.is_set(-HOUR)
    one.run_dry()
    assert outside.deeds == []
    clock.goes_on(HOUR + MINUTE)
    one.run_dry()
    assert outside.done == {"due-again-later": 1}
    assert outside.deeds[0].at >= NOW + MINUTE


def test_what_was_spent_in_a_future_that_was_set_back_blocks_no_longer_than_the_pace(clock: Clock) -> None:
    ability = cast.Ability(how="api", repeatable=True, paces=(cast.pace("account", timedelta(seconds=60), 1),))
    outside = Outside(clock, manifest=cast.manifest(PinMessage=ability))
    one = sender(outside)
    clock.is_set(timedelta(days=30))
    wish(pin(), "a")
    wish(pin(), "b")
    one.run_dry()
    clock.is_set(-timedelta(days=30))
    for _ in range(20):
        clock.goes_on(timedelta(seconds=10))
        one.run_dry()
    assert len(outside.done) == 2


def test_a_slow_carrier_gives_back_what_it_does_not_reach(outside: Outside, clock: Clock) -> None:
    outside.before = lambda asked: clock.goes_on(timedelta(seconds=2))  # type: ignore[assignment, func-returns-value]
    for number in range(30):
        wish(pin(), f"k{number}")
    one = sender(outside)
    one.round()
    assert sum(outside.calls.values()) == 1
    assert Request.objects.filter(state=State.LEASED).count() == 0
    one.run_dry()
    assert len(outside.done) == 30


def test_a_database_too_slow_for_the_box_still_gets_on_and_keeps_the_pace(clock: Clock) -> None:
    every = timedelta(seconds=30)
    ability = cast.Ability(how="api", repeatable=True, paces=(cast.pace("account", every, 1),))
    outside = Outside(clock, manifest=cast.manifest(PinMessage=ability))

    def slow() -> float:
        """A second goes by between the lease and the first call."""
        clock.goes_on(timedelta(seconds=1))
        return clock.passed

    for number in range(3):
        wish(pin(), f"k{number}")
    one = sender(outside, steady=slow)
    for _ in range(60):
        one.round()
        clock.goes_on(timedelta(seconds=2))
    times = [deed.at for deed in outside.deeds]
    assert len(times) == 3
    assert all(later - earlier >= every for earlier, later in pairwise(times))


# Less again


def test_what_is_old_and_settled_is_forgotten(outside: Outside, clock: Clock) -> None:
    ability = cast.Ability(how="api", repeatable=True, paces=(cast.pace("account", MINUTE, 9),))
    outside.manifest = cast.manifest(PinMessage=ability)
    wish(pin(), "old")
    wish(post(), "waits", not_before=NOW + timedelta(days=400))
    sender(outside).run_dry()
    assert Spent.objects.exists()
    later = NOW + timedelta(days=90)
    assert operations.forget(later - HOUR, now=later) > 0
    assert list(Request.objects.values_list("key", flat=True)) == ["waits"]
    assert not Spent.objects.exists()
    assert not Stage.objects.exists()


def test_nothing_goes_to_an_erased_person(outside: Outside) -> None:
    from huoqun.outbox.handlers import forget_people
    from huoqun.vocabulary.facts import PersonErased
    from huoqun.vocabulary.ids import person_key
    from huoqun.vocabulary.log import Batch, Stored

    for member in ("ren", "tao"):
        wish(note(member), member)
    fact = PersonErased(community="balcony", at=NOW, people=(person_key(cast.BALCONY, "ren"),))
    forget_people(Batch((Stored(1, NOW, fact),), writer="outbox-erasure"), now=NOW)
    sender(outside).run_dry()
    assert outside.done == {"tao": 1}
    assert not Request.objects.filter(key="ren").exists()
