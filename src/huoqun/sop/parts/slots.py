"""Open wordings: [[greeting]] in a text stands for one of several, another in each group, the same one each time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b

_SLOT = re.compile(r"\[\[([^\[\]]+)\]\]")


def slots_in(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in _SLOT.findall(text)))


def worded(text: str, slots: Mapping[str, Sequence[str]], seed: str) -> str:
    """Each slot with one of its wordings, chosen by the seed and the slot's name. A slot without wordings stays as it is."""

    def wording(match: re.Match[str]) -> str:
        name = match[1].strip()
        choices = slots.get(name)
        return choices[pick(f"{seed}/{name}", len(choices))] if choices else match[0]

    return _SLOT.sub(wording, text)


def pick(seed: str, count: int) -> int:
    """A number from 0 to below `count`, the same for the same seed in every process."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), "big") % count
