"""The world by itself: it lives, the same each time, and remembers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huoqun.carriers.pretend.world.faults import NEWS, Fault, Kind
from huoqun.carriers.pretend.world.life import BEAT, LONGEST
from huoqun.carriers.pretend.world.places import Settlement
from huoqun.carriers.pretend.world.words import Call, LineBroke, Shut
from huoqun.carriers.pretend.world.world import World

MORNING = 1_772_409_600_000
HOUR = 60 * BEAT


def settled(path: Path | str = ":memory:", **plan: float) -> World:
    world = World(path)
    world.settle(Settlement(**{"rooms": 6, "people": 10, **plan}), at=MORNING)
    return world


def ask(world: World, key: str, method: str, words: dict[str, object]) -> dict[str, object]:
    return world.call([Call(key, method, words)], clock=lambda: MORNING, patience=20, sleep=lambda seconds: None)[0]


def say(world: World, key: str, room: str = "r1") -> dict[str, object]:
    return ask(world, key, "say", {"room": room, "to": [], "answering": None, "text": "早上好", "pictures": (), "link": None})


def all_news(world: World, at: int) -> list[tuple[int, str]]:
    told: list[tuple[int, str]] = []
    while page := world.news(told[-1][0] if told else 0, at=at):
        told += page
    return told


def test_people_talk_come_and_go_by_themselves() -> None:
    told = " ".join(payload for _, payload in all_news(settled(pulse=20), MORNING + 24 * HOUR))
    assert all(f'"what": "{what}"' in told for what in ("said", "joined", "left"))


def test_the_same_seed_lives_the_same_life_however_often_it_is_asked() -> None:
    first, second = settled(), settled()
    for hour in range(1, 5):
        first.news(0, at=MORNING + hour * HOUR)
    assert all_news(first, MORNING + 4 * HOUR) == all_news(second, MORNING + 4 * HOUR) != []
    assert all_news(settled(seed=2), MORNING + 4 * HOUR) != all_news(second, MORNING + 4 * HOUR)


def test_a_still_world_says_nothing_unasked() -> None:
    assert all_news(settled(pulse=0), MORNING + 24 * HOUR) == []


def test_what_we_say_is_answered_by_somebody_within_the_minutes_after() -> None:
    world = settled(pulse=1)
    posts = [say(world, f"k{number}", room=f"r{number % 6 + 1}")["post"] for number in range(30)]
    told = " ".join(payload for _, payload in all_news(world, MORNING + 3 * BEAT))
    answered = [post for post in posts if f'"answering": {post}' in told]
    assert 5 < len(answered) < 30


def test_a_clock_put_back_brings_nothing_new() -> None:
    world = settled(pulse=20)
    before = all_news(world, MORNING + HOUR)
    assert all_news(world, MORNING - 300 * HOUR) == before


def test_a_leap_of_years_is_lived_a_day_at_a_time() -> None:
    world = settled(pulse=1)
    times = [json.loads(payload)["at"] for _, payload in world.news(0, at=MORNING + 5 * 365 * 24 * HOUR)]
    assert times
    assert max(times) < MORNING + LONGEST * BEAT


def test_somebody_hushed_says_nothing() -> None:
    world = settled(pulse=30, rooms=1, people=1)
    ask(world, "k", "hush", {"room": "r1", "who": "p1", "until": MORNING + HOUR})
    heard = [payload for _, payload in all_news(world, MORNING + HOUR) if '"what": "said"' in payload and '"p1"' in payload]
    assert heard == []


def test_settling_again_changes_nothing(tmp_path: Path) -> None:
    world = settled(tmp_path / "world.sqlite3")
    say(world, "k")
    world.close()
    again = settled(tmp_path / "world.sqlite3", rooms=50)
    assert again.times_done() == {"k": 1}
    assert say(again, "k2", room="r7")["error"] == "no_such_room"


def test_a_key_is_honoured_where_promised_and_only_there() -> None:
    world = settled()
    for _ in range(2):
        say(world, "said twice")
        ask(world, "whispered once", "whisper", {"who": "p1", "text": "在吗"})
    assert world.times_done() == {"said twice": 2, "whispered once": 1}


def test_faults_strike_as_often_as_planned_whoever_asks(tmp_path: Path) -> None:
    here, there = settled(tmp_path / "world.sqlite3"), World(tmp_path / "world.sqlite3")
    here.plan(Fault(kind=Kind.OUTAGE, times=2))
    for world in (here, there):
        with pytest.raises(Shut):
            say(world, "k")
    assert say(here, "k")["ok"]


def test_faults_strike_only_what_they_are_planned_for() -> None:
    world = settled(pulse=0)
    world.plan(Fault(kind=Kind.CUT_AFTER, method="whisper"))
    world.plan(Fault(kind=Kind.OUTAGE, method=NEWS))
    assert say(world, "k")["ok"]
    with pytest.raises(Shut):
        world.news(0, at=MORNING)
    assert len(world.news(0, at=MORNING)) == 1
    world.lift_faults()


def test_a_line_that_breaks_after_the_work_has_done_it() -> None:
    world = settled()
    world.plan(Fault(kind=Kind.CUT_AFTER))
    with pytest.raises(LineBroke):
        say(world, "k")
    assert world.times_done() == {"k": 1}
    assert world.find("k") is not None


def test_a_closed_room_turns_everything_away() -> None:
    world = settled()
    world.close_room("r1")
    assert say(world, "k") == {"ok": False, "error": "room_closed", "wait": 0}


def test_somebody_who_blocks_us_gets_nothing() -> None:
    world = settled()
    world.block_us("p1")
    assert ask(world, "k", "whisper", {"who": "p1", "text": "在吗"})["error"] == "blocked"
    assert world.deeds() == []


def test_a_ticket_greets_once_and_only_its_owner() -> None:
    world = settled()
    ticket = world.join("r1", "tao", at=MORNING, name="小陶")
    answers = [
        ask(world, key, "greet", {"who": who, "ticket": ticket}) for key, who in (("k1", "p2"), ("k2", "tao"), ("k3", "tao"))
    ]
    assert [answer.get("error") for answer in answers] == ["no_such_ticket", None, "ticket_used"]


def test_a_knock_is_answered_once_and_lets_in_whom_it_should() -> None:
    world = settled(pulse=0)
    knocks = {who: world.knock("r1", who, name=who) for who in ("tao", "ren")}
    for who, let_in in (("tao", True), ("ren", False)):
        assert ask(world, f"k-{who}", "answer_knock", {"who": who, "knock": knocks[who], "let_in": let_in})["ok"]
    again = ask(world, "another", "answer_knock", {"who": "ren", "knock": knocks["ren"], "let_in": True})
    assert again["error"] == "answered_already"
    joined = [json.loads(payload)["who"]["id"] for _, payload in all_news(world, MORNING)]
    assert joined == ["tao"]
