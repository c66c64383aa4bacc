"""A topic is opened: a question to the group, and somebody who keeps it going."""

from __future__ import annotations

from huoqun.sop.parts.lapse import Lapse
from huoqun.sop.parts.shape import Base, Words, usually


class Topic(Base, frozen=True, kw_only=True, tag_field="do", tag="topic"):
    words: Words
    seeds: tuple[str, ...] = ()
    """What whoever keeps it going says first when nobody else does; it comes as a to-do after `quiet`."""
    quiet: Lapse = usually(Lapse, "30m")
