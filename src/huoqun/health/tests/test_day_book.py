"""The day-book: whatever the order in which talk arrives, the daily audit says what a full one says."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import duckdb
import pytest

from huoqun.health import book, engine, runner
from huoqun.health.daybook import DayBook
from huoqun.health.results import AuditResult
from huoqun.health.rules import local_day, starts_at

from .tell import BOT, LIN, MO, SHANGHAI, TAO, TEA, Story

FIRST = datetime(2026, 1, 20, tzinfo=UTC)
DAYS = 45


class Told:
    """A source of rows in memory."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self.rows = rows
        self.opened: list[tuple[datetime, datetime]] = []

    def extent(self) -> tuple[datetime, datetime] | None:
        times = [row["sent_at"] for row in self.rows]
        return (min(times), max(times)) if times else None

    def between(self, start: datetime, end: datetime) -> list[dict[str, object]]:
        return [row for row in self.rows if start <= row["sent_at"] < end]

    def mark(self, start: datetime, end: datetime) -> str:
        names = sorted(f"{row['source_id']}{row['author_key']}" for row in self.between(start, end))
        return blake2b("".join(names).encode()).hexdigest()

    def open(self, con: duckdb.DuckDBPyConnection, start: datetime, end: datetime) -> None:
        self.opened.append((start, end))
        story = Story(rows=self.between(start, end))
        con.register("told", story.table())
        con.execute("DROP VIEW IF EXISTS history")
        con.execute("CREATE OR REPLACE TEMP TABLE history_rows AS SELECT * FROM told")
        con.execute("CREATE VIEW history AS SELECT * FROM history_rows")


def lively(seed: int) -> Story:
    """Six weeks of three groups: joins, leaves, questions, replies, packets, orders, a bot, staff, minute-sharp ties."""
    dice = random.Random(seed)
    story = Story(house={BOT: "bot", LIN: "staff"}, same_person={21: 20})
    story.plans = [(TEA, "seasonal", date(2026, 3, 1), None)]
    texts = ["早", "好的", "请问多少钱", "有没有人去？", "哈哈", "怎么报名", "打卡", "限时秒杀，加我微信", "@所有人 开会了"]
    moments = sorted(dice.randrange(DAYS * 24 * 60) for _ in range(700))
    for minute in moments:
        when = (FIRST + timedelta(minutes=minute)).astimezone(SHANGHAI).strftime("%m-%d %H:%M")
        where, who = TEA + dice.randrange(3), dice.choice([LIN, MO, TAO, BOT, *range(10, 26)])
        kind = dice.random()
        if kind < 0.06:
            story.join(where, who, when, inviter=dice.choice([None, MO, TAO]))
        elif kind < 0.09:
            story.leave(where, who, when)
        elif kind < 0.11:
            packet = story.packet(where, who, when)
            for quick in dice.sample(range(10, 26), 4):
                story.claim(where, quick, packet, dice.choice([0.7, 1.2, 5, 70, 4000]))
        elif kind < 0.13:
            story.order(where, who, when, f"o{dice.randrange(20)}", dice.randrange(100, 9000))
        else:
            earlier = [row for row in story.rows if row["group_key"] == where and row["message_id"]]
            to = dice.choice(earlier[-8:]) if earlier and dice.random() < 0.3 else None
            reply = {"reply_to": to["message_id"], "reply_to_author": to["author_key"]} if to else {}
            mentions = {"mentions": [dice.randrange(10, 26)]} if dice.random() < 0.1 else {}
            story.say(where, who, when, dice.choice(texts), **reply, **mentions)
    return story


def full(story: Story, rows: list[dict[str, object]], day: date) -> AuditResult:
    told = Story(rows=rows, house=story.house, same_person=story.same_person, plans=story.plans)
    return told.audit(f"{day:%m-%d}")


