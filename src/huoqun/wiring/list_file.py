"""Lists people bring along: small CSV files, out of whichever spreadsheet."""

from __future__ import annotations

import io
from pathlib import Path


def open_list(path: Path) -> io.StringIO:
    """The text of a list, line by line. Spreadsheets in Chinese write GB18030 where nobody tells them otherwise."""
    raw = path.read_bytes().replace(b"\0", b"")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return io.StringIO(text, newline="")
