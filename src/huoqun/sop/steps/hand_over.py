"""Another playbook goes on from here."""

from __future__ import annotations

from huoqun.sop.parts.shape import Base


class HandOver(Base, frozen=True, kw_only=True, tag_field="do", tag="hand_over"):
    playbook: str
    """Its short name."""
