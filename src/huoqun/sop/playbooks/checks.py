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
from huoqun.sop.steps import Approval, Branch, End, HandOver, Message, Notice, Pin, Post, Step, Todo, Topic, Wait
from huoqun.sop.steps.branch import COUNTED as COUNTS
from huoqun.sop.steps.branch import IN_DAYS, OF_A_MEMBER, SAID, WORDS, Question
from huoqun.sop.steps.message import MOST as MOST_TOLD
from huoqun.sop.steps.message import USUAL_DAYS, WHOM, WITHOUT_A_MEMBER

from .answers import with_answers
from .measures import MEASURES
from .playbook import Playbook

Found = Iterator[tuple[tuple[str | int, ...], str]]
"""Place and sentence."""

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_STEPS = 200
SAYING = (Post, Message, Notice, Topic)
COUNTED = ("move", "next_workday")
"""Holidays for which the days of a run are counted without days off."""


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
        if step.holidays == "as_usual" and playbook.holidays in COUNTED:
            yield (*place, "holidays"), "Days are counted for the whole playbook; a step can only be left out on some."
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
            if start.holidays == "as_usual" and playbook.holidays in COUNTED:
                yield (*place, "holidays"), "All runs of a long holiday would come on the day after it: leave this out."


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
            yield from _asked(playbook, step.question, before, (*place, "question"))
        case HandOver():
            if step.playbook == playbook.name:
                yield (*place, "playbook"), "A playbook cannot hand over to itself: that would never end."
        case Message():
            yield from _addressed(playbook, step, place)
        case Todo():
            if step.within.delta <= timedelta(0):
                yield (*place, "within"), "A to-do needs some time."
        case End():
            if step.dissolve and playbook.audience.about == "members":
                yield (*place, "dissolve"), "A run about a member cannot dissolve the group."


def _asked(playbook: Playbook, question: Question, before: dict[str, Step], place: tuple[str | int, ...]) -> Found:
    about, bounds = question.about, (question.at_least, question.at_most)
    if about in {"waited", "done"} and question.of not in before:
        yield (*place, "of"), "Name a step before this one."
    if about == "answer":
        yield from _answered(question, before.get(question.of), place)
    if about in OF_A_MEMBER and playbook.audience.about != "members":
        yield (*place, "about"), "Only of a member is this known: say `about: members` under audience."
    if about in COUNTS and bounds == (None, None):
        yield (*place, "at_least"), "How many? Say `at_least`, `at_most`, or both."
    if None not in bounds and (bounds[0] or 0) > (bounds[1] or 0):
        yield (*place, "at_most"), "Nothing is at least that many and at most fewer."
    if (about in WORDS or about == "tags") and not question.one_of:
        yield (*place, "one_of"), "Which of them? Say `one_of`."
    for number, word in enumerate(question.one_of if about in WORDS else ()):
        if word not in WORDS[about]:
            yield (*place, "one_of", number), f"“{word}” is none of these: {', '.join(WORDS[about])}."
    if question.days < 0 or (question.days and about not in IN_DAYS):
        yield (*place, "days"), "Days are counted back, for orders and speakers only."


def _answered(question: Question, step: Step | None, place: tuple[str | int, ...]) -> Found:
    if isinstance(step, Approval):
        for number, word in enumerate(question.one_of):
            if word not in SAID:
                yield (*place, "one_of", number), f"“{word}” is none of these: {', '.join(SAID)}."
    elif not (isinstance(step, Wait) and step.fact in {"answered", "spoke"}):
        yield (*place, "of"), "Name an approval before this one, or a wait for words."
    if not question.one_of or not all(word.strip() for word in question.one_of):
        yield (*place, "one_of"), "Which of them? Say `one_of`."


def _addressed(playbook: Playbook, step: Message, place: tuple[str | int, ...]) -> Found:
    about_members = playbook.audience.about == "members"
    if step.to not in WHOM:
        yield (*place, "to"), f"Nobody is called “{step.to}” here. There are: {', '.join(WHOM)}."
    elif step.to == "member" and not about_members:
        yield (*place, "to"), "Which member? Name a role, or say `about: members` under audience."
    elif about_members and step.to not in {"member", *WITHOUT_A_MEMBER}:
        yield (*place, "to"), "A run about a member speaks to that member, or to owner, operator or moderators."
    if bool(step.tags) != (step.to == "enrolled"):
        yield (*place, "tags"), "Tags say who is enrolled: `to: enrolled` with tags, and nobody else."
    if step.days is not None and (step.to not in USUAL_DAYS or step.days < 1):
        yield (*place, "days"), "Days, one at least, are for newcomers and the silent."
    if not 1 <= step.most <= MOST_TOLD:
        yield (*place, "most"), f"To one at least, and {MOST_TOLD} at most in one group."


def _waiting(step: Wait, before: dict[str, Step], place: tuple[str | int, ...]) -> Found:
    if step.limit.delta <= timedelta(0):
        yield (*place, "limit"), "A wait has an end."
    if step.fact == "answered" and not isinstance(before.get(step.said), SAYING):
        yield (*place, "said"), "Name a step before this one which says something."
    if step.fact == "todo_done" and not isinstance(before.get(step.said), Todo):
        yield (*place, "said"), "Name a to-do before this one."
