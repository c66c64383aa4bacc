"""What the operator does by plan: news, topics, ads, notices, events; and what people answer to it."""

from __future__ import annotations

import math

from sample_world.people import Member
from sample_world.rows import Row
from sample_world.words import common

from . import talk
from .scene import DAY, Scene

DRAWS = frozenset({"news", "topics", "notices"})
"""Items people answer; nobody answers an ad."""


def items_of(scene: Scene, day: int) -> list[tuple[str, float]]:
    weekday = scene.plan.date_of(day).weekday()
    return [(what, hour) for what, hour, weekdays in scene.plan.sop if weekday in weekdays]


def drawing_items_a_day(scene: Scene) -> float:
    return sum(len(weekdays) for what, _, weekdays in scene.plan.sop if what in DRAWS) / 7


def operator_works(scene: Scene, day: int) -> bool:
    """From the morning after the opening on, until the standing items end."""
    ends = scene.plan.manner.sop_ends
    return day > scene.plan.course.born and (ends is None or day < ends)


def split(scene: Scene, level: float) -> tuple[float, float]:
    """A day's expected conversations: those people begin, and the chance that one item of the operator is answered."""
    items = drawing_items_a_day(scene) * effort(scene, level)
    if items <= 0:
        return level, 0.0
    answered = min(0.95, scene.plan.manner.operator_share * level / items)
    return max(0.0, level - items * answered), answered


def effort(scene: Scene, level: float) -> float:
    """An operator everything hangs on: what falls is how often they post."""
    course = scene.plan.course
    if scene.plan.manner.operator_share < 0.5 or not course.before_fall:
        return 1.0
    return min(1.0, max(0.05, level / course.before_fall))


def post_items(scene: Scene, day: int, level: float, answered: float) -> None:
    if not operator_works(scene, day):
        return
    keeps = effort(scene, level)
    for what, hour in items_of(scene, day):
        if what == "ads" or scene.dice.chance(keeps):
            _post(scene, day, what, hour, level, answered)
    for _ in range(scene.dice.times(scene.plan.manner.extra_ads * _ad_pressure(scene, day))):
        _post(scene, day, "ads", scene.dice.between(9, 22), level, 0.0)


def _ad_pressure(scene: Scene, day: int) -> float:
    """Ads became daily bread some weeks before the group had enough of them."""
    onset = scene.plan.course.onset
    return 1.0 if onset is None or day >= onset - 25 else 0.15


def _post(scene: Scene, day: int, what: str, hour: float, level: float, answered: float) -> None:
    at = scene.around(day, hour)
    theme = scene.tongue.theme
    if what == "topics":
        exchange = scene.tongue.next_exchange(scene.tongue.topics)
        item = _item(scene, at, exchange[0])
        replies = exchange[1:]
    else:
        sentences = {"news": scene.tongue.news, "ads": scene.tongue.ads, "notices": scene.tongue.notices}[what]
        item = _item(scene, at, scene.tongue.next_of(sentences))
        replies = theme.asides
    if what in DRAWS and scene.dice.chance(answered):
        _draw_answers(scene, item, replies, level)


def _item(scene: Scene, at: float, template: str) -> tuple[Row, dict[str, str]]:
    bound: dict[str, str] = {}
    return scene.say(at, scene.operator, scene.tongue.fill(template, bound)), bound


def _draw_answers(scene: Scene, item: tuple[Row, dict[str, str]], replies: tuple[str, ...], level: float) -> None:
    row, bound = item
    first = scene.speaker(row.at + 60)
    if first is None:
        return
    thread = talk.Thread(row, bound, scene.dice.shuffled(replies), row, row.at, 240 + 900 / (1 + level))
    count = 1 + int(scene.dice.waiting(0.4 + 1.1 * math.sqrt(min(level, 9.0))))
    talk.go_on(scene, thread, count, None)


def welcome(scene: Scene, day: int) -> None:
    """Greets today's newcomers, as far as this group does that; from the house, so it is no talk of people."""
    ends = scene.plan.manner.sop_ends
    if ends is not None and day >= ends:
        return
    start = scene.start_of(day)
    came = [member for member in scene.newcomers(day) if start <= member.joined < start + DAY]
    if not came or not scene.dice.chance(scene.plan.manner.welcome):
        return
    member = came[-1]
    text = scene.tongue.say(common.WELCOMES, who=member.person.name)
    greeter = scene.operator if scene.dice.chance(0.5) else scene.bot
    row = scene.say(member.joined + scene.dice.between(20, 1500), greeter, text)
    row.mentions = (member,)


def hold_event(scene: Scene, day: int, level: float) -> None:
    """The recurring event: fewer come each time once the group is falling."""
    kind = scene.plan.kind
    if kind.event is None or not operator_works(scene, day) or level < 0.25:
        return
    weekday, hour = kind.event
    theme = scene.tongue.theme
    if not theme.events or scene.plan.date_of(day).weekday() != weekday:
        return
    scene.event_count += 1
    call = theme.events[scene.plan.number % len(theme.events)]
    series = call[1 : call.index("】")]
    at = scene.around(day, hour)
    bound = {"nth": str(scene.event_count)}
    text = scene.tongue.fill(call, bound)
    for before in _reminders(scene, at):
        scene.say(before, scene.operator, scene.tongue.say(common.REMINDERS, what=series), topic=series)
    called = scene.say(at, scene.operator, text, topic=series)
    for guest in _guests(scene, called.at, level):
        answer = scene.tongue.fill(scene.tongue.next_of(theme.present), bound)
        scene.say(called.at + scene.dice.between(20, 2400), guest, answer, to=called, topic=series)


def _reminders(scene: Scene, at: float) -> list[float]:
    """Morning and noon of the day; the call itself is the third."""
    if not scene.dice.chance(0.5):
        return []
    return [at - scene.dice.between(2.0, 2.4) * 3600, at - scene.dice.between(0.5, 0.8) * 3600]


def _guests(scene: Scene, at: float, level: float) -> list[Member]:
    expected = 1.2 + 2.4 * math.sqrt(level)
    return [guest for guest in scene.others(at + 60, scene.dice.times(expected), None) if guest.here(at + 2500)]
