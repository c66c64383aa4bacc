"""When a weekly report is due, by the clock of its community."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huoqun.health.report_rules import due, tells_since

SHANGHAI, NEW_YORK, AUCKLAND = (ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Pacific/Auckland"))
MONDAY = 0
CHECKS = [datetime(2026, 11, 15, 17, tzinfo=UTC) + timedelta(days=day) for day in range(21)]
"""Every day at one in the morning in Shanghai."""


@pytest.mark.parametrize("zone", [SHANGHAI, NEW_YORK, AUCKLAND])
@pytest.mark.parametrize("weekday", range(7))
def test_each_week_has_one_day_and_it_is_morning_there(zone: ZoneInfo, weekday: int) -> None:
    found = [due(weekday, now, zone) for now in CHECKS]
    days: dict[date, datetime] = {}
    for day, from_when in filter(None, found[1:]):
        days.setdefault(day, from_when)  # a later check finds it asked for
    days = {day: from_when for day, from_when in days.items() if date(2026, 11, 18) <= day < date(2026, 12, 2)}
    assert len(days) == 2
    for day, from_when in days.items():
        assert day.weekday() == weekday
        assert from_when.astimezone(zone).date() == day
        assert from_when.astimezone(zone).hour == 7


def test_a_check_that_comes_late_finds_today_still_due() -> None:
    noon = datetime(2026, 11, 16, 4, tzinfo=UTC)
    assert due(MONDAY, noon, SHANGHAI) == (date(2026, 11, 16), noon)
    assert due(MONDAY, noon + timedelta(days=1), SHANGHAI) is None


@pytest.mark.parametrize(
    ("last", "since"),
    [
        (None, date(2026, 11, 14)),
        (date(2026, 11, 18), date(2026, 11, 18)),
        (date(2026, 11, 21), date(2026, 11, 14)),
        (date(2026, 8, 1), date(2026, 11, 14)),
    ],
)
def test_it_tells_what_changed_since_the_last_one(last: date | None, since: date) -> None:
    assert tells_since(date(2026, 11, 21), last) == since
