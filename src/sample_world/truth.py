"""The planted truth, read off the courses and roles; the talk itself is never looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from .course import days_a_week, truth
from .lived import Lived
from .people import RANK, Role


def of(lived: Sequence[Lived]) -> dict[str, Any]:
    return {"groups": {life.plan.id: _group(life) for life in lived}, "people": _people(lived)}


def _group(life: Lived) -> dict[str, Any]:
    plan, course = life.plan, life.plan.course
    state, since = truth(course)
    return {
        "name": plan.name,
        "kind": plan.kind.name,
        "state": state.value,
        "since": plan.date_of(since).isoformat(),
        "causes": [cause.value for cause in plan.fate.causes],
        "born": plan.date_of(course.born).isoformat(),
        "expected_days_a_week": round(days_a_week(course.now), 3),
        "mechanism": _mechanism(life),
        "roles": _roles(life),
    }


def _mechanism(life: Lived) -> dict[str, Any]:
    plan, course = life.plan, life.plan.course
    dates = {"off": course.off, "onset": course.onset, "revived": course.revived, "sop_ends": plan.manner.sop_ends}
    known = {name: plan.date_of(day).isoformat() for name, day in dates.items() if day is not None}
    manner = {name: round(value, 4) for name, value in asdict(plan.manner).items() if name != "sop_ends"}
    lulls = [
        [plan.date_of(start).isoformat(), plan.date_of(end).isoformat(), round(factor, 2)]
        for start, end, factor in course.lulls
    ]
    return (
        known
        | manner
        | {"conversations_a_day_now": round(course.now, 4), "before_fall": round(course.before_fall, 4), "lulls": lulls}
    )


def _roles(life: Lived) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {role.value: [] for role in Role}
    for member in life.scene.members:
        if member.joined < life.scene.until:
            roles[member.role.value].append(member.person.id)
    return {role: ids for role, ids in roles.items() if ids}


def _people(lived: Sequence[Lived]) -> dict[str, dict[str, str]]:
    """Everybody once, with the role that says most about them."""
    found: dict[str, tuple[int, str, Role]] = {}
    for life in lived:
        for member in life.scene.members:
            entry = (RANK[member.role], member.person.name, member.role)
            if member.person.id not in found or entry[0] < found[member.person.id][0]:
                found[member.person.id] = entry
    return {person: {"name": name, "role": role.value} for person, (_, name, role) in found.items()}
