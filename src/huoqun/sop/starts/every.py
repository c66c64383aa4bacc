"""Again and again, by a rule of the calendar in the group's zone."""

from __future__ import annotations

import datetime
from typing import Literal

from huoqun.sop.parts.lapse import Clock
from huoqun.sop.parts.shape import Part, usually


class Every(Part, frozen=True, kw_only=True, tag_field="when", tag="every"):
    rule: str
    """As in iCalendar (RFC 5545): FREQ=WEEKLY;BYDAY=FR."""
    time: Clock = usually(Clock, "09:00")
    since: datetime.date | None = None
    until: datetime.date | None = None
    holidays: Literal["", "as_usual", "skip", "move", "workdays", "next_workday"] = ""
    """Whether a run begins on China's days off; empty: as the playbook says. `skip`: none begins on a public holiday. `move`:
    it begins on the next day that is none. `workdays`: only on working days; a rule of Monday to Friday then gains the
    Saturdays and Sundays on which people make up for a holiday. `next_workday`: it moves to the next working day.
    """
