"""When somebody comes in."""

from __future__ import annotations

from huoqun.sop.parts.shape import Part


class Joined(Part, frozen=True, kw_only=True, tag_field="when", tag="joined"):
    source: str = ""
    """Only those who came by the live code with this source."""
    again: bool = False
    """Also for somebody who was there before."""