def daily(story: Story, day_book: DayBook, day: date) -> AuditResult:
    con = engine.connect(threads=1)
    question = runner.Question(day, SHANGHAI)
    day_book.bring_up_to(con, day, service_from=question.service_from)
    day_book.open(con, service_from=question.service_from)
    story.hand_in(con)
    day_book.source.open(con, starts_at(question.service_from, SHANGHAI), question.ends_at)
    return runner.evaluate(con, question)


def same(one: AuditResult, other: AuditResult) -> bool:
    assert one.portfolio == other.portfolio
    assert one.coverage == other.coverage
    for name in ("groups", "persons", "unanswered", "days"):
        assert getattr(one, name).to_pylist() == getattr(other, name).to_pylist(), name
    return one.reasons == other.reasons


@pytest.mark.parametrize("seed", range(6))
def test_daily_audits_say_what_full_ones_say_however_rows_arrive(tmp_path: Path, seed: int) -> None:
    """Rows arrive in random portions: in order, late, all at once; some are taken away again; labels change between."""
    dice, story = random.Random(seed), lively(seed)
    coming, source = list(story.rows), Told([])
    if seed % 2:
        dice.shuffle(coming)
    day = local_day(FIRST, SHANGHAI) + timedelta(days=3)
    day_book = DayBook(tmp_path / "book", source, SHANGHAI)
    while coming:
        portion = dice.randrange(1, 260)
        source.rows = source.rows + coming[:portion]
        del coming[:portion]
        if dice.random() < 0.3 and source.rows:
            source.rows = [row for row in source.rows if dice.random() > 0.02]
        if dice.random() < 0.3:
            story.house = dict(dice.sample(sorted({BOT: "bot", LIN: "staff", 12: "helper"}.items()), 2))
        day += timedelta(days=dice.choice([1, 1, 1, 4, 9]))
        assert same(daily(story, day_book, day), full(story, source.rows, day))
        if dice.random() < 0.4:
            day_book = DayBook(tmp_path / "book", source, SHANGHAI)


def test_a_new_day_costs_that_day(tmp_path: Path) -> None:
    story = lively(1)
    source = Told(story.rows)
    day_book = DayBook(tmp_path, source, SHANGHAI)
    daily(story, day_book, date(2026, 2, 24))
    source.opened.clear()
    con = engine.connect(threads=1)
    made = day_book.bring_up_to(con, date(2026, 2, 25), service_from=date(2026, 1, 20))
    assert made == {date(2026, 2, 25)}
    # Once over the month's times for the days' sums, once over the day itself (and the minutes before midnight).
    (month, *_), (start, end) = source.opened
    assert end - start <= timedelta(days=1, minutes=book.heard_minutes())
    assert month >= datetime(2026, 1, 31, 16, tzinfo=UTC)


def test_nothing_new_reads_nothing(tmp_path: Path) -> None:
    story = lively(2)
    source = Told(story.rows)
    day_book = DayBook(tmp_path, source, SHANGHAI)
    daily(story, day_book, date(2026, 2, 24))
    source.opened.clear()
    assert day_book.bring_up_to(engine.connect(), date(2026, 2, 24), service_from=date(2026, 1, 20)) == set()
    assert source.opened == []


def test_a_late_message_makes_its_month_anew_and_no_other(tmp_path: Path) -> None:
    story = lively(3)
    source = Told(story.rows)
    day_book = DayBook(tmp_path, source, SHANGHAI)
    daily(story, day_book, date(2026, 3, 4))
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    story.say(TEA, MO, "02-10 10:00", "迟到的消息")
    made = day_book.bring_up_to(engine.connect(), date(2026, 3, 4), service_from=date(2026, 1, 20))
    assert date(2026, 2, 10) in made
    assert {day.month for day in made} == {2}
    untouched = {path for path in kept if path.exists() and path.stat().st_mtime_ns == kept[path]}
    assert {path.parent.name for path in untouched} == {"2026-01", "2026-03"}


