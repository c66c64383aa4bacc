"""The one door to the carriers. Rooms above import from here and from nowhere else in this folder's subfolders."""

from __future__ import annotations

from dataclasses import dataclass

from .exports.errors import (
    ExportError,
    FileUnreadable,
    NothingToRead,
    NotRecognised,
    TooLarge,
    Translate,
    UnsafeArchive,
    ZoneNeeded,
    told,
)
from .exports.format import Setting
from .exports.formats import FORMATS
from .exports.limits import Limits
from .exports.reading import Progress, Reading, Recognised, read, recognise

__all__ = [
    "ExportError",
    "FileUnreadable",
    "FormatTitle",
    "Limits",
    "NotRecognised",
    "NothingToRead",
    "Progress",
    "Reading",
    "Recognised",
    "Setting",
    "TooLarge",
    "Translate",
    "UnsafeArchive",
    "ZoneNeeded",
    "formats",
    "read",
    "recognise",
    "titles_told",
    "told",
]


@dataclass(frozen=True, slots=True)
class FormatTitle:
    """A format as a page names it."""

    name: str
    title: str
    carrier: str
    needs_zone: bool


def formats() -> list[FormatTitle]:
    """Every format that can be read, in the order they are tried."""
    return [FormatTitle(form.NAME, form.TITLE, form.CARRIER, form.NEEDS_ZONE) for form in FORMATS]


def titles_told(titles: str, translate: Translate) -> str:
    """Titles joined in English, in another language. They have commas of their own, so they are not cut apart at those."""
    for form in FORMATS:
        titles = titles.replace(form.TITLE, translate(form.TITLE))
    return titles
