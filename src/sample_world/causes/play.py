"""Plays a group from before the window to thirty days behind it."""

from __future__ import annotations

from dataclasses import dataclass

from sample_world.dice import Dice
from sample_world.life import extras, routine
from sample_world.people import FAKE, HOUSE
from sample_world.rows import Ledger, Row

from . import doors, happenings, house_work, strangers, talking
from .opening import WARM_UP, Group
from .society import Society

AHEAD = 30
"""Days that are played behind the window: the truth of every forecast."""
FUTURES = 12
"""Other ways the same days might have gone, for the chance of silence."""
SURE = 12.0
"""Expected conversations in the days ahead from which nobody need ask whether there will be silence."""
TALK = frozenset({"message", "action", "image", "video", "voice", "file", "sticker", "link", "red_packet"})


@dataclass(frozen=True, slots=True)
class Ahead:
    """What became of a group in the thirty days after the file ends."""

    messages: int
    """By people who are neither house nor fakes."""
    strangers: int
    """By fakes."""
    chance_silent: float
    """Of people; fakes are left out."""

    @property
    def silent(self) -> bool:
        """Nobody who is not house says a word."""
        return self.messages + self.strangers == 0


def play(group: Group, dice: Dice) -> Ahead:
    """The window's rows are in the scene's ledger afterwards, with those of the days ahead, which `until` cuts off."""
    society, days, born = group.society, group.plan.days, group.plan.course.born
    for day in range(max(born, -WARM_UP), days):
        live(society, day)
        if day == -1:
            society.scene.ledger = Ledger()
            society.get_used()
    now = society.twin(dice)
    for day in range(days, days + AHEAD):
        live(society, day)
    extras.renames(society.scene)
    doors.write_comings(society)
    people, strangers = _said(society, days)
    expected = sum(society.level[day] for day in range(days, days + AHEAD))
    chance = 0.0 if expected > SURE else _chance(now, days, dice)
    return Ahead(people, strangers, chance)


def _said(society: Society, since: int) -> tuple[int, int]:
    start, end = society.scene.start_of(since), society.scene.start_of(since + AHEAD)
    rows = [row for row in society.scene.ledger.rows if row.kind in TALK and start <= row.at < end]
    fakes = sum(row.author is not None and row.author.role in FAKE for row in rows)
    return sum(_by_people(row) for row in rows), fakes


def _by_people(row: Row) -> bool:
    return row.kind in TALK and row.author is not None and row.author.role not in HOUSE | FAKE


def _chance(now: Society, days: int, dice: Dice) -> float:
    return sum(_stays_silent(now.twin(dice), days) for _ in range(FUTURES)) / FUTURES


def _stays_silent(future: Society, days: int) -> bool:
    for day in range(days, days + AHEAD):
        live(future, day)
        if any(_by_people(row) for row in future.scene.ledger.rows):
            return False
        future.scene.ledger.rows.clear()
    return True


def live(society: Society, day: int) -> None:
    """One day of a group."""
    if society.ends is not None and day >= society.ends:
        society.level[day] = 0.0
        society.voices = set()
        return
    society.wake(day)
    happenings.of_the_day(society, day)
    doors.arrive(society, day)
    if society.ends is not None:
        society.level[day] = 0.0
        return
    _expect(society, day)
    if day > society.scene.plan.course.born:
        house_work.day_of_work(society, day)
    strangers.trade(society, day)
    talking.day_of_talk(society, day)
    _beside(society, day)
    doors.drift(society, day)
    house_work.tire(society)
    society.sleep(day)


def _expect(society: Society, day: int) -> None:
    """Notes what is to be expected today, before anything is thrown."""
    begun, under_items = society.begun(day), house_work.expected_answers(society, day)
    total = begun + under_items
    society.level[day] = total
    society.energies[day] = society.energy
    if total > 0.02:
        society.carried += 0.1 * (under_items / total - society.carried)


def _beside(society: Society, day: int) -> None:
    scene, level = society.scene, society.level[day]
    if day > scene.plan.course.born:
        house_work.packets(society, day)
    extras.orders(scene, day, level)
    strangers.complain(society, day)
    if house_work.working(society) and society.dice.chance(society.energy * society.forces.sop) and society.rest(day) == 1.0:
        routine.hold_event(scene, day, level)
