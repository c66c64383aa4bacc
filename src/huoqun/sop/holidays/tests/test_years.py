"""Years of days off: those that ship, those added by hand, and what is wrong with a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from huoqun.sop.holidays import day_words, holiday_of, note_of
from huoqun.sop.holidays.reading import read
from huoqun.sop.holidays.years import SHIPPED, add, known, years
from huoqun.sop.playbooks.reading import Unreadable

NEXT = """\
country: CN
year: 2027
notice: 国务院办公厅关于2027年部分节假日安排的通知
number: 国办发明电〔2026〕9号
published: 2026-11-10
holidays:
  - {name: 元旦, first: 2026-12-31, last: 2027-01-02, work: [2027-01-03]}
  - {name: 丰收节, first: 2027-09-23}
"""


@pytest.fixture
def own(tmp_path: Path, settings: object) -> Path:
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    return tmp_path / "data" / "holidays"


def written(tmp_path: Path, text: str, name: str = "year.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("year", "off", "work"), [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
def test_the_years_that_ship_have_as_many_days_as_their_notices(year: int, off: int, work: int) -> None:
    told = read((SHIPPED / f"{year}.yaml").read_text("utf-8"))
    days = list(told.days())
    assert (told.year, told.published.year) == (year, year - 1)
    assert f"〔{year - 1}〕" in told.number
    assert str(year) in told.notice
    assert (sum(day.is_off for day in days), sum(not day.is_off for day in days)) == (off, work)


def test_a_day_with_its_name_and_source(own: Path) -> None:
    national, saturday = holiday_of(date(2026, 10, 1)), holiday_of(date(2026, 10, 10))
    assert national is not None
    assert saturday is not None
    assert "国办发明电〔2025〕7号" in national.source
    with translation.override("zh-hans"):
        assert (day_words(national), day_words(saturday)) == ("国庆节放假", "国庆节调休，上班")
    with translation.override("en"):
        assert day_words(national) == "National Day · day off"
    both = holiday_of(date(2025, 10, 6))
    assert both is not None
    assert both.name == "国庆节、中秋节"
    assert holiday_of(date(2026, 10, 17)) is None
    assert holiday_of(date(2026, 10, 1), "DE") is None


def test_a_year_nobody_knows_is_said_until_its_file_is_there(own: Path, tmp_path: Path) -> None:
    with translation.override("en"):
        assert "2027" in note_of(date(2026, 12, 1), date(2027, 1, 31))
        assert note_of(date(2026, 1, 1), date(2026, 12, 31)) == ""
    add(written(tmp_path, NEXT))
    assert note_of(date(2026, 12, 1), date(2027, 1, 31)) == ""
    assert known().is_holiday(date(2026, 12, 31)), "a holiday may begin in the year before"
    assert known().is_workday(date(2027, 1, 3)), "a Sunday"
    assert years().own == {2027}
    assert sorted(path.name for path in own.iterdir()) == ["cn-2027.yaml"]


def test_a_file_of_ones_own_stands_above_the_shipped_one(own: Path, tmp_path: Path) -> None:
    add(written(tmp_path, (SHIPPED / "2026.yaml").read_text("utf-8").replace("10-07, work", "10-08, work")))
    assert known().is_holiday(date(2026, 10, 8))


def test_a_file_nobody_can_read_is_said_and_does_not_count(own: Path, tmp_path: Path) -> None:
    own.mkdir(parents=True)
    written(own, "country: CN\nyear: 2026\n", "cn-2026.yaml")
    written(own, NEXT, "a.yaml")
    written(own, NEXT, "b.yaml")
    assert [broken.path.name for broken in years().broken] == ["b.yaml", "cn-2026.yaml"]
    assert known().is_holiday(date(2026, 10, 1)), "the shipped year still counts"
    with translation.override("en"):
        said = note_of(date(2026, 5, 1), date(2026, 5, 2))
    assert "cn-2026.yaml" in said
    assert "notice" in said


@pytest.mark.parametrize(
    ("instead", "line", "field", "problem"),
    [
        (("first: 2027-09-23", "first: 2027-9-23"), 8, "holidays[1].first", "This is no day"),
        (("first: 2027-09-23", "first: 2027-09-23, work: [2027-09-24]"), 8, "holidays[1].work[0]", "no Saturday or Sunday"),
        (("first: 2027-09-23", "first: 2027-01-01"), 8, "holidays[1].first", "there twice"),
        (("first: 2027-09-23", "first: 2028-09-23"), 8, "holidays[1].first", "not in 2027"),
        (("last: 2027-01-02", "last: 2026-12-30"), 7, "holidays[0].last", "after it begins"),
        (("name: 丰收节, ", ""), 8, "holidays[1]", "name"),
        (("name: 丰收节", "title: 丰收节"), 8, "holidays[1].title", "no such field"),
        (("country: CN", "country: DE"), 1, "country", "DE"),
        (("year: 2027", "year: next"), 2, "year", "int"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_field_and_nothing_is_kept(
    own: Path, tmp_path: Path, instead: tuple[str, str], line: int, field: str, problem: str
) -> None:
    with pytest.raises(Unreadable) as told:
        add(written(tmp_path, NEXT.replace(*instead)))
    wrong = told.value.mistakes[0]
    assert (wrong.line, wrong.field) == (line, field)
    assert problem in wrong.problem
    assert not own.exists()
