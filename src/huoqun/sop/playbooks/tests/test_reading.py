"""Playbooks as text: what is right comes back as it was, what is wrong is told with its line and field."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.sop.parts.lapse import BadTime, Clock, Hours, Lapse
from huoqun.sop.playbooks.plain import of_plain, plain, schema
from huoqun.sop.playbooks.reading import Mistake, Unreadable, read, write
from huoqun.sop.starts import Around, Every, Joined
from huoqun.sop.steps import STEPS, Branch, Post, Wait

WEEK = """\
name: newcomer-week
title: 新人周
summary: 让新人一周里开口
audience: {about: members, states: [steady, thriving]}
starts:
  - when: joined
    source: poster-3
aim: {measure: speakers, weeks: 8, by: [state]}
personas: [steward]
steps:
  - do: message
    key: hello
    at: {after: 10m, spread: 5m}
    words:
      text: "{{昵称}}，[[欢迎]]！三不可：不发广告、不传负面、不闲聊刷屏。"
      slots:
        欢迎: [欢迎你, 很高兴你来]
      personas:
        steward: "{{昵称}}，我是管家，[[欢迎]]。"
  - do: wait
    key: first-words
    limit: 3d
    fact: spoke
  - do: branch
    key: silent
    question: {about: waited, of: first-words}
    yes: thanks
    no: ask
  - do: todo
    key: ask
    task: 问问新人在找什么
    at: {day: 3, time: 9:30}
    window: 09:00-21:00
    expires: 1d
    core: people
  - do: message
    key: thanks
    at: {day: 7, time: "10:00"}
    words: {text: 谢谢你这一周的分享。}
