"""When a group is new."""

from __future__ import annotations

from huoqun.sop.parts.shape import Part


class Born(Part, frozen=True, kw_only=True, tag_field="when", tag="born"):
    pass
