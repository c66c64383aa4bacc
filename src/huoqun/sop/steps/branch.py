"""On one way or another, by what is known."""

from __future__ import annotations

from typing import Literal

from huoqun.sop.parts.shape import Base, Part

QUESTIONS = Literal[
    "state", "members", "stage", "lifecycle", "messages", "waited", "done",
    "answer", "orders", "tags", "days_since_join", "speakers", "day",
]  # fmt: skip

COUNTED = ("members", "messages", "orders", "days_since_join", "speakers")
"""Answered by a number, with `at_least` and `at_most`."""
OF_A_MEMBER = ("messages", "days_since_join")
IN_DAYS = ("orders", "speakers")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KINDS_OF_DAY = ("workday", "day_off", "holiday", "make_up")
"""`day_off`: a weekend or holiday. `make_up`: a weekend day on which people work for a holiday."""
SAID = ("yes", "no", "nobody")
"""What can be answered to an approval."""

WORDS: dict[str, tuple[str, ...]] = {
    "state": ("thriving", "steady", "bubbling", "declining", "dormant", "dead", "planned_end"),
    "stage": ("hands_on", "guided", "autonomous"),
    "lifecycle": ("permanent", "seasonal", "flash"),
    "day": (*WEEKDAYS, *KINDS_OF_DAY),
}
"""What `one_of` may be, where that is fixed."""


class Question(Part, frozen=True, kw_only=True):
    about: QUESTIONS
    """State, members, stage and lifecycle of the group; messages of the member, by the last audit; waited: what the step named
    in `of` waited for has come; done: it was done. answer: what was said to the wait or approval named in `of` has one of these
    words (of an approval: yes, no, nobody). orders: how many were paid in the last `days` (0: ever) by the member, or in the
    group. tags: of the member, or of the group. days_since_join: of the member. speakers: members who said something in the
    group in the last `days` (0: 7). day: what kind of day it is where the community is at home.
    """
    of: str = ""
    days: int = 0
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = ()


class Branch(Base, frozen=True, kw_only=True, tag_field="do", tag="branch"):
    question: Question
    yes: str = ""
    """Key of the step to go on with, further down; "": the next one."""
    no: str = ""
    unknown: Literal["yes", "no", "end"] = "no"
    """Which way where nothing is known of it."""
