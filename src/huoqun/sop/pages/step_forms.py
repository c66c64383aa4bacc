"""A playbook's titles, texts and times as a form. Steps that were added, moved or taken out travel with it until it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.sop import words
from huoqun.sop.pages import mistakes
from huoqun.sop.pages.telling import Told, told
from huoqun.sop.parts.slots import slots_in
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
    "todo-within": gettext_lazy("To be done within"),
    "wait-limit": gettext_lazy("Waits for"),
    "approval-limit": gettext_lazy("Waits for an answer for"),
    "seeds": gettext_lazy("What somebody says where it stays quiet, one a line"),
    "owner": gettext_lazy("Whose it is"),
    "slot": gettext_lazy("Wordings of [[%(name)s]], one a line"),
    "persona": gettext_lazy("Text as %(name)s"),
    "day": gettext_lazy("Day (0: the day itself)"),
    "time": gettext_lazy("Time of day"),
    "start-time": gettext_lazy("Starts at"),
    "start-date": gettext_lazy("Starts on"),
    "start-title": gettext_lazy("What the moment is called"),
    "offset": gettext_lazy("From the moment"),
    "after": gettext_lazy("After the step before"),
    "spread": gettext_lazy("Spread"),
    "window": gettext_lazy("Hours"),
    "expires": gettext_lazy("Given up after"),
    "holidays": gettext_lazy("On days off"),
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
    choices: Mapping[str, object] | None = None


def entries(book: Playbook) -> list[Entry]:
    """Only what is there, and titles and times that could be."""
    found = [Entry(f"head-{name}", (name,), str(LABELS[name]), long=name != "title") for name in HEAD]
    found.append(Entry("head-holidays", ("holidays",), str(LABELS["holidays"]), choices=words.HOLIDAYS))
    for number, start in enumerate(plain(book)["starts"]):
        found += _of_start(number, start)
    for number, step in enumerate(plain(book)["steps"]):
        found += _of_step(number, step)
    return found


def _of_start(number: int, start: Plain) -> Iterator[Entry]:
    """When it starts by the calendar, and what the moment is called that is named."""
    has = {"every": ("time",), "date": ("date", "time"), "event": ("title",)}.get(start["when"], ())
    for name in has:
        yield Entry(f"start-{number}-{name}", ("starts", number, name), str(LABELS[f"start-{name}"]))


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
    yield Entry(f"{number}-holidays", (*place, "holidays"), str(LABELS["holidays"]), choices=words.STEP_HOLIDAYS)
    yield from _of_kind(number, step)
    yield Entry(f"{number}-why", (*place, "why"), str(LABELS["why"]), long=True)


def _of_kind(number: int, step: Plain) -> Iterator[Entry]:
    place: Path = ("steps", number)
    for name in {"todo": ("within",), "wait": ("limit",), "approval": ("limit",)}.get(step["do"], ()):
        yield Entry(f"{number}-{name}", (*place, name), str(LABELS[f"{step['do']}-{name}"]))
    if step["do"] == "topic":
        yield Entry(f"{number}-seeds", (*place, "seeds"), str(LABELS["seeds"]), long=True, lines=True)
    if step["do"] in ("todo", "approval"):
        yield Entry(f"{number}-owner", (*place, "owner"), str(LABELS["owner"]), choices=words.OWNERS)


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
    if value in ("", None, []) and path[-1] != "text":
        told_.pop(path[-1], None)
    else:
        told_[path[-1]] = value


class BookForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("What changed"), required=False, max_length=200)

    shape = forms.CharField(required=False, widget=forms.HiddenInput)
    """The playbook the fields are of: steps may have been added since the version that is kept."""

    made: Playbook | None
    draft: Plain | None
    """With what was filled in, also where it cannot be kept so."""

    def __init__(self, data: Any = None, *, book: Playbook) -> None:
        super().__init__(data)
        self.book, self.made, self.draft = book, None, None
        self.entries = entries(book)
        self._plain = plain(book)
        self.fields["shape"].initial = json.dumps(self._plain, default=str, ensure_ascii=False)
        for entry in self.entries:
            self.fields[entry.name] = self._field(entry)

    def _field(self, entry: Entry) -> forms.Field:
        value = _at(self._plain, entry.path)
        if entry.number:
            return forms.IntegerField(label=entry.label, required=False, initial=value, min_value=-400, max_value=400)
        if entry.choices is not None:
            choices = [(code, each) for code, each in entry.choices.items()]
            return forms.ChoiceField(
                label=entry.label, required=False, initial=value or choices[0][0], choices=choices, help_text=_hint(entry)
            )
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
        _with_slots(changed)
        self._judge(changed)
        return values

    def grown(self) -> BookForm:
        """With a field for every slot that has been written into a text, and what was filled in."""
        if self.draft is None:
            return self
        again = BookForm(book=of_plain(self.draft))
        if again.fields.keys() == self.fields.keys():
            return self
        sent = {name: self.data[name] for name in self.data}
        return BookForm({**sent, "shape": again["shape"].value()}, book=again.book)

    def _judge(self, changed: Plain) -> None:
        try:
            made = of_plain(changed)
        except msgspec.ValidationError as wrong:
            problem, _at_words, path = str(wrong).partition(" - at `$")
            self._wrong(_place(path.removesuffix("`")), problem)
            return
        self.draft = changed
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
        starting = [entry.name for entry in self.entries if entry.path[0] == "starts"]
        return [self[name] for name in (*(f"head-{name}" for name in HEAD), *starting, "head-holidays")]

    def steps(self) -> list[tuple[Told, list[BoundField], list[BoundField], list[BoundField]]]:
        """Each step with its texts, its times, and what stands behind "more"."""
        return [(each, *self._of(number)) for number, each in enumerate(told(self.book))]

    def _of(self, number: int) -> tuple[list[BoundField], list[BoundField], list[BoundField]]:
        mine = [entry for entry in self.entries if entry.path[:2] == ("steps", number)]
        times = [self[entry.name] for entry in mine if "at" in entry.path or entry.path[-1] in {"within", "limit"}]
        more = [self[entry.name] for entry in mine if entry.path[-1] in {"window", "expires", "holidays", "why"}]
        rest = [self[entry.name] for entry in mine]
        return [each for each in rest if each not in times and each not in more], times, more


def _hint(entry: Entry) -> str:
    if len(entry.path) > 1:
        return ""
    return _(
        "Public holidays are China's. Working days are Monday to Friday without them, and the weekend days that make up for "
        "them. A start by the calendar does likewise, unless the YAML says otherwise."
    )


def _with_slots(changed: Plain) -> None:
    """Every slot a text has, there to be filled in."""
    for step in changed["steps"]:
        for said in (step[name] for name in SAYING if name in step):
            texts = [said["text"], *said.get("personas", {}).values()]
            for slot in dict.fromkeys(slot for text in texts for slot in slots_in(text)):
                said.setdefault("slots", {}).setdefault(slot, [])


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


def shaped(data: Mapping[str, Any], latest: Playbook) -> Playbook:
    """The playbook a form that was sent is of; the latest where that cannot be told."""
    try:
        book = of_plain(json.loads(data.get("shape") or "null"))
    except (ValueError, RecursionError):
        return latest
    return book if book.name == latest.name else latest
