"""The notice of the group."""

from __future__ import annotations

from huoqun.sop.parts.shape import Base, Words


class Notice(Base, frozen=True, kw_only=True, tag_field="do", tag="notice"):
    words: Words
