"""The run ends here, and with it the group where it was meant to."""

from __future__ import annotations

from huoqun.sop.parts.shape import Base, Words


class End(Base, frozen=True, kw_only=True, tag_field="do", tag="end"):
    dissolve: bool = False
    """The group is dissolved: by the carrier, else by a person's hand."""
    farewell: Words | None = None
    """Said before."""
