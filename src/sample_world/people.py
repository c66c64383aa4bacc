"""Who is in a group: people, their roles, how much they have to say."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from . import names
from .dice import Dice
from .words import common

STYLES = tuple(common.TICS)
FOREVER = math.inf


class Role(StrEnum):
    """What somebody is in a group: the planted truth."""

    CO_BUILDER = "co_builder"
    ACTIVE = "active"
    CHATTERBOX = "chatterbox"
    ONLOOKER = "onlooker"
    LURKER = "lurker"
    LURKER_BUYER = "lurker_buyer"
    STAFF = "staff"
    HELPER = "helper"
    BOT = "bot"
    SPAMMER = "spammer"
    RED_PACKET_BOT = "red_packet_bot"
    MASS_ADDER = "mass_adder"


HOUSE = frozenset({Role.STAFF, Role.HELPER, Role.BOT})
FAKE = frozenset({Role.SPAMMER, Role.RED_PACKET_BOT, Role.MASS_ADDER})
RANK = {role: rank for rank, role in enumerate((*sorted(HOUSE), *sorted(FAKE), *[r for r in Role if r not in HOUSE | FAKE]))}
"""The lower, the more a role says about somebody who has several in different groups."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str


@dataclass(slots=True, eq=False)
class Member:
    """A person in one group. `weight` is how readily they speak, beside the others."""

    person: Person
    role: Role
    weight: float
    joined: float
    left: float = FOREVER
    attention: float = 0.5
    """How much they turn to others: pick up what was asked, say whom they answer. The same for all they say in the group."""
    style: str = "plain"
    reflex: float = 18.0
    """Median seconds to open a red packet."""
    core: bool = False
    """One of the few who keep speaking when the others have stopped."""
    spoken: bool = False
    renamed: tuple[float, str] | None = None

    def name_at(self, at: float) -> str:
        if self.renamed is not None and at >= self.renamed[0]:
            return self.renamed[1]
        return self.person.name

    def here(self, at: float) -> bool:
        return self.joined <= at < self.left

    @property
    def runs_on(self) -> float:
        """How readily they go on right after their own words."""
        return 0.5 if self.role is Role.CHATTERBOX else 0.0


@dataclass(slots=True)
class Numbers:
    """Hands out ids of people who are in no other group, as the carrier would write them."""

    carrier: str
    dice: Dice
    taken: set[str] = field(default_factory=set)

    def next(self) -> str:
        while True:
            made = carrier_id(self.carrier, self.dice)
            if made not in self.taken:
                self.taken.add(made)
                return made


LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def _letters(dice: Dice, count: int) -> str:
    return "".join(dice.pick(LETTERS) for _ in range(count))


def carrier_id(carrier: str, dice: Dice) -> str:
    if carrier == "wecom":
        return "wm" + _letters(dice, 14)
    if carrier == "wechat":
        return "wxid_" + _letters(dice, 12)
    if carrier == "telegram":
        return "user" + str(dice.whole(100_000_000, 7_999_999_999))
    return str(dice.whole(10_000_000, 3_999_999_999))


def shared_people(carrier: str, count: int, dice: Dice) -> tuple[Person, ...]:
    """People of an organisation whom one meets in several of its groups."""
    numbers = Numbers(carrier, dice)
    return tuple(Person(numbers.next(), names.of_a_member(dice)) for _ in range(count))


def weight_of(role: Role, dice: Dice) -> float:
    """Heavy-tailed over a whole group: most say nothing, few carry the talk."""
    if role is Role.CO_BUILDER:
        return dice.between(11, 22)
    if role is Role.CHATTERBOX:
        return dice.between(18, 34)
    if role is Role.ACTIVE:
        return dice.around(4.2, 0.45)
    if role is Role.ONLOOKER:
        return dice.around(0.35, 0.7)
    return 0.0


ATTENTION = {
    Role.CO_BUILDER: (0.55, 0.95),
    Role.ACTIVE: (0.25, 0.75),
    Role.ONLOOKER: (0.2, 0.8),
    Role.CHATTERBOX: (0.04, 0.34),
}


def attention_of(role: Role, dice: Dice) -> float:
    """Co-builders look after the others, chatterboxes hear themselves; people of a role differ, and roles overlap."""
    low, high = ATTENTION.get(role, (0.5, 0.5))
    return dice.between(low, high)
