"""The figures two sides are compared by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huoqun.health.models import GroupHealth
from huoqun.health.pages import figures
from huoqun.health.pages.compare import difference
from huoqun.health.pages.group_columns import chance_words

FIGURES = (
    "messages_7d",
    "speakers_7d",
    "days_active_7d",
    "messages_30d",
    "speakers_30d",
    "members",
    "joins_30d",
    "leaves_30d",
    "p_alive",
    "p_silent",
    "top1_share",
    "speakers_90d",
    "half_holders",
    "largest_component_share",
    "reciprocity",
    "top_answerer_share",
    "house_share_90d",
    "house_starts_share",
    "talk_kept_without_house",
    "first_words_answered",
    "newcomers_90d",
    "spoke_within_7d",
    "questions_30d",
    "unanswered",
    "answer_minutes",
    "ads_share",
    "new_faces_share",
    "fakes_share",
    "event_trend",
    "orders_90d",
    "buyers_90d",
)
CHANCES = ("p_alive", "p_silent")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    first: str
    second: str
    difference: str
    weight: float


def known(health: GroupHealth) -> dict[str, Any]:
    """Figures by name; those that are columns are kept for good, the others for a month."""
    values = {name: health.figures.get(name) for name in FIGURES}
    columns = {name: getattr(health, name) for name in FIGURES if name in COLUMNS}
    return {**values, **{name: value for name, value in columns.items() if value is not None}}


COLUMNS = {field.name: field.verbose_name for field in GroupHealth._meta.fields}
"""Figures with a column of their own, and what the model calls them."""


def side_by_side(
    first: Mapping[str, Any], second: Mapping[str, Any], names: Sequence[str], called: Callable[[str], str] | None = None
) -> list[Row]:
    """A row for each figure that is known of at least one side."""
    named = [(name, (called or name_of)(name)) for name in names]
    return [
        _row(name, words, first.get(name), second.get(name))
        for name, words in named
        if words and not first.get(name) is second.get(name) is None
    ]


def _row(name: str, called: str, first: Any, second: Any) -> Row:
    unit = unit_of(name)
    return Row(
        name=called,
        first=_shown(name, first, unit),
        second=_shown(name, second, unit),
        difference=difference.words(first, second, unit),
        weight=difference.weight(first, second, unit),
    )


def _shown(name: str, value: Any, unit: str) -> str:
    """Nothing that is to come is written as certain."""
    return chance_words(value) if name in CHANCES and value is not None else figures.written(value, unit)


def name_of(name: str) -> str:
    """As the metrics call it; what is a column of its own as the model does; empty for what this version does not know."""
    if words := figures.name_of(name):
        return words
    return str(COLUMNS.get(name, ""))


def unit_of(name: str) -> str:
    found = figures.columns().get(name)
    return "fraction" if name in CHANCES or name.endswith("_share") else found[0].unit if found else ""