def test_a_crash_between_months_costs_only_the_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = lively(4)
    source = Told(story.rows)
    real = DayBook._save

    def failing(self: DayBook, con: duckdb.DuckDBPyConnection, key: str, days: set[int]) -> str:
        part = real(self, con, key, days)
        if key == "2026-02":
            raise OSError("the disk is full")
        return part

    with monkeypatch.context() as patch:
        patch.setattr(DayBook, "_save", failing)
        with pytest.raises(OSError, match="disk is full"):
            daily(story, DayBook(tmp_path, source, SHANGHAI), date(2026, 3, 4))
    again = DayBook(tmp_path, source, SHANGHAI)
    assert sorted(again.months) == ["2026-01"]
    assert same(daily(story, again, date(2026, 3, 4)), full(story, story.rows, date(2026, 3, 4)))
    named = {f"{part}" for month in again.months.values() for part in month.parts}
    assert {path.name.split(".")[0] for path in tmp_path.rglob("*.parquet")} == named


def test_a_book_of_another_zone_is_not_believed(tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    story = lively(5)
    daily(story, DayBook(tmp_path, Told(story.rows), SHANGHAI), date(2026, 2, 10))
    assert DayBook(tmp_path, Told(story.rows), ZoneInfo("UTC")).months == {}
    assert DayBook(tmp_path, Told(story.rows), SHANGHAI).months


def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    story = lively(6)
    day_book = DayBook(tmp_path / "book", Told(story.rows), SHANGHAI)
    daily(story, day_book, date(2026, 2, 10))
    assert list(tmp_path.rglob("*.parquet"))
    day_book.forget()
    assert not list(tmp_path.rglob("*.parquet"))
    assert same(daily(story, day_book, date(2026, 2, 10)), full(story, story.rows, date(2026, 2, 10)))


@pytest.mark.parametrize("seed", [7, 8])
def test_many_small_spans_make_the_same_book_as_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    story = lively(seed)
    one = full(story, story.rows, date(2026, 3, 4))
    monkeypatch.setattr(book, "ONE_GO", 10)
    assert same(one, full(story, story.rows, date(2026, 3, 4)))


@pytest.mark.parametrize("late", ["01-31 23:57", "02-04 12:00"])
def test_a_late_join_reaches_days_after_it_in_the_next_month_and_beyond_a_silent_day(tmp_path: Path, late: str) -> None:
    """On 4 February nobody says anything, so a join on that day makes a day that was not booked."""
    story = Story()
    story.daily(TEA, LIN, "01-20", 15)
    story.say(TEA, TAO, "02-01 00:02", "大家好")
    story.say(TEA, TAO, "02-05 10:00", "大家好")
    story.daily(TEA, MO, "02-05", 3, at="10:04")
    source = Told(list(story.rows))
    day_book = DayBook(tmp_path, source, SHANGHAI)
    before = daily(story, day_book, date(2026, 2, 7))
    story.join(TEA, TAO, late)
    source.rows = story.rows
    after = daily(story, day_book, date(2026, 2, 7))
    assert same(after, full(story, story.rows, date(2026, 2, 7)))
    assert before.groups["first_words"].to_pylist() == [None]
    assert after.groups["first_words"].to_pylist() == [1]


def test_a_late_question_before_midnight_finds_its_answer_after_it(tmp_path: Path) -> None:
    story = Story()
    story.daily(TEA, LIN, "01-20", 15)
    story.say(TEA, MO, "02-01 00:02", "九点")
    source = Told(list(story.rows))
    day_book = DayBook(tmp_path, source, SHANGHAI)
    daily(story, day_book, date(2026, 2, 3))
    story.say(TEA, TAO, "01-31 23:58", "请问几点开门")
    source.rows = story.rows
    after = daily(story, day_book, date(2026, 2, 3))
    assert same(after, full(story, story.rows, date(2026, 2, 3)))
    assert after.groups["answered_inferred"].to_pylist() == [1]
