"""The evening of a flash group: pull in, warm up, sell, dissolve, all within four hours."""

from __future__ import annotations

from sample_world.people import FOREVER, Role
from sample_world.rows import Row

from . import talk
from .extras import order
from .scene import Scene

WARM_UP, SALE, END = 17.0, 18.0, 19.5
"""Local hours; the group is opened a little before four."""


def play(scene: Scene, day: int) -> None:
    start, theme = scene.start_of(day), scene.tongue.theme
    for place, text in enumerate(scene.dice.shuffled(theme.ads)[:9]):
        at = start + (WARM_UP + (END - WARM_UP) * place / 9) * 3600 + scene.dice.between(0, 300)
        scene.say(at, scene.operator, scene.tongue.fill(text, {}))
    for _ in range(scene.dice.times(scene.plan.course.level[day])):
        at = start + scene.dice.between(16.2, 19.2) * 3600
        starter = scene.speaker(at)
        if starter is not None:
            talk.begin(scene, at, starter, 6.0)
    for member in scene.members:
        if member.role not in (Role.STAFF, Role.BOT, Role.HELPER) and scene.dice.chance(
            0.4 if member.role is Role.LURKER_BUYER else 0.16
        ):
            order(scene, max(member.joined + 60, start + scene.dice.between(SALE, END - 0.05) * 3600), member)
    end = start + END * 3600
    scene.say(end - 240, scene.operator, scene.tongue.say(theme.notices))
    scene.ledger.add(Row(end, "notice", scene.operator, text="群聊已解散"))
    scene.ledger.rows = [row for row in scene.ledger.rows if row.at <= end]
    for member in scene.members:
        # Nobody leaves a group that is no more.
        member.left = member.left if member.left < end else FOREVER
