"""A small pool of sentences, so that files stay moderate; a quarter of them ask something."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sample_world.dice import Dice
from sample_world.tongue import Tongue
from sample_world.words import common, themes

KINDS = {"message": 0.9, "image": 0.045, "sticker": 0.03, "voice": 0.01, "link": 0.008, "red_packet": 0.004, "video": 0.003}
WRITTEN = ("message", "link")


def _pool() -> tuple[str, ...]:
    found: list[str] = list(common.NODS)
    for number, name in enumerate(themes.__all__):
        tongue = Tongue(getattr(themes, name), Dice(2026, number))
        for exchange in (*tongue.theme.questions, *tongue.theme.shares):
            bound: dict[str, str] = {}
            found.extend(tongue.fill(sentence, bound) for sentence in exchange[:3])
        found.extend(tongue.fill(sentence, {}) for sentence in tongue.theme.asides)
    return tuple(dict.fromkeys(found))


TEXTS = _pool()


def is_written(kind: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.isin(kind, [place for place, name in enumerate(KINDS) if name in WRITTEN])
