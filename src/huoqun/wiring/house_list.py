"""The list of house accounts that goes with a file: read without settings or database."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from huoqun.wiring.list_file import open_list

KINDS = ("staff", "helper", "bot")


class BadHouseList(ValueError):
    """The list cannot be used; the message names the file, the line, the column and the remedy."""


def read_house_list(path: Path) -> dict[str, str]:
    """{author_id: staff, helper or bot} from a CSV with author_id and, if it has one, house or kind. Raises BadHouseList.

    A list without kinds, or with other words for them ("commit_feed"), is a list of bots.
    """
    try:
        return {author: kind for line, author, kind in _lines(path) if _is_told(path, line, author)}
    except csv.Error as wrong:
        raise BadHouseList(f"{path.name} is not a CSV file that can be read ({wrong}). Save it as CSV (UTF-8).") from wrong


def _lines(path: Path) -> Iterator[tuple[int, str, str]]:
    reader = csv.DictReader(open_list(path))
    reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
    if "author_id" not in reader.fieldnames:
        found = ", ".join(filter(None, reader.fieldnames))[:200] or "nothing"
        raise BadHouseList(
            f"{path.name}, line 1: there is no column author_id (found: {found}). "
            "The first line must name the columns; author_id holds the accounts to leave out."
        )
    for row in reader:
        yield reader.line_num, (row["author_id"] or "").strip(), _kind(row)


def _kind(row: dict[str, str]) -> str:
    kind = (row.get("house") or row.get("kind") or "").strip()
    return kind if kind in KINDS else "bot"


def _is_told(path: Path, line: int, author: str) -> bool:
    if not author:
        raise BadHouseList(f"{path.name}, line {line}: author_id is empty. Fill it in, or delete the line.")
    return True
