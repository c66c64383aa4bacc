"""A column: where its value comes from, how it looks in a row, how it is sorted and exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huoqun.console import figures
from huoqun.console.navigation import Words
from huoqun.console.templatetags.console import day, when

Cell = str | SafeString
Value = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """`name` stands in addresses (`?sort=-name`)."""

    name: str
    label: Words
    value: str | Value = ""
    """An attribute's path ("owner.name") or a function of the row; empty: the attribute called `name`."""
    sort: str = ""
    """The field the database sorts by; empty: this column cannot be sorted."""
    filled: bool = False
    """Every row has it: long lists are then read in the order of the field's index, in either direction."""
    cell: str | Callable[[Any], Cell] = ""
    """A template (it gets `row` and `value`) or a function of the row; empty: by the value's type."""
    link: Callable[[Any], str] | None = None
    number: bool = False
    """Right-aligned, figures of one width, sorted downwards first."""
    wide_only: bool = False
    """Left out on a phone."""
    explain: Words = ""
    """What the number counts, from which data; opens beside the head."""
    export: bool | Value = True
    """False: not in exports. A function: what stands there instead of the value."""

    def value_of(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        return reduce(_step, (self.value or self.name).split("."), row)

    def exported(self, row: Any) -> Any:
        return self.export(row) if callable(self.export) else self.value_of(row)

    def drawer(self) -> Callable[[Any], Cell]:
        """Draws this column's cell of a row; a template is fetched once for all rows."""
        draw = self._template() if isinstance(self.cell, str) and self.cell else self.cell or self._by_type
        if self.link is None:
            return draw
        link = self.link
        return lambda row: format_html('<a href="{}">{}</a>', link(row), draw(row))

    def _template(self) -> Callable[[Any], Cell]:
        template = get_template(str(self.cell))
        return lambda row: template.render({"row": row, "value": self.value_of(row)})

    def _by_type(self, row: Any) -> Cell:
        return shown(self.value_of(row))


def _step(thing: Any, name: str) -> Any:
    """Somebody who is not there has no name either."""
    return None if thing is None else getattr(thing, name)


def shown(value: Any) -> Cell:
    """A value as a page shows it."""
    if value is None or value == "":
        return figures.NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return figures.count_words(value)
    if isinstance(value, datetime):
        return when(value)
    return day(value) if isinstance(value, date) else str(value)
