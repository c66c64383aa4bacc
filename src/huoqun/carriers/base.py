"""What a carrier promises. A reader of files promises the part below; live carriers add receiving and sending."""

from __future__ import annotations

from dataclasses import dataclass

from huoqun.vocabulary.events import Event


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One record of a file that could not be read. The rest of the file goes on."""

    file: str
    line: int | None
    """Line (text formats) or record number (binary ones), from 1; None where neither is known."""
    field: str
    problem: str
    """In plain words, with the remedy: English text that the page translates by `str.format` of a known message."""
    raw: str
    """The record as it stood, cut at 4,000 characters."""


Parsed = Event | Unreadable
