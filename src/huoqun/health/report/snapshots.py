"""Reports from stored snapshots: the same plain object that `told` makes of files, and what a check-up is made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.utils import translation

from huoqun.community.capacity import capacity_of
from huoqun.community.models import Community, Group, Identity, Lifecycle
from huoqun.health import queries
from huoqun.health.causes.findings import ACTIONS, CODES
from huoqun.health.flows import ABSENT, Flow
from huoqun.health.life.rules import State
from huoqun.health.life.wording import STATES
from huoqun.health.models import Audit, GroupDay, GroupGraph, GroupHealth, Objection, PersonRole, Unanswered

from . import judged
from .chapters.groups import shown
from .chapters.needing import SHOWN as NEEDING
from .chapters.needing import pressing
from .check_up import Asked, CheckUp, Days, Member, Objected
from .documents import LISTED
from .result import SHOWN_DAYS, audit_of, judged_of, outlook_of
from .result import Group as Told

COLUMNS = (
    "state", "since", "p_alive", "p_low", "p_high", "changed_on", "messages_7d", "messages_30d", "speakers_7d",
    "days_active_7d", "life_days", "members", "joins_30d", "leaves_30d", "questions_30d", "unanswered", "reasons", "enough",
    "action", "advice", "p_silent", "p_silent_low", "p_silent_high", "outlook", "main_cause",
)  # fmt: skip
FIGURES = ("first_words", "first_words_answered")
"""Figures by name that the chapters about all groups read."""
MONTHS = 4
ACTIVITY_DAYS = 180
MEMBERS, QUESTIONS, OBJECTIONS = 10, 5, 5
LONGEST = 300
"""Characters of a message that a report quotes."""


def portfolio(audit: Audit, *, since: date | None = None) -> dict[str, Any]:
    """The audit as a plain object; with `since` what moved since that day, in `week`."""
    groups = list(_groups(audit))
    plain: dict[str, Any] = {
        "as_of": audit.as_of,
        "window": audit.window,
        "zone": audit.community.zone,
        "community": audit.community.name,
        "portfolio": audit.portfolio,
        "groups": groups,
        "operators": audit.operators,
        "advice": _advice(audit, groups),
        "track": audit.outlook,
        "coverage": audit.coverage,
    }
    if since is not None:
        plain |= {"week": _week(audit, since), "flows": _flows(audit)}
    _draw(audit, plain)
    return plain


def _groups(audit: Audit) -> Iterable[dict[str, Any]]:
    rows = GroupHealth.objects.filter(audit=audit).order_by("group_id")
    names = dict(Group.objects.filter(community=audit.community).values_list("key", "name"))
    beside = (
        "group_id",
        "group__key",
        "group__name",
        "group__native_id",
        "group__planned_end",
        "messages_ever",
        "causes",
        "figures",
    )
    for row in rows.values(*COLUMNS, *beside).iterator(chunk_size=500):
        figures = row["figures"] or {}
        yield {name: row[name] for name in COLUMNS} | {name: figures.get(name) for name in FIGURES} | {
            "id": row["group_id"],
            "group_key": row["group__key"],
            "group_name": row["group__name"] or row["group__native_id"],
            "planned_end": row["group__planned_end"],
            "messages": row["messages_ever"],
            "causes": [{**cause, "messages": []} for cause in row["causes"]],
            "partner": names.get((row["advice"] or {}).get("with_group") or 0, ""),
        }  # fmt: skip


def _advice(audit: Audit, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """With the groups by name."""
    names = {row["group_key"]: row["group_name"] for row in groups}
    rows = [
        row | {"group_name": names[row["group_key"]], "partner": names.get(row.get("with_group"), "")}
        for row in audit.advice.get("rows") or ()
        if row["group_key"] in names
    ]
    return {**audit.advice, "rows": rows} if audit.advice else {}


def _draw(audit: Audit, plain: dict[str, Any]) -> None:
    """Days for the sparklines of those groups that are shown."""
    read = audit_of(plain)
    named = [*(one.group for one in pressing(read)[:NEEDING]), *shown(read, LISTED)]
    wanted = {int(group.figures["id"]) for group in named}
    days = _daily(wanted, audit.as_of, SHOWN_DAYS)
    for row in plain["groups"]:
        if row["id"] in wanted:
            row["daily"] = [messages for messages, _ in days[row["id"]]]


def _daily(groups: Collection[int], as_of: date, length: int) -> dict[int, list[tuple[int, int]]]:
    """(member messages, house messages) of each day, the audit's day last."""
    found: dict[int, list[tuple[int, int]]] = {group: [(0, 0)] * length for group in groups}
    rows = GroupDay.objects.filter(group_id__in=groups, day__gt=as_of - timedelta(days=length), day__lte=as_of)
    for group, day, messages, house in rows.values_list("group_id", "day", "messages", "house_messages").iterator():
        found[group][length - 1 - (as_of - day).days] = (messages, house)
    return found


