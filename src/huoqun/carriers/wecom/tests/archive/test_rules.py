"""How far behind, in tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huoqun.carriers.wecom.archive.rules import KEPT, Progress, lag, missed, wait_for_file

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def progress(**changes: object) -> Progress:
    told = {"asked_at": NOW, "newest_at": NOW - HOUR, "more": True, **changes}
    return Progress(**told)  # type: ignore[arg-type]


def test_before_anybody_asked_nothing_is_known() -> None:
    assert lag(progress(asked_at=None, newest_at=None, more=False), now=NOW).caught_up is None


def test_all_read_means_only_the_time_since_the_last_answer_is_unknown() -> None:
    told = lag(progress(more=False, newest_at=NOW - 30 * HOUR, asked_at=NOW - timedelta(seconds=4)), now=NOW)
    assert (told.caught_up, told.behind) == (True, timedelta(seconds=4))


def test_behind_is_the_age_of_the_newest_message_read() -> None:
    told = lag(progress(newest_at=NOW - 2 * HOUR), now=NOW)
    assert (told.caught_up, told.behind, told.ready_in) == (False, 2 * HOUR, None)


@pytest.mark.parametrize(
    ("read", "ready_in"),
    [
        # In one hour it read three hours of messages: each hour it gains two, so two hours behind are made up in one.
        (3 * HOUR, HOUR),
        (1.5 * HOUR, 4 * HOUR),
        # It reads no faster than people speak.
        (HOUR, None),
        (0.5 * HOUR, None),
    ],
)
def test_when_it_will_have_caught_up(read: timedelta, ready_in: timedelta | None) -> None:
    newest = NOW - 2 * HOUR
    told = lag(progress(newest_at=newest, behind_since=NOW - HOUR, behind_from=newest - read), now=NOW)
    assert told.ready_in == ready_in


def test_danger_begins_before_records_are_gone() -> None:
    assert not lag(progress(newest_at=NOW - timedelta(days=2)), now=NOW).dangerous
    assert lag(progress(newest_at=NOW - timedelta(days=3)), now=NOW).dangerous
    assert lag(progress(more=False, asked_at=NOW - timedelta(days=4)), now=NOW).dangerous


def test_a_clock_that_goes_wrong_makes_no_negative_lag() -> None:
    assert lag(progress(newest_at=NOW + HOUR), now=NOW).behind == timedelta(0)


def test_records_are_missed_only_after_longer_silence_than_they_are_kept() -> None:
    assert missed(None, NOW) is None
    assert missed(NOW - KEPT, NOW) is None
    long_ago = NOW - KEPT - 2 * HOUR
    assert missed(long_ago, NOW) == (long_ago, NOW - KEPT)


def test_files_are_tried_again_later_and_later_but_within_the_days_they_are_kept() -> None:
    waits = [wait_for_file(tries) for tries in range(8)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert sum(waits, timedelta(0)) < KEPT
