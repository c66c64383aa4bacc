"""Which way a branch goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from huoqun.sop.steps.branch import KINDS_OF_DAY, WEEKDAYS, Branch, Question

Value = str | float | bool | tuple[str, ...] | None
Known = Mapping[str, Value]
"""What is known of what can be asked about; nothing, or None: nobody knows."""


def way(branch: Branch, known: Known) -> str:
    """ "yes", "no" or "end"."""
    answer = answered(branch.question, known)
    if answer is None:
        return branch.unknown
    return "yes" if answer else "no"


def answered(question: Question, known: Known) -> bool | None:
    value = known.get(question.about)
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value in question.one_of
    if isinstance(value, tuple):
        return any(each in question.one_of for each in value)
    return (question.at_least is None or value >= question.at_least) and (question.at_most is None or value <= question.at_most)


def kinds_of(day: date, *, is_workday: bool, is_holiday: bool) -> tuple[str, ...]:
    """What can be asked for in `one_of` of a question about the day."""
    workday, day_off, holiday, make_up = KINDS_OF_DAY
    found = [WEEKDAYS[day.weekday()], workday if is_workday else day_off]
    if is_holiday:
        found.append(holiday)
    if is_workday and day.weekday() >= WEEKDAYS.index("saturday"):
        found.append(make_up)
    return tuple(found)


def words_in(text: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Those of the words that are in the text, whatever their case: nothing else of what somebody said is kept."""
    folded = text.casefold()
    return tuple(dict.fromkeys(word for word in wanted if word.casefold() in folded))