def _week(audit: Audit, since: date) -> dict[str, Any] | None:
    """What moved since the audit of that day, or the last one before it; None where there is none."""
    earlier = Audit.objects.filter(community=audit.community, as_of__lte=since).exclude(states={}).order_by("-as_of").first()
    if earlier is None:
        return None
    before = {group: state for state, groups in earlier.states.items() for group in groups}
    rows = (
        GroupHealth.objects.filter(audit=audit)
        .exclude(state="")
        .values_list("group_id", "group__name", "group__native_id", "state")
    )
    turned = [
        {"group_name": name or native, "before": before[group], "state": state}
        for group, name, native, state in rows
        if before.get(group, state) != state
    ]
    return {"since": earlier.as_of, "turned": turned, "figures": _two_weeks(audit)}


def _two_weeks(audit: Audit) -> list[tuple[str, float | None, float | None]]:
    now, then = (_counted(audit.community, audit.as_of - timedelta(days=back)) for back in (0, 7))
    people = [_people(audit.community, audit.as_of - timedelta(days=back)) for back in (0, 7)]
    joins_known = GroupHealth.objects.filter(audit=audit, joins_30d__isnull=False).exists()
    names = ["messages", "groups", *(("joins", "leaves") if joins_known else ())]
    figures: list[tuple[str, float | None, float | None]] = [(name, now[name], then[name]) for name in names]
    if people[0] is not None:
        figures.insert(1, ("people", people[0], people[1]))
    return figures


def _counted(community: Community, upto: date) -> dict[str, int]:
    """Over the seven days that end with that one."""
    rows = GroupDay.objects.filter(group__community=community, day__gt=upto - timedelta(days=7), day__lte=upto)
    sums = rows.aggregate(messages=Sum("messages"), joins=Sum("joins"), leaves=Sum("leaves"))
    talked = rows.filter(messages__gt=0).aggregate(groups=Count("group", distinct=True))
    return {name: value or 0 for name, value in {**sums, **talked}.items()}


def _people(community: Community, day: date) -> int | None:
    """People who spoke in the seven days, counted once in each group; None where that day was not audited in full."""
    rows = GroupHealth.objects.filter(audit__community=community, audit__as_of=day, audit__complete=True)
    people: int | None = rows.aggregate(people=Sum("speakers_7d"))["people"]
    return people


def _flows(audit: Audit) -> dict[str, Any] | None:
    """Month by month, as far back as each month follows on the one before."""
    steps: list[Flow] = []
    for step in reversed(queries.flows([audit.community], upto=audit.as_of, months=MONTHS)):
        if steps and step.after != steps[0].before:
            break
        steps.insert(0, step)
    if not steps:
        return None
    moves = [[[_there(a), _there(b), n] for (a, b), n in step.moved.items()] for step in steps]
    return {"days": [steps[0].before, *(step.after for step in steps)], "moves": moves}


def _there(state: str) -> str:
    return "" if state == ABSENT else state


def check_up(health: GroupHealth, *, language: str) -> CheckUp:
    """One group with the names, questions and days a check-up shows, in a language."""
    with translation.override(language):
        return _check_up(health, language)


