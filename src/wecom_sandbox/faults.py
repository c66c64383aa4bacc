"""Trouble on demand: planned for so many calls of a path, struck in the order it was planned."""

from __future__ import annotations

import enum
import fnmatch
import itertools
import random
from dataclasses import dataclass, field
from typing import Any

from .errors import NoSense


class Kind(enum.Enum):
    SLOW = "slow"
    """Answers after `seconds`."""
    ERROR_500 = "500"
    """HTTP 500 (or `status`), nothing done."""
    CUT_BEFORE = "cut_before"
    """The connection ends without an answer, nothing done."""
    CUT_AFTER = "cut_after"
    """The connection ends without an answer, the work done."""
    CUT_HALFWAY = "cut_halfway"
    """The work done, half of the answer sent."""
    ERRCODE = "errcode"
    """Answered with `errcode`, nothing done."""
    GARBLED = "garbled"
    """The work done, the answer no JSON (a proxy's page)."""
    EVENT_DUPLICATE = "event_duplicate"
    EVENT_LATE = "event_late"
    """Delivered after `seconds`."""
    EVENT_REORDER = "event_reorder"
    """Held back until the next one has been delivered."""
    EVENT_LOST = "event_lost"


OF_EVENTS = {Kind.EVENT_DUPLICATE, Kind.EVENT_LATE, Kind.EVENT_REORDER, Kind.EVENT_LOST}


@dataclass(slots=True)
class Fault:
    """`path` is a pattern (`*/groupchat/get`); of events `name.change` is matched (`change_external_chat.update`)."""

    kind: Kind
    path: str = "*"
    times: int = 1
    """-1: for ever."""
    seconds: float = 0.0
    errcode: int = -1
    status: int = 500
    chance: float = 1.0
    skip: int = 0
    """Let so many pass first."""
    number: int = 0
    struck: int = 0

    def told(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "kind": self.kind.value,
            "path": self.path,
            "times": self.times,
            "struck": self.struck,
            "seconds": self.seconds,
            "errcode": self.errcode,
            "status": self.status,
            "chance": self.chance,
            "skip": self.skip,
        }


@dataclass(slots=True)
class Faults:
    dice: random.Random
    planned: list[Fault] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def plan(self, fault: Fault) -> Fault:
        fault.number = next(self._numbers)
        self.planned.append(fault)
        return fault

    def clear(self, number: int | None = None) -> int:
        before = len(self.planned)
        self.planned = [fault for fault in self.planned if number is not None and fault.number != number]
        return before - len(self.planned)

    def strike(self, path: str, *, events: bool = False) -> Fault | None:
        """The first planned fault that meets this call (or this event); it is used up by that. Under the company's lock."""
        for fault in self.planned:
            if (fault.kind in OF_EVENTS) is not events or not fnmatch.fnmatchcase(path, fault.path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.chance < 1 and self.dice.random() >= fault.chance:
                continue
            self._use_up(fault)
            return fault
        return None

    def _use_up(self, fault: Fault) -> None:
        fault.struck += 1
        if fault.times > 0:
            fault.times -= 1
            if not fault.times:
                self.planned.remove(fault)


_FIELDS: dict[str, tuple[type, ...]] = {
    "path": (str,),
    "times": (int,),
    "seconds": (int, float),
    "errcode": (int,),
    "status": (int,),
    "chance": (int, float),
    "skip": (int,),
}


def fault_from(wish: dict[str, Any]) -> Fault:
    """From JSON such as {"kind": "slow", "path": "*/groupchat/get", "seconds": 2, "times": 3}."""
    kinds = ", ".join(kind.value for kind in Kind)
    try:
        kind = Kind(str(wish.get("kind")))
    except ValueError:
        raise NoSense(f"a fault's kind is one of: {kinds}; not {wish.get('kind')!r}") from None
    for name, value in wish.items():
        if name == "kind":
            continue
        if name not in _FIELDS:
            raise NoSense(f"a fault has no {name!r}; it has: kind, {', '.join(_FIELDS)}")
        if isinstance(value, bool) or not isinstance(value, _FIELDS[name]):
            raise NoSense(f"a fault's {name!r} is a {_FIELDS[name][-1].__name__}, not {value!r}")
    return Fault(kind, **{name: value for name, value in wish.items() if name != "kind"})
