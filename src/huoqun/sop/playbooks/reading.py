"""Playbooks as YAML. Whatever is wrong is told with its line and field, all that can be found at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import yaml

from .checks import faults
from .plain import of_plain, plain
from .playbook import Playbook

LONGEST = 400_000
"""Characters. A book of a hundred long steps has a fifth of that."""
DEEPEST = 12

_PATH = re.compile(r" - at `\$([^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]+)`")
_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    line: int
    """From 1."""
    field: str
    """"steps[2].at.time"; "": the whole."""
    problem: str
    """An English sentence."""

    def __str__(self) -> str:
        return f"line {self.line}{self.field and f', {self.field}'}: {self.problem}"


class Unreadable(ValueError):
    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


def read(text: str) -> Playbook:
    """Raises Unreadable."""
    told, lines = plain_values(text)
    try:
        playbook = of_plain(told)
    except msgspec.ValidationError as wrong:
        raise Unreadable([mistake_of(wrong, lines)]) from None
    if found := mistakes_at(faults(playbook), lines):
        raise Unreadable(sorted(found, key=lambda mistake: mistake.line))
    return playbook


def write(playbook: Playbook) -> str:
    """As `read` takes it."""
    text: str = yaml.dump(plain(playbook), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=120, indent=2)
    return text


def plain_values(text: str) -> tuple[object, dict[Place, int]]:
    """And the line each stands in. Raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable([Mistake(1, "", f"It is longer than any playbook ({LONGEST:,} characters).")])
    try:
        _no_anchors(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as broken:
        raise Unreadable([_broken(broken)]) from None
    if node is None:
        raise Unreadable([Mistake(1, "", "There is nothing in it.")])
    lines: dict[Place, int] = {}
    return _value(node, (), lines), lines


def _no_anchors(text: str) -> None:
    """A few lines with anchors can mean more than fits into memory, and no playbook needs one."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise Unreadable([Mistake(line, "", "Anchors (&name, *name) are not used in playbooks: write it out.")])


def _broken(broken: yaml.YAMLError) -> Mistake:
    mark = getattr(broken, "problem_mark", None)
    problem = getattr(broken, "problem", None) or "it cannot be read"
    return Mistake(mark.line + 1 if mark else 1, "", f"This is no YAML: {problem}.")


def _value(node: yaml.Node, place: Place, lines: dict[Place, int]) -> object:
    lines[place] = node.start_mark.line + 1
    if len(place) > DEEPEST:
        raise Unreadable([Mistake(lines[place], _written(place), "It is nested deeper than any playbook.")])
    match node:
        case yaml.MappingNode():
            return dict(_pairs(node, place, lines))
        case yaml.SequenceNode():
            return [_value(each, (*place, number), lines) for number, each in enumerate(node.value)]
        case yaml.ScalarNode():
            return _scalar(node)
    raise TypeError(f"{type(node).__name__} is no node of YAML")


def _pairs(node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable([Mistake(line, _written(place), "A field has a name.")])
        if name in seen:
            raise Unreadable([Mistake(line, _written((*place, name)), "This field is there twice.")])
        seen.add(name)
        told = _value(value, (*place, name), lines)
        lines[*place, name] = line
        yield name, told


_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(r"-?\d+")
_FRACTION = re.compile(r"-?\d+\.\d+")


def _scalar(node: yaml.ScalarNode) -> object:
    """As YAML 1.2 has it: 09:00 is a text and no number of seconds, `no` is a word."""
    text = str(node.value)
    if node.style is not None:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text


def mistake_of(wrong: msgspec.ValidationError, lines: dict[Place, int]) -> Mistake:
    told = str(wrong)
    found = _PATH.search(told)
    place = _place(found[1]) if found else ()
    problem = _PATH.sub("", told)
    if unknown := _UNKNOWN.search(problem):
        place, problem = (*place, unknown[1]), "There is no such field here."
    return Mistake(_line(lines, place), _written(place), problem)


def _place(path: str) -> Place:
    return tuple(int(number) if number else name for name, number in _PART.findall(path) if name != "...")


def mistakes_at(found: Iterable[tuple[Place, str]], lines: dict[Place, int]) -> list[Mistake]:
    return [Mistake(_line(lines, place), _written(place), problem) for place, problem in found]


def _line(lines: dict[Place, int], place: Place) -> int:
    """Of the place, or of what it would be in."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _written(place: Place) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    style = '"' if _looks_like_more(text) or not text.replace("\n", "").isprintable() else "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _looks_like_more(text: str) -> bool:
    """Another reader of YAML might take it for a number, a time or a yes."""
    return bool(re.fullmatch(r"[-+.\d:_]*|~|(?i:y|n|yes|no|on|off|true|false|null)", text))


_Writer.add_representer(str, _text)
