"""A playbook's titles, texts and times as a form."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from huoqun.sop.pages import mistakes
from huoqun.sop.pages.telling import Told, told
from huoqun.sop.playbooks.checks import faults
from huoqun.sop.playbooks.plain import Plain, of_plain, plain
from huoqun.sop.playbooks.playbook import Playbook

HEAD = ("title", "summary", "why")
TIMES = ("day", "time", "offset", "after", "spread")
SAYING = ("words", "script", "farewell")

LABELS = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("In a sentence"),
    "why": gettext_lazy("Why so"),
    "task": gettext_lazy("The task"),
    "question": gettext_lazy("Question"),
    "text": gettext_lazy("Text"),
    "slot": gettext_lazy("Wordings of [[%(name)s]], one a line"),
    "persona": gettext_lazy("Text as %(name)s"),
    "day": gettext_lazy("Day (0: the day itself)"),
    "time": gettext_lazy("Time of day"),
    "offset": gettext_lazy("From the moment"),
    "after": gettext_lazy("After the step before"),
    "spread": gettext_lazy("Spread"),
    "window": gettext_lazy("Hours"),
    "expires": gettext_lazy("Given up after"),
}

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the form, and where its value stands in the playbook."""

    name: str
    path: Path
    label: str
    long: bool = False
    lines: bool = False
    """Several values, one a line."""
    number: bool = False


def entries(book: Playbook) -> list[Entry]:
    """Only what is there, and titles and times that could be."""
    found = [Entry(f"head-{name}", (name,), str(LABELS[name]), long=name != "title") for name in HEAD]
    for number, step in enumerate(plain(book)["steps"]):
        found += _of_step(number, step)
    return found


def _of_step(number: int, step: Plain) -> Iterator[Entry]:
    place: Path = ("steps", number)
    yield Entry(f"{number}-title", (*place, "title"), str(LABELS["title"]))
    for name in ("task", "question"):
        if isinstance(step.get(name), str):
            yield Entry(f"{number}-{name}", (*place, name), str(LABELS[name]))
    for name in SAYING:
        if name in step:
            yield from _of_words(number, (*place, name), name, step[name])
    for name in TIMES:
        yield Entry(f"{number}-{name}", (*place, "at", name), str(LABELS[name]), number=name == "day")
    for name in ("window", "expires"):
        yield Entry(f"{number}-{name}", (*place, name), str(LABELS[name]))
    yield Entry(f"{number}-why", (*place, "why"), str(LABELS["why"]), long=True)


def _of_words(number: int, place: Path, name: str, words: Plain) -> Iterator[Entry]:
    yield Entry(f"{number}-{name}-text", (*place, "text"), str(LABELS["text"]), long=True)
    for position, persona in enumerate(words.get("personas", {})):
        label = str(LABELS["persona"]) % {"name": persona}
        yield Entry(f"{number}-{name}-persona-{position}", (*place, "personas", persona), label, long=True)
    for position, slot in enumerate(words.get("slots", {})):
        label = str(LABELS["slot"]) % {"name": slot}
        yield Entry(f"{number}-{name}-slot-{position}", (*place, "slots", slot), label, long=True, lines=True)


def _at(told_: Any, path: Path) -> Any:
    for part in path:
        if isinstance(told_, dict) and part not in told_:
            return None
        told_ = told_[part]
    return told_


def _put(told_: Any, path: Path, value: Any) -> None:
    """An empty value is as if it had never been written."""
    for part, following in pairwise(path):
        if isinstance(told_, dict) and part not in told_:
            if value in ("", None):
                return
            told_[part] = [] if isinstance(following, int) else {}
        told_ = told_[part]
    if value in ("", None) and path[-1] != "text":
        told_.pop(path[-1], None)
    else:
        told_[path[-1]] = value


class BookForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("What changed"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, book: Playbook) -> None:
        super().__init__(data)
        self.book, self.made = book, None
        self.entries = entries(book)
        self._plain = plain(book)
        for entry in self.entries:
            self.fields[entry.name] = self._field(entry)

    made: Playbook | None

    def _field(self, entry: Entry) -> forms.Field:
        value = _at(self._plain, entry.path)
        if entry.number:
            return forms.IntegerField(label=entry.label, required=False, initial=value, min_value=-400, max_value=400)
        shown = "\n".join(value) if entry.lines and value else value
        rows = min(12, max(2, str(shown or "").count("\n") + 2))
        widget = forms.Textarea(attrs={"rows": rows}) if entry.long else forms.TextInput()
        return forms.CharField(label=entry.label, required=False, initial=shown, widget=widget, max_length=20_000)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        changed = deepcopy(self._plain)
        for entry in self.entries:
            value = values[entry.name]
            if isinstance(value, str):
                value = value.replace("\r\n", "\n").strip()
            _put(changed, entry.path, [line for line in value.split("\n") if line.strip()] if entry.lines else value)
        self._judge(changed)
        return values

    def _judge(self, changed: Plain) -> None:
        try:
            made = of_plain(changed)
        except msgspec.ValidationError as wrong:
            problem, _at_words, path = str(wrong).partition(" - at `$")
            self._wrong(_place(path.removesuffix("`")), problem)
            return
        for place, problem in faults(made):
            self._wrong(place, problem)
        if not self.errors:
            self.made = made

    def _wrong(self, place: Path, problem: str) -> None:
        """At the field it is about, or at the first field of its step, or above all."""
        words = mistakes.translated(problem)
        best = max(self.entries, key=lambda entry: _shared(entry.path, place))
        step_only = _shared(best.path, place) < min(len(place), 3)
        if not _shared(best.path, place):
            self.add_error(None, words)
        else:
            self.add_error(best.name, f"{'.'.join(map(str, place))}: {words}" if step_only else words)

    # As the template shows it

    def head(self) -> list[BoundField]:
        return [self[f"head-{name}"] for name in HEAD]

    def steps(self) -> list[tuple[Told, list[BoundField], list[BoundField], list[BoundField]]]:
        """Each step with its texts, its times, and what stands behind "more"."""
        return [(each, *self._of(number)) for number, each in enumerate(told(self.book))]

    def _of(self, number: int) -> tuple[list[BoundField], list[BoundField], list[BoundField]]:
        mine = [entry for entry in self.entries if entry.path[:2] == ("steps", number)]
        times = [self[entry.name] for entry in mine if "at" in entry.path]
        more = [self[entry.name] for entry in mine if entry.path[-1] in {"window", "expires", "why"}]
        rest = [self[entry.name] for entry in mine]
        return [each for each in rest if each not in times and each not in more], times, more


def _place(path: str) -> Path:
    parts = path.replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts if part)


def _shared(path: Path, place: Path) -> int:
    number = 0
    for one, other in zip(path, place, strict=False):
        if one != other:
            break
        number += 1
    return number
