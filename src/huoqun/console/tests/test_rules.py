from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huoqun.console.rules import LINK_LIVES, LinkIs, digest, link_is, may_step_down

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expires_in", "used", "active", "is_"),
    [
        (timedelta(seconds=1), False, True, LinkIs.GOOD),
        (timedelta(0), False, True, LinkIs.EXPIRED),
        (timedelta(hours=1), True, True, LinkIs.USED),
        (timedelta(hours=-1), True, True, LinkIs.USED),
        (timedelta(hours=1), False, False, LinkIs.UNKNOWN),
    ],
)
def test_what_a_link_is_good_for(expires_in: timedelta, used: bool, active: bool, is_: LinkIs) -> None:
    assert link_is(expires_at=NOW + expires_in, used_at=NOW if used else None, active=active, now=NOW) is is_


def test_a_day_is_enough() -> None:
    assert timedelta(hours=24) == LINK_LIVES


@pytest.mark.parametrize(
    ("key", "admins", "may"),
    [(1, {1}, False), (1, {1, 2}, True), (3, {1}, True), (1, set(), True)],
)
def test_somebody_is_left_to_administer(key: int, admins: set[int], may: bool) -> None:
    assert may_step_down(key, admins) is may


def test_the_digest_says_nothing_of_the_token() -> None:
    assert len(digest("a")) == 64
    assert digest("a") != digest("b")
