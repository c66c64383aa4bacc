"""Where two things meet: hours and priorities, limits and facts, edits and what is on its way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huoqun.community.models import Group, Identity
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership import operations as todos
from huoqun.ownership.loop import look as keep_todos
from huoqun.ownership.models import Todo
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Line, Run
from huoqun.sop.operations import changing, closing
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.moving import move_to
from huoqun.sop.playbooks.reading import read
from huoqun.sop.rules.states import LineState, RunState, Why

from .conftest import START, Life

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

EVENT = """\
name: {name}
title: {name}
priority: {priority}
starts: [{{when: event}}]
steps:
  - {{do: post, key: say, at: {{offset: 0m, spread: 0m}}, expires: 6h, words: {{text: "{name}"}}}}
"""


def event(name: str, priority: int) -> str:
    return EVENT.format(name=name, priority=priority)


def line(name: str, room: str = "r1") -> Line:
    return Line.objects.get(step="say", run__launch__version__playbook__name=name, run__group__native_id=room)


def test_what_matters_more_takes_the_hour_of_what_is_planned_and_not_out(life: Life) -> None:
    at = START + 5 * HOUR
    life.put_to_work(event("small", 8), event_at=at)
    life.work()
    assert line("small").at == at
    life.now += 2 * MINUTE
    life.put_to_work(event("big", 2), event_at=at + 10 * MINUTE)
    life.work()
    assert line("big").at == at + 10 * MINUTE
    assert (line("small").at, line("small").moved_from) == (at + HOUR + 10 * MINUTE, at)
    life.until(at + 3 * HOUR)
    assert [text for _room, text in life.said("r1")] == ["big", "small"]


def test_what_is_out_keeps_its_hour(life: Life) -> None:
    at = START + HOUR
    life.put_to_work(event("small", 8), event_at=at)
    life.until(at + 5 * MINUTE)
    life.put_to_work(event("big", 2), event_at=at + 10 * MINUTE)
    life.until(at + 2 * HOUR)
    assert (line("small").at, line("big").at) == (at, at + HOUR)


def test_put_to_work_shortly_before_its_moment_it_begins_all_the_same(life: Life) -> None:
    at = START + 20 * MINUTE
    talk = event("talk", 5) + "  - {do: post, key: warm, at: {offset: -30m, spread: 0m}, expires: 5m, words: {text: 快了}}\n"
    life.put_to_work(talk, event_at=at)
    life.until(at + HOUR)
    assert [text for _room, text in life.said("r1")] == ["talk"]
    warm = Line.objects.get(step="warm", run__group__native_id="r1")
    assert (warm.state, warm.reason) == (LineState.SKIPPED, Why.TOO_LATE)


WAITS = """\
name: waits
title: 等
audience: {about: members}
starts: [{when: joined}]
steps:
  - {do: message, key: hello, at: {after: 10m, spread: 0m}, words: {text: 你好}}
  - {do: wait, key: words, fact: spoke, limit: 1h}
  - {do: branch, key: which, question: {about: waited, of: words}, yes: thanks, no: ask}
  - {do: todo, key: ask, at: {spread: 0m}, task: 问一句}
  - {do: end, key: over}
  - {do: message, key: thanks, at: {spread: 0m}, words: {text: 谢谢}}
