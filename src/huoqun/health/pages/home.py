"""The first page: what is due today, which groups need me today, how the portfolio stands and moves, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.community import queries as community_queries
from huoqun.community.models import Group
from huoqun.console.charts import Bars, Series, Stack
from huoqun.console.figures import count_words, share_words
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.health import queries
from huoqun.health.attention import LIKELY, NEW_DAYS, TALKING, Answer, Concern, Look, answer, concerns, presses
from huoqun.health.models import Audit, GroupHealth
from huoqun.health.pages.group_columns import chance_interval
from huoqun.health.pages.next_words import action_words, records, step_words, trusted, why_words
from huoqun.health.pages.portfolio import Portfolio, latest_audits, looked_at, movement, together
from huoqun.health.pages.words import STATES, TONES, concern_words, state_words
from huoqun.ownership import queries as ownership_queries
from huoqun.ownership.pages.shown import shown
from huoqun.ownership.pages.today import sentence

SHOWN = 12
TODOS = 3
"""So many to-dos come before the groups; a phone shows about one at a time."""
LOOKED_AT = 60
"""Candidates for each kind of concern that are read from the database and weighed against one another."""


@dataclass(frozen=True, slots=True)
class Needing:
    """A group, what is found, and beside it why that is and what to do next."""

    health: GroupHealth
    words: list[str]
    weight: int
    cause: str
    action: str
    step: str
    """What to do first."""
    block: str
    """Of the group's page."""
    chance: str
    """Of silence within 30 days; "" where the forecast has no track record here."""
    interval: str


@needs()
def home(request: HttpRequest) -> HttpResponse:
    audits = latest_audits(request)
    communities = looked_at(request)
    due = by_hand(request, now=timezone.now())
    if not audits:
        return render(request, "health/no_audit.html", {"title": _("Today"), "communities": communities, **due})
    as_of = max(audit.as_of for audit in audits)
    whole = together(as_of, (audit.portfolio for audit in audits))
    moves = [one for one in movement(communities, upto=as_of) if one.states]
    found = needing(audits)
    context = {
        "as_of": as_of,
        "whole": whole,
        "needing": found[:SHOWN],
        "needing_all": len(found),
        "told_why": any(one.cause or one.action for one in found[:SHOWN]),
        "foreseen": any(one.chance for one in found[:SHOWN]),
        "records": records(audits),
        "sentence": portfolio_sentence(whole),
        "unheard": unheard_sentence(whole),
        "now_chart": _now(whole),
        "moves_chart": _moves(moves) if len(moves) > 1 else None,
        "posters": _posters(audits),
        "changes": changes(request, audits),
        "alone": len(communities) == 1,
        **due,
    }
    return render(request, "health/home.html", context)


def by_hand(request: HttpRequest, *, now: datetime) -> dict[str, object]:
    """What is due today, the most pressing with all that is prepared for it."""
    staff = staff_of(request)
    due = ownership_queries.due_today(staff, now, most=TODOS)
    return {
        "due": due,
        "due_words": sentence(due, done=0),
        "cards": shown(due.first, now=now),
        "may_do": may(staff, *WORKERS),
    }


def portfolio_sentence(whole: Portfolio) -> str:
    if not whole.count("groups"):
        return _("There is no group yet that can be judged: nobody was heard to speak.")
    figures = {name: count_words(whole.count(name)) for name in ("groups", "every_day", "sometimes", "silent")}
    words = _(
        "Of %(groups)s groups, %(every_day)s spoke on each of the last 7 days, %(sometimes)s on some, %(silent)s not at all."
    )
    return words % figures


def unheard_sentence(whole: Portfolio) -> str:
    """Beside the portfolio: groups nobody can judge."""
    number = whole.count("unheard")
    words = ngettext(
        "%(number)s group more is not heard and not judged: its talk does not reach us.",
        "%(number)s groups more are not heard and not judged: their talk does not reach us.",
        number,
    )
    return words % {"number": count_words(number)} if number else ""


def candidates(audits: list[Audit]) -> list[GroupHealth]:
    """Groups that may need somebody: those turned for the worse, those likely to, and those with people left alone."""
    as_of = max(audit.as_of for audit in audits)
    rows = GroupHealth.objects.filter(audit__in=audits).select_related("group__community", "group__operator")
    rows = rows.defer("causes", "outlook")
    fresh = as_of - timedelta(days=NEW_DAYS)
    kinds: list[QuerySet[GroupHealth]] = [
        rows.filter(state="declining").order_by("-since"),
        rows.filter(state="dormant", since__gte=fresh).order_by("-since"),
        rows.filter(audit__in=trusted(audits), state__in=TALKING, p_silent__gte=LIKELY).order_by("-p_silent"),
        rows.filter(Q(unanswered__gt=0), state__in=TALKING).order_by("-unanswered"),
        rows.filter(state__in=TALKING, joins_30d__gt=0).order_by("-joins_30d"),
        rows.filter(group__planned_end__gte=as_of, group__planned_end__lte=as_of + timedelta(days=3)),
    ]
    # One question to the database: the page has others to ask.
    wanted = reduce(or_, (Q(pk__in=kind.values("pk")[:LOOKED_AT]) for kind in kinds))
    return list(rows.filter(wanted))


