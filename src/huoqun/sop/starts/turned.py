"""When the audit puts a group in another state, or somebody in another stage."""

from __future__ import annotations

from huoqun.sop.parts.lapse import Lapse
from huoqun.sop.parts.shape import Part, usually


class Turned(Part, frozen=True, kw_only=True, tag_field="when", tag="turned"):
    to: tuple[str, ...]
    """States."""
    approval: bool = True
    """Somebody says yes first, for each group."""
    not_again_within: Lapse = usually(Lapse, "60d")
