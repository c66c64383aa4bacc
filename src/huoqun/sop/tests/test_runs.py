"""Playbooks at work, through the real log, outbox, to-dos and the pretended carrier."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from huoqun.ownership import operations as todos
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations import changing, launching
from huoqun.sop.rules.states import LineState, RunState, Why

from .conftest import START, Life

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

DAILY = """\
name: daily
title: 日常
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - do: post
    key: morning
    at: {day: 0, time: "09:30", spread: 20m}
    words: {text: "[[早]]，{{群名}}", slots: {早: [早上好, 早呀]}}
  - {do: todo, key: answer, at: {day: 0, time: "14:00"}, task: 看看有没有没回答的问题, core: answers}
  - {do: post, key: evening, at: {day: 0, time: "21:00"}, words: {text: "今天就到这里，{{运营}}"}}
"""


@pytest.mark.method("G01", "F24")
def test_a_day_is_said_in_every_group_at_its_own_minute_and_once(life: Life) -> None:
    life.put_to_work(DAILY)
    life.until(START + 2 * DAY)
    said = life.said()
    assert len(said) == 3 * 2 * 2, "three groups, two days, morning and evening"
    assert {text.split("，")[1] for room, text in said if "群" in text and room == "r1"} == {"番茄1群"}
    mornings = Line.objects.filter(step="morning", at__lt=life.now).order_by("run__group", "at")
    assert len({line.at for line in mornings}) == 6, "not all in the same minute"
    first, second = mornings.filter(run__group__native_id="r1")
    assert second.at - first.at == DAY, "each group always at its own minute"
    assert set(mornings.values_list("state", flat=True)) == {LineState.DONE}
    assert Todo.objects.filter(title="看看有没有没回答的问题").count() == 6 + 3, "tomorrow's are on the list already"


def test_nothing_is_planned_further_ahead_than_the_horizon(life: Life) -> None:
    life.put_to_work(DAILY.replace("FREQ=DAILY", "FREQ=DAILY;COUNT=400"))
    life.work()
    assert Run.objects.count() == 3
    assert Line.objects.order_by("-at").first().at <= START + DAY  # type: ignore[union-attr]


NEWCOMERS = """\
name: newcomers
title: 新人周
audience: {about: members}
starts: [{when: joined}]
steps:
  - {do: message, key: hello, at: {after: 10m, spread: 0m}, words: {text: "{{昵称}}，欢迎，不发广告、不传负面、不刷屏"}}
  - {do: wait, key: words, fact: spoke, limit: 2d}
  - {do: branch, key: quiet, question: {about: waited, of: words}, yes: thanks, no: nudge}
  - {do: todo, key: nudge, task: 问问新人在找什么}
  - {do: end, key: over}
  - {do: message, key: thanks, at: {spread: 0m}, words: {text: 谢谢你开口}}
