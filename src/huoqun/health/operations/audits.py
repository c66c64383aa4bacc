"""Audits kept as snapshots."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Count, Max, Sum

from huoqun.community.models import Community, Group, Identity
from huoqun.community.operations import talk
from huoqun.health import bulk, drawn, plain
from huoqun.health.around import Around
from huoqun.health.causes.evidence import Messages
from huoqun.health.models import Audit, GroupDay, GroupGraph, GroupHealth, PersonRole, Unanswered
from huoqun.health.operations import hands
from huoqun.health.results import AuditResult
from huoqun.health.rules import Turn, turned
from huoqun.inbox import operations as inbox
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.ids import GroupKey

COLUMNS = (
    "state",
    "since",
    "rule",
    "p_alive",
    "p_low",
    "p_high",
    "changed_on",
    "level_before",
    "level_now",
    "messages_7d",
    "speakers_7d",
    "days_active_7d",
    "messages_30d",
    "messages_ever",
    "last_message_at",
    "days_silent",
    "life_days",
    "members",
    "joins_30d",
    "leaves_30d",
    "questions_30d",
    "unanswered",
    "top_person_share",
    "top1_share",
    "house_messages_30d",
)
"""Figures that are columns of `GroupHealth`, under the names they have in the metrics."""
_TEXT = frozenset({"state", "rule"})
FIGURES_KEPT = timedelta(days=31)
_KEYS_AT_ONCE = 5000


@transaction.atomic
def store_audit(
    result: AuditResult,
    community: Community,
    *,
    now: datetime,
    around: Around | None = None,
    messages: Messages | None = None,
    days: Collection[date] | None = None,
) -> Audit:
    """Keeps the audit, and tells which groups turned. Storing the same one again changes nothing and tells nothing.

    `messages` are those that show the causes. The newest audit also replaces roles, unanswered questions, graphs, and the group
    days named in `days` (None: all it holds).
    """
    groups = dict(Group.objects.filter(community=community).values_list("key", "id"))
    newest = not Audit.objects.filter(community=community, complete=True, as_of__gt=result.as_of).exists()
    before = _states(community, result.as_of)
    audit = _audit(result, community, now=now, complete=True)
    audit.groups.all().delete()
    GroupHealth.objects.bulk_create(_healths(audit, result, groups, messages or {}), batch_size=500)
    if newest:
        _thin(community, result.as_of - FIGURES_KEPT)
        _replace_days(result, community, groups, days)
        _replace_roles(result, community, groups)
        sum_up_people(community)
        _replace_unanswered(result, community, groups, around or {})
        _replace_graphs(result, community, groups)
        _tell(result, community, before, groups, now=now)
    return audit


def store_portfolio(result: AuditResult, community: Community, *, now: datetime) -> None:
    """Keeps the portfolio's figures of a day gone by; an audit that is there with its groups only gets the figures."""
    complete = Audit.objects.filter(community=community, as_of=result.as_of, complete=True).exists()
    _audit(result, community, now=now, complete=complete)


def sum_up_people(community: Community) -> None:
    """Adds the roles up over everybody's groups, for the list of people."""
    roles = PersonRole.objects.filter(group__community=community).values("identity__person").order_by()
    sums = roles.annotate(said=Sum("messages"), groups=Count("id"), last=Max("last_at"))
    rows = sums.values_list("identity__person", "said", "groups", "last")
    talk.keep(community, {person: talk.Said(*figures) for person, *figures in rows})


def _audit(result: AuditResult, community: Community, *, now: datetime, complete: bool) -> Audit:
    kept, _ = Audit.objects.update_or_create(
        community=community,
        as_of=result.as_of,
        defaults={
            "window": result.window,
            "ran_at": now,
            "portfolio": result.portfolio,
            "coverage": result.coverage,
            "complete": complete,
            "states": _states_of(result, community),
            "outlook": plain.record(result),
            "advice": plain.advised(result),
            "operators": hands.beside(plain.operators(result), community, as_of=result.as_of, now=now),
        },
    )
    return kept


def _states_of(result: AuditResult, community: Community) -> dict[str, list[int]]:
    ids = dict(Group.objects.filter(community=community).values_list("key", "id"))
    found: dict[str, list[int]] = {}
    for key, state in zip(result.groups["group_key"].to_pylist(), result.groups["state"].to_pylist(), strict=True):
        if state and key in ids:
            found.setdefault(state, []).append(ids[key])
    return found


def _states(community: Community, as_of: date) -> dict[int, str]:
    """What the latest audit up to that day said of each group, by key."""
    latest = Audit.objects.filter(community=community, complete=True, as_of__lte=as_of).order_by("-as_of").first()
    return dict(latest.groups.values_list("group__key", "state")) if latest else {}


def _healths(audit: Audit, result: AuditResult, groups: Mapping[int, int], messages: Messages) -> Iterator[GroupHealth]:
    known = set(result.groups.column_names)
    for row in result.groups.to_pylist():
        if row["group_key"] not in groups:
            continue
        fields = {name: _field(name, row[name]) for name in COLUMNS if name in known}
        yield GroupHealth(
            audit=audit,
            group_id=groups[row["group_key"]],
            talk_seen=row["talk_seen"],
            figures={name: _jsonable(value) for name, value in row.items() if name != "group_key"},
            reasons=_reasons(result, row["group_key"]),
            **fields,
            **plain.judged(result, row["group_key"], messages),
        )


def _reasons(result: AuditResult, group: int) -> list[list[Any]]:
    said = result.reasons.get(group, [])
    return [[code, {name: _jsonable(value) for name, value in figures.items()}] for code, figures in said]


def _field(name: str, value: Any) -> Any:
    return value or "" if name in _TEXT else value


