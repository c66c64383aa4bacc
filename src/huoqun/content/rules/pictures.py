"""Which files are pictures, and how many of which size a broadcast takes."""

from __future__ import annotations

from huoqun.vocabulary.pictures import CONTENT_TYPES, LARGEST, kind_of

MOST = 9

__all__ = ["CONTENT_TYPES", "LARGEST", "MOST", "kind_of"]
