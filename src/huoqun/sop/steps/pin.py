"""What an earlier step said is pinned."""

from __future__ import annotations

from huoqun.sop.parts.shape import Base


class Pin(Base, frozen=True, kw_only=True, tag_field="do", tag="pin"):
    said: str
    """Key of the step."""
