"""Open wordings: [[greeting]] in a text stands for one of several, another in each group and another each day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b

_SLOT = re.compile(r"\[\[([^\[\]]+)\]\]")


def slots_in(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in _SLOT.findall(text)))


def worded(text: str, slots: Mapping[str, Sequence[str]], seed: str, *, day: int = 0) -> str:
    """Each slot with one of its wordings: seed and name say which comes first, and from day to day it is the next one. A slot
    without wordings stays as it is.
    """

    def wording(match: re.Match[str]) -> str:
        name = match[1].strip()
        choices = slots.get(name)
        return choices[_turn(pick(f"{seed}/{name}", len(choices)), day, len(choices))] if choices else match[0]

    return _SLOT.sub(wording, text)


def _turn(first: int, day: int, count: int) -> int:
    # What comes once a week would meet the same one of seven for ever.
    return (first + (day + day // 7 if count % 7 == 0 else day)) % count


def pick(seed: str, count: int) -> int:
    """A number from 0 to below `count`, the same for the same seed in every process."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), "big") % count
