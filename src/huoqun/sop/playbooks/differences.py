"""What is different between two versions of a playbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .plain import Plain, plain
from .playbook import Playbook


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    change: Change
    step: str
    """Its key; "": outside of the steps."""
    field: str = ""
    before: object = None
    after: object = None


def differences(before: Playbook, after: Playbook) -> list[Difference]:
    """Steps are the same where their keys are. In the order of the later version, what is gone last."""
    one, other = plain(before), plain(after)
    head = [*_fields("", {**one, "steps": None}, {**other, "steps": None})]
    return [*head, *_steps(one["steps"], other["steps"])]


def _steps(before: list[Plain], after: list[Plain]) -> Iterator[Difference]:
    old, new = ({step["key"]: step for step in steps} for steps in (before, after))
    kept = [key for key in old if key in new]
    order = [key for key in new if key in old]
    for key, step in new.items():
        if key not in old:
            yield Difference(Change.ADDED, key, after=step)
            continue
        if kept.index(key) != order.index(key):
            yield Difference(Change.MOVED, key, before=kept.index(key), after=order.index(key))
        yield from _fields(key, old[key], step)
    for key, step in old.items():
        if key not in new:
            yield Difference(Change.REMOVED, key, before=step)


def _fields(step: str, before: Plain, after: Plain) -> Iterator[Difference]:
    for field in dict.fromkeys([*before, *after]):
        if before.get(field) != after.get(field):
            yield Difference(Change.CHANGED, step, field, before.get(field), after.get(field))
