"""The truth of a world of cases, as `truth.json` says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sample_world.course import Cause, days_a_week
from sample_world.people import RANK, Role

from . import verdict
from .verdict import Verdict

if TYPE_CHECKING:
    from .make import Told


def of(told: Sequence[Told]) -> dict[str, Any]:
    verdicts = [verdict.judge(one.group) for one in told]
    groups = {one.group.plan.id: _group(one, known) for one, known in zip(told, verdicts, strict=True)}
    _partners(told, verdicts, groups)
    return {"groups": groups, "people": _people(told)}


def _group(told: Told, known: Verdict) -> dict[str, Any]:
    plan, case = told.group.plan, told.group.case
    return {
        "name": plan.name,
        "kind": plan.kind.name,
        "state": known.state.value,
        "since": plan.date_of(known.since).isoformat(),
        "well": known.well,
        "causes": [cause.value for cause in known.causes],
        "planted": [
            {"cause": ill.cause.value, "strength": ill.strength, "begins": _date(told, ill.cause)} for ill in case.ills
        ],
        "strength": case.ills[0].strength if case.ills else 0.0,
        "distractors": [str(distractor) for distractor in case.distractors],
        "action": known.action,
        "also_right": list(known.also_right),
        "merge_with": [],
        "born": plan.date_of(plan.course.born).isoformat(),
        "recorded_until": None if told.gap is None else told.gap.at,
        "expected_days_a_week": round(days_a_week(known.now), 3),
        "level_before": round(known.before, 4),
        "level_now": round(known.now, 4),
        "silent_within_30d": {
            "silent": told.ahead.silent,
            "chance": round(told.ahead.chance_silent, 3),
            "messages": told.ahead.messages,
            "by_strangers": told.ahead.strangers,
        },
        "mechanism": _mechanism(told),
        "roles": _roles(told),
    }


def _date(told: Told, cause: Cause) -> str:
    plan = told.group.plan
    return plan.date_of(told.group.begins.get(cause, 0)).isoformat()


def _mechanism(told: Told) -> dict[str, Any]:
    """The latent course week by week: expected conversations a day, the operator's energy."""
    society, days = told.group.society, told.group.plan.days
    weeks = range(days - 7 * (days // 7), days, 7)
    level = [round(sum(society.level.get(d, 0.0) for d in range(w, w + 7)) / 7, 3) for w in weeks]
    energy = [round(society.energies.get(week + 6, 1.0), 3) for week in weeks]
    return {"level_by_week": level, "operator_energy_by_week": energy, "rests": [list(rest) for rest in society.rests]}


def _partners(told: Sequence[Told], verdicts: Sequence[Verdict], groups: dict[str, dict[str, Any]]) -> None:
    """Whom a group could be merged with: its kin first, then what is well, of the same kind and carrier, and has room."""
    for one in told:
        plan = one.group.plan
        if groups[plan.id]["action"] != "merge" and "merge" not in groups[plan.id]["also_right"]:
            continue
        others = [
            (other.group.case.kin != one.group.case.kin or one.group.case.kin is None, other.group.plan.id)
            for other, known in zip(told, verdicts, strict=True)
            if other is not one and known.well and _fits(one, other)
        ]
        groups[plan.id]["merge_with"] = [name for _, name in sorted(others)]


def _fits(one: Told, other: Told) -> bool:
    mine, theirs = one.group.plan, other.group.plan
    return mine.kind.name == theirs.kind.name and mine.carrier == theirs.carrier and theirs.size < 380


def _roles(told: Told) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {role.value: [] for role in Role}
    scene = told.group.society.scene
    for member in scene.members:
        if member.joined < scene.until:
            roles[member.role.value].append(member.person.id)
    return {role: ids for role, ids in roles.items() if ids}


def _people(told: Sequence[Told]) -> dict[str, dict[str, str]]:
    found: dict[str, tuple[int, str, Role]] = {}
    for one in told:
        for member in one.group.society.scene.members:
            entry = (RANK[member.role], member.person.name, member.role)
            if member.person.id not in found or entry[0] < found[member.person.id][0]:
                found[member.person.id] = entry
    return {person: {"name": name, "role": role.value} for person, (_, name, role) in found.items()}
