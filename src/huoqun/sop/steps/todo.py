"""A person does something, with everything prepared."""

from __future__ import annotations

from huoqun.sop.parts.lapse import Lapse
from huoqun.sop.parts.shape import Base, Words, usually


class Todo(Base, frozen=True, kw_only=True, tag_field="do", tag="todo"):
    task: str
    """What to do, as the heading of the to-do."""
    script: Words | None = None
    """What to say."""
    within: Lapse = usually(Lapse, "2h")
    """Due so long after its moment."""