def needing(audits: list[Audit]) -> list[Needing]:
    """Those that need somebody today, the most pressing first."""
    by_id = {audit.pk: audit for audit in audits}
    foreseen = {audit.pk for audit in trusted(audits)}
    found = []
    for health in candidates(audits):
        p_silent = health.p_silent if health.audit_id in foreseen else None
        reasons = concerns(_look(health, by_id[health.audit_id].as_of, p_silent))
        if presses(reasons):
            found.append(_needing(health, reasons, p_silent))
    return sorted(found, key=_press)


def _press(one: Needing) -> tuple[int, int, int]:
    """The weightiest first; of equal ones that which turned last."""
    since = one.health.since
    return -one.weight, -(since.toordinal() if since else 0), one.health.pk


def _needing(health: GroupHealth, reasons: list[Concern], p_silent: float | None) -> Needing:
    words = chance_interval(p_silent, health.p_silent_low, health.p_silent_high) if p_silent is not None else ""
    done = answer(reasons, Answer(health.action, health.advice.get("first_step", "")))
    chance, _space, interval = words.partition(" ")
    return Needing(
        health,
        _found(reasons),
        sum(reason.weight for reason in reasons),
        cause=why_words(health),
        action=action_words(done.action),
        step=step_words(done.step),
        block=done.block,
        chance=chance,
        interval=interval,
    )


def _found(reasons: list[Concern]) -> list[str]:
    """What is foreseen has a column of its own; alone, it is what is found."""
    seen = [reason for reason in reasons if reason.code != "likely_silent"]
    return [concern_words(reason) for reason in seen or reasons]


def _look(health: GroupHealth, as_of: date, p_silent: float | None) -> Look:
    return Look(
        state=health.state,
        since=health.since,
        as_of=as_of,
        unanswered=health.unanswered,
        first_words=health.figures.get("first_words"),
        first_words_answered=health.figures.get("first_words_answered"),
        planned_end=health.group.planned_end,
        main_cause=health.main_cause,
        p_silent=p_silent,
    )


@dataclass(frozen=True, slots=True)
class Changed:
    group: Group
    before: str
    state: str
    before_words: str
    state_words: str


def changes(request: HttpRequest, audits: list[Audit]) -> list[Changed]:
    """State by state what turned since the audit before, the worst first."""
    turned = queries.changes(request.user, audits)
    groups = community_queries.groups(request.user).in_bulk([change.group_id for change in turned])
    order = {state: place for place, state in enumerate(("dead", "dormant", "declining", *STATES))}
    rows = [
        Changed(groups[c.group_id], c.before, c.state, state_words(c.before), state_words(c.state))
        for c in turned
        if c.group_id in groups
    ]
    return sorted(rows, key=lambda row: order.get(row.state, 99))


def _now(whole: Portfolio) -> Bars:
    labels = [state_words(state) for state in whole.states]
    return Bars(_("Groups by state"), labels, [Series(_("Groups"), list(whole.states.values()))], first=_("State"), lying=True)


def _moves(moves: list[Portfolio]) -> Stack:
    series = [
        Series(state_words(state), [one.states.get(state, 0) for one in moves], tone=TONES[state])
        for state in STATES
        if any(one.states.get(state) for one in moves)
    ]
    return Stack(_("Groups by state, week by week"), [one.as_of.isoformat() for one in moves], series, shares=False)


@dataclass(frozen=True, slots=True)
class Posters:
    """Who says how much in one community."""

    name: str
    posters: int
    top: float | None
    next: float | None
    rest: float | None
    median_life: float | None
    alive: str


def _posters(audits: list[Audit]) -> list[Posters]:
    return [
        Posters(
            audit.community.name,
            audit.portfolio.get("posters") or 0,
            audit.portfolio.get("top1_share"),
            audit.portfolio.get("next9_share"),
            audit.portfolio.get("rest_share"),
            audit.portfolio.get("median_life_days"),
            share_words(audit.portfolio.get("alive_7d_groups"), audit.portfolio.get("groups")),
        )
        for audit in audits
    ]
