"""Gives people names: plain ones, nicknames, sellers' and title-holders' names."""

from __future__ import annotations

from collections.abc import Callable

from .dice import Dice
from .words import names as words


def _plain(dice: Dice) -> str:
    return dice.pick(words.SURNAMES) + (dice.pick(words.GIVEN_TWO) if dice.chance(0.7) else dice.pick(words.GIVEN_ONE))


def _given(dice: Dice) -> str:
    return dice.pick(words.GIVEN_TWO)


def _doubled(dice: Dice) -> str:
    name = dice.pick(words.DOUBLED)
    return name + dice.pick(words.EMOJI) if dice.chance(0.4) else name


def _animal(dice: Dice) -> str:
    return dice.pick(words.QUALITIES) + dice.pick(words.ANIMALS)


def _parent(dice: Dice) -> str:
    return dice.pick(words.CHILDREN) + ("妈妈" if dice.chance(0.75) else "爸爸")


def _latin(dice: Dice) -> str:
    name = dice.pick(words.LATIN)
    if dice.chance(0.3):
        return name + dice.pick(words.SURNAMES)
    return name + str(dice.whole(1, 99)) if dice.chance(0.2) else name


def _numbered(dice: Dice) -> str:
    return dice.pick(words.DOUBLED) + str(dice.whole(1980, 2006))


def _with_city(dice: Dice) -> str:
    return f"{dice.pick(words.CITIES)}-{dice.pick(words.SURNAMES)}{dice.pick(words.GIVEN_ONE)}"


def _flowered(dice: Dice) -> str:
    return dice.pick(words.EMOJI) + _given(dice) + (dice.pick(words.EMOJI) if dice.chance(0.3) else "")


def _elder(dice: Dice) -> str:
    return dice.pick(("老", "小", "阿", "大")) + dice.pick(words.SURNAMES)


def _trade(dice: Dice) -> str:
    return dice.pick(words.SURNAMES) + dice.pick(("记", "家", "姐", "哥")) + dice.pick(words.TRADES)


def _poetic(dice: Dice) -> str:
    return dice.pick(words.POETIC)


def _funny(dice: Dice) -> str:
    return dice.pick(words.FUNNY)


STYLES: tuple[tuple[Callable[[Dice], str], float], ...] = (
    (_plain, 20),
    (_given, 8),
    (_doubled, 10),
    (_animal, 9),
    (_parent, 6),
    (_latin, 10),
    (_numbered, 5),
    (_with_city, 5),
    (_flowered, 7),
    (_elder, 8),
    (_trade, 4),
    (_poetic, 10),
    (_funny, 10),
)


def of_a_member(dice: Dice) -> str:
    """Now and then an honest insurer or shopkeeper: a leading A alone proves nothing."""
    if dice.chance(0.012):
        return dice.pick(words.SELLERS)
    style = dice.weighted([make for make, _ in STYLES], [weight for _, weight in STYLES])
    return style(dice)


def of_a_seller(dice: Dice) -> str:
    if dice.chance(0.45):
        return dice.pick(words.SELLERS)
    return titled(dice)


def titled(dice: Dice) -> str:
    return dice.pick(words.TITLES).format(
        s=dice.pick(words.SURNAMES), g=dice.pick(words.GIVEN_ONE), c=dice.pick(words.CITIES), t=dice.pick(words.TRADES)
    )


def of_a_fake(dice: Dice) -> str:
    return dice.pick(words.BEAUTIES) if dice.chance(0.6) else of_a_member(dice)


def tagged(name: str, dice: Dice) -> str:
    """The nickname the group's rule asks for: city, then name."""
    return f"{dice.pick(words.CITIES)}-{name}"
