"""Fair tests: offered before a playbook starts, and read when they are over."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from huoqun.community.models import Group
from huoqun.console.charts import Line, Series, Turn
from huoqun.console.figures import count_words
from huoqun.console.permissions import Role, may, needs, staff_of
from huoqun.health import queries
from huoqun.health.operations.readings import reading_of
from huoqun.health.pages import trial_words as words
from huoqun.health.rules import local_day
from huoqun.health.trials import Foreseen, Past, foresee, past, taking_part
from huoqun.sop import queries as sop_queries
from huoqun.sop.errors import CannotDraw, NoDraw
from huoqun.sop.models import Launch, Trial, TrialGroup
from huoqun.sop.operations import launching
from huoqun.sop.operations.trials import SEEDS, draw, first_moment, is_about_one_moment, stands_in_the_way
from huoqun.sop.rules.testing import MOST_BEFORE, Plan, day_of

IN_CHARGE = (Role.ADMIN, Role.LEAD)
MOST_WAVES, MOST_WEEKS = 12, 12
MOST_AHEAD = timedelta(days=365)
PAST_WEEKS = 52
"""So many weeks of the past are looked at, at most: 400 days are kept."""
NAMED = 200
SHARES = (0, 10, 20, 25, 33, 50)
ENOUGH_FOR_FOUR = 24
"""Units, so that each of four waves has six."""


class PlanForm(forms.Form):
    first_day = forms.DateField(
        label=gettext_lazy("The first wave starts on"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )
    waves = forms.IntegerField(label=gettext_lazy("Number of waves"), min_value=1, max_value=MOST_WAVES)
    every = forms.IntegerField(label=gettext_lazy("Weeks from one wave to the next"), min_value=1, max_value=MOST_WEEKS)
    held_back = forms.TypedChoiceField(
        label=gettext_lazy("Held back for comparison"),
        coerce=int,
        choices=[(share, f"{share}%" if share else pgettext_lazy("groups held back", "none")) for share in SHARES],
        help_text=gettext_lazy("These groups do not get the playbook by this launch, not even later."),
    )
    after = forms.IntegerField(
        label=gettext_lazy("Weeks looked at from the last wave on"),
        min_value=1,
        max_value=MOST_WEEKS,
        help_text=gettext_lazy("Only where some are held back: otherwise nobody is left to compare with."),
    )

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if abs(day - timezone.now().date()) > MOST_AHEAD:
            raise forms.ValidationError(_("That is more than a year away."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("waves") == 1 and not values.get("held_back"):
            self.add_error("held_back", _("One wave for all leaves nobody to compare with: take two, or hold some back."))
        return values

    def plan(self, before: int) -> Plan:
        said = self.cleaned_data
        return Plan(said["first_day"], before, said["waves"], said["every"], said["held_back"] / 100, said["after"])


@dataclass(frozen=True, slots=True)
class Wave:
    name: str
    day: date | None
    groups: int
    named: list[Group]


# Before


@needs(*IN_CHARGE)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """What a test would look like; drawn when it is sent."""
    launch = _launch(request, pk)
    if reason := stands_in_the_way(launch):
        if reason is NoDraw.DRAWN:
            return HttpResponseRedirect(reverse("health:trial", args=[launch.pk]))
        return _refused(request, launch, words.NO_DRAW[reason])
    units = taking_part(launch)
    form = _form(request, launch, len(units))
    known = past(launch, units, min(PAST_WEEKS, form.plan(MOST_BEFORE).weeks) if form.is_valid() else 1)
    foreseen = foresee(known, form.plan(known.before), seed=launch.pk) if form.is_valid() else None
    if request.method == "POST" and foreseen is not None:
        return _draw(request, launch, foreseen) or _offered(request, launch, form, known, foreseen, status=422)
    return _offered(request, launch, form, known, foreseen, status=200 if form.is_valid() else 422)


def _form(request: HttpRequest, launch: Launch, units: int) -> PlanForm:
    if request.method == "POST":
        return PlanForm(request.POST)
    return PlanForm(request.GET if "waves" in request.GET else _usual(launch, units))


def _usual(launch: Launch, units: int) -> dict[str, Any]:
    aim = launch.version.book.aim
    weeks = max(1, min(aim.weeks, MOST_WEEKS)) if aim else 4
    today = local_day(timezone.now(), ZoneInfo(launch.community.zone))
    monday = today + timedelta(days=7 - today.weekday())
    if is_about_one_moment(launch):
        due = first_moment(launch) or monday
        return {"first_day": due, "waves": 1, "every": 1, "held_back": 50, "after": weeks}
    if units >= ENOUGH_FOR_FOUR:
        return {"first_day": monday, "waves": 4, "every": 2, "held_back": 0, "after": weeks}
    return {"first_day": monday, "waves": 2, "every": weeks, "held_back": 0, "after": weeks}


def _draw(request: HttpRequest, launch: Launch, foreseen: Foreseen) -> HttpResponse | None:
    seen = foreseen.smallest
    try:
        draw(
            launch,
            foreseen.plan,
            seed=secrets.randbelow(SEEDS),
            smallest=seen.effect if seen else None,
            by=staff_of(request),
            now=timezone.now(),
        )
    except CannotDraw as refused:
        messages.error(request, str(words.NO_DRAW[refused.reason]))
        return None
    messages.success(request, _("The lots are dealt. Each wave begins by itself on its day."))
    return HttpResponseRedirect(reverse("health:trial", args=[launch.pk]))


def _offered(
    request: HttpRequest, launch: Launch, form: PlanForm, known: Past, foreseen: Foreseen | None, *, status: int
) -> HttpResponse:
    aim = launch.version.book.aim
    assert aim is not None
    context = {
        "launch": launch,
        "form": form,
        "measure": words.MEASURES[aim.measure].name,
        "by": [words.KINDS[kind] for kind in aim.by],
        "groups": sum(len(unit.groups) for unit in known.units),
        "units": len(known.units),
        "together": [unit for unit in known.units if len(unit.groups) > 1][:NAMED],
        "foreseen": foreseen,
        "sentence": _offer_sentence(foreseen, known),
        "notes": list(_offer_notes(launch, aim.measure, foreseen, known)),
        "days": _wave_days(foreseen.plan) if foreseen else [],
        "last_day": foreseen.plan.over_on - timedelta(days=1) if foreseen else None,
        "audit": queries.latest_audit(launch.community),
    }
    return render(request, "health/trial_offer.html", context, status=status)


def _offer_sentence(foreseen: Foreseen | None, known: Past) -> str:
    if foreseen is None:
        return _("Something is missing in the plan.")
    number = ngettext("%(n)s unit", "%(n)s units", len(known.units)) % {"n": count_words(len(known.units))}
    plan = foreseen.plan
    figures = {"units": number, "waves": plan.waves, "held": f"{plan.held_back:.0%}", "end": plan.over_on - timedelta(days=1)}
    if not plan.held_back:
        return _("%(units)s are dealt by lot over %(waves)s waves; what it shows is read after %(end)s.") % figures
    if plan.waves == 1:
        return _("%(units)s: the lot holds %(held)s back, the others start; what it shows is read after %(end)s.") % figures
    return (
        _("%(units)s are dealt by lot over %(waves)s waves, %(held)s are held back; what it shows is read after %(end)s.")
        % figures
    )


def _offer_notes(launch: Launch, measure: str, foreseen: Foreseen | None, known: Past) -> Iterator[str]:
    if foreseen is None:
        return
    if foreseen.smallest is None:
        yield _(
            "How small an effect it could see cannot be said: too few weeks of these groups have been audited, or their "
            "figures do not differ at all."
        )
    else:
        yield words.smallest_words(measure, foreseen.smallest.effect, foreseen.level)
        yield _(
            "Computed from the past of %(units)s units over %(weeks)s weeks: the same lots were dealt over them a thousand "
            "times, with no playbook in it."
        ) % {"units": count_words(foreseen.smallest.units), "weeks": foreseen.smallest.weeks}
    if measure == "speakers":
        yield _("Different speakers of a week are known from the audit of its last day: let audits run every day.")
    if len(known.units) < sum(len(unit.groups) for unit in known.units):
        yield _("Groups that share more than a fifth of their members are drawn together: they hear of each other.")
    yield _("Groups that come later, or are not among these, wait until the test is over.")
    if launch.state == Launch.State.PAUSED:
        yield _("Until the lots are dealt nothing begins.")


def _wave_days(plan: Plan) -> list[date]:
    return [day_of(week, plan.first_day, plan.before) for week in plan.schedule().weeks]


@needs(*IN_CHARGE)
@require_POST
def go_without(request: HttpRequest, pk: int) -> HttpResponse:
    """No test: the launch goes to work in all groups."""
    launch = _launch(request, pk)
    launching.resume(launch, by=staff_of(request), now=timezone.now())
    messages.success(request, _("At work without a test. Whether it helps will not be known."))
    return HttpResponseRedirect(reverse("sop:launch", args=[launch.pk]))


# Afterwards


@needs()
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    launch = _launch(request, pk)
    trial = Trial.objects.filter(launch=launch).select_related("version", "drawn_by", "launch__community").first()
    if trial is None:
        return _refused(request, launch, words.no_claim("not_drawn"))
    reading = reading_of(trial, now=timezone.now())
    context: dict[str, Any] = {
        "launch": launch,
        "trial": trial,
        "measure": words.MEASURES[trial.measure].name,
        "waves": _waves(trial),
        "last_day": day_of(trial.weeks, trial.first_day, trial.before) - timedelta(days=1),
        "promised": words.smallest_words(trial.measure, trial.smallest, None) if trial.smallest is not None else "",
        "reading": reading,
        "paused": launch.state == Launch.State.PAUSED,
        "went_on": launch.version_id != trial.version_id,
    }
    if reading is not None:
        context |= _shown(trial, reading.showed)
    return render(request, "health/trial.html", context)


def _shown(trial: Trial, showed: dict[str, Any]) -> dict[str, Any]:
    effect, measure = showed["effect"], trial.measure
    context = {
        "sentence": words.verdict(measure, effect),
        "notes": list(_result_notes(showed)),
        "chart": _chart(trial, showed["weeks"]) if showed["weeks"] else None,
        "by": list(_by(measure, showed["by"])),
        "last_day": date.fromisoformat(showed["last_day"]),
    }
    if "no" not in effect:
        context |= {
            "difference": words.difference_words(measure, effect["estimate"]),
            "between": words.between(measure, effect["low"], effect["high"]),
            "chance": words.chance(effect),
            "placebo": words.placebo(effect["placebo_p"]),
        }
    return context


def _result_notes(showed: dict[str, Any]) -> Iterator[str]:
    if gone := showed["gone_units"]:
        told = ngettext(
            "%(n)s of %(all)s units is left out: a week of it is not known, and a gap is not silence.",
            "%(n)s of %(all)s units are left out: a week of them is not known, and a gap is not silence.",
            gone,
        )
        yield told % {"n": count_words(gone), "all": count_words(showed["all_units"])}
    if gone := showed["gone_weeks"]:
        told = ngettext(
            "%(n)s week is left out: of most groups it is not known.",
            "%(n)s weeks are left out: of most groups they are not known.",
            gone,
        )
        yield told % {"n": count_words(gone)}


def _by(measure: str, by: dict[str, dict[str, Any]]) -> Iterator[tuple[str, list[tuple[str, str, str, str, str]]]]:
    for kind, values in by.items():
        rows = []
        for value, effect in values.items():
            known = "no" not in effect
            rows.append(
                (
                    words.kind_words(kind, value),
                    count_words(effect["units"] if known else None),
                    words.difference(measure, effect["estimate"]) if known else count_words(None),
                    words.between(measure, effect["low"], effect["high"]) if known else count_words(None),
                    words.short_verdict(measure, effect),
                )
            )
        yield str(words.KINDS[kind]), rows


def _chart(trial: Trial, weeks: list[list[Any]]) -> Line:
    def plain(level: float | None) -> float | None:
        return None if level is None else round(words.plain_level(trial.measure, level), 2)

    days = [week[0] for week in weeks]
    first = next((day for day in days if day >= trial.first_day.isoformat()), None)
    return Line(
        _("%(measure)s, by week, on average over groups") % {"measure": words.MEASURES[trial.measure].name},
        days,
        [
            Series(_("Have started"), [plain(week[1]) for week in weeks], tone="accent"),
            Series(_("Have not started yet"), [plain(week[2]) for week in weeks], tone="quiet"),
        ],
        turns=[Turn(first, _("the first wave starts"))] if first else (),
        first=_("Week from"),
    )


def _waves(trial: Trial) -> list[Wave]:
    rows = TrialGroup.objects.filter(trial=trial).select_related("unit", "group").order_by("group__name", "group")
    by_week: dict[int | None, list[Group]] = {week: [] for week in [*trial.waves, *([None] if trial.held_back else [])]}
    for row in rows:
        by_week.setdefault(row.unit.week, []).append(row.group)
    return [
        Wave(
            _("Held back") if week is None else _("Wave %(n)s") % {"n": number},
            None if week is None else day_of(week, trial.first_day, trial.before),
            len(groups),
            groups[:NAMED],
        )
        for number, (week, groups) in enumerate(by_week.items(), 1)
    ]


def _refused(request: HttpRequest, launch: Launch, why: object) -> HttpResponse:
    context = {
        "launch": launch,
        "sentence": str(why),
        "may_offer": may(request.user, *IN_CHARGE) and stands_in_the_way(launch) is None,
    }
    return render(request, "health/trial_refused.html", context)


def _launch(request: HttpRequest, pk: int) -> Launch:
    rows = sop_queries.launches(request.user).select_related("community", "version__playbook")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


__all__ = ["go_without", "offer", "one"]
