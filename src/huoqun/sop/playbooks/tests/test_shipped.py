"""The playbooks that come with the product: complete in both languages, and saying why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huoqun.sop.parts.shape import Base
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.playbooks.reading import read, write
from huoqun.sop.playbooks.shipped import FOLDER, LANGUAGES, shipped
from huoqun.sop.steps import End, Message, Todo

NAMES = {
    "launch-week", "daily-group", "newcomer-week", "guest-talk", "training-camp", "flash-sale", "welfare-group", "revival",
    "merge", "farewell", "step-back", "complaint",
}  # fmt: skip


def book(name: str, language: str = "zh") -> Playbook:
    return next(one for one in shipped(language) if one.name == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_are_there_and_say_why(language: str) -> None:
    books = shipped(language)
    assert {one.name for one in books} == NAMES
    for one in books:
        assert one.why, one.name
        assert one.summary, one.name
        assert not [step.key for step in one.steps if not step.why], f"{one.name}: steps that do not say why"
        assert read(write(one)) == one


def test_both_languages_do_the_same() -> None:
    """Words differ; what happens, when and to whom does not."""

    def bones(one: Playbook) -> list[tuple[object, ...]]:
        return [
            (step.key, type(step), step.at, step.window, step.expires, step.owner, step.core, step.evidence)
            for step in _steps(one)
        ]

    for one in shipped("zh"):
        other = book(one.name, "en")
        assert bones(one) == bones(other), one.name
        assert (one.audience, one.starts and type(one.starts[0]), one.aim) == (
            other.audience, other.starts and type(other.starts[0]), other.aim,
        ), one.name  # fmt: skip
        assert len(one.asks) == len(other.asks)


def _steps(one: Playbook) -> tuple[Base, ...]:
    return one.steps


def test_files_are_called_as_their_playbooks() -> None:
    for language in LANGUAGES:
        for path in (FOLDER / language).glob("*.yaml"):
            assert read(path.read_text(encoding="utf-8")).name == path.stem


@pytest.mark.method("C05", "G08")
def test_the_flash_sale_is_over_within_four_hours() -> None:
    sale = book("flash-sale")
    first = min(step.at.offset.delta for step in sale.steps if step.at.offset)
    over = sale.steps[-1]
    assert isinstance(over, End)
    assert over.dissolve
    assert over.at.offset is not None
    assert (over.at.offset.delta + over.expires.delta - first).total_seconds() <= 4 * 3600


@pytest.mark.method("G02", "G06", "L14")
def test_the_guest_talk_has_nine_steps_and_three_notices_a_day() -> None:
    talk = book("guest-talk")
    for number in range(1, 10):
        assert any(step.key.startswith(f"step-{number}-") for step in talk.steps), number
    times = [step.at.time for step in talk.steps if step.key.startswith("step-2-")]
    assert times == ["09:00", "12:30", "20:00"]
    notices = [step for step in talk.steps if step.key.startswith("step-2-")]
    assert all(isinstance(step, Message) and step.to == "enrolled" and step.tags == ("报名",) for step in notices)
    assert "海报" in str(talk.steps[0])
    assert talk.steps[0].evidence == "picture", "the poster is shown before anybody is told"


@pytest.mark.method("L05")
def test_talk_is_strict_around_an_event_and_free_otherwise() -> None:
    """Nobody is told to be quiet but from half an hour before the talk to its end, and on ordinary days nobody is at all."""
    strict = [step.at.offset.delta for step in book("guest-talk").steps if step.core == "rules" and step.at.offset]
    assert strict == [-timedelta(minutes=30), timedelta(0)]
    assert "先不插话" in str(book("guest-talk").step("step-3-rules"))
    assert not any("插话" in str(step) or "安静" in str(step) for step in book("daily-group").steps)


@pytest.mark.method("G05")
def test_a_training_camp_has_its_exercise_and_its_feedback_every_day() -> None:
    camp = book("training-camp")
    for day in range(1, 7):
        assert camp.step(f"day-{day}").at.day == day - 1
    for day in range(1, 6):
        assert camp.step(f"review-{day}").at.day == day, "the morning after"
    assert (camp.step("close").at.day, camp.step("after").at.day) == (6, 7)


@pytest.mark.method("E05")
def test_newcomers_hear_the_three_donts_and_are_answered_within_ten_minutes() -> None:
    week = book("newcomer-week")
    welcome, fast = week.step("welcome"), week.step("answer-fast")
    assert "三不可" in str(getattr(welcome, "words", ""))
    assert "群公告" in str(getattr(welcome, "words", "")), "and where to find what comes next"
    assert isinstance(fast, Todo)
    assert fast.within == "10m"
    assert week.step("day-seven").at.day == 7


@pytest.mark.method("G03")
def test_a_day_serves_all_five_cores() -> None:
    assert {step.core for step in book("daily-group").steps} == {"help", "content", "answers", "rules", "people"}


@pytest.mark.method("E09", "L06")
def test_the_owner_steps_back_in_three_stages_each_with_a_yes() -> None:
    back = book("step-back")
    assert [step.key for step in back.steps if step.key.startswith("stage-")] == ["stage-one", "stage-two", "stage-three"]
    assert sum(step.key.startswith("go-") for step in back.steps) == 2


@pytest.mark.method("B17")
def test_a_complaint_is_answered_in_public_within_ten_minutes() -> None:
    answer = book("complaint").steps[0]
    assert isinstance(answer, Todo)
    assert answer.within == "10m"
    assert book("complaint").priority == 1