"""


def come_in(life: Life, who: str = "new1") -> None:
    life.put_to_work(WAITS)
    life.world.join("r1", who, at=life.milliseconds(), name="小满")
    life.work()


def test_words_that_come_when_the_time_is_over_do_not_count(life: Life) -> None:
    come_in(life)
    life.now = START + 2 * HOUR
    life.world.say("r1", "new1", "来晚了", at=life.milliseconds())
    life.work()
    assert Line.objects.get(step="words").way == "limit"


def test_words_in_time_count_though_we_hear_of_them_when_the_time_is_over(life: Life) -> None:
    come_in(life)
    life.now = START + 40 * MINUTE
    life.world.say("r1", "new1", "大家好", at=life.milliseconds())
    life.now = START + 3 * HOUR
    life.work()
    assert (Line.objects.get(step="words").way, Line.objects.get(step="which").way) == ("came", "yes")


def test_words_that_came_before_the_wait_was_written_down_count(life: Life) -> None:
    hello = "  - {do: message, key: hello"
    asks = "  - {do: approval, key: may, question: 可以吗, limit: 1h, otherwise: go_on, at: {spread: 0m}}\n"
    life.put_to_work(WAITS.replace(hello, asks + hello).replace("after: 10m", "after: 0m"))
    life.world.join("r1", "new1", at=life.milliseconds(), name="小满")
    life.work()
    life.now = START + 70 * MINUTE  # nobody looked when the yes was given up
    life.world.say("r1", "new1", "大家好", at=life.milliseconds())
    life.until(START + 4 * HOUR)
    assert Line.objects.get(step="words").way == "came"


def test_words_of_the_moment_in_which_a_wait_is_written_down_count(life: Life) -> None:
    put = life.put_to_work(
        "name: now\ntitle: 就现在\nstarts: [{when: hand}]\nsteps:\n"
        "  - {do: wait, key: words, fact: spoke, limit: 1h, at: {spread: 0m}}\n  - {do: todo, key: ask, task: 问一句}\n"
    )
    life.world.say("r1", "p1", "大家好", at=life.milliseconds())
    life.work()
    group = Group.objects.get(native_id="r1")
    begin(put, [Begin(group.pk, life.now, f"hand/{group.pk}")], now=life.now)
    life.work()
    life.until(START + 2 * HOUR)
    assert Line.objects.get(step="words").way == "came"


def test_words_during_a_pause_are_heard(life: Life) -> None:
    come_in(life)
    life.until(START + 20 * MINUTE, every=10 * MINUTE)
    run = Run.objects.get()
    changing.pause(run, by=life.lin, now=life.now)
    life.world.say("r1", "new1", "大家好", at=life.milliseconds())
    life.until(START + 50 * MINUTE)
    changing.resume(run, by=life.lin, now=life.now)
    life.work()
    assert Line.objects.get(step="words").way == "came"


def test_a_run_that_ended_goes_no_further_when_its_last_to_do_is_done(life: Life) -> None:
    two = WAITS.replace("  - {do: end", "  - {do: todo, key: ask-again, at: {spread: 0m}, task: 再问一句}\n  - {do: end")
    life.put_to_work(two)
    life.world.join("r1", "new1", at=life.milliseconds(), name="小满")
    life.until(START + 2 * HOUR)
    todos.do(Todo.objects.get(title="问一句"), by=life.lin, now=life.now)
    life.until(START + 3 * HOUR)
    assert not Line.objects.filter(step="thanks").exists()


def test_what_is_out_cannot_be_left_out_or_said_otherwise(life: Life) -> None:
    life.put_to_work(event("small", 5), event_at=START + HOUR)
    life.work()
    Request.objects.filter(room="sop").update(state=RequestState.SENT)
    with pytest.raises(NotOpen):
        changing.skip(line("small"), by=life.lin, now=life.now)
    with pytest.raises(NotOpen):
        changing.reword(line("small"), "别的", by=life.lin, now=life.now)
    assert line("small").state == LineState.PLANNED


def test_a_stopped_run_says_no_farewell(life: Life) -> None:
    over = event("flash", 5) + "  - {do: end, key: over, at: {offset: 1h, spread: 0m}, dissolve: true, farewell: {text: 走}}\n"
    life.put_to_work(over, event_at=START + HOUR)
    life.until(START + 90 * MINUTE)
    changing.stop_runs(Run.objects.all(), by=life.lin, now=life.now)
    life.until(START + 4 * HOUR)
    assert [text for _room, text in life.said("r1")] == ["flash"]
    assert not Todo.objects.filter(room="sop", state="open").exists()


@pytest.mark.parametrize("under_way", [True, False])
def test_runs_under_way_end_with_their_version_or_go_on_with_the_new_one(life: Life, under_way: bool) -> None:
    later = "  - {{do: post, key: {key}, at: {{offset: {offset}, spread: 0m}}, words: {{text: {text}}}}}\n"
    old = event("talk", 5) + later.format(key="middle", offset="2h", text="旧的一句")
    new = event("talk", 5) + later.format(key="other", offset="3h", text="新的一句")
    put = life.put_to_work(old, event_at=START + HOUR)
    life.until(START + 70 * MINUTE)
    version = keep(read(new), life.home, by=life.lin, now=life.now)
    assert move_to(put, version, under_way=under_way, by=life.lin, now=life.now) == (3 if under_way else 0)
    life.until(START + 6 * HOUR)
    assert [text for _room, text in life.said("r1")] == ["talk", "新的一句" if under_way else "旧的一句"]
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}


def test_what_was_planned_before_a_refusal_still_comes_with_the_new_version_and_nothing_after_it(life: Life) -> None:
    may = "  - {do: approval, key: may, at: {offset: 1h, spread: 0m}, question: 可以吗, limit: 1h, otherwise: end}\n"
    after = "  - {do: post, key: after, at: {offset: 2h, spread: 0m}, words: {text: 没人同意的一句}}\n"
    old, new = (
        event("talk", 5).replace("offset: 0m", "offset: 20h").replace('"talk"', words) + may + after
        for words in ("旧的一句", "新的一句")
    )
    put = life.put_to_work(old, event_at=START + HOUR)
    life.until(START + 4 * HOUR)
    move_to(put, keep(read(new), life.home, by=life.lin, now=life.now), under_way=True, by=life.lin, now=life.now)
    life.until(START + 30 * HOUR)
    assert [text for _room, text in life.said("r1")] == ["新的一句"]
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}


LATE = "  - {do: post, key: late, at: {offset: 20h, spread: 0m}, words: {text: 晚些的一句}}\n"
FORK = (
    "  - {do: branch, key: late, at: {offset: 2h, spread: 0m}, question: {about: members, at_least: 1}, yes: over, no: word}\n"
)
WORD = "  - {do: wait, key: word, at: {offset: 30m, spread: 0m}, fact: spoke, limit: 2d}\n"
FIRST = "  - {do: post, key: first, at: {offset: 10m, spread: 0m}, words: {text: 先说的一句}}\n"
OVER = "  - {do: post, key: over, at: {offset: 3h, spread: 0m}, words: {text: 最后一句}}\n"


@pytest.mark.parametrize(
    ("old", "new", "said", "left_out"),
    [
        pytest.param(LATE + WORD, FORK + WORD + OVER, ["最后一句"], set(), id="the way no longer leads there"),
        pytest.param(FIRST + WORD, WORD + FIRST + OVER, ["先说的一句", "最后一句"], {Why.REPLACED}, id="it was put before it"),
    ],
)
def test_what_waits_where_a_run_no_longer_stands_waits_no_more(
    life: Life, old: str, new: str, said: list[str], left_out: set[Why]
) -> None:
    whole = event("talk", 5).partition("steps:\n")[0] + "steps:\n"
    put = life.put_to_work(whole + old, event_at=START + HOUR)
    life.until(START + 110 * MINUTE)
    assert Line.objects.filter(step="word", state=LineState.WAITING).count() == 3
    move_to(put, keep(read(whole + new), life.home, by=life.lin, now=life.now), under_way=True, by=life.lin, now=life.now)
    life.until(START + 30 * HOUR)
    assert [text for _room, text in life.said("r1")] == said
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}
    assert set(Line.objects.filter(step="word").values_list("reason", flat=True)) == left_out


def test_a_crash_between_a_line_and_its_run_closes_neither(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    call = [*event("talk", 5).splitlines()[:-1], "  - {do: todo, key: call, task: 打个电话, within: 10m, expires: 20m}"]
    life.put_to_work("\n".join(call), event_at=START + HOUR)
    life.until(START + 61 * MINUTE)

    def dies(*_runs: object, **_now: object) -> None:
        raise InterruptedError

    life.now = START + 3 * HOUR
    keep_todos(now=life.now)
    with monkeypatch.context() as patched:
        patched.setattr(closing, "close_runs", dies)
        with pytest.raises(InterruptedError):
            closing.close_overdue(now=life.now)
    life.until(START + 4 * HOUR)
    assert set(Line.objects.values_list("state", "reason")) == {(LineState.SKIPPED, Why.TOO_LATE)}
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}


def test_first_words_begin_a_run_once(life: Life) -> None:
    Identity.objects.get(native_id="p2").person.__class__.objects.filter(identities__native_id="p2").update(messages=7)
    life.put_to_work(
        "name: first\ntitle: 第一句\naudience: {about: members}\nstarts: [{when: fact, fact: first_words}]\n"
        "steps:\n  - {do: todo, key: greet, task: 接一句}\n"
    )
    for who in ("p1", "p2", "p1"):
        life.world.say("r1", who, "在吗", at=life.milliseconds())
    life.work()
    assert [run.member.native_id for run in Run.objects.select_related("member") if run.member] == ["p1"]


def test_a_rule_counts_from_the_day_it_was_put_to_work(life: Life) -> None:
    life.put_to_work(event("every", 5).replace("when: event", 'when: every, rule: "FREQ=DAILY;INTERVAL=2", time: "12:00"'))
    life.until(START + 4 * DAY, every=6 * HOUR)
    begun = Run.objects.filter(group__native_id="r1").order_by("anchor").values_list("anchor", flat=True)
    assert [(at - START).days for at in begun] == [0, 2, 4]
