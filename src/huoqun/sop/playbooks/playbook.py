"""A playbook: for whom, what starts it, its steps, and what it is meant to change."""

from __future__ import annotations

import msgspec

from huoqun.sop.parts.shape import Aim, Audience, Holidays, Part
from huoqun.sop.starts import Start
from huoqun.sop.steps import Step


class Playbook(Part, frozen=True, kw_only=True):
    name: str
    """Short name: small letters, digits and dashes."""
    title: str
    summary: str = ""
    why: str = ""
    """Why its steps are there and in this order."""
    audience: Audience = msgspec.field(default_factory=Audience)
    starts: tuple[Start, ...]
    asks: dict[str, str] = {}
    """Variables of its own, with the question that is asked when it is put to work: 嘉宾: 谁来分享？"""
    aim: Aim | None = None
    personas: tuple[str, ...] = ()
    """Voices texts are written for."""
    holidays: Holidays = "as_usual"
    """What becomes of runs that would begin, and of steps that would come, on China's public holidays or on days that are no
    working days, in the group's zone. What counts from an event keeps its distance from it.
    """
    priority: int = 5
    """Of two playbooks in one group in the same hour the one with the smaller number goes first."""
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step:
        """Raises KeyError."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def find(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)
