"""What an audit is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .rules import LIMITS, Limits, day_number, starts_at


@dataclass(frozen=True, slots=True)
class Question:
    """What an audit is asked: as of the end of which day of which zone, over how many days."""

    as_of: date
    zone: ZoneInfo
    window: int = 7
    limits: Limits = LIMITS

    def constants(self, anchor: int) -> dict[str, str]:
        return self.limits.constants() | {
            "as_of": str(day_number(self.as_of)),
            "window": str(self.window),
            "anchor": str(anchor),
            "service_reach": str(self.limits.service_reach),
        }

    @property
    def service_from(self) -> date:
        return self.as_of - timedelta(days=self.limits.service_reach)

    @property
    def questions_from(self) -> date:
        return self.service_from

    @property
    def ends_at(self) -> datetime:
        return starts_at(self.as_of + timedelta(days=1), self.zone)
