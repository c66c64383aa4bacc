"""What can be wrong with a playbook that has the right shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from dateutil.rrule import rrulestr

from huoqun.content.rules.filling import Fault, wrongs
from huoqun.sop.parts.shape import When, Words
from huoqun.sop.parts.slots import slots_in
from huoqun.sop.starts import Around, Born, Every, Joined, OnFact
from huoqun.sop.steps import Branch, End, HandOver, Message, Notice, Pin, Post, Step, Todo, Topic, Wait

from .answers import with_answers
from .measures import MEASURES
from .playbook import Playbook

Found = Iterator[tuple[tuple[str | int, ...], str]]
"""Place and sentence."""

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_STEPS = 200
SAYING = (Post, Message, Notice, Topic)


def faults(playbook: Playbook) -> Found:
    """Everything that is wrong with it; nothing: it can be put to work."""
    yield from _head(playbook)
    keys = [step.key for step in playbook.steps]
    for number, step in enumerate(playbook.steps):
        place = ("steps", number)
        if not NAME.fullmatch(step.key):
            yield (*place, "key"), "A key has small letters, digits and dashes only."
        if step.key in keys[:number]:
            yield (*place, "key"), f"There is another step called “{step.key}”."
        yield from _moment(step.at, (*place, "at"), around=any(isinstance(start, Around) for start in playbook.starts))
        if step.expires.delta <= timedelta(0):
            yield (*place, "expires"), "A step needs some time before it is given up."
        yield from _texts(playbook, step, place)
        yield from _references(playbook, step, number, place)


def _head(playbook: Playbook) -> Found:
    if not NAME.fullmatch(playbook.name):
        yield ("name",), "A short name has small letters, digits and dashes only."
    if not playbook.title.strip():
        yield ("title",), "It needs a title."
    if not playbook.steps:
        yield ("steps",), "It needs at least one step."
    if len(playbook.steps) > MOST_STEPS:
        yield ("steps",), f"A playbook has at most {MOST_STEPS} steps: cut it into several that hand over."
    if not playbook.starts:
        yield ("starts",), "Say what starts it; `when: hand` where somebody says so."
    if playbook.aim and playbook.aim.measure not in MEASURES:
        yield ("aim", "measure"), f"There is no measure “{playbook.aim.measure}”. There are: {', '.join(sorted(MEASURES))}."
    for number, start in enumerate(playbook.starts):
        place = ("starts", number)
        if isinstance(start, Joined | OnFact) and playbook.audience.about != "members":
            yield place, "This starts runs for members: say `about: members` under audience."
        if isinstance(start, Born) and playbook.audience.about != "groups":
            yield place, "This starts runs for groups: say `about: groups` under audience."
        if isinstance(start, Every):
            yield from _rule(start, place)


def _rule(start: Every, place: tuple[str | int, ...]) -> Found:
    rule = start.rule.upper().removeprefix("RRULE:")
    if "FREQ=" not in rule or any(freq in rule for freq in ("SECONDLY", "MINUTELY", "HOURLY")):
        yield (*place, "rule"), "A rule repeats by day or longer: FREQ=WEEKLY;BYDAY=FR."
        return
    try:
        rrulestr(rule)
    except (ValueError, TypeError, KeyError) as wrong:
        yield (*place, "rule"), f"This is no rule of a calendar ({wrong}): write FREQ=WEEKLY;BYDAY=FR."
    if start.since and start.until and start.until < start.since:
        yield (*place, "until"), "It ends before it begins."


def _moment(at: When, place: tuple[str | int, ...], *, around: bool) -> Found:
    fixed = at.day is not None or at.time is not None
    if sum((fixed, at.offset is not None, at.after is not None)) > 1:
        yield place, "Say one of: a day with a time, an offset, or after."
    if fixed and at.time is None:
        yield place, "A day needs a time."
    if at.after is not None and at.after.delta < timedelta(0):
        yield (*place, "after"), "Nothing happens before the step before it."
    if at.day is not None and at.day < 0 and not around:
        yield (*place, "day"), "Only around an event can something happen on a day before."
    if at.offset is not None and at.offset.delta < timedelta(0) and not around:
        yield (*place, "offset"), "Only around an event can something happen before it."
    if at.spread.delta < timedelta(0):
        yield (*place, "spread"), "A stretch cannot be negative."


def _texts(playbook: Playbook, step: Step, place: tuple[str | int, ...]) -> Found:
    to_members = isinstance(step, Message) or playbook.audience.about == "members"
    for name in ("task", "question"):
        if isinstance(text := getattr(step, name, None), str):
            yield from (((*place, name), problem) for problem in _variables(playbook, text, to_members))
    if isinstance(step, Topic):
        for number, text in enumerate(step.seeds):
            yield from (((*place, "seeds", number), problem) for problem in _variables(playbook, text, to_members))
    for name, words in _words(step):
        yield from _said(playbook, words, (*place, name), to_members=to_members)


def _words(step: Step) -> Iterator[tuple[str, Words]]:
    for name in ("words", "script", "farewell"):
        words = getattr(step, name, None)
        if isinstance(words, Words):
            yield name, words


def _said(playbook: Playbook, words: Words, place: tuple[str | int, ...], *, to_members: bool) -> Found:
    if not words.text.strip() and not words.picture and words.link is None:
        yield (*place, "text"), "There is nothing to say."
    written = {(*place, "text"): words.text} | {(*place, "personas", name): text for name, text in words.personas.items()}
    for at, text in written.items():
        for slot in slots_in(text):
            if not words.slots.get(slot):
                yield at, f"There is no wording for the slot [[{slot}]]."
        yield from ((at, problem) for problem in _variables(playbook, text, to_members))
    for slot, wordings in words.slots.items():
        if not any(slot in slots_in(text) for text in written.values()):
            yield (*place, "slots", slot), "No text has this slot."
        for number, wording in enumerate(wordings):
            yield from (((*place, "slots", slot, number), problem) for problem in _variables(playbook, wording, to_members))
    for name in words.personas:
        if name not in playbook.personas:
            yield (*place, "personas", name), "This persona is not among those of the playbook."


def _variables(playbook: Playbook, text: str, to_members: bool) -> Iterator[str]:
    for wrong in wrongs(with_answers(text, playbook.asks), to_members=to_members):
        match wrong.fault:
            case Fault.NEAR:
                yield f"There is no variable {{{{{wrong.name}}}}}; did you mean {{{{{wrong.near}}}}}?"
            case Fault.UNKNOWN:
                yield f"There is no variable {{{{{wrong.name}}}}}."
            case Fault.MEMBERS_ONLY:
                yield f"{{{{{wrong.name}}}}} is for messages to one member."
            case Fault.OPEN:
                yield "A variable begins with {{ and ends with }}."


def _references(playbook: Playbook, step: Step, number: int, place: tuple[str | int, ...]) -> Found:
    before = {each.key: each for each in playbook.steps[:number]}
    later = {each.key for each in playbook.steps[number + 1 :]}
    match step:
        case Pin():
            if not isinstance(before.get(step.said), Post | Topic):
                yield (*place, "said"), "Name a step before this one which says something in the group."
        case Wait():
            yield from _waiting(step, before, place)
        case Branch():
            for way in ("yes", "no"):
                key = getattr(step, way)
                if key and key not in later:
                    yield (*place, way), "Name a step further down; nothing goes back."
            if step.question.about in {"waited", "done"} and step.question.of not in before:
                yield (*place, "question", "of"), "Name a step before this one."
        case HandOver():
            if step.playbook == playbook.name:
                yield (*place, "playbook"), "A playbook cannot hand over to itself: that would never end."
        case Message():
            if step.to == "member" and playbook.audience.about != "members":
                yield (*place, "to"), "Which member? Name a role, or say `about: members` under audience."
        case Todo():
            if step.within.delta <= timedelta(0):
                yield (*place, "within"), "A to-do needs some time."
        case End():
            if step.dissolve and playbook.audience.about == "members":
                yield (*place, "dissolve"), "A run about a member cannot dissolve the group."


def _waiting(step: Wait, before: dict[str, Step], place: tuple[str | int, ...]) -> Found:
    if step.limit.delta <= timedelta(0):
        yield (*place, "limit"), "A wait has an end."
    if step.fact == "answered" and not isinstance(before.get(step.said), SAYING):
        yield (*place, "said"), "Name a step before this one which says something."
    if step.fact == "todo_done" and not isinstance(before.get(step.said), Todo):
        yield (*place, "said"), "Name a to-do before this one."
