"""What a kind of group talks about, as data: the modules beside this one hold nothing but words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Exchange = tuple[str, ...]
"""An opening and what may be answered to it. `{slot}` is filled once a conversation, so answers speak of the same thing."""


@dataclass(frozen=True)
class Theme:
    slots: Mapping[str, tuple[str, ...]]
    questions: tuple[Exchange, ...]
    shares: tuple[Exchange, ...]
    """Somebody tells something; others react."""
    topics: tuple[Exchange, ...]
    """The operator's topic of the day, and what members say to it."""
    asides: tuple[str, ...]
    """Remarks that fit into nearly every conversation of the theme."""
    news: tuple[str, ...]
    ads: tuple[str, ...]
    notices: tuple[str, ...]
    pictures: tuple[str, ...]
    files: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    """The call to the recurring event; `{nth}` is its number."""
    present: tuple[str, ...] = ()
    """How people take part in it."""
    goods: tuple[str, ...] = ()
    """What orders are made of."""
    pieces: tuple[str, ...] = ()
    """Titles of what members write."""
    reviews: tuple[str, ...] = ()
    topic_names: tuple[str, ...] = field(default=())
