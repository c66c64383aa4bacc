"""What a list can be narrowed by. A filter reads its part of the address, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from huoqun.console.navigation import Words

Option = tuple[str, Words]
Options = Sequence[Option] | Callable[[HttpRequest], Sequence[Option]]
Narrow = Callable[[QuerySet[Any], Any], QuerySet[Any]]


@dataclass(frozen=True)
class Reading:
    """What the address asks of one filter. `value` None: nothing."""

    value: Any = None
    wrong: str = ""
    raw: tuple[str, ...] = ()

    @property
    def on(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, kw_only=True)
class Filter:
    """`lookup` is a field lookup of the rows; `narrow`, where given, is asked instead."""

    name: str
    label: Words
    lookup: str = ""
    narrow: Narrow | None = None
    kind: ClassVar[str]

    def read(self, query: QueryDict, options: Sequence[Option]) -> Reading:
        raise NotImplementedError

    def condition(self, value: Any) -> Q:
        return Q(**{self.lookup or self.name: value})

    def apply(self, rows: QuerySet[Any], reading: Reading) -> QuerySet[Any]:
        if not reading.on:
            return rows
        return self.narrow(rows, reading.value) if self.narrow else rows.filter(self.condition(reading.value))

    def options_for(self, request: HttpRequest) -> list[Option]:
        return []


@dataclass(frozen=True, kw_only=True)
class Text(Filter):
    """Contains these words, in one of `lookups`. Every word must be found."""

    kind: ClassVar[str] = "text"
    lookups: tuple[str, ...] = ()

    def read(self, query: QueryDict, options: Sequence[Option]) -> Reading:
        words = query.get(self.name, "").replace("\0", "").strip()[:200]
        return Reading(words or None, raw=(words,))

    def condition(self, value: str) -> Q:
        names = self.lookups or (self.lookup or f"{self.name}__icontains",)
        found = Q()
        for word in value.split():
            found &= Q(*((name, word) for name in names), _connector=Q.OR)
        return found


@dataclass(frozen=True, kw_only=True)
class Choice(Filter):
    """One of the options."""

    kind: ClassVar[str] = "choice"
    options: Options = ()
    unasked: Words = ""
    """What the list shows while nothing is chosen, where that is not everything."""

    def options_for(self, request: HttpRequest) -> list[Option]:
        return list(self.options(request) if callable(self.options) else self.options)

    def strange(self, value: str) -> str:
        return _("%(label)s: “%(value)s” is not one of the choices.") % {"label": self.label, "value": value}

    def read(self, query: QueryDict, options: Sequence[Option]) -> Reading:
        chosen = query.get(self.name, "")
        if not chosen:
            return Reading()
        if chosen not in {value for value, _label in options}:
            return Reading(wrong=self.strange(chosen[:40]))
        return Reading(chosen, raw=(chosen,))


@dataclass(frozen=True, kw_only=True)
class Multi(Choice):
    """Any of the options ticked."""

    kind: ClassVar[str] = "multi"

    def read(self, query: QueryDict, options: Sequence[Option]) -> Reading:
        asked = [value for value in query.getlist(self.name) if value]
        known = {value for value, _label in options}
        chosen = tuple(value for value in asked if value in known)
        strange = [value[:40] for value in asked if value not in known]
        wrong = ""
        if strange:
            wrong = self.strange(", ".join(strange))
        return Reading(chosen or None, wrong=wrong, raw=chosen)

    def condition(self, value: Sequence[str]) -> Q:
        return Q(**{f"{self.lookup or self.name}__in": value})


def whole_number(text: str) -> int:
    return int(text)


def a_day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(frozen=True, kw_only=True)
class Range(Filter):
    """From, to, or both; both ends belong to it. In the address: `name_from`, `name_to`."""

    kind: ClassVar[str] = "range"
    of: Callable[[str], Any] = field(default=whole_number)
    """`whole_number`, `float` or `a_day`."""

    @property
    def input_type(self) -> str:
        return "date" if self.of is a_day else "number"

    def read(self, query: QueryDict, options: Sequence[Option]) -> Reading:
        raw = (query.get(f"{self.name}_from", "").strip(), query.get(f"{self.name}_to", "").strip())
        try:
            ends = tuple(self.of(text) if text else None for text in raw)
        except ValueError:
            asked = _("a day such as 2026-03-31") if self.of is a_day else _("a number")
            said = {"label": self.label, "value": " – ".join(raw)[:40], "asked": asked}
            return Reading(wrong=_("%(label)s: “%(value)s” is not %(asked)s.") % said, raw=raw)
        return Reading(ends if any(end is not None for end in ends) else None, raw=raw)

    def condition(self, value: tuple[Any, Any]) -> Q:
        lookup = self.lookup or self.name
        start, end = value
        ends = {f"{lookup}__gte": start, f"{lookup}__lte": end}
        return Q(**{name: bound for name, bound in ends.items() if bound is not None})
