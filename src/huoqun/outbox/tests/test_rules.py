"""Decisions, as tables of cases and for any moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.carriers.base import Ability, CutOff, Pace, Unreachable
from huoqun.outbox.rules.endings import (
    FIRST_WAIT,
    LONGEST_WAIT,
    LOOKS,
    Effect,
    doubted,
    effect_of,
    effect_of_death,
    effect_of_expiry,
    effect_of_look,
    wait_after,
)
from huoqun.outbox.rules.going import Hour, hour_of
from huoqun.outbox.rules.paces import BOX, Book, Caps, Limit, limits_of
from huoqun.outbox.rules.quiet import QuietHours, first_allowed
from huoqun.outbox.rules.states import State, Why
from huoqun.outbox.tests.cast import BALCONY, NOW, call, note, pin, post
from huoqun.vocabulary.outcomes import NeedsHand, Outcome, Refused, Sent, TryLater, Unknown

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
REPEATABLE = Ability(how="api", repeatable=True)
FINDABLE = Ability(how="api", can_ask=True)
RISKY = Ability(how="api")


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


# Quiet hours


@pytest.mark.parametrize(
    ("quiet", "moment", "allowed"),
    [
        (("22:00", "07:00", "Asia/Shanghai"), "2026-03-02 13:59:59", "2026-03-02 13:59:59"),
        (("22:00", "07:00", "Asia/Shanghai"), "2026-03-02 14:00:00", "2026-03-02 23:00:00"),
        (("22:00", "07:00", "Asia/Shanghai"), "2026-03-02 22:59:59", "2026-03-02 23:00:00"),
        (("22:00", "07:00", "Asia/Shanghai"), "2026-03-02 23:00:00", "2026-03-02 23:00:00"),
        (("12:00", "14:00", "UTC"), "2026-03-02 13:00:00", "2026-03-02 14:00:00"),
        # Berlin, 29 March: 01:59:59 is followed by 03:00:00, which is 01:00 UTC.
        (("01:00", "02:30", "Europe/Berlin"), "2026-03-29 00:30:00", "2026-03-29 01:00:00"),
        (("02:10", "02:50", "Europe/Berlin"), "2026-03-29 00:59:59", "2026-03-29 00:59:59"),
        (("22:00", "07:00", "Europe/Berlin"), "2026-03-28 22:00:00", "2026-03-29 05:00:00"),
        # Berlin, 25 October: 02:00 to 03:00 comes twice (00:00 and 01:00 UTC).
        (("22:00", "07:00", "Europe/Berlin"), "2026-10-24 21:00:00", "2026-10-25 06:00:00"),
        (("01:00", "02:30", "Europe/Berlin"), "2026-10-24 23:30:00", "2026-10-25 00:30:00"),
        (("01:00", "02:30", "Europe/Berlin"), "2026-10-25 01:10:00", "2026-10-25 01:30:00"),
    ],
)
def test_quiet_hours_end_when_the_clock_on_the_wall_says_so(quiet: tuple[str, str, str], moment: str, allowed: str) -> None:
    hours = QuietHours(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1]), quiet[2])
    assert first_allowed(utc(moment), hours) == utc(allowed)


@given(
    moment=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),
    start=st.times(),
    end=st.times(),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_the_first_allowed_moment_is_never_quiet_never_early_and_within_a_long_day(
    moment: datetime, start: time, end: time, zone: str
) -> None:
    if start == end:
        return
    quiet, asked = QuietHours(start, end, zone), moment.replace(tzinfo=UTC)
    allowed = first_allowed(asked, quiet)
    assert not quiet.covers(allowed)
    assert timedelta(0) <= allowed - asked <= timedelta(hours=26)
    if allowed != asked:
        assert quiet.covers(allowed - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("start", "end", "zone"),
    [
        (time(7), time(7), "Asia/Shanghai"),
        (time(22), time(7), "Asia/Nowhere"),
        (time(22), time(7), "../etc/passwd"),
        (time(22, tzinfo=ZoneInfo("UTC")), time(7), "UTC"),
    ],
)
def test_quiet_hours_that_mean_nothing_are_refused(start: time, end: time, zone: str) -> None:
    with pytest.raises(ValueError, match=r"quiet|zone"):
        QuietHours(start, end, zone)


@pytest.mark.parametrize(
    ("not_before", "expires_at", "hour"),
    [
        (NOW, None, Hour.COME),
        (NOW + SECOND, None, Hour.NOT_YET),
        (NOW - HOUR, NOW + SECOND, Hour.COME),
        (NOW - HOUR, NOW, Hour.PAST),
    ],
)
def test_its_hour(not_before: datetime, expires_at: datetime | None, hour: Hour) -> None:
    assert hour_of(not_before, expires_at, None, now=NOW) is hour


def test_past_its_time_counts_before_quiet() -> None:
    quiet = QuietHours(time(0), time(23, 59), "UTC")
    assert hour_of(NOW - HOUR, NOW, quiet, now=NOW) is Hour.PAST
    assert hour_of(NOW - HOUR, None, quiet, now=NOW) is Hour.QUIET


# Endings


@pytest.mark.parametrize(
    ("ending", "ability", "state", "waits_for", "next_in"),
    [
        (Sent(message_id="7"), RISKY, State.SENT, Why.NOT, None),
        (Refused(reason="gone"), REPEATABLE, State.REFUSED, Why.NOT, None),
        (Refused(reason="full", for_good=False), REPEATABLE, State.REFUSED, Why.NOT, None),
        (NeedsHand(reason="app only"), RISKY, State.HANDED, Why.NOT, None),
        (TryLater(after=MINUTE, reason="slow"), RISKY, State.WAITING, Why.CARRIER, MINUTE),
        (TryLater(after=timedelta(0), reason="slow"), RISKY, State.WAITING, Why.CARRIER, SECOND),
        (Unreachable("out"), RISKY, State.WAITING, Why.UNREACHABLE, FIRST_WAIT / 2),
        (CutOff("cut"), REPEATABLE, State.WAITING, Why.CUT_OFF, FIRST_WAIT / 2),
        (CutOff("cut"), FINDABLE, State.UNKNOWN, Why.NOT, LOOKS[0]),
        (CutOff("cut"), RISKY, State.UNKNOWN, Why.NOT, None),
        (Unknown(reason="cut"), REPEATABLE, State.WAITING, Why.CUT_OFF, FIRST_WAIT / 2),
        (Unknown(reason="cut"), RISKY, State.UNKNOWN, Why.NOT, None),
    ],
)
def test_what_an_ending_does(
    ending: Outcome | CutOff | Unreachable, ability: Ability, state: State, waits_for: Why, next_in: timedelta | None
) -> None:
    effect = effect_of(ending, ability, attempts=1, now=NOW, dice=lambda: 0.0)
    next_at = None if next_in is None else NOW + next_in
    assert (effect.state, effect.waits_for, effect.next_try_at) == (state, waits_for, next_at)


@pytest.mark.parametrize(
    ("ability", "begun", "state", "in_doubt"),
    [
        (REPEATABLE, False, State.WAITING, None),
        (REPEATABLE, True, State.WAITING, True),
        (RISKY, False, State.WAITING, None),
        (RISKY, True, State.UNKNOWN, None),
        (FINDABLE, True, State.UNKNOWN, None),
        (None, True, State.UNKNOWN, None),
    ],
)
def test_what_the_death_of_a_worker_does(ability: Ability | None, begun: bool, state: State, in_doubt: bool | None) -> None:
    effect = effect_of_death(ability, begun=begun, attempts=1, now=NOW, dice=lambda: 0.5)
    assert (effect.state, effect.in_doubt) == (state, in_doubt)
    assert (effect.next_try_at == NOW) is (ability is FINDABLE)


@pytest.mark.parametrize(
    ("found", "looks", "state", "next_in"),
    [
        (Sent(), 0, State.SENT, None),
        (Refused(reason="no"), 0, State.REFUSED, None),
        (TryLater(after=timedelta(0), reason=""), 2, State.WAITING, timedelta(0)),
        (None, 0, State.UNKNOWN, LOOKS[1]),
        (None, len(LOOKS) - 1, State.UNKNOWN, None),
        (Unreachable("out"), 0, State.UNKNOWN, LOOKS[1]),
        (CutOff("cut"), len(LOOKS) - 1, State.UNKNOWN, LOOKS[-1]),
    ],
)
def test_what_looking_it_up_does(
    found: Outcome | CutOff | Unreachable | None, looks: int, state: State, next_in: timedelta | None
) -> None:
    effect = effect_of_look(found, looks=looks, now=NOW, dice=lambda: 0.5)
    assert (effect.state, effect.next_try_at) == (state, None if next_in is None else NOW + next_in)
    assert effect.quietly is (state is State.UNKNOWN)


def test_a_no_after_a_cut_off_call_is_not_the_answer_to_it() -> None:
    refused, sent = Effect(State.REFUSED, "gone"), Effect(State.SENT)
    assert doubted(refused, REPEATABLE, now=NOW).state is State.UNKNOWN
    assert doubted(refused, FINDABLE, now=NOW).next_try_at == NOW
    assert doubted(sent, REPEATABLE, now=NOW) is sent
    assert effect_of_expiry(in_doubt=True, now=NOW).state is State.UNKNOWN
    assert effect_of_expiry(in_doubt=False, now=NOW).state is State.EXPIRED


@given(attempts=st.integers(0, 1000), dice=st.floats(0, 1, exclude_max=True))
def test_waiting_grows_to_an_end_and_is_never_in_step(attempts: int, dice: float) -> None:
    wait = wait_after(attempts, lambda: dice)
    assert FIRST_WAIT / 2 <= wait <= LONGEST_WAIT
    assert wait <= wait_after(attempts + 1, lambda: dice)


# Paces


def test_whom_each_pace_counts() -> None:
    def paces(per: str) -> list[Pace]:
        return [Pace(per=per, every=MINUTE, at_most=3, as_of=date(2026, 3, 1), source="theirs")]  # type: ignore[arg-type]

    def scopes(*actions: object, per: str) -> int:
        return len({limit.scope for action in actions for limit in limits_of(action, paces(per), Caps())})  # type: ignore[arg-type]

    assert scopes(post("g1"), post("g2"), per="account") == 1
    assert scopes(post("g1"), post("g2"), per="target") == 2
    assert scopes(post("g1"), post("g2"), per="member") == 0
    assert scopes(note("tao"), note("mei"), per="member") == 2
    assert scopes(note("tao"), call("tao"), per="account") == 2


def test_whom_the_caps_count() -> None:
    caps = Caps(member_day=1, member_week=2, group_day=3)
    assert [limit.at_most for limit in limits_of(note(), (), caps)] == [1, 2]
    assert [limit.at_most for limit in limits_of(post(), (), caps)] == [3]
    assert limits_of(pin(), (), caps) == limits_of(call(), (), caps) == []
    assert limits_of(note(), (), Caps()) == []
    other = type(BALCONY)("balcony", "fake", "bot-2")
    assert limits_of(note(account=other), (), caps) == limits_of(note(), (), caps), "all accounts are counted together"


@given(
    gaps=st.lists(st.integers(0, 40_000), min_size=1, max_size=60),
    at_most=st.integers(1, 4),
    every=st.integers(1, 60),
)
def test_no_stretch_of_time_ever_has_more_than_allowed(gaps: list[int], at_most: int, every: int) -> None:
    """Each is called somewhere in the box after it was given its place: the first as late, the next as early as can be."""
    limit = Limit("one", timedelta(seconds=every), at_most)
    spent: dict[int, int] = {}
    now, given = NOW, []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        book = Book({"one": spent}, now=now)
        blocked = book.blocked_by([limit])
        if blocked is None:
            for _limit, step in book.spend([limit]):
                spent[step] = spent.get(step, 0) + 1
            given.append(now)
        else:
            assert now < blocked[1] <= now + limit.every + limit.step + BOX
    for earlier, later in zip(given, given[at_most:], strict=False):
        assert later - (earlier + BOX) >= limit.every


def test_the_limit_that_is_free_last_counts() -> None:
    fast, slow = Limit("fast", SECOND, 1), Limit("slow", HOUR, 1, Why.MEMBER_CAP)
    book = Book({}, now=NOW)
    book.spend([fast, slow])
    blocked = book.blocked_by([fast, slow])
    assert blocked is not None
    assert blocked[0] is slow
    assert blocked[1] > NOW + HOUR
