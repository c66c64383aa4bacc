"""Steps are added to a playbook, moved and taken out, as plain values. What a step then says is filled in with the form."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from huoqun.sop.playbooks.plain import Plain

LATEST = "22:30"
"""Of steps one after the other none is proposed later in the day."""

KINDS: dict[str, Callable[[], Plain]] = {
    "post": lambda: {"words": {"text": _("What is said")}},
    "topic": lambda: {"words": {"text": _("What everybody is asked")}},
    "todo": lambda: {"task": _("What is to be done")},
    "notice": lambda: {"words": {"text": _("What the notice says")}},
    "message": lambda: {"words": {"text": _("What is said")}},
    "wait": lambda: {"limit": "1d"},
    "approval": lambda: {"question": _("Shall it go on?")},
    "end": dict,
}
"""Kinds of steps the form can add, with what each has to say from the beginning."""


def offered(about: str) -> list[str]:
    """Only who is alone with a playbook, a member, can be written to by a step that says nothing more."""
    return [kind for kind in KINDS if kind != "message" or about == "members"]


def changed(book: Plain, wish: str, kind: str) -> tuple[Plain, int]:
    """The playbook after what a button asks for, and the place of the step it is about. Raises ValueError: there is no such
    step, no such button.
    """
    what, _dash, number = wish.partition("-")
    draft = deepcopy(book)
    steps: list[Plain] = draft["steps"]
    place = int(number) if number else len(steps) - 1
    if not (number or what == "add") or not 0 <= place < len(steps):
        raise ValueError(wish)
    match what:
        case "add" if kind in offered(draft.get("audience", {}).get("about", "groups")):
            steps.insert(place + 1, _new(kind, steps, place))
            return draft, place + 1
        case "up" if place > 0:
            steps.insert(place - 1, steps.pop(place))
            return draft, place - 1
        case "down" if place < len(steps) - 1:
            steps.insert(place + 1, steps.pop(place))
            return draft, place + 1
        case "out" if len(steps) > 1:
            del steps[place]
            return draft, min(place, len(steps) - 1)
    raise ValueError(wish)


def _new(kind: str, steps: list[Plain], after: int) -> Plain:
    return {"do": kind, "key": _key(kind, steps), **_when(kind, steps[after]), **KINDS[kind]()}


def _key(kind: str, steps: list[Plain]) -> str:
    """A name nobody has; what has happened is found by it."""
    taken = {step["key"] for step in steps}
    return next(key for number in range(1, len(steps) + 2) if (key := f"{kind}-{number}") not in taken)


def _when(kind: str, before: Plain) -> dict[str, Any]:
    """On the day of the step before, an hour later; an hour after it where that has no time of day."""
    at = before.get("at", {})
    if kind in {"wait", "end"}:
        return {}
    if "time" not in at:
        return {"at": {"after": "1h"}}
    later = datetime.strptime(at["time"], "%H:%M") + timedelta(hours=1)  # noqa: DTZ007 -- only the time of day
    return {"at": {"day": at.get("day", 0), "time": max(min(f"{later:%H:%M}", LATEST), at["time"])}}
