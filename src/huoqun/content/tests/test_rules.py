from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from huoqun.content.rules.choosing import GroupFacts, LeftOut, why_without_group, why_without_person
from huoqun.content.rules.counting import Counts
from huoqun.content.rules.pictures import kind_of
from huoqun.content.rules.timing import NoSuchTime, moment, offsets


@pytest.mark.parametrize(
    ("facts", "asked", "why"),
    [
        (GroupFacts("steady", True), (), None),
        (GroupFacts("dormant", True), (), None),
        (GroupFacts("", True), (), None),
        (GroupFacts("dead", True), (), LeftOut.DEAD),
        (GroupFacts("dead", True), ("dead",), None),
        (GroupFacts("dead", False), ("dead",), LeftOut.NOT_YOURS),
        (GroupFacts("planned_end", True), (), LeftOut.ENDED),
        (GroupFacts("planned_end", True), ("planned_end",), None),
        (GroupFacts("steady", True, dissolved=True), ("steady",), LeftOut.DISSOLVED),
    ],
)
def test_who_is_left_out(facts: GroupFacts, asked: tuple[str, ...], why: LeftOut | None) -> None:
    assert why_without_group(facts, asked) == why


def test_people_are_left_out_for_the_weightiest_reason() -> None:
    assert why_without_person(house="", erased=False) is None
    assert why_without_person(house="bot", erased=False) == LeftOut.HOUSE
    assert why_without_person(house="bot", erased=True) == LeftOut.ERASED


def test_a_time_on_the_wall_is_the_same_time_in_the_world() -> None:
    assert moment(datetime(2026, 3, 2, 19, 0), "Asia/Shanghai") == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    # Before and after the clocks are put forward, the same wall clock is another hour of the world.
    assert moment(datetime(2026, 3, 28, 19, 0), "Europe/Berlin") == datetime(2026, 3, 28, 18, 0, tzinfo=UTC)
    assert moment(datetime(2026, 3, 29, 19, 0), "Europe/Berlin") == datetime(2026, 3, 29, 17, 0, tzinfo=UTC)
    with pytest.raises(NoSuchTime):
        moment(datetime(2026, 3, 29, 2, 30), "Europe/Berlin")
    # 02:30 comes twice that night; the first one is meant.
    assert moment(datetime(2026, 10, 25, 2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_is_spread_evenly_and_by_chance() -> None:
    assert offsets(3, 0, random.random) == [timedelta(0)] * 3
    assert offsets(0, 30, random.random) == []
    assert offsets(3, 30, lambda: 0.5) == [timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=25)]
    dice = random.Random(7)
    places = offsets(60, 60, dice.random)
    assert all(timedelta(minutes=n) <= place < timedelta(minutes=n + 1) for n, place in enumerate(places))
    assert len({place.seconds % 60 for place in places}) > 20


def test_a_picture_is_one_by_its_content() -> None:
    assert kind_of(b"\x89PNG\r\n\x1a\n....") == "png"
    assert kind_of(b"\xff\xd8\xff\xe0") == "jpeg"
    assert kind_of(b"GIF89a..") == "gif"
    assert kind_of(b"RIFF\0\0\0\0WEBPVP8 ") == "webp"
    assert kind_of(b"<svg xmlns=") is None
    assert kind_of(b"%PDF-1.7") is None
    assert kind_of(b"") is None


def test_counts_say_whether_more_is_to_come() -> None:
    assert not Counts({"": 1, "sent": 2}).is_settled
    assert not Counts({"handed": 1}).is_settled
    assert Counts({"sent": 2, "refused": 1}, {"dead": 4}).is_settled
    assert Counts({"sent": 2}).has_begun
    assert not Counts({"": 2}).has_begun