"""


def mistakes(text: str) -> list[Mistake]:
    with pytest.raises(Unreadable) as told:
        read(text)
    return told.value.mistakes


def changed(old: str, new: str) -> list[Mistake]:
    assert old in WEEK
    return mistakes(WEEK.replace(old, new, 1))


@pytest.mark.method("G01", "F24")
def test_a_playbook_is_read_with_everything_in_it() -> None:
    book = read(WEEK)
    assert isinstance(book.starts[0], Joined)
    assert book.starts[0].source == "poster-3"
    ask = book.step("ask")
    assert (ask.at.day, ask.at.time, str(ask.window), ask.expires.delta.days) == (3, "09:30", "09:00-21:00", 1)
    wait, branch = book.step("first-words"), book.step("silent")
    assert isinstance(wait, Wait)
    assert isinstance(branch, Branch)
    assert (wait.fact, branch.question.of, branch.no) == ("spoke", "first-words", "ask")
    with pytest.raises(KeyError):
        book.step("nothing")


def test_written_and_read_again_it_is_the_same() -> None:
    book = read(WEEK)
    assert read(write(book)) == book
    assert of_plain(plain(book)) == book
    assert "fallback" not in write(book), "what is as usual is not written"
    assert '"09:30"' in write(book), "another reader must not take it for seconds"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("limit: 3d", "limit: 3 days", 22, "steps[1].limit", "no stretch of time"),
        ("do: wait", "do: sleep", 20, "steps[1].do", "Invalid value 'sleep'"),
        ("    core: people", "    cores: people", 35, "steps[3].cores", "no such field"),
        ("title: 新人周", "title: [a]", 2, "title", "Expected `str`"),
        ("    task: 问问新人在找什么\n", "", 29, "steps[3]", "missing required field `task`"),
        ("time: 9:30", "time: 24:30", 32, "steps[3].at.time", "no time of day"),
        ("measure: speakers", "measure: love", 8, "aim.measure", "no measure “love”"),
        ("key: thanks", "key: hello", 37, "steps[4].key", "another step called “hello”"),
        ("key: hello", "key: Hello", 12, "steps[0].key", "small letters"),
        ("no: ask", "no: hello", 28, "steps[2].no", "further down"),
        ("of: first-words", "of: thanks", 26, "steps[2].question.of", "before this one"),
        ("about: members", "about: groups", 6, "starts[0]", "say `about: members`"),
        ("{{昵称}}，[[欢迎]]！", "{{昵程}}，[[欢迎]]！", 15, "steps[0].words.text", "did you mean {{昵称}}"),
        ("{{昵称}}，[[欢迎]]！", "{{昵称，[[欢迎]]！", 15, "steps[0].words.text", "begins with {{"),
        ("        欢迎: [欢迎你, 很高兴你来]", "        早安: [早]", 15, "steps[0].words.text", "for the slot [[欢迎]]"),
        ("personas: [steward]", "personas: [friend]", 19, "steps[0].words.personas.steward", "not among those"),
        ("{after: 10m, spread: 5m}", "{after: 10m, day: 1}", 13, "steps[0].at", "Say one of"),
        ("{after: 10m, spread: 5m}", "{offset: -10m}", 13, "steps[0].at.offset", "Only around an event"),
        ("{after: 10m, spread: 5m}", "{day: 2}", 13, "steps[0].at", "A day needs a time"),
        ("when: joined", "when: born", 7, "starts[0].source", "no such field"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_field(old: str, new: str, line: int, field: str, problem: str) -> None:
    told = changed(old, new)
    first = next(mistake for mistake in told if mistake.field == field)
    assert problem in first.problem
    assert first.line == line


def test_all_that_can_be_found_is_told_at_once_in_order() -> None:
    told = mistakes(
        WEEK.replace("measure: speakers", "measure: love").replace("no: ask", "no: hello").replace("key: ask", "key: A")
    )
    assert len(told) >= 3
    assert [mistake.line for mistake in told] == sorted(mistake.line for mistake in told)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "nothing in it"),
        ("name: [", "no YAML"),
        ("name: &a x\ntitle: *a\n", "Anchors"),
        ("name: a\nname: b\n", "there twice"),
        ("- a\n- b\n", "Expected `object`"),
        ("? [a]\n: b\n", "has a name"),
        ("a: " + "[" * 40 + "]" * 40, "nested deeper"),
        ("x" * 400_001, "longer than any"),
        ("name: !!python/object:os.system x\n", ""),
        ("name: \x00", "no YAML"),
    ],
)
def test_hostile_text_is_turned_away_in_words(text: str, problem: str) -> None:
    assert any(problem in mistake.problem for mistake in mistakes(text))


def test_the_text_is_yaml_of_today() -> None:
    book = read(WEEK.replace("title: 新人周", "title: no"))
    assert book.title == "no"
    assert read(WEEK.replace("title: 新人周", "title: '12'")).title == "12"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="{}[]"), max_size=60), st.text(max_size=300))
def test_any_words_survive_being_written_and_no_text_breaks_the_reader(words: str, junk: str) -> None:
    plainly = {"name": "a", "title": "t", "starts": [{"when": "hand"}], "steps": [{"do": "todo", "key": "k", "task": words}]}
    book = of_plain(plainly)
    assert read(write(book)) == book
    try:
        read(junk)
    except Unreadable as told:
        assert told.mistakes  # noqa: PT017


def test_every_kind_of_step_and_start_is_in_the_schema() -> None:
    made = schema()
    text = yaml.safe_dump(made)
    for kind in STEPS:
        assert kind.__struct_config__.tag in text
    assert made["$defs"]["Playbook"]["properties"]["steps"]
    assert "pattern" in text


@pytest.mark.parametrize(("text", "minutes"), [("10m", 10), ("2h", 120), ("1d12h", 2160), ("-30m", -30), ("1w", 10080)])
def test_stretches(text: str, minutes: int) -> None:
    assert Lapse(text).delta.total_seconds() == minutes * 60
    assert Lapse(text) == text


@pytest.mark.parametrize("text", ["", "-", "10", "m", "1h2d", "1.5h", "１０m?", "10 m"])
def test_no_stretches(text: str) -> None:
    with pytest.raises(BadTime, match="write 10m"):
        Lapse(text)


def test_hours_may_pass_midnight() -> None:
    day, night = Hours("08:00-22:00"), Hours("22:00-6:00")
    assert night == "22:00-06:00"
    assert [day.hold(Clock(text).time) for text in ("07:59", "08:00", "21:59", "22:00")] == [False, True, True, False]
    assert [night.hold(Clock(text).time) for text in ("21:59", "22:00", "05:59", "06:00")] == [False, True, True, False]
    for wrong in ("08:00", "08:00-08:00", "8-9", "25:00-26:00"):
        with pytest.raises(BadTime):
            Hours(wrong)


def test_around_an_event_steps_come_before_it() -> None:
    book = read(
        """\
name: talk
title: 嘉宾分享
starts: [{when: event, title: 每周分享}]
steps:
  - {do: post, key: warm, at: {day: -1, time: "20:00"}, words: {text: 明晚见。}}
  - {do: post, key: soon, at: {offset: -30m}, words: {text: 半小时后开始。}}
"""
    )
    assert isinstance(book.starts[0], Around)
    assert isinstance(book.step("soon"), Post)


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "BYDAY=FR", "FREQ=WEEKLY;BYDAY=XX", "nonsense", "FREQ=DAILY;COUNT=x"])
def test_rules_of_the_calendar_are_checked(rule: str) -> None:
    text = f"name: a\ntitle: t\nstarts: [{{when: every, rule: '{rule}'}}]\nsteps: [{{do: todo, key: k, task: x}}]\n"
    assert mistakes(text)[0].field == "starts[0].rule"
    good = read(text.replace(rule, "FREQ=WEEKLY;BYDAY=FR"))
    assert isinstance(good.starts[0], Every)
