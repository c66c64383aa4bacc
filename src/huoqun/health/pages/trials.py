"""Fair tests: offered before a playbook starts, and read when they are over."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
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
from huoqun.health import queries, trial_work
from huoqun.health.models import TrialReading
from huoqun.health.operations.outlooks import kept
from huoqun.health.operations.readings import reading_of
from huoqun.health.pages import trial_words as words
from huoqun.health.rules import local_day
from huoqun.health.trials import Foreseen, Outlook, Went, look_ahead, taking_part
from huoqun.jobs import queries as jobs
from huoqun.jobs.models import Job, State
from huoqun.sop import queries as sop_queries
from huoqun.sop.eligible import Unit
from huoqun.sop.errors import CannotDraw, NoDraw
from huoqun.sop.models import Launch, Trial, TrialGroup
from huoqun.sop.operations import launching
from huoqun.sop.operations.trials import SEEDS, draw, first_moment, is_about_one_moment, refusal, stands_in_the_way
from huoqun.sop.rules.testing import MOST_BEFORE, Plan, day_of

IN_CHARGE = (Role.ADMIN, Role.LEAD)
MOST_WAVES, MOST_WEEKS = 12, 12
MOST_AHEAD = timedelta(days=365)
IN_A_WAVE = 50
"""Groups named; of the others only how many there are."""
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

    @property
    def more(self) -> int:
        return self.groups - len(self.named)


# Before


@needs(*IN_CHARGE)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """What a test would look like; drawn when it is sent."""
    launch = _launch(request, pk)
    if reason := stands_in_the_way(launch):
        if reason is NoDraw.DRAWN:
            return HttpResponseRedirect(reverse("health:trial", args=[launch.pk]))
        return _refused(request, launch, words.NO_DRAW[reason])
    if jobs.is_open(trial_work.DRAW, str(launch.pk)):
        return HttpResponseRedirect(reverse("health:trial", args=[launch.pk]))
    here = sop_queries.groups_of(launch).count()
    units = taking_part(launch) if here <= trial_work.AT_ONCE else None
    form = _form(request, launch, here if units is None else len(units))
    if not form.is_valid():
        return _offered(request, launch, form, None, status=422)
    known = _known(launch, form.plan(MOST_BEFORE), units)
    if known is None:
        return _working(request, launch, form, here)
    if request.method == "POST":
        return _draw(request, launch, known.foreseen, at_once=units is not None) or _offered(
            request, launch, form, known, status=422
        )
    return _offered(request, launch, form, known, status=200)


def _known(launch: Launch, plan: Plan, units: list[Unit] | None) -> Outlook | None:
    """None: it has to be worked out behind the page."""
    if units is None:
        return kept(launch, plan, now=timezone.now())
    return look_ahead(launch, plan, units)


def _working(request: HttpRequest, launch: Launch, form: PlanForm, groups: int) -> HttpResponse:
    """The page asks again by itself until the outlook is there."""
    plan = form.plan(MOST_BEFORE)
    job = jobs.latest(trial_work.OUTLOOK, trial_work.outlook_key(launch, plan))
    if job is None or job.state != State.FAILED or "again" in request.POST or "again" in request.GET:
        by = staff_of(request)
        assert by is not None
        job = trial_work.ask_outlook(launch, plan, by=by, now=timezone.now())
    query = urlencode({name: form[name].value() for name in form.fields})
    address = f"{reverse('health:trial_offer', args=[launch.pk])}?{query}"
    context = {
        "launch": launch,
        "sentence": _("What a test over %(n)s groups could show is being worked out.") % {"n": count_words(groups)},
        "job": job,
        "failed": job.state == State.FAILED,
        "address": address,
        "retry": f"{address}&again=1",
    }
    return render(request, "health/trial_working.html", context)


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


def _draw(request: HttpRequest, launch: Launch, foreseen: Foreseen, *, at_once: bool) -> HttpResponse | None:
    """Here, or over thousands of groups behind the page that shows what came of it."""
    plan, by, now = foreseen.plan, staff_of(request), timezone.now()
    seed, smallest = secrets.randbelow(SEEDS), foreseen.smallest.effect if foreseen.smallest else None
    try:
        if reason := refusal(launch, plan, now=now):
            raise CannotDraw(reason)
        if at_once:
            draw(launch, plan, seed=seed, smallest=smallest, by=by, now=now)
            messages.success(request, _("The lots are dealt. Each wave begins by itself on its day."))
        else:
            trial_work.ask_draw(launch, plan, seed=seed, smallest=smallest, by=by, now=now)
    except CannotDraw as refused:
        messages.error(request, str(words.NO_DRAW[refused.reason]))
        return None
    return HttpResponseRedirect(reverse("health:trial", args=[launch.pk]))


def _offered(request: HttpRequest, launch: Launch, form: PlanForm, known: Outlook | None, *, status: int) -> HttpResponse:
    aim = launch.version.book.aim
    assert aim is not None
    plan = known.foreseen.plan if known else None
    context = {
        "launch": launch,
        "form": form,
        "measure": words.MEASURES[aim.measure].name,
        "by": [words.KINDS[kind] for kind in aim.by],
        "together": known.together if known else (),
        "foreseen": known is not None,
        # The plan stands on the page twice: to be changed, and to be drawn as it is.
        "as_it_stands": [field.as_hidden(attrs={"id": f"draw-{field.name}"}) for field in form],
        "sentence": _offer_sentence(known),
        "notes": list(_offer_notes(launch, aim.measure, known)) if known else [],
        "days": _wave_days(plan) if plan else [],
        "audit": queries.latest_audit(launch.community),
    }
    return render(request, "health/trial_offer.html", context, status=status)


def _offer_sentence(known: Outlook | None) -> str:
    if known is None:
        return _("Something is missing in the plan.")
    number = ngettext("%(n)s group", "%(n)s groups", known.groups) % {"n": count_words(known.groups)}
    if known.units < known.groups:
        said = ngettext("%(groups)s, drawn as %(n)s unit,", "%(groups)s, drawn as %(n)s units,", known.units)
        number = said % {"groups": number, "n": count_words(known.units)}
    plan = known.foreseen.plan
    figures = {"units": number, "waves": plan.waves, "held": f"{plan.held_back:.0%}", "end": plan.over_on - timedelta(days=1)}
    if not plan.held_back:
        return _("%(units)s are dealt by lot over %(waves)s waves; what it shows is read after %(end)s.") % figures
    if plan.waves == 1:
        return _("%(units)s: the lot holds %(held)s back, the others start; what it shows is read after %(end)s.") % figures
    return (
        _("%(units)s are dealt by lot over %(waves)s waves, %(held)s are held back; what it shows is read after %(end)s.")
        % figures
    )


def _offer_notes(launch: Launch, measure: str, known: Outlook) -> Iterator[str]:
    seen = known.foreseen
    if seen.smallest is None:
        yield _(
            "How small an effect it could see cannot be said: too few weeks of these groups have been audited, or their "
            "figures do not differ at all."
        )
    else:
        yield words.smallest_words(measure, seen.smallest.effect, seen.level)
        yield _(
            "Computed from the past of %(units)s units over %(weeks)s weeks: the same lots were dealt over them a thousand "
            "times, with no playbook in it."
        ) % {"units": count_words(seen.smallest.units), "weeks": seen.smallest.weeks}
    if measure == "speakers":
        yield _("Different speakers of a week are known from the audit of its last day: let audits run every day.")
        yield from words.unaudited(known.unaudited)
    if known.units < known.groups:
        yield _("Groups that share more than a fifth of their members are drawn together: they hear of each other.")
    if not seen.plan.held_back:
        yield _("The last wave starts when the test is over: until then it is what the others are compared with.")
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
    if jobs.is_open(trial_work.DRAW, str(launch.pk)):
        messages.error(request, _("The lots are being dealt already."))
        return HttpResponseRedirect(reverse("health:trial", args=[launch.pk]))
    launching.resume(launch, by=staff_of(request), now=timezone.now())
    messages.success(request, _("At work without a test. Whether it helps will not be known."))
    return HttpResponseRedirect(reverse("sop:launch", args=[launch.pk]))


# Afterwards


@needs()
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    launch = _launch(request, pk)
    # Looked up first: whose job is over by now has its lots.
    drawing = jobs.latest(trial_work.DRAW, str(launch.pk))
    trial = Trial.objects.filter(launch=launch).select_related("version", "drawn_by", "launch__community").first()
    if trial is None and drawing is not None and _is_about_lots(drawing, launch):
        return _dealing(request, launch, drawing)
    if trial is None:
        return _refused(request, launch, words.no_claim("not_drawn"))
    reading, job = _reading(request, trial)
    context: dict[str, Any] = {
        "launch": launch,
        "trial": trial,
        "measure": words.MEASURES[trial.measure].name,
        "waves": _waves(trial),
        "last_day": day_of(trial.weeks, trial.first_day, trial.before) - timedelta(days=1),
        "promised": words.smallest_words(trial.measure, trial.smallest, None) if trial.smallest is not None else "",
        "reading": reading,
        "job": job,
        "failed": job is not None and job.state == State.FAILED,
        "paused": launch.state == Launch.State.PAUSED,
        "went_on": launch.version_id != trial.version_id,
    }
    if reading is not None:
        context |= _shown(trial, reading.showed)
    return render(request, "health/trial.html", context)


def _is_about_lots(drawing: Job, launch: Launch) -> bool:
    """They are being dealt; or that failed, and can be tried again."""
    return drawing.is_open or (drawing.state != State.DONE and stands_in_the_way(launch) is None)


def _dealing(request: HttpRequest, launch: Launch, job: Job) -> HttpResponse:
    """The page asks again by itself until the lots are there."""
    plan = trial_work.plan_of(job)
    said = {
        "first_day": plan.first_day,
        "waves": plan.waves,
        "every": plan.every,
        "held_back": round(plan.held_back * 100),
        "after": plan.after,
    }
    again = f"{reverse('health:trial_offer', args=[launch.pk])}?{urlencode(said)}"
    reason = trial_work.not_drawn_because(job)
    context = {
        "launch": launch,
        "sentence": _("The lots are being dealt.") if job.is_open else _("The lots were not dealt: nothing has begun."),
        "job": job,
        "failed": not job.is_open,
        "why": words.NO_DRAW[reason] if reason else "",
        "address": reverse("health:trial", args=[launch.pk]),
        "plan_again": again if may(request.user, *IN_CHARGE) else "",
    }
    return render(request, "health/trial_working.html", context)


def _reading(request: HttpRequest, trial: Trial) -> tuple[TrialReading | None, Job | None]:
    """What it showed, or the job that reads it; neither: it is not over."""
    kept_one = TrialReading.objects.filter(trial=trial).first()
    if kept_one is not None or not Went(trial).is_over:
        return kept_one, None
    if trial.units.count() <= trial_work.AT_ONCE:
        return reading_of(trial, now=timezone.now()), None
    job = jobs.latest(trial_work.READING, str(trial.pk))
    if job is None or job.state != State.FAILED or "again" in request.GET:
        by = staff_of(request)
        assert by is not None
        job = trial_work.ask_reading(trial, by=by, now=timezone.now())
    return None, job


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
    unaudited = [date.fromisoformat(day) for day in showed.get("unaudited", [])]
    if (gone := showed["gone_weeks"] - len(unaudited)) > 0:
        told = ngettext(
            "%(n)s week is left out: of most groups it is not known.",
            "%(n)s weeks are left out: of most groups they are not known.",
            gone,
        )
        yield told % {"n": count_words(gone)}
    yield from words.unaudited(unaudited)


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
    counted = TrialGroup.objects.filter(trial=trial).order_by().values_list("unit__week").annotate(groups=Count("pk"))
    groups = dict(counted)
    weeks: list[int | None] = [*trial.waves, *([None] if trial.held_back else [])]
    return [
        Wave(
            _("Held back") if week is None else _("Wave %(n)s") % {"n": number},
            None if week is None else day_of(week, trial.first_day, trial.before),
            groups.get(week, 0),
            [row.group for row in _of_wave(trial, week)],
        )
        for number, week in enumerate(weeks, 1)
    ]


def _of_wave(trial: Trial, week: int | None) -> QuerySet[TrialGroup]:
    """The first of them by name."""
    rows = TrialGroup.objects.filter(trial=trial)
    rows = rows.filter(unit__week__isnull=True) if week is None else rows.filter(unit__week=week)
    return rows.select_related("group").only("group__name", "group__native_id").order_by("group__name", "group")[:IN_A_WAVE]


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
