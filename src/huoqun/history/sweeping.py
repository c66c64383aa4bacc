"""What writers leave behind when they die between writing a file and entering it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

GRACE = timedelta(hours=1)
"""A file younger than this may belong to a writer that is about to enter it."""


def spill_folder(root: Path) -> Path:
    """Where this process puts what does not fit into memory; swept like the rest if the process dies."""
    return root / "_staging" / f"spill-{os.getpid()}"


def sweep(root: Path, live: Collection[str], *, now: datetime) -> int:
    """Deletes data files the table does not know, and folders of work nobody finished; returns how many."""
    before = (now - GRACE).timestamp()
    strays = [file for file in root.glob("community=*/month=*/*.parquet") if file.relative_to(root).as_posix() not in live]
    old = [file for file in strays if _is_older(file, before)]
    for file in old:
        file.unlink(missing_ok=True)
    unfinished = [
        folder for folder in root.glob("_staging/*") if all(_is_older(each, before) for each in (folder, *folder.glob("*")))
    ]
    for folder in unfinished:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old) + len(unfinished)


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False
