"""What a group's ties say: who is left when some go. Plain arithmetic on at most 500 people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

CONNECTED = 0.5
"""So many messages between two people are a tie: of inferred ones, half a message is expected (as in the metric `pairs`)."""
LEAVING = 3
"""So many of those who answer most are taken out to see what they hold together."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two people by their places in the list; `there` messages from a to b, `back` from b to a, fractions where inferred."""

    a: int
    b: int
    there: float
    back: float
    certainty: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's ties: with how many, how many messages to others and from others."""

    people: int
    given: float
    got: float


@dataclass(frozen=True, slots=True)
class Removal:
    """Of `people` tied together now, so many would be `left` if the `gone` had not been there."""

    people: int
    gone: int
    left: int


def read(rows: Iterable[Sequence[float]]) -> list[Tie]:
    """Rows of a stored graph; what is too faint to be a tie is left out."""
    found = (Tie(int(a), int(b), float(there), float(back), float(certainty)) for a, b, there, back, certainty in rows)
    return [tie for tie in found if tie.there + tie.back >= CONNECTED]


def among(ties: Iterable[Tie], people: Collection[int]) -> list[Tie]:
    return [tie for tie in ties if tie.a in people and tie.b in people]


def standings(ties: Iterable[Tie]) -> dict[int, Standing]:
    people: Counter[int] = Counter()
    given: defaultdict[int, float] = defaultdict(float)
    got: defaultdict[int, float] = defaultdict(float)
    for tie in ties:
        for one, out, back in ((tie.a, tie.there, tie.back), (tie.b, tie.back, tie.there)):
            people[one] += 1
            given[one] += out
            got[one] += back
    return {one: Standing(people[one], given[one], got[one]) for one in people}


def largest(ties: Iterable[Tie]) -> int:
    """People in the largest part in which everybody reaches everybody."""
    near: dict[int, set[int]] = defaultdict(set)
    for tie in ties:
        near[tie.a].add(tie.b)
        near[tie.b].add(tie.a)
    seen: set[int] = set()
    return max((_reached(one, near, seen) for one in list(near) if one not in seen), default=0)


def _reached(start: int, near: dict[int, set[int]], seen: set[int]) -> int:
    seen.add(start)
    open_ends, reached = [start], 1
    while open_ends:
        new = near[open_ends.pop()] - seen
        seen |= new
        reached += len(new)
        open_ends.extend(new)
    return reached


def without_those_who_answer_most(ties: Sequence[Tie], people: Collection[int], *, gone: int = LEAVING) -> Removal | None:
    """What would be left of the largest part among `people`; None where there is too little to take anybody out of."""
    inside = among(ties, people)
    now = largest(inside)
    if now <= 2 * gone:
        return None
    stands = standings(inside)
    leaving = set(sorted(stands, key=lambda one: (-stands[one].given, one))[:gone])
    return Removal(now, gone, largest(among(inside, set(people) - leaving)))
