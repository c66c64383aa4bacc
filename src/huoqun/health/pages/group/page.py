"""One group: how it lives, since when and why, what to do, who is in it, who was left alone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from huoqun.community import queries as community_queries
from huoqun.community.capacity import CAPACITIES, capacity_of
from huoqun.community.deafness import deafness
from huoqun.community.models import Group
from huoqun.console.models import Staff
from huoqun.console.permissions import WORKERS, Role, may, needs, staff_of
from huoqun.health import queries
from huoqun.health.models import Audit, GroupGraph, GroupHealth
from huoqun.health.pages import figures, pond, sentences
from huoqun.health.pages.group import (
    causes,
    connection,
    dependence,
    life,
    nudging,
    objections,
    outlook,
    people,
    similar,
    symptoms,
)
from huoqun.health.pages.group.names import Names, authors
from huoqun.health.pages.group.said import question
from huoqun.health.pages.words import UNHEARD, reason_sentences, state_meaning, state_words

DAYS_READ = 400
QUESTIONS_SHOWN = 20


@needs()
def one(request: HttpRequest, pk: int) -> HttpResponse:
    visitor = staff_of(request)
    alongside = ("community", "operator", "owner__person", "graph")
    told = community_queries.as_carriers_have_them(community_queries.groups(visitor).filter(pk=pk))
    group = told.select_related(*alongside).first()
    if group is None:
        raise Http404
    health = queries.health_of(group)
    context: dict[str, Any] = {"group": group, "health": health, "may_change": may(visitor, *WORKERS)}
    context |= {"may_connect": may(visitor, Role.ADMIN, Role.LEAD), **_known(group)}
    if health:
        context |= _audited(visitor, group, health.audit, health)
    return render(request, "health/group.html", context)


def _known(group: Any) -> dict[str, Any]:
    """What its carrier says of it, whether it was audited or not; `group` as `as_carriers_have_them` gives it."""
    admins = group.admins.select_related("person").order_by("person__name", "pk") if group.has_admins else ()
    return {"deafness": deafness(group), "admins": list(admins)}


def _audited(visitor: Staff, group: Group, audit: Audit, health: GroupHealth) -> dict[str, Any]:
    by_day = {day.day: day for day in queries.days_of(visitor, [group], upto=audit.as_of, days=DAYS_READ)}
    asked = list(queries.unanswered_in(visitor, group)[:QUESTIONS_SHOWN])
    graph: GroupGraph | None = getattr(group, "graph", None)
    spoken_of = {key for row in asked for key in authors(row.around)}
    names = Names(group.community, spoken_of | causes.keys(health) | connection.keys(graph))
    return {
        "audit": audit,
        "judged": health.state != UNHEARD,
        "state_words": state_words(health.state),
        "meaning": state_meaning(health.state),
        "reasons": reason_sentences(health.reasons),
        "alive": sentences.alive(health),
        "capacity": capacity_of(group.carrier, group.capacity),
        "capacity_source": CAPACITIES.get(group.carrier) if group.capacity is None else None,
        "pond": pond.risk(group),
        "why": causes.block(visitor, health, names),
        "nudging": nudging.block(visitor, health, graph),
        "forecast": outlook.block(health, audit),
        "heat": life.heat(by_day, audit.as_of) if by_day else None,
        "activity": life.activity(by_day, audit.as_of, health) if by_day else None,
        "connection": connection.block(health, graph, names),
        "dependence": dependence.block(health, by_day, audit.as_of),
        "symptoms": symptoms.symptoms(health.figures),
        "value": symptoms.value(health.figures),
        "structure": sentences.structure(health),
        "shares": life.shares(health),
        "newcomers": sentences.newcomers(health),
        "service": sentences.service(health),
        "growth": sentences.growth(health),
        "questions": [question(row, names) for row in asked],
        "people": people.block(visitor, group),
        "similar": similar.block(visitor, health),
        "figures": figures.all_of(health.figures),
        **objections.block(visitor, group, health),
    }
