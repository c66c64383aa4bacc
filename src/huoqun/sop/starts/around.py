"""Around a moment that is said when it is put to work: an event, an opening, a sale."""

from __future__ import annotations

from huoqun.sop.parts.shape import Part


class Around(Part, frozen=True, kw_only=True, tag_field="when", tag="event"):
    """Steps count from that moment: `offset: -30m` is half an hour before it."""

    title: str = ""
