"""How an event travels: at once, twice, late, held back or not at all; and in which order events set out."""

from __future__ import annotations

import random
from dataclasses import dataclass

from wecom_sandbox.errors import NoSense
from wecom_sandbox.faults import Fault, Kind

ORDERS = ("free", "one_by_one", "shuffled")


@dataclass(frozen=True)
class Way:
    """When each copy sets out, in seconds from now; none when the event is lost."""

    departures: tuple[float, ...] = (0.0,)
    waits_for_next: bool = False
    """It sets out once the next one has been delivered."""


def way_with(fault: Fault | None) -> Way:
    if fault is None:
        return Way()
    match fault.kind:
        case Kind.EVENT_LOST:
            return Way(())
        case Kind.EVENT_DUPLICATE:
            return Way((0.0, fault.seconds))
        case Kind.EVENT_LATE:
            return Way((fault.seconds,))
        case Kind.EVENT_REORDER:
            return Way(waits_for_next=True)
    raise ValueError(f"{fault.kind} is no trouble of an event")


@dataclass
class Order:
    """free: several at a time, as the platform does. one_by_one: the next sets out when the last has been answered.
    shuffled: each at some moment within `spread` seconds."""

    dice: random.Random
    name: str = "free"
    spread: float = 2.0

    def change(self, name: str, spread: float | None) -> None:
        if name not in ORDERS:
            raise NoSense(f"order is one of {', '.join(ORDERS)}, not {name!r}")
        self.name = name
        self.spread = self.spread if spread is None else spread

    def wait(self) -> float:
        return self.dice.uniform(0, self.spread) if self.name == "shuffled" else 0.0
