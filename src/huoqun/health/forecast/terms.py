"""From figures to the terms of the model: each has a shape, a direction that cannot be learnt away, and a topic to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .calendar import Floats
from .features import Features


@dataclass(frozen=True, slots=True)
class Term:
    """`direction`: 1 where more of it can only make silence likelier, -1 where only less likely, 0 where data decide."""

    topic: str
    direction: int
    from_zero: bool = False
    """Told against 0 (no change), not against the middle group."""


TERMS: Mapping[str, Term] = {
    "silence_in_paces": Term("quiet", 1),
    "silence_in_many_paces": Term("quiet", 1),
    "silent": Term("quiet", 1),
    "pace": Term("days", 1),
    "days_90": Term("days", -1),
    "days_30_of_90": Term("trend", -1, from_zero=True),
    "days_7_of_30": Term("trend", -1, from_zero=True),
    "messages_30_of_90": Term("trend", -1, from_zero=True),
    "days_365_of_90": Term("past", 0),
    "voices": Term("voices", -1),
    "young": Term("age", 1),
    "newborn": Term("age", 1),
    "usual_silence": Term("rhythm", 0),
    "sleeps": Term("rhythm", 0),
}
TOPICS = tuple(dict.fromkeys(term.topic for term in TERMS.values()))


def terms_of(features: Features) -> Floats:
    """A column for each of `TERMS`, in their order."""
    figures = features.figures
    paces = np.log1p(figures["silent"] / figures["pace"])
    columns = {
        "silence_in_paces": paces,
        "silence_in_many_paces": np.maximum(paces - np.log(10), 0.0),
        "silent": np.maximum(figures["silent"] - 14, 0.0) / 16,
        "pace": np.log1p(figures["pace"]),
        "days_90": _often(figures, 90),
        "days_30_of_90": _often(figures, 30) - _often(figures, 90),
        "days_7_of_30": _often(figures, 7) - _often(figures, 30),
        "messages_30_of_90": np.log1p(figures["messages_30"]) - np.log1p(month_of_90(figures)),
        "days_365_of_90": _often(figures, 365) - _often(figures, 90),
        "voices": np.log(np.maximum(figures["speakers_90"], 1) / np.maximum(figures["days_90"], 1)),
        "young": -np.log(np.minimum(figures["age"], 730.0)),
        "newborn": np.maximum(1 - figures["age"] / 60, 0.0),
        "usual_silence": np.log1p(figures["usual_silence"]),
        "sleeps": np.minimum(figures["sleeps"], 3.0),
    }
    return np.column_stack([columns[name] for name in TERMS]).reshape(features.rows, len(TERMS))


def month_of_90(figures: dict[str, Floats]) -> Floats:
    """Messages in 30 days, as the last 90 were, or the life so far where that is shorter."""
    return np.asarray(figures["messages_90"] * 30 / np.clip(figures["age"], 30, 90))


def _often(figures: dict[str, Floats], reach: int) -> Floats:
    """Logarithm of the share of days with talk; half a day is added so that none is not the end of the world."""
    return np.asarray(np.log((figures[f"days_{reach}"] + 0.5) / (np.minimum(reach, figures["age"]) + 1)))
