"""Once, on a day."""

from __future__ import annotations

import datetime

from huoqun.sop.parts.lapse import Clock
from huoqun.sop.parts.shape import Part, usually


class OnDate(Part, frozen=True, kw_only=True, tag_field="when", tag="date"):
    date: datetime.date
    time: Clock = usually(Clock, "09:00")
    """In each group's own zone."""
