"""Addresses of our own files."""

from __future__ import annotations

import hashlib
from functools import cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class StampedFiles(StaticFilesStorage):
    """Each address carries a stamp of the file's content: browsers keep files long, and take the new one after an update."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        stamp = stamp_of(name or "")
        return f"{address}?{stamp}" if stamp else address


@cache
def stamp_of(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    with open(found, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:10]
