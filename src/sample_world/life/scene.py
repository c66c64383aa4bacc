"""What the parts of a group's life share: the plan, the people, the clock, the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from sample_world.dice import Dice
from sample_world.people import Member, Role
from sample_world.plan import Plan
from sample_world.rows import Ledger, Row
from sample_world.tongue import Tongue

DAY = 86_400.0
HOURS = (
    0.4,
    0.15,
    0.05,
    0.03,
    0.03,
    0.1,
    0.6,
    1.6,
    2.6,
    3.2,
    3.4,
    3.3,
    3.8,
    2.8,
    2.6,
    2.8,
    2.9,
    3.0,
    3.2,
    4.0,
    5.2,
    5.4,
    3.8,
    1.6,
)
"""How much is begun in each hour of the local day: office hours, lunch, and the evening above all."""
HOUR_SUMS = list(accumulate(HOURS))


@dataclass(slots=True)
class Scene:
    plan: Plan
    dice: Dice
    tongue: Tongue
    midnight: float
    """Seconds since 1970 of the first day's local midnight."""
    until: float
    ledger: Ledger = field(default_factory=Ledger)
    members: list[Member] = field(default_factory=list)
    operator: Member = field(init=False)
    bot: Member = field(init=False)
    owner: Member = field(init=False)
    founder: Member = field(init=False)
    """The first owner."""
    helpers: list[Member] = field(default_factory=list)
    speakers: list[Member] = field(default_factory=list)
    """Who may speak today, with the running sums of their weights."""
    sums: list[float] = field(default_factory=list)
    former_name: tuple[float, str] | None = None
    """Until when the group had which other name."""
    event_count: int = 0

    def name_at(self, at: float) -> str:
        if self.former_name is not None and at < self.former_name[0]:
            return self.former_name[1]
        return self.plan.name

    def start_of(self, day: int) -> float:
        return self.midnight + day * DAY

    def some_time(self, day: int) -> float:
        """A moment of the day people begin to talk at."""
        hour = self.dice.from_sums(range(24), HOUR_SUMS)
        return self.start_of(day) + (hour + self.dice.throw()) * 3600

    def around(self, day: int, hour: float) -> float:
        """A standing item's time: nearly the same every day."""
        return self.start_of(day) + hour * 3600 + self.dice.between(0, 900)

    def gather(self, day: int) -> None:
        """Who may speak on this day: here since before it ends, and staying until the next morning."""
        start, end = self.start_of(day), self.start_of(day + 1)
        narrow = self._narrowing(day)
        self.speakers, weights = [], []
        for member in self.members:
            if member.weight > 0 and member.joined < end and member.left > end + DAY / 2 and member.joined < start + DAY * 0.9:
                self.speakers.append(member)
                weights.append(member.weight if member.core else member.weight * narrow)
        self.sums = list(accumulate(weights))

    def _narrowing(self, day: int) -> float:
        course = self.plan.course
        begun = course.onset if course.onset is not None else course.settled + 20
        return self.plan.manner.narrowing if day >= begun else 1.0

    def speaker(self, at: float) -> Member | None:
        """Somebody who is there at that moment; None where nobody is."""
        if not self.speakers or self.sums[-1] <= 0:
            return None
        for _ in range(12):
            member = self.dice.from_sums(self.speakers, self.sums)
            if member.here(at):
                return member
        return next((member for member in self.speakers if member.here(at)), None)

    def others(self, at: float, count: int, but: Member | None) -> list[Member]:
        """Up to `count` different speakers."""
        found: list[Member] = []
        for _ in range(count * 3):
            member = self.speaker(at)
            if member is not None and member is not but and member not in found:
                found.append(member)
            if len(found) == count:
                break
        return found

    def carers(self, at: float, count: int, but: Member) -> list[Member]:
        """Like `others`, of those who look after somebody who asked or is new; the others where nobody else is there."""
        asked = self.others(at, 3 * count + 3, but)
        found = [member for member in asked if self.dice.chance(member.attention)]
        return (found or asked)[:count]

    def say(
        self,
        at: float,
        author: Member,
        text: str | None,
        *,
        kind: str = "message",
        to: Row | None = None,
        topic: str | None = None,
    ) -> Row:
        author.spoken = True
        return self.ledger.add(Row(at, kind, author, text, reply_to=to, topic=topic))

    def staff_here(self, at: float) -> bool:
        return self.operator.here(at)

    def newcomers(self, day: int) -> list[Member]:
        """Who came in the last two days and has not said a word."""
        start = self.start_of(day)
        return [
            m
            for m in self.speakers
            if not m.spoken and start - DAY <= m.joined < start + DAY * 0.8 and m.role is not Role.HELPER
        ]
