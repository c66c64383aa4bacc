"""When work is due, when a worker is held to be dead, when trying again has no sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, rrule

LEASE = timedelta(seconds=60)
"""A running job whose worker has not been heard of for so long is taken up by another."""

BEAT = timedelta(seconds=15)

INTERRUPTIONS = 5
"""A job whose worker has died so often without getting any further is the likely cause: it fails instead of taking down
the next."""


def is_abandoned(heartbeat_at: datetime | None, now: datetime) -> bool:
    return heartbeat_at is None or heartbeat_at < now - LEASE


@dataclass(frozen=True, slots=True)
class Daily:
    """Work for every day at `at`, by the clock on the wall of `zone`."""

    kind: str
    at: time
    zone: str

    def latest(self, now: datetime) -> datetime:
        """The last time it was due, `now` included."""
        here = now.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        days = rrule(DAILY, dtstart=datetime.combine(here.date() - timedelta(days=2), self.at))
        due = [each.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC) for each in days.between(days[0], here, inc=True)]
        # An hour the clocks leave out or have twice can lie a little after `now` once it is told in UTC.
        return max(each for each in due if each <= now)

    def key(self, now: datetime) -> str:
        return f"{self.latest(now).astimezone(ZoneInfo(self.zone)).date():%Y-%m-%d}"
