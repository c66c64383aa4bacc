"""How the group lives: its state, since when and why, its days."""

from __future__ import annotations

from datetime import date

from ...blocks import Block, Facts, Figure, Line, Points, Section
from ...check_up import CheckUp
from ...figures import chance, whole
from ...pictures import activity
from ...words import Voice
from ..common import sentences


def life(told: CheckUp, say: Voice) -> Section:
    blocks: list[Block] = []
    if any(told.days.messages) or any(told.days.house):
        blocks.append(_picture(told, say))
    if reasons := [*sentences(told.group, say), *_alive(told, say)]:
        blocks.append(Points(tuple((reason,) for reason in reasons)))
    if pairs := _facts(told, say):
        blocks.append(Facts(tuple(pairs)))
    return Section(say("life_of"), _lead(told, say), tuple(blocks))


def _lead(told: CheckUp, say: Voice) -> str:
    numbers = {name: told.group.number(f"{name}_7d") for name in ("messages", "speakers")}
    days = told.group.number("days_active_7d")
    if days is None:
        return say("life_unknown")
    return say("life_lead", days=whole(days), **{name: whole(value) for name, value in numbers.items()})


def _alive(told: CheckUp, say: Voice) -> list[str]:
    p, low, high = (told.group.number(name) for name in ("p_alive", "p_low", "p_high"))
    return [] if p is None else [say("life_alive", p=chance(p), low=chance(low), high=chance(high))]


def _picture(told: CheckUp, say: Voice) -> Figure:
    words = say("life_picture", n=len(told.days.messages))
    changed = told.group.figures.get("changed_on")
    changed_on = date.fromisoformat(str(changed)) if changed else None
    return Figure(activity(told.days.messages, told.days.house, words, changed_on=changed_on, as_of=told.as_of), words)


def _facts(told: CheckUp, say: Voice) -> list[tuple[str, Line]]:
    members, capacity = told.group.number("members"), told.about.get("capacity")
    found: list[tuple[str, Line]] = []
    if members is not None:
        count = say("members_of", members=whole(members), capacity=capacity) if capacity else whole(members)
        found.append((say("fact_members"), (count,)))
    found += [
        (say(f"fact_{name}"), (words,))
        for name in ("purpose", "operator", "carrier", "plan")
        if (words := told.about.get(name))
    ]
    if last := told.about.get("last"):
        found.append((say("fact_last"), (last,)))
    if (days := told.group.number("life_days")) is not None:
        found.append((say("fact_life"), (say("days", n=whole(days)),)))
    return found
