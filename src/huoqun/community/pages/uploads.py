"""Files somebody hands in: kept under names of our own, out of reach of the web server."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

UNSAFE = re.compile(r"[^\w.\-()\[\] ]+")


def keep(files: Iterable[UploadedFile[Any]]) -> list[Path]:
    """The files in a new folder under uploads/imports, each under its own name made harmless. Returns their paths.

    Two files of one name keep apart by a number in front.
    """
    folder = _place() / uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    kept = []
    for number, file in enumerate(files):
        path = folder / harmless(file.name or "")
        if path.exists():
            path = folder / f"{number}-{path.name}"
        with path.open("xb") as place:
            for chunk in file.chunks():
                place.write(chunk)
        kept.append(path)
    return kept


def harmless(name: str) -> str:
    """A file name without folders, control characters or leading dots. Names matter: they tell formats apart."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return UNSAFE.sub("_", last).lstrip(". ")[-150:] or "file"


def drop(paths: Iterable[str]) -> None:
    """Delete what was kept for an import; files that were named on the command line are not ours and stay."""
    root = _place()
    for folder in {Path(path).parent for path in paths}:
        if folder.parent == root:
            shutil.rmtree(folder, ignore_errors=True)


def _place() -> Path:
    return Path(settings.UPLOADS) / "imports"