"""


@pytest.mark.method("E05")
def test_a_newcomer_who_speaks_is_thanked_and_a_silent_one_is_asked(life: Life) -> None:
    life.put_to_work(NEWCOMERS)
    life.world.join("r1", "new1", at=life.milliseconds(), name="小满")
    life.world.join("r2", "new2", at=life.milliseconds(), name="立冬")
    life.work()
    assert Run.objects.count() == 2
    life.until(START + HOUR)
    life.world.say("r1", "new1", "大家好", at=life.milliseconds())
    life.until(START + 2 * HOUR)
    speaker, silent = (Run.objects.get(group__native_id=room) for room in ("r1", "r2"))
    assert dict(speaker.lines.values_list("step", "state")) == {
        "hello": "done", "words": "done", "quiet": "done", "thanks": "done",
    }  # fmt: skip
    assert speaker.state == RunState.DONE
    assert silent.lines.get(step="words").state == LineState.WAITING
    life.until(START + 2 * DAY + 2 * HOUR, every=HOUR)
    silent.refresh_from_db()
    assert dict(silent.lines.values_list("step", "way")) == {
        "hello": "",
        "words": "limit",
        "quiet": "no",
        "nudge": "",
        "over": "",
    }
    assert silent.state == RunState.GOING, "somebody still has to ask"
    todo = Todo.objects.get(title="问问新人在找什么")
    todos.do(todo, by=life.lin, now=life.now)
    life.until(life.now + HOUR)
    assert silent.lines.get(step="nudge").state == LineState.DONE
    silent.refresh_from_db()
    assert silent.state == RunState.DONE


def test_who_leaves_is_written_to_no_more(life: Life) -> None:
    life.put_to_work(NEWCOMERS.replace("after: 10m", "after: 3h"))
    life.world.join("r1", "new1", at=life.milliseconds(), name="小满")
    life.work()
    line = Line.objects.get(step="hello")
    assert line.state == LineState.PLANNED
    life.world.leave("r1", "new1", at=life.milliseconds())
    life.until(START + 5 * HOUR)
    line.refresh_from_db()
    assert (line.state, line.reason) == (LineState.SKIPPED, Why.GONE)
    assert Run.objects.get().state == RunState.STOPPED
    assert not [deed for deed in life.world.deeds() if deed.method == "whisper"]


def test_everything_of_a_playbook_is_paused_and_ended_together(life: Life) -> None:
    put = life.put_to_work(DAILY)
    life.work()
    launching.pause(put, by=life.lin, now=life.now)
    life.until(START + 6 * HOUR)
    assert life.said() == []
    launching.resume(put, by=life.lin, now=life.now)
    life.until(START + 13 * HOUR)
    mornings = Line.objects.filter(step="morning", at__lt=life.now)
    assert {line.state for line in mornings} == {LineState.DONE}, "within its six hours"
    assert len(life.said()) == 6
    launching.end(put, by=life.lin, now=life.now)
    life.until(START + 2 * DAY)
    assert len(life.said()) == 6
    assert Launch.objects.get().state == Launch.State.ENDED
    assert set(Run.objects.values_list("state", flat=True)) <= {RunState.STOPPED, RunState.DONE}


def test_one_groups_words_its_time_and_a_step_of_it_can_be_changed(life: Life) -> None:
    life.put_to_work(DAILY)
    life.work()
    one, two, three = Run.objects.order_by("group__native_id")
    changing.reword(one.lines.get(step="morning"), "今天轮到{{群名}}", by=life.lin, now=life.now)
    changing.skip(two.lines.get(step="morning"), by=life.lin, now=life.now)
    before = three.lines.get(step="morning").at
    changing.shift(three, 2 * HOUR + DAY - DAY, by=life.lin, now=life.now)
    life.until(START + 4 * HOUR)
    assert [text for room, text in life.said() if room == "r1"] == ["今天轮到番茄1群"]
    assert life.said("r2") == []
    assert (two.lines.get(step="morning").state, two.lines.get(step="morning").reason) == (LineState.SKIPPED, Why.BY_HAND)
    assert three.lines.get(step="morning").at == before, "a time of day stays that time of day"


def test_a_variable_without_a_value_is_a_line_that_says_so(life: Life) -> None:
    life.put_to_work(DAILY)
    from huoqun.community.models import Group

    Group.objects.filter(native_id="r1").update(operator=None)
    life.until(START + 14 * HOUR)
    line = Line.objects.get(step="evening", run__group__native_id="r1", at__lt=life.now)
    assert (line.state, line.reason) == (LineState.SKIPPED, f"{Why.NO_VALUE}: 运营")
    assert Line.objects.get(step="evening", run__group__native_id="r2", at__lt=life.now).state == LineState.DONE


FLASH = """\
name: flash
title: 快闪
starts: [{when: event, title: 开场}]
steps:
  - {do: post, key: warm, at: {offset: -30m, spread: 0m}, words: {text: 半小时后开始}}
  - {do: post, key: open, at: {offset: 0m, spread: 0m}, words: {text: 开始了}, expires: 30m}
  - {do: end, key: over, at: {offset: 3h30m, spread: 0m}, dissolve: true, farewell: {text: "谢谢大家，本群结束"}, expires: 20m}
