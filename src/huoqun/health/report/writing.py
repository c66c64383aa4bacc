"""Writes a report's files: the page always, the PDF and the picture where the machine can set them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .blocks import Document
from .fonts import NoChineseFont
from .html import page

FORMATS = ("html", "pdf", "png")
NO_CHINESE_FONT = "no_chinese_font"


@dataclass(frozen=True, slots=True)
class Made:
    formats: tuple[str, ...]
    missing: str = ""
    """Why a format is missing, as a code; "" where none is."""


def path_of(folder: Path, form: str) -> Path:
    return folder / f"report.{form}"


def write(folder: Path, whole: Document, forwarded: Document, *, made_at: datetime) -> Made:
    """`whole` as HTML and PDF, `forwarded` as the picture. What is in the folder already is replaced."""
    from . import typeset  # noqa: PLC0415 -- brings typst, which only a process that sets reports needs

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path_of(folder, "html").write_text(page(whole), encoding="utf-8")
    set_by: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: typeset.pdf(whole, made_at=made_at),
        "png": lambda: typeset.png(forwarded),
    }
    formats, missing = ["html"], ""
    for form, make in set_by.items():
        try:
            path_of(folder, form).write_bytes(make())
            formats.append(form)
        except NoChineseFont:
            missing = NO_CHINESE_FONT
    return Made(tuple(formats), missing)
