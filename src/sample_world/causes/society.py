"""A group of people, played day by day. Whether talk goes on is decided by the people alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import accumulate

from sample_world.dice import Dice
from sample_world.life.scene import DAY, HOUR_SUMS, Scene
from sample_world.people import Numbers

from .forces import Forces
from .settings import Settings
from .souls import Soul

ENOUGH = 0.8
"""Readiness to answer, summed over everybody, at which half of the openings are taken up."""
LIVELY = (0.2, 1.2)
"""People speaking a day at which a group feels half alive: a third of what it is used to, between these."""
ALONE = 0.12
"""What is left of people's readiness to begin where they hear nobody."""
BYSTANDERS, SHYNESS = 1.2, 0.8
"""How strongly a crowd keeps people from answering, from beginning."""
MEMORY = 0.25
"""What today counts in how lively a group feels."""


@dataclass(slots=True)
class Event:
    """Something that happens on one day: see `happenings`."""

    day: int
    what: str
    size: int = 0
    cost: float = 0.0
    """What it costs those who stay, of their interest."""


@dataclass(slots=True)
class Society:
    scene: Scene
    settings: Settings
    forces: Forces
    turns: list[tuple[int, Forces]]
    """From which day on which forces hold, in order."""
    souls: list[Soul]
    events: list[Event] = field(default_factory=list)
    rests: list[tuple[int, int, float]] = field(default_factory=list)
    """From, to (not included), factor: holidays in which nobody loses interest."""
    ends: int | None = None
    """The day the group is closed as planned."""
    hurt: float = 0.1
    scale: float = 0.01
    """Conversations begun a day for each unit of talkativeness."""
    newcomers: float = 0.0
    """New people with something to say, a day, in a lively group."""
    pulse: float = 2.0
    half_alive: float = 1.2
    usual: float = 2.0
    """The pulse of the group's good days."""
    energy: float = 1.0
    """The operator's."""
    slow: float = 1.0
    """How long people here take to answer, around 1."""
    stubborn: bool = False
    """The operator posts on whether or not anybody answers."""
    house_ads: tuple[str, ...] = ()
    strangers_ads: tuple[str, ...] = ()
    numbers: Numbers = field(default_factory=lambda: Numbers("wechat", Dice(0)))
    present: list[Soul] = field(default_factory=list)
    crowd: float = 1.0
    """1 where people can know each other; less the more are here."""
    ready: float = 0.0
    """Readiness to answer of all who are here today, summed."""
    voices: set[int] = field(default_factory=set)
    """Who has spoken today."""
    carried: float = 0.0
    """Share of the conversations that hung on the operator, lately."""
    level: dict[int, float] = field(default_factory=dict)
    """Expected conversations, by day, as things stood that morning: what the truth is read from."""
    energies: dict[int, float] = field(default_factory=dict)

    @property
    def dice(self) -> Dice:
        return self.scene.dice

    def wake(self, day: int) -> None:
        """Morning: who is here, and what holds today."""
        for begins, forces in self.turns:
            if day == begins:
                self.forces = forces
        end = self.scene.start_of(day + 1)
        self.present = [s for s in self.souls if s.speaks and s.joined < end - 2 * 3600 and s.left > end]
        for soul in self.present:
            soul.weight = soul.talk * soul.interest * (1 - self.forces.asking * (1 - soul.trust))
        self.scene.speakers = list(self.present)
        self.scene.sums = list(accumulate(soul.weight for soul in self.present))
        self.crowd = self.forces.comfort / max(self.forces.comfort, self.here(day))
        self.ready = self.crowd**BYSTANDERS * sum(soul.reply * soul.interest for soul in self.present)
        self.voices = set()

    def here(self, day: int) -> int:
        at = self.scene.start_of(day) + DAY / 2
        return sum(soul.joined <= at < soul.left for soul in self.souls)

    def get_used(self) -> None:
        """What goes on now is what people are used to."""
        low, high = LIVELY
        self.usual = max(0.3, self.pulse)
        self.half_alive = min(high, max(low, 0.35 * self.usual))

    def rest(self, day: int) -> float:
        return min((factor for start, end, factor in self.rests if start <= day < end), default=1.0)

    @property
    def feel(self) -> float:
        """How lively the group feels, 0 to 1."""
        return self.pulse / (self.pulse + self.half_alive)

    def begun(self, day: int) -> float:
        """Conversations people are expected to begin today of their own accord."""
        if not self.scene.sums:
            return 0.0
        week = self.scene.plan.kind.weekly[self.scene.plan.date_of(day).weekday()]
        drawn: float = self.scene.sums[-1] * (ALONE + (1 - ALONE) * self.feel) * self.crowd**SHYNESS
        return drawn * self.forces.self_start * week * self.rest(day)

    def taken_up(self, but: Soul | None = None) -> float:
        """Chance that an opening finds somebody."""
        ready = max(0.0, self.ready - (but.reply * but.interest if but else 0.0))
        return self.forces.heard * ready / (ready + ENOUGH)

    def heard_from(self, soul: Soul) -> None:
        self.voices.add(id(soul))

    def sleep(self, day: int) -> None:
        """Night: interest wears off, and some have had enough. On holiday nobody minds the silence."""
        if self.rest(day) < 1.0:
            return
        self.pulse += MEMORY * (len(self.voices) - self.pulse)
        night = self.scene.start_of(day + 1)
        win = self.settings.reading * self.feel * self.forces.sticky
        for soul in self.present:
            soul.please(win)
            soul.interest *= 1 - self.forces.boredom
            soul.calm()
            if soul.fades <= night or soul.interest < soul.patience:
                self.give_up(soul, night)

    def give_up(self, soul: Soul, night: float) -> None:
        """Stops speaking; some leave at once, the others stay and read."""
        soul.gone_quiet = True
        if soul is not self.scene.owner and self.dice.chance(0.4):
            soul.left = min(soul.left, night + self.dice.between(0.1, 6) * DAY)

    def some_time(self, day: int) -> float:
        """A moment of the day people begin to talk at."""
        hour = self.dice.from_sums(range(24), HOUR_SUMS) + self.settings.late_hours
        return self.scene.start_of(day) + min(23.9, hour + self.dice.throw()) * 3600

    def twin(self, dice: Dice) -> Society:
        """The same people, for whom things may turn out otherwise from here on; nothing of it is written down."""
        scene = replace_scene(self.scene, dice)
        copies = {id(soul): replace(soul) for soul in self.souls}
        owner = self.scene.owner
        scene.owner = copies.get(id(owner), owner)
        twin = replace(self, scene=scene, souls=list(copies.values()), present=[], level={}, energies={}, voices=set())
        scene.members = [copies.get(id(member), member) for member in self.scene.members]
        return twin


def replace_scene(scene: Scene, dice: Dice) -> Scene:
    other = Scene(scene.plan, dice, scene.tongue, scene.midnight, math.inf)
    other.operator, other.bot, other.owner, other.founder = scene.operator, scene.bot, scene.owner, scene.founder
    other.helpers, other.event_count = list(scene.helpers), scene.event_count
    return other
