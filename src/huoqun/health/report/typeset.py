"""The document as PDF and as one tall picture, set by typst.

Nothing of the document becomes markup: `sheet.typ` is fixed, and gets the document as JSON whose texts it sets as they are. The
sheet reads no files (its root is an empty folder) and knows no packages, so nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from huoqun.health.life.wording import STATES

from . import fonts
from .blocks import (
    Block,
    Cell,
    Column,
    Day,
    Document,
    Facts,
    Figure,
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
    Section,
    Soft,
    Spoken,
    Strong,
    Table,
    texts,
)
from .pictures import shape, tone
from .words import Voice

CHAT_WIDTH = 360
"""Points; at three pixels a point the picture is 1080 wide, as phones show it."""
CHAT_PPI = 216
COUNTED = re.compile(r"(?<=\d) (?=[\u4e00-\u9fff])")
SINOGRAM = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

INK = {
    "good": "#2c7a4b",
    "calm": "#3f6f9f",
    "amber": "#9a5b00",
    "red": "#b3312c",
    "quiet": "#647175",
    "accent": "#1f6f78",
}
"""The tones on paper, as the page has them by day."""
_STYLE = (
    "".join(f".{name}{{fill:{ink};color:{ink}}}" for name, ink in INK.items())
    + ".base{stroke:#d5dbdc;fill:none}.bars{stroke:#1f6f78;fill:none}.house{stroke:#a9b4b7;fill:none}"
    + ".change{stroke:#9a5b00;stroke-width:1;stroke-dasharray:2 2;fill:none}"
    + ".span{stroke:#566468;stroke-width:2;fill:none}.dot{fill:#1d2a2e}.track{fill:#f0f3f3}.fill{fill:#1f6f78}"
    + ".tick{stroke:#1d2a2e;stroke-width:2}.steady{fill-opacity:.6}.band{fill-opacity:.3}.same{fill-opacity:.14}"
    + "text{fill:#1d2a2e;font-size:11px}"
)


def pdf(document: Document, *, made_at: datetime) -> bytes:
    """A4 pages with numbers. Raises `fonts.NoChineseFont` where the machine cannot show the text."""
    return _compiled(document, "pdf", made_at=made_at)


def png(document: Document) -> bytes:
    """One tall picture for a chat. Raises `fonts.NoChineseFont` where the machine cannot show the text."""
    return _compiled(document, "png", made_at=datetime(2000, 1, 1, tzinfo=UTC))


def pages(document: Document, *, ppi: float = 72) -> list[bytes]:
    """The pages of the PDF as pictures, to look at."""
    with TemporaryDirectory(prefix="huoqun-sheet-") as empty:
        made = _compiler(document, "pdf", empty).compile(format="png", ppi=ppi)
    return made if isinstance(made, list) else [made or b""]


def query(document: Document, label: str) -> list[dict[str, Any]]:
    """What stands on the sheet under a label: `name` for every name from outside, `said` for every quotation."""
    with TemporaryDirectory(prefix="huoqun-sheet-") as empty:
        found = _compiler(document, "pdf", empty).eval(f"query(<{label}>).map(it => it.text)", format="json")
    return list(json.loads(found))


def _compiled(document: Document, form: Literal["pdf", "png"], *, made_at: datetime) -> bytes:
    with TemporaryDirectory(prefix="huoqun-sheet-") as empty:
        made = _compiler(document, form, empty).compile(format=form, ppi=CHAT_PPI, timestamp=made_at.replace(microsecond=0))
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} for a {form}")
    return made


def _compiler(document: Document, form: str, empty: str) -> typst.Compiler:
    chinese = document.is_chinese or any(SINOGRAM.search(text) for text in texts(document))
    families = fonts.chosen(fonts.families(), chinese=chinese)
    inputs = {"document": json.dumps(plain(document, families, tall=form == "png"), ensure_ascii=False)}
    sheet = files(__package__).joinpath("sheet.typ").read_bytes()
    return typst.Compiler(
        input=sheet,
        root=empty,
        font_paths=fonts.installed(),
        sys_inputs=inputs,
        package_path=empty,
        package_cache_path=empty,
    )


def plain(document: Document, families: Collection[str], *, tall: bool) -> dict[str, Any]:
    """What the sheet is given."""
    say = Voice(document.language)
    can_say_it_all = any(family in fonts.CHINESE for family in families)
    return {
        "tall": tall,
        "width": CHAT_WIDTH,
        "lang": "zh" if document.is_chinese else "en",
        "fonts": list(families),
        "title": document.title,
        "about": document.about,
        "headline": _whole(document.headline),
        "below": _whole(document.below),
        "sections": [_section(section, say, families, tall=tall) for section in document.sections],
        "footer": document.footer if can_say_it_all else SINOGRAM.sub("", document.footer).strip(),
        "page_of": [say("page_of", n="\x00", all="\x01")],
        "tones": INK,
    }


def _whole(text: str) -> str:
    """Chinese counts stay with what they count: "5 个" is not broken over two lines."""
    return COUNTED.sub("\u00a0", text)


def _section(section: Section, say: Voice, families: Collection[str], *, tall: bool) -> dict[str, Any]:
    blocks = [_block(block, say, families, tall=tall) for block in section.blocks]
    return {"title": section.title, "lead": _whole(section.lead), "small": section.small, "blocks": blocks}


def _block(block: Block, say: Voice, families: Collection[str], *, tall: bool) -> dict[str, Any]:
    match block:
        case Table():
            return _table(block, say, families, tall=tall)
        case Figure(picture, caption):
            return {"is": "figure", "picture": _picture(picture, families), "caption": caption}
        case Legend(lines):
            return {"is": "legend", "lines": [_line(line, say, families) for line in lines]}
        case Points(lines):
            return {"is": "points", "lines": [_line(line, say, families) for line in lines]}
        case Facts(pairs):
            return {"is": "facts", "pairs": [[name, _line(line, say, families)] for name, line in pairs]}
        case Quotes(said):
            return {"is": "quotes", "said": [[one.who, one.when, one.text] for one in said]}
        case Notes(items):
            return {"is": "notes", "items": list(items)}


def _table(table: Table, say: Voice, families: Collection[str], *, tall: bool) -> dict[str, Any]:
    kept = [place for place, column in enumerate(table.columns) if not _left_out(column, place, table, tall=tall)]
    columns = [table.columns[place] for place in kept]
    return {
        "is": "table",
        "titled": table.titled and not tall,
        "columns": [_column(column) for column in columns],
        "rows": [_row(row, kept, say, families) for row in table.rows],
    }


def _left_out(column: Column, place: int, table: Table, *, tall: bool) -> bool:
    """In a chat a row of cards is told by its first cell."""
    return (column.long or (place > 0 and table.cards)) if tall else column.screen_only


def _column(column: Column) -> dict[str, Any]:
    return {"title": column.title, "kind": column.kind.value, "share": column.share}


def _row(row: Row, kept: list[int], say: Voice, families: Collection[str]) -> dict[str, Any]:
    cells = row.cells if row.heads else tuple(row.cells[place] for place in kept)
    return {"heads": row.heads, "cells": [_cell(each, say, families) for each in cells]}


def _cell(cell: Cell, say: Voice, families: Collection[str]) -> list[Any]:
    return [_line(line, say, families) for line in cell.lines]


def _line(line: Line, say: Voice, families: Collection[str]) -> list[dict[str, Any]]:
    return [told for piece in line for told in _piece(piece, say, families)]


def _piece(piece: Piece, say: Voice, families: Collection[str]) -> list[dict[str, Any]]:
    match piece:
        case Name(text):
            return [{"is": "name", "text": text}]
        case Mark(state):
            word = STATES[state].say(say.language) if state else say("unseen")
            return [{"is": "mark", "tone": tone(state), "svg": _drawn(shape(state), INK[tone(state)], families), "text": word}]
        case Soft(text):
            return [{"is": "soft", "text": _whole(text)}]
        case Strong(text):
            return [{"is": "strong", "text": text}]
        case Day(day):
            return [{"is": "text", "text": day.isoformat()}]
        case Picture():
            return [{"is": "picture"} | _picture(piece, families)]
        case Spoken(pieces):
            return _line(pieces, say, families)
        case _:
            return [{"is": "text", "text": _whole(str(piece))}]


def _picture(picture: Picture, families: Collection[str]) -> dict[str, Any]:
    drawn = _drawn(picture.svg, "#1d2a2e", families)
    return {
        "svg": drawn,
        "width": picture.width,
        "height": picture.height,
        "grows": picture.grows,
        "flat": picture.flat,
        "label": picture.label,
    }


def _drawn(svg: str, ink: str, families: Collection[str]) -> str:
    """A picture that stands by itself: with its namespace, its colours, and a font there is."""
    listed = ",".join(f"'{family}'" for family in families)
    style = f"<style>{_STYLE}text{{font-family:{listed}}}</style>"
    return re.sub(
        r"^<svg([^>]*)>", rf'<svg xmlns="http://www.w3.org/2000/svg" color="{ink}" fill="{ink}"\1>{style}', svg, count=1
    )
