"""A figure by its name: what it is called, how it is written, what it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from huoqun.console.figures import NOTHING, count_words, percent_words
from huoqun.health.pages.words import definition, language
from huoqun.health.registry import FAMILIES, Column, Metric, registry


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    definition: str
    source: str


@cache
def columns() -> Mapping[str, tuple[Column, Metric]]:
    """Every figure of a group, by name."""
    metrics = [metric for metric in registry().choose() if metric.per == "group"]
    return {column.name: (column, metric) for metric in metrics for column in metric.columns}


def name_of(figure: str) -> str:
    """What people call it; empty for what is no figure of the metrics."""
    found = columns().get(figure)
    return _called(found[0]) if found else ""


def shown(figure: str, value: Any) -> str:
    found = columns().get(figure)
    return written(value, found[0].unit if found else "")


def named(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and value of those that are figures of the metrics and are known."""
    return [(name_of(name), shown(name, value)) for name, value in figures.items() if value is not None and name_of(name)]


def all_of(values: Mapping[str, Any]) -> list[tuple[str, list[Figure]]]:
    """Every figure of the audit by metric, each with what it counts and from which data."""
    chinese = language().startswith("zh")
    metrics = registry().choose(families=[family for family in FAMILIES if family != "portfolio"])
    return [
        (metric.zh if chinese else metric.en, list(_figures(metric, values))) for metric in metrics if metric.per == "group"
    ]


def _figures(metric: Metric, values: Mapping[str, Any]) -> Iterable[Figure]:
    for column in metric.columns:
        yield Figure(_called(column), written(values.get(column.name), column.unit), definition(metric), metric.source)


def _called(column: Column) -> str:
    return column.zh if language().startswith("zh") else column.en


def written(value: Any, unit: str) -> str:
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _WORDS[value]() if value in _WORDS else value[:16].replace("T", " ") or NOTHING
    if unit == "ratio":
        return f"{value:,.2f}"
    return percent_words(value) if unit == "fraction" else count_words(round(value, 2))


_WORDS: Mapping[str, Callable[[], str]] = {
    "replies": lambda: _("recorded replies"),
    "inferred": lambda: _("inferred"),
    "kept": lambda: _("kept its plan"),
    "early": lambda: _("ended early"),
    "overrun": lambda: _("went on beyond its plan"),
    "running": lambda: _("still running"),
}
"""Figures that are words."""
