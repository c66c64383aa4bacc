"""Whether a group's runs of a launch may begin: where a fair test is drawn, from its wave on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from huoqun.community.models import Group
from huoqun.sop.models import Launch, Trial, TrialGroup
from huoqun.sop.rules.moments import local
from huoqun.sop.rules.testing import day_of


@dataclass(frozen=True, slots=True)
class Gate:
    starts: Mapping[int, datetime | None]
    """By group; None: held back for good."""
    over: datetime
    """Groups that were not drawn wait until then: before it nothing but the lot decides who starts."""

    def lets(self, group: int, at: datetime) -> bool:
        if group in self.starts:
            start = self.starts[group]
            return start is not None and at >= start
        return at >= self.over


def gate(launch: Launch) -> Gate | None:
    """None where nothing is tested: everything may begin."""
    trial = Trial.objects.filter(launch=launch).first()
    if trial is None:
        return None
    rows = TrialGroup.objects.filter(trial=trial).values_list("group", "unit__week")
    moments = {week: starts_at(trial, week, launch.community.zone) for week in (*trial.waves, trial.weeks)}
    starts = {group: None if week is None else moments[week] for group, week in rows}
    return Gate(starts, moments[trial.weeks])


def starts_at(trial: Trial, week: int, zone: str) -> datetime:
    """Midnight at home of the day the week begins on."""
    return local(day_of(week, trial.first_day, trial.before), time(), ZoneInfo(zone))


def may_begin(launch: Launch, group: Group | int, at: datetime) -> bool:
    found = gate(launch)
    return found is None or found.lets(group if isinstance(group, int) else group.pk, at)
