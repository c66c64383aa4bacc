"""What fair tests could show, kept: over thousands of groups it takes a while to work out, and a page is looked at often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from huoqun.health import queries
from huoqun.health.models import TrialOutlook
from huoqun.health.trials import Foreseen, Outlook, look_ahead
from huoqun.sop.effects.smallest import Smallest
from huoqun.sop.eligible import Unit
from huoqun.sop.models import Launch
from huoqun.sop.rules.testing import Plan

GOOD_FOR = timedelta(days=1)


def named(plan: Plan) -> str:
    """What the outlook hangs on; not the day it starts on."""
    return f"{plan.waves}/{plan.every}/{plan.held_back:g}/{plan.after}"


def kept(launch: Launch, plan: Plan, *, now: datetime) -> Outlook | None:
    """As it was worked out for this plan by the newest audit, within a day."""
    row = TrialOutlook.objects.filter(
        launch=launch, plan=named(plan), audit=_audited(launch), made_at__gt=now - GOOD_FOR
    ).first()
    return None if row is None else _outlook(row.told, plan)


def work_out(
    launch: Launch,
    plan: Plan,
    units: list[Unit],
    *,
    now: datetime,
    report: Callable[[int, int], object] = lambda done, total: None,
) -> Outlook:
    found = look_ahead(launch, plan, units, report=report)
    values = {"audit": _audited(launch), "made_at": now, "told": told(found)}
    TrialOutlook.objects.update_or_create(launch=launch, plan=named(plan), defaults=values)
    return found


def _audited(launch: Launch) -> date | None:
    audit = queries.latest_audit(launch.community)
    return None if audit is None else audit.as_of


def told(outlook: Outlook) -> dict[str, Any]:
    seen = outlook.foreseen
    return {
        "groups": outlook.groups,
        "units": outlook.units,
        "together": [list(unit) for unit in outlook.together],
        "unaudited": [day.isoformat() for day in outlook.unaudited],
        "before": seen.plan.before,
        "level": seen.level,
        "smallest": None if seen.smallest is None else asdict(seen.smallest),
    }


def _outlook(told: dict[str, Any], plan: Plan) -> Outlook:
    smallest = None if told["smallest"] is None else Smallest(**told["smallest"])
    planned = Plan(plan.first_day, told["before"], plan.waves, plan.every, plan.held_back, plan.after)
    return Outlook(
        told["groups"],
        told["units"],
        tuple(map(tuple, told["together"])),
        tuple(map(date.fromisoformat, told["unaudited"])),
        Foreseen(planned, smallest, told["level"]),
    )
