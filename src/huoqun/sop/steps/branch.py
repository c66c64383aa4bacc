"""On one way or another, by what is known."""

from __future__ import annotations

from typing import Literal

from huoqun.sop.parts.shape import Base, Part

QUESTIONS = Literal["state", "members", "stage", "lifecycle", "messages", "waited", "done"]


class Question(Part, frozen=True, kw_only=True):
    about: QUESTIONS
    """State, members, stage and lifecycle of the group; messages of the member, by the last audit; waited: what the step named
    in `of` waited for has come; done: it was done.
    """
    of: str = ""
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
