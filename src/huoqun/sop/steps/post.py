"""Something is said in the group."""

from __future__ import annotations

from huoqun.sop.parts.shape import Base, Words


class Post(Base, frozen=True, kw_only=True, tag_field="do", tag="post"):
    words: Words