def _check_up(health: GroupHealth, language: str) -> CheckUp:
    group, audit = health.group, health.audit
    days = _daily([group.pk], audit.as_of, ACTIVITY_DAYS)[group.pk]
    first = next((place for place, pair in enumerate(days) if any(pair)), 0)
    graph = GroupGraph.objects.filter(group=group).first()
    roles = PersonRole.objects.filter(group=group)
    return CheckUp(
        community=group.community.name,
        as_of=audit.as_of,
        window=audit.window,
        zone=group.community.zone,
        group=_told(health),
        days=Days(*(tuple(column) for column in zip(*days[first:], strict=True))),
        about=_about(group, health),
        people=tuple(
            _member(role) for role in roles.select_related("identity__person").order_by("-messages", "identity_id")[:MEMBERS]
        ),
        roles=dict(roles.values_list("role").order_by("role").annotate(n=Count("id"))),
        questions=tuple(
            _asked(row) for row in Unanswered.objects.filter(group=group).select_related("author__person")[:QUESTIONS]
        ),
        curve=tuple(graph.curve) if graph else (),
        ties=graph.source if graph else "",
        certainty=graph.certainty if graph else None,
        track=audit.outlook,
        objections=tuple(
            _objected(row, language) for row in Objection.objects.filter(group=group).select_related("by")[:OBJECTIONS]
        ),
    )


def _told(health: GroupHealth) -> Told:
    row = {name: getattr(health, name) for name in COLUMNS}
    advice = health.advice or {}
    partner = Group.objects.filter(community=health.group.community_id, key=advice.get("with_group") or 0).first()
    known = {**health.figures, **row, "messages": health.messages_ever, "partner": str(partner) if partner else ""}
    known["causes"] = _with_names(health.causes)
    return Told(
        name=str(health.group),
        state=State(health.state) if health.state not in {"", State.UNHEARD} else None,
        since=health.since,
        figures=known,
        daily=(),
        reasons=tuple((str(code), dict(figures)) for code, figures in health.reasons),
        judged=judged_of(known),
        outlook=outlook_of(known),
        planned_end=health.group.planned_end,
    )


def _with_names(causes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = {said.get("author") for cause in causes for said in cause.get("messages") or ()}
    names: dict[int, str] = dict(Identity.objects.filter(key__in=keys - {None}).values_list("key", "person__name"))
    return [{**cause, "messages": [_said(one, names) for one in cause.get("messages") or ()]} for cause in causes]


def _said(message: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    text = (message.get("text") or "").strip()
    return {"at": message["at"], "who": names.get(message.get("author") or 0, "") or "—", "text": _short(text) or "…"}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _about(group: Group, health: GroupHealth) -> dict[str, str]:
    capacity = capacity_of(group.carrier, group.capacity)
    plan = [str(group.get_lifecycle_display()), group.planned_end.isoformat() if group.planned_end else ""]
    return {
        "purpose": group.purpose,
        "operator": str(group.operator) if group.operator else "",
        "carrier": group.carrier_name,
        "plan": " · ".join(part for part in plan if part)
        if group.lifecycle != Lifecycle.PERMANENT or group.planned_end
        else "",
        "capacity": f"{capacity:,}" if capacity else "",
        "last": _moment(health.last_message_at, group.community),
    }


def _moment(at: datetime | None, community: Community) -> str:
    return f"{at.astimezone(ZoneInfo(community.zone)):%Y-%m-%d %H:%M}" if at else ""


def _member(role: PersonRole) -> Member:
    return Member(
        role.identity.person.name or role.identity.native_id,
        role.role,
        queries.reason_of(role),
        role.messages,
        role.days,
        role.share,
    )


def _asked(row: Unanswered) -> Asked:
    return Asked(row.asked_at, row.author.person.name if row.author else "—", _short(row.text))


def _objected(row: Objection, language: str) -> Objected:
    return Objected(
        row.audit_as_of,
        row.about,
        _word(row.code, language),
        _word(row.instead, language),
        row.note,
        str(row.by) if row.by else "—",
    )


def _word(code: str, language: str) -> str:
    """What the audit said, or what it should have said, by name."""
    if code in CODES:
        return judged.cause_name(code, language)
    if code in ACTIONS:
        return judged.action_name(code, language)
    return STATES[State(code)].say(language) if code in set(State) else code
