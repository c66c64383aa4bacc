"""The document as one self-contained HTML page: no scripts, no fonts or pictures from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from huoqun.health.life.wording import STATES

from .blocks import (
    Block,
    Cell,
    Column,
    Day,
    Document,
    Facts,
    Figure,
    Kind,
    Legend,
    Line,
    Mark,
    Name,
    Notes,
    Picture,
    Piece,
    Points,
    Quotes,
    Row,
    Said,
    Section,
    Soft,
    Spoken,
    Strong,
    Table,
)
from .markup import Html, el, joined
from .pictures import shape, tone
from .words import Voice

# Nothing but the page's own style may be loaded, whatever a group calls itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_CLASSES = {Kind.TEXT: None, Kind.NUMBER: "n", Kind.DAY: "d", Kind.PICTURE: "bare"}


def page(document: Document) -> str:
    say = Voice(document.language)
    header = el(
        "header",
        el("p", document.about),
        el("h1", document.headline),
        el("p", document.below, class_="below") if document.below else None,
    )
    sections = joined(*(el("section", *parts) for parts in _gathered(document.sections, say)))
    body = el("main", header, sections, el("footer", document.footer) if document.footer else None)
    return "<!doctype html>\n" + el("html", _head(document), el("body", body), lang=document.tag) + "\n"


def _head(document: Document) -> Html:
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content=POLICY),
        el("meta", name="referrer", content="no-referrer"),
        el("title", document.title),
        el("style", Html(files(__package__).joinpath("style.css").read_text(encoding="utf-8"))),
    )


def _gathered(sections: Iterable[Section], say: Voice) -> list[list[Html]]:
    """Small sections stand on the sheet of the one before them."""
    sheets: list[list[Html]] = []
    for section in sections:
        if not section.small or not sheets:
            sheets.append([])
        sheets[-1] += _section(section, say)
    return sheets


def _section(section: Section, say: Voice) -> list[Html]:
    head = el("h3" if section.small else "h2", section.title)
    lead = [el("p", section.lead, class_="lead")] if section.lead else []
    return [head, *lead, *(_block(block, say) for block in section.blocks)]


def _block(block: Block, say: Voice) -> Html:
    match block:
        case Table():
            return _table(block, say)
        case Figure(picture, caption):
            return el("figure", Html(picture.svg), el("figcaption", caption) if caption else None)
        case Legend(lines):
            return el("p", *(el("span", *_pieces(line, say)) for line in lines), class_="legend")
        case Points(lines):
            return el("ul", *(el("li", *_pieces(line, say)) for line in lines), class_="points")
        case Facts(pairs):
            return el("dl", *(part for name, line in pairs for part in (el("dt", name), el("dd", *_pieces(line, say)))))
        case Quotes(said):
            return el("div", *(_quote(one) for one in said), class_="quotes")
        case Notes(items):
            return el("ul", *(el("li", item) for item in items), class_="notes")


def _quote(said: Said) -> Html:
    who = el("p", el("bdi", said.who), " ", el("span", said.when), class_="who")
    return el("blockquote", who, el("p", el("bdi", said.text)))


def _table(table: Table, say: Voice) -> Html:
    head = el("thead", el("tr", *(_title(column) for column in table.columns))) if table.titled else None
    rows = (_row(row, table, say) for row in table.rows)
    return el("table", head, el("tbody", *rows), class_="cards" if table.cards else "plain")


def _title(column: Column) -> Html:
    return el("th", column.title, class_=_classes(column, heading=True))


def _row(row: Row, table: Table, say: Voice) -> Html:
    if row.heads:
        (only,) = row.cells
        return el("tr", el("td", *_cell(only, say), colspan=len(table.columns)), class_="kind")
    cells = [
        el(
            "td",
            *_cell(each, say),
            class_=_classes(column),
            data_label=column.title if place and table.cards and each.lines else None,
        )
        for place, (each, column) in enumerate(zip(row.cells, table.columns, strict=True))
    ]
    return el("tr", *cells)


def _classes(column: Column, *, heading: bool = False) -> str | None:
    kind = _CLASSES[column.kind]
    if heading and column.kind is not Kind.NUMBER:
        kind = None
    wide = "wide" if column.kind is Kind.PICTURE and column.share else None
    return " ".join(name for name in (kind, wide, "long" if column.long else None) if name) or None


def _cell(cell: Cell, say: Voice) -> list[Html]:
    first, *rest = cell.lines or ((),)
    return [*_pieces(first, say), *(el("span", *_pieces(line, say), class_="why") for line in rest)]


def _pieces(line: Line, say: Voice) -> list[Html]:
    return [_piece(piece, say) for piece in line]


def _piece(piece: Piece, say: Voice) -> Html:
    match piece:
        case Name(text):
            return el("bdi", text, class_="name")
        case Mark(state):
            word = STATES[state].say(say.language) if state else say("unseen")
            return el("span", shape(state), word, class_=f"state {tone(state)}")
        case Soft(text):
            return el("span", text, class_="soft")
        case Strong(text):
            return el("b", text)
        case Day(day):
            return el("time", day.isoformat(), datetime=day.isoformat())
        case Picture(svg):
            return Html(svg)
        case Spoken(pieces, says):
            return el("span", *_pieces(pieces, say), title=says)
        case _:
            return joined(piece)
