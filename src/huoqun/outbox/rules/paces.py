"""How many in which time: the carrier's paces and the organisation's caps.

What was spent is counted in steps of a 24th of the time, and a step counts until all of it is past. So the limit is never
exceeded in any stretch of that time, wherever the stretch begins; the price is a pace up to a 24th slower than allowed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from huoqun.carriers.base import Pace
from huoqun.outbox.rules.states import Why
from huoqun.vocabulary.actions import Action, GroupAction, PersonAction, reaches_people, target

BOX, LARGEST_BOX = timedelta(seconds=0.25), timedelta(seconds=8)
"""A call begins at most so long after its place in the pace was taken; what was not begun by then gives its place back. Where
the database is so slow that nothing is begun in time, a worker takes a larger box: slower, but never over the pace.
"""

_STEPS = 24
_BIRTH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `at_most` in any `every`, for everything that has the same `scope`."""

    scope: str
    every: timedelta
    at_most: int
    why: Why = Why.PACE

    @property
    def step(self) -> timedelta:
        return self.every / _STEPS

    def step_of(self, moment: datetime) -> int:
        return (moment - _BIRTH) // self.step

    def forgotten_at(self, step: int) -> datetime:
        """When what was spent in this step counts no more."""
        return _BIRTH + (step + 1) * self.step + self.every


@dataclass(frozen=True, slots=True)
class Caps:
    """How often the organisation lets one person or group be disturbed, whatever room asks. None: no cap."""

    member_day: int | None = None
    member_week: int | None = None
    group_day: int | None = None


def limits_of(action: Action, paces: Iterable[Pace], caps: Caps) -> list[Limit]:
    return [*_paces(action, paces), *_caps(action, caps)]


def _paces(action: Action, paces: Iterable[Pace]) -> Iterable[Limit]:
    name, account = type(action).__name__, action.account
    member = getattr(action, "member_id", "")
    for pace in paces:
        place = {
            "account": f"account|{account}|{name}",
            "target": f"target|{account}|{name}|{target(action)}",
            # All actions that reach somebody are counted together.
            "member": f"member|{account}|{member}" if member else "",
        }[pace.per]
        if place:
            yield Limit(f"{place}|{pace.every.total_seconds():g}", pace.every, pace.at_most)


def _caps(action: Action, caps: Caps) -> Iterable[Limit]:
    """One count for all accounts of a community on one carrier."""
    if not reaches_people(action):
        return
    house = f"cap|{action.account.community}|{action.account.carrier}|{target(action)}"
    if isinstance(action, PersonAction):
        if caps.member_day is not None:
            yield Limit(f"{house}|day", _DAY, caps.member_day, Why.MEMBER_CAP)
        if caps.member_week is not None:
            yield Limit(f"{house}|week", _WEEK, caps.member_week, Why.MEMBER_CAP)
    if isinstance(action, GroupAction) and caps.group_day is not None:
        yield Limit(f"{house}|day", _DAY, caps.group_day, Why.GROUP_CAP)


Spendings = Mapping[str, Mapping[int, int]]
"""By scope: how much in which step."""


class Book:
    """What was spent before, and what is spent now, until it is written down."""

    def __init__(self, before: Spendings, *, now: datetime, box: timedelta = BOX) -> None:
        self._used: dict[str, Counter[int]] = defaultdict(Counter)
        for scope, steps in before.items():
            self._used[scope].update(steps)
        self._now = now
        self._box = box
        self.fresh: Counter[tuple[Limit, int]] = Counter()

    def blocked_by(self, limits: Iterable[Limit]) -> tuple[Limit, datetime] | None:
        """The limit that is free last, and when. None: all are free."""
        taken = [(limit, self._free_at(limit)) for limit in limits]
        blocked = [(limit, free) for limit, free in taken if free > self._now]
        return max(blocked, key=lambda each: each[1], default=None)

    def spend(self, limits: Iterable[Limit]) -> list[tuple[Limit, int]]:
        """Take a place in each; the answer gives them back."""
        # The call may begin until the box is over: counted as if it began last.
        places = [(limit, limit.step_of(self._now + self._box)) for limit in limits]
        for limit, step in places:
            self._used[limit.scope][step] += 1
            self.fresh[limit, step] += 1
        return places

    def _free_at(self, limit: Limit) -> datetime:
        used = self._counting(limit)
        surplus = sum(used.values()) - limit.at_most + 1
        if surplus <= 0:
            return self._now
        for step in sorted(used):
            surplus -= used[step]
            if surplus <= 0:
                return limit.forgotten_at(step)
        return self._now + limit.every  # a cap of 0: never

    def _counting(self, limit: Limit) -> Counter[int]:
        """What still counts. What was spent in a future that never came (the clock was set back by more than the pace's time)
        does not: it would block for as long as the clock was wrong.
        """
        earliest, latest = self._now, self._now + 2 * limit.every + LARGEST_BOX + limit.step
        used = self._used.get(limit.scope, Counter())
        return Counter({step: number for step, number in used.items() if earliest < limit.forgotten_at(step) <= latest})


class Line:
    """Who must wait for a place is told when to come back, one after the other, so that a thousand waiting requests are not all
    looked at each time one place is free.
    """

    _LONGEST = 20_000

    def __init__(self) -> None:
        self._next: dict[tuple[str, int, bool], datetime] = {}

    def place(self, limit: Limit, free: datetime, *, priority: int, has_stood: bool) -> datetime:
        """The next time in the line of this priority. Who has stood in it and found no place when the time came (somebody more
        urgent took it) has a short line of its own and not the end of the long one again.
        """
        line = (limit.scope, priority, has_stood)
        at = max(free, self._next.get(line, free))
        self._next[line] = at + (limit.every + limit.step + BOX) / max(limit.at_most, 1)
        return at

    def forget_before(self, now: datetime) -> None:
        if len(self._next) > self._LONGEST:
            self._next = {scope: at for scope, at in self._next.items() if at > now}

    def dissolve(self) -> None:
        """The clock was set back: the times given out mean nothing any more."""
        self._next.clear()
