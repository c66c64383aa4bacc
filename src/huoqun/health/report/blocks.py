"""A report as plain blocks: what is said, not how it looks. Chapters make them; `html` and `typeset` draw them.

Text from outside (names, messages) stands in `Name` and `Said` or in plain strings; none of it is ever markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from huoqun.health.life.rules import State


@dataclass(frozen=True, slots=True)
class Picture:
    """A small drawing as SVG. `label` says in words what it shows; "" where the words beside it do."""

    svg: str
    width: float
    height: float
    """In units of the drawing; a wide one (`grows`) fills the line, keeping its proportions or, if `flat`, its height."""
    label: str = ""
    grows: bool = False
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody outside called something."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A state: colour, shape and word. None: no talk seen."""

    state: State | None


@dataclass(frozen=True, slots=True)
class Soft:
    """Said quietly."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    day: date


@dataclass(frozen=True, slots=True)
class Spoken:
    """Pieces with a sentence that says them in full to whoever hovers or listens."""

    pieces: tuple[Piece, ...]
    says: str


Piece = str | Name | Mark | Soft | Strong | Day | Picture | Spoken
Line = tuple[Piece, ...]


class Kind(StrEnum):
    """What a column holds, which decides how it is set."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind = Kind.TEXT
    share: float = 0
    """Of the width left over; 0: as wide as its contents."""
    long: bool = False
    """Left out where there is little room."""
    screen_only: bool = False
    """Left out on paper."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines one below the other; those after the first are explanations."""

    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    heads: bool = False
    """One cell across all columns, above the rows it gathers."""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cards: bool = False
    """On a phone each row becomes a card of its own."""
    titled: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that stands alone."""

    picture: Picture
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    """What the parts of the picture above are, side by side."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences, one below the other."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote in a group, quoted."""

    when: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Quotes:
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """How it was counted."""

    items: tuple[str, ...]


Block = Table | Figure | Legend | Points | Facts | Quotes | Notes


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: its heading, one sentence that says what is seen, then pictures, then tables."""

    title: str
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    small: bool = False
    """Belongs to the chapter before it."""


@dataclass(frozen=True, slots=True)
class Document:
    language: str
    title: str
    about: str
    """The line above the headline: what this is, of whom, as of when."""
    headline: str
    sections: tuple[Section, ...]
    footer: str = ""
    below: str = ""
    """A sentence under the headline."""

    @property
    def is_chinese(self) -> bool:
        return self.language.lower().startswith("zh")

    @property
    def tag(self) -> str:
        return "zh-Hans" if self.is_chinese else "en"


def cell(*pieces: Piece) -> Cell:
    """A cell of one line."""
    return Cell((pieces,)) if pieces else Cell()


def texts(document: Document) -> Iterator[str]:
    """Every text of the document that a reader sees, the footer aside."""
    yield from (document.title, document.about, document.headline, document.below)
    for section in document.sections:
        yield from (section.title, section.lead)
        for block in section.blocks:
            yield from _texts_of(block)


def _texts_of(block: Block) -> Iterator[str]:
    match block:
        case Table(columns, rows):
            yield from (column.title for column in columns)
            yield from (text for row in rows for each in row.cells for line in each.lines for text in _words(line))
        case Figure(picture, caption):
            yield from (picture.svg, caption)
        case Points(lines) | Legend(lines):
            yield from (text for line in lines for text in _words(line))
        case Facts(pairs):
            yield from (text for name, line in pairs for text in (name, *_words(line)))
        case Quotes(said):
            yield from (text for one in said for text in (one.who, one.text))
        case Notes(items):
            yield from items


def _words(line: Line) -> Iterator[str]:
    for piece in line:
        match piece:
            case str():
                yield piece
            case Name(text) | Soft(text) | Strong(text):
                yield text
            case Spoken(pieces):
                yield from _words(pieces)
            case _:
                pass
