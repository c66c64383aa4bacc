"""When somebody says so."""

from __future__ import annotations

from huoqun.sop.parts.shape import Part


class ByHand(Part, frozen=True, kw_only=True, tag_field="when", tag="hand"):
    pass
