"""Plays one group from its birth, or the first day seen, to `until`."""

from __future__ import annotations

from collections.abc import Sequence

from sample_world.people import Person
from sample_world.rows import Row

from . import extras, flash, membership, routine, staffing, talk
from .membership import House
from .scene import Scene


def play(scene: Scene, house: House, pool: Sequence[Person]) -> None:
    membership.settle_in(scene, house, pool)
    extras.intruders(scene)
    course = scene.plan.course
    for day in range(max(0, course.born), scene.plan.days):
        scene.gather(day)
        if scene.plan.kind.lifecycle == "flash":
            if day == course.born:
                flash.play(scene, day)
        else:
            _ordinary_day(scene, day)
            staffing.change(scene, house, day)
    extras.renames(scene)
    staffing.rename_group(scene)
    membership.write_comings(scene)
    _close(scene)


def _ordinary_day(scene: Scene, day: int) -> None:
    level = scene.plan.course.on(day)
    rhythm = scene.plan.kind.weekly[scene.plan.date_of(day).weekday()]
    begun, answered = routine.split(scene, level)
    routine.welcome(scene, day)
    routine.post_items(scene, day, level, answered)
    routine.hold_event(scene, day, level)
    talk.organic(scene, day, scene.dice.times(begun * rhythm), level)
    extras.house_talk(scene, day, level)
    extras.packets(scene, day, level)
    extras.orders(scene, day, level)
    extras.reports(scene, day, level)


def _close(scene: Scene) -> None:
    """A season that ran its time ends with the operator's words."""
    course = scene.plan.course
    if course.planned_end is None or course.off != course.planned_end or scene.plan.kind.lifecycle == "flash":
        return
    end = scene.start_of(course.planned_end) - 3600
    scene.ledger.add(Row(end, "notice", scene.operator, text="本期已结束，感谢大家的陪伴，本群不再更新"))