"""


@pytest.mark.method("C05", "G08", "L08")
def test_a_flash_group_is_told_before_opened_and_ended_by_its_deadline(life: Life) -> None:
    opening = START + 4 * HOUR
    life.put_to_work(FLASH, event_at=opening)
    life.until(opening + timedelta(hours=3, minutes=40), every=timedelta(minutes=10))
    assert [text for _room, text in life.said("r1")] == ["半小时后开始", "开始了", "谢谢大家，本群结束"]
    over = Line.objects.get(step="over", run__group__native_id="r1")
    assert over.at == opening + timedelta(hours=3, minutes=30)
    assert over.state == LineState.HAND, "only a person can dissolve a group there"
    assert Todo.objects.filter(request=over.request_key).exists()


def test_two_playbooks_in_one_group_keep_an_hour_apart(life: Life) -> None:
    life.put_to_work(DAILY)
    other = DAILY.replace("name: daily", "name: second").replace("title: 日常", "title: 另一套")
    life.put_to_work(other)
    life.until(START + 14 * HOUR)
    for room in ("r1", "r2", "r3"):
        at = sorted(Line.objects.filter(run__group__native_id=room, kind="post").values_list("at", flat=True))
        assert all(later - earlier >= HOUR for earlier, later in pairwise(at))
    assert Line.objects.filter(moved_from__isnull=False).exists()


REVIVAL = """\
name: revival
title: 复苏
summary: 群在走下坡，先问老成员想要什么
starts: [{when: turned, to: [declining]}]
steps:
  - {do: post, key: ask, at: {spread: 0m}, words: {text: 大家最近最想聊什么？}}
  - {do: wait, key: heard, fact: answered, said: ask, limit: 1d}
  - {do: pin, key: keep, said: ask}
"""


def test_a_group_that_turned_declining_begins_when_somebody_has_said_yes(life: Life) -> None:
    from huoqun.community.models import Group
    from huoqun.inbox.operations import announce
    from huoqun.vocabulary.facts import GroupTurned
    from huoqun.vocabulary.ids import GroupKey

    life.put_to_work(REVIVAL)
    group = Group.objects.get(native_id="r2")
    fact = GroupTurned(
        community="balcony", at=START, group=GroupKey(group.key), state="declining", before="steady", since=None,
        as_of=START.date(),
    )  # fmt: skip
    announce([fact], now=life.now)
    life.until(START + HOUR)
    assert life.said() == []
    todo = Todo.objects.get()
    assert (todo.title, todo.group_id) == ("复苏", group.pk)
    todos.do(todo, by=life.lin, now=life.now)
    life.until(START + 2 * HOUR)
    assert life.said() == [("r2", "大家最近最想聊什么？")]
    life.world.say("r2", "p5", "想聊育苗", at=life.milliseconds())
    life.until(START + 3 * HOUR)
    run = Run.objects.get()
    assert run.lines.get(step="heard").way == "came"
    assert run.lines.get(step="keep").state == LineState.DONE
    assert [deed.method for deed in life.world.deeds()] == ["say", "pin"]


def test_a_worker_that_was_down_leaves_out_what_is_too_late(life: Life) -> None:
    life.put_to_work(DAILY)
    life.now = START + 20 * HOUR
    life.work()
    first = Line.objects.filter(at__lt=life.now, run__group__native_id="r1")
    assert {(line.step, line.state, line.reason) for line in first} == {
        ("morning", "skipped", "too_late"), ("answer", "skipped", "too_late"), ("evening", "skipped", "too_late"),
    }  # fmt: skip
    assert life.said() == []


def test_what_nobody_did_in_time_is_said_so(life: Life) -> None:
    life.put_to_work(DAILY)
    life.until(START + 14 * HOUR)
    answer = Line.objects.filter(step="answer", at__lt=life.now)
    assert {(line.state, line.reason) for line in answer} == {(LineState.SKIPPED, Why.TOO_LATE)}
    run = Run.objects.get(group__native_id="r1", anchor__lt=life.now)
    assert run.state == RunState.DONE
