"""When something is true of a member for the first time."""

from __future__ import annotations

from typing import Literal

from huoqun.sop.parts.shape import Part


class OnFact(Part, frozen=True, kw_only=True, tag_field="when", tag="fact"):
    fact: Literal["first_purchase", "silent", "first_words"]
    days: int = 14
    """Of silence."""