def _jsonable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _thin(community: Community, before: date) -> None:
    """Figures by name and quoted words of more than a month ago go; columns, reasons and the main cause stay."""
    old = GroupHealth.objects.filter(audit__community=community, audit__as_of__lt=before).exclude(figures={})
    old.update(figures={}, causes=[])


def _replace_days(result: AuditResult, community: Community, groups: Mapping[int, int], days: Collection[date] | None) -> None:
    table = result.days
    rows = GroupDay.objects.filter(group__community=community)
    if days is not None:
        rows = rows.filter(day__in=days)
        table = table.filter(pc.is_in(table["day"], pa.array(sorted(days), pa.date32())))
    rows.delete()
    names = ("day", "messages", "speakers", "house_messages", "joins", "leaves")
    bulk.insert(GroupDay, ("group_id", *names), _placed(table, groups, names))


def _placed(table: pa.Table, groups: Mapping[int, int], names: Iterable[str]) -> Iterator[tuple[object, ...]]:
    """Rows of groups the community knows, with the group's id in front."""
    for batch in table.to_batches(max_chunksize=50_000):
        columns = [batch.column(name).to_pylist() for name in names]
        for key, *values in zip(batch.column("group_key").to_pylist(), *columns, strict=True):
            if key in groups:
                yield (groups[key], *values)


def _replace_roles(result: AuditResult, community: Community, groups: Mapping[int, int]) -> None:
    """Only of groups in which something is different: most groups of a large community did not speak since."""
    changed = _changed_roles(result.persons, community, groups)
    ids = [groups[key] for key in changed]
    for start in range(0, len(ids), _KEYS_AT_ONCE):
        PersonRole.objects.filter(group_id__in=ids[start : start + _KEYS_AT_ONCE]).delete()
    table = result.persons.filter(pc.is_in(result.persons["group_key"], pa.array(sorted(changed), pa.int64())))
    identities = _identities(community, pc.unique(table["person_key"]).to_pylist() if table.num_rows else [])
    names = ("person_key", "role", "reason", "messages", "days", "replies", "share", "last_at")
    rows = (
        (group, identities[person], *rest) for group, person, *rest in _placed(table, groups, names) if person in identities
    )
    bulk.insert(PersonRole, ("group_id", "identity_id", *names[1:]), rows)


def _changed_roles(persons: pa.Table, community: Community, groups: Mapping[int, int]) -> set[int]:
    if "role" not in persons.column_names:
        return set()
    new: dict[int, set[tuple[object, ...]]] = {}
    sums = [("messages", "sum"), ("messages", "count"), ("last_at", "max")]
    counted = persons.group_by(["group_key", "role"]).aggregate(sums)
    for row in counted.to_pylist():
        mark = (row["role"], row["messages_count"], row["messages_sum"], row["last_at_max"])
        new.setdefault(row["group_key"], set()).add(mark)
    old: dict[int, set[tuple[object, ...]]] = {}
    stored = PersonRole.objects.filter(group__community=community).values("group__key", "role")
    for row in stored.annotate(people=Count("id"), said=Sum("messages"), last=Max("last_at")).order_by():
        old.setdefault(row["group__key"], set()).add((row["role"], row["people"], row["said"], row["last"]))
    return {key for key in new.keys() | old.keys() if key in groups and new.get(key) != old.get(key)}


def _identities(community: Community, keys: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        rows = Identity.objects.filter(community=community, key__in=keys[start : start + _KEYS_AT_ONCE])
        found.update(rows.values_list("key", "id"))
    return found


def _replace_unanswered(result: AuditResult, community: Community, groups: Mapping[int, int], around: Around) -> None:
    Unanswered.objects.filter(group__community=community).delete()
    table = result.unanswered
    if "source_id" not in table.column_names:
        return
    authors = _identities(community, pc.unique(table["author_key"]).to_pylist() if table.num_rows else [])
    columns = ("group_id", "source_id", "message_id", "asked_at", "author_id", "text", "around")
    bulk.insert(
        Unanswered,
        columns,
        (
            (
                groups[row["group_key"]],
                row["source_id"],
                row["message_id"] or "",
                row["asked_at"],
                authors.get(row["author_key"]),
                row["text"],
                json.dumps(around.get((row["group_key"], row["source_id"]), [])),
            )
            for row in table.to_pylist()
            if row["group_key"] in groups
        ),
    )


def _replace_graphs(result: AuditResult, community: Community, groups: Mapping[int, int]) -> None:
    GroupGraph.objects.filter(group__community=community).delete()
    house = dict(Identity.objects.filter(community=community).exclude(person__house="").values_list("key", "person__house"))
    known = (graph for graph in drawn.graphs(result, house) if graph.group_key in groups)
    GroupGraph.objects.bulk_create(
        (
            GroupGraph(
                group_id=groups[graph.group_key],
                as_of=result.as_of,
                people=graph.people,
                ties=graph.ties,
                curve=graph.curve,
                source=graph.source,
                certainty=graph.certainty,
                left_out=graph.left_out,
            )
            for graph in known
        ),
        batch_size=200,
    )


def _tell(
    result: AuditResult, community: Community, before: Mapping[int, str], groups: Mapping[int, int], *, now: datetime
) -> None:
    rows = result.groups.select(["group_key", "state", "since"]).to_pylist()
    judged = {row["group_key"]: (row["state"], row["since"]) for row in rows if row["group_key"] in groups}
    inbox.announce([_fact(turn, community, result.as_of, now) for turn in turned(before, judged)], now=now)


def _fact(turn: Turn, community: Community, as_of: date, now: datetime) -> GroupTurned:
    return GroupTurned(
        community=community.slug,
        at=now,
        group=GroupKey(turn.group),
        state=turn.state,
        before=turn.before,
        since=turn.since,
        as_of=as_of,
    )
