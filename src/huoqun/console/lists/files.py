"""A list as a file. Spreadsheets run what looks like a formula, so text that does is made plain text first."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: spreadsheets take it for a formula."""

LONGEST = 32_767
"""Characters a cell of a spreadsheet holds."""


def harmless(value: Any) -> Any:
    """Text which a spreadsheet would run gets a leading apostrophe; numbers and times stay what they are."""
    if isinstance(value, Promise):
        value = str(value)
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(RISKY) else value
    return value


def local(value: Any) -> Any:
    """Times as the account's clock showed them, without a zone: spreadsheets know none."""
    return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if isinstance(value, datetime) else value


def as_text(value: Any) -> str:
    plain = local(value)
    if plain is None:
        return ""
    if isinstance(plain, datetime):
        return f"{plain:%Y-%m-%d %H:%M:%S}"
    return str(harmless(plain))


class _Line:
    """What csv.writer writes to: the line is handed on instead of kept."""

    def write(self, text: str) -> str:
        return text


def csv_lines(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The file line by line, with the mark by which Excel knows it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([as_text(head) for head in heads])
    for row in rows:
        yield writer.writerow([as_text(value) for value in row])


def as_cell(value: Any) -> Any:
    plain = local(value)
    if isinstance(plain, str | Promise):
        return harmless(ILLEGAL_CHARACTERS_RE.sub("", str(plain)))[:LONGEST]
    return plain if isinstance(plain, int | float | date | None) else harmless(str(plain))


def xlsx(title: str, heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> IO[bytes]:
    """The workbook as an open temporary file, at its beginning; written row by row, so memory does not grow with it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(c for c in title if c not in r"[]:*?/\\")[:31] or "Huoqun")
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, head) for head in heads])
    for row in rows:
        sheet.append([as_cell(value) for value in row])
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _head(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=as_cell(words))
    cell.font = Font(bold=True)
    return cell
