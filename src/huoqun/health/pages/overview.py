"""The portfolio's page: where groups stand, how they moved, what would be gained by which action, operators side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.community import queries as community_queries
from huoqun.community.models import Group
from huoqun.community.pages import looking
from huoqun.console.permissions import Role, may, needs, staff_of
from huoqun.health import operations, queries
from huoqun.health.models import Audit
from huoqun.health.pages import gains, life_map
from huoqun.health.pages.home import unheard_sentence
from huoqun.health.pages.movements import movements
from huoqun.health.pages.next_words import action_words
from huoqun.health.pages.operators import side_by_side
from huoqun.health.pages.pond import depends
from huoqun.health.pages.portfolio import latest_audits, looked_at, together

MOST_HOURS = 10_000


class HoursForm(forms.Form):
    hours = forms.FloatField(
        label=gettext_lazy("Hours a week"),
        min_value=0,
        max_value=MOST_HOURS,
        widget=forms.NumberInput(attrs={"step": "0.5", "class": "form-control"}),
    )


@dataclass(frozen=True, slots=True)
class First:
    """A group to begin with."""

    group: Group
    action: str
    hours: float
    people: float


@needs()
def page(request: HttpRequest) -> HttpResponse:
    audits = latest_audits(request)
    if not audits:
        return render(request, "health/no_audit.html", {"title": _("Portfolio"), "communities": looked_at(request)})
    as_of = max(audit.as_of for audit in audits)
    advices = queries.advices(audits)
    context = {
        "as_of": as_of,
        "unheard": unheard_sentence(together(as_of, (audit.portfolio for audit in audits))),
        "map": life_map.draw(queries.placed(request.user, audits), by_level=request.GET.get("by") == "level"),
        "moves": movements(queries.flows(looked_at(request), upto=as_of)),
        "operators": side_by_side(audits, advices, staff_of(request)),
        "pond": depends(queries.held(request.user, audits)),
        **_advised(request, audits, advices),
    }
    return render(request, "health/overview.html", context)


def _advised(request: HttpRequest, audits: list[Audit], advices: dict[int, dict[str, Any]]) -> dict[str, Any]:
    form = HoursForm(request.GET) if "hours" in request.GET else None
    tried = form.cleaned_data["hours"] if form and form.is_valid() else None
    kept = queries.hours_a_week([audit.community_id for audit in audits])
    found = gains.gains([gains.Advised(advices[a.pk], kept.get(a.community_id)) for a in audits], hours=tried)
    return {
        "gains": found,
        "first": _first(request, found) if found else [],
        "hours_form": form or HoursForm(initial={"hours": f"{found.hours:g}" if found else None}),
        "several": len(audits) > 1,
        "may_keep": looking.chosen(request) is not None and may(request.user, Role.ADMIN, Role.LEAD),
    }


def _first(request: HttpRequest, found: gains.Gains) -> list[First]:
    keys = [row["group_key"] for row in found.first]
    groups = {group.key: group for group in community_queries.groups(request.user).filter(key__in=keys)}
    return [
        First(groups[row["group_key"]], action_words(row["action"]), row["hours"], row["people"])
        for row in found.first
        if row["group_key"] in groups
    ]


@needs(Role.ADMIN, Role.LEAD)
@require_POST
def keep_hours(request: HttpRequest) -> HttpResponse:
    """For the one community looked at."""
    community, form = looking.chosen(request), HoursForm(request.POST)
    if community is None:
        messages.error(request, _("Choose one community first: hours are kept for each."))
    elif form.is_valid():
        operations.keep_hours(community, form.cleaned_data["hours"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Hours a week: a number from 0 to %(most)s.") % {"most": f"{MOST_HOURS:,}"})
    return HttpResponseRedirect(f"{reverse('health:portfolio')}#gains")
