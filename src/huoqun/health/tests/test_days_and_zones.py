"""The community's day, computed by whole-number arithmetic, is the day the zone's own rules give."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huoqun.health import engine
from huoqun.health.rules import audit_day, day_number, local_day_sql, turned, weeks_before

ZONES = ["Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]


@pytest.mark.parametrize("name", ZONES)
def test_a_day_in_sql_is_the_day_of_the_zone(name: str) -> None:
    zone, dice = ZoneInfo(name), random.Random(name)
    first, last = date(2008, 9, 1), date(2026, 6, 30)
    span = int((last - first) / timedelta(microseconds=1))
    start = datetime(2008, 9, 1, tzinfo=UTC)
    moments = [start + timedelta(microseconds=dice.randrange(span)) for _ in range(4000)]
    con = engine.connect(threads=1)
    con.execute("CREATE TABLE t (sent_at TIMESTAMP)")
    con.executemany("INSERT INTO t VALUES (?)", [[moment.replace(tzinfo=None)] for moment in moments])
    found = [row[0] for row in con.execute(f"SELECT {local_day_sql(zone, first, last)} FROM t ORDER BY rowid").fetchall()]
    assert found == [day_number(moment.astimezone(zone).date()) for moment in moments]


def test_the_hours_around_a_change_of_the_clock_are_exact() -> None:
    zone = ZoneInfo("Europe/Berlin")
    change = datetime(2025, 3, 30, 1, tzinfo=UTC)
    con = engine.connect(threads=1)
    for minutes in range(-180, 24 * 60, 7):
        at = change + timedelta(minutes=minutes)
        sql = local_day_sql(zone, date(2025, 3, 29), date(2025, 4, 1))
        (found,) = con.execute(f"SELECT {sql} FROM (SELECT TIMESTAMP '{at:%Y-%m-%d %H:%M:%S}' AS sent_at)").fetchone()
        assert found == day_number(at.astimezone(zone).date())


@pytest.mark.parametrize(
    ("last_row", "now", "day"),
    [
        ("2026-03-10 05:00", "2026-03-10 06:00", date(2026, 3, 9)),
        ("2026-03-01 05:00", "2026-03-10 06:00", date(2026, 3, 1)),
        ("2026-03-09 17:00", "2026-03-10 06:00", date(2026, 3, 9)),
        ("2026-03-09 15:00", "2026-03-09 17:00", date(2026, 3, 9)),
    ],
)
def test_today_is_not_over_and_an_old_record_ends_where_it_ends(last_row: str, now: str, day: date) -> None:
    aware = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (last_row, now)]
    assert audit_day(*aware, ZoneInfo("Asia/Shanghai")) == day


def test_the_weeks_before_stop_where_the_record_begins() -> None:
    assert weeks_before(date(2026, 3, 30), date(2026, 3, 10)) == [date(2026, 3, 23), date(2026, 3, 16)]
    assert len(weeks_before(date(2026, 3, 30), date(2020, 1, 1))) == 26


def test_only_other_states_are_turns() -> None:
    before = {1: "steady", 2: "dead"}
    judged = {1: ("steady", None), 2: ("bubbling", date(2026, 3, 1)), 3: ("dead", None), 4: ("", None)}
    assert [(turn.group, turn.before, turn.state) for turn in turned(before, judged)] == [
        (2, "dead", "bubbling"),
        (3, "", "dead"),
    ]
