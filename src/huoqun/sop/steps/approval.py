"""Somebody says yes before it goes on."""

from __future__ import annotations

from typing import Literal

from huoqun.sop.parts.lapse import Lapse
from huoqun.sop.parts.shape import Base, usually


class Approval(Base, frozen=True, kw_only=True, tag_field="do", tag="approval"):
    question: str
    limit: Lapse = usually(Lapse, "2d")
    otherwise: Literal["go_on", "end"] = "end"
    """When nobody has answered by then."""
