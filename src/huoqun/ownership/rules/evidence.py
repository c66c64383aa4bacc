"""What counts as a link, a number, a note."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

LONGEST = 1000
_NUMBER = re.compile(r"[-+]?\d{1,15}([.,]\d{1,6})?")


def link(said: str) -> str | None:
    """A whole address, or None."""
    told = said.strip()
    try:
        parts = urlsplit(told)
        known = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    except ValueError:
        return None
    return told if known and len(told) <= LONGEST and not re.search(r"\s", told) else None


def number(said: str) -> str | None:
    """Digits as people write them, in full width as well, without what groups them."""
    told = unicodedata.normalize("NFKC", said).strip()
    told = re.sub(r"[\s,](?=\d{3}(?!\d))", "", told)
    return told.replace(",", ".") if _NUMBER.fullmatch(told) else None


def note(said: str) -> str | None:
    """A few words at least: a dot says nothing."""
    told = said.strip()
    return told[:LONGEST] if sum(letter.isalnum() for letter in told) >= 2 else None
