"""“I see it differently”: somebody who knows the group holds against the audit, and sees later what came after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.community import queries as community_queries
from huoqun.community.models import Group
from huoqun.console.figures import count_words
from huoqun.console.models import Staff
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.health import operations, queries
from huoqun.health.causes import wording
from huoqun.health.causes.disagreement import Seen, what_came_after
from huoqun.health.models import Audit, GroupHealth, Objection
from huoqun.health.pages.words import STATES, language, state_words

About = Objection.About
CALM, SILENT = "goes_on", "falls_silent"
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Told:
    """An objection with what came after it."""

    at: datetime
    by: Staff | None
    said: str
    instead: str
    note: str
    after: str
    still: str
    moved: str
    """State and talk, then and now."""


def names_of(about: str, code: str) -> str:
    """What a code of an audit is called, by what it is about."""
    if about == About.STATE:
        return state_words(code)
    known = {About.CAUSE.value: wording.CAUSES, About.ACTION.value: wording.ACTIONS}.get(about, {})
    if code in known:
        return known[code].say(language())
    return str(dict(_forecasts()).get(code, code))


def _forecasts() -> list[tuple[str, Any]]:
    return [(SILENT, _("it falls silent within 30 days")), (CALM, _("it goes on"))]


def statements(health: GroupHealth) -> list[tuple[str, str]]:
    """What the audit says of the group, each as something one can disagree with."""
    found = [(About.CAUSE, cause["code"]) for cause in health.causes if cause["code"] in wording.CAUSES]
    if health.action in wording.ACTIONS:
        found.append((About.ACTION, health.action))
    found.append((About.STATE, health.state))
    if health.p_silent is not None:
        found.append((About.FORECAST, SILENT if health.p_silent >= 0.5 else CALM))
    return [(f"{about.value}:{code}", _told_as(about.label, names_of(about.value, code))) for about, code in found]


def _told_as(about: object, what: str) -> str:
    return _("%(about)s: %(what)s") % {"about": about, "what": what}


def _instead() -> list[tuple[Any, Any]]:
    """Something of each kind; which kind fits is seen when the form is sent."""
    kinds = (
        (About.CAUSE, [(code, names_of("cause", code)) for code in wording.CAUSES]),
        (About.ACTION, [(code, names_of("action", code)) for code in wording.ACTIONS]),
        (About.STATE, [(code, state_words(code)) for code in STATES]),
        (About.FORECAST, _forecasts()),
    )
    grouped = [(str(about.label), [(f"{about.value}:{code}", name) for code, name in codes]) for about, codes in kinds]
    return [("", _("I cannot say")), *grouped]


class ObjectionForm(forms.Form):
    against = forms.ChoiceField(label=gettext_lazy("What is wrong"))
    instead = forms.ChoiceField(label=gettext_lazy("What it is instead"), required=False)
    note = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, health: GroupHealth, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "objection_%s"
        super().__init__(*args, **kwargs)
        self.fields["against"].choices = statements(health)  # type: ignore[attr-defined]
        self.fields["instead"].choices = _instead()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        against, instead = values.get("against", ""), values.get("instead", "")
        if not instead and not values.get("note") and not self.errors:
            raise forms.ValidationError(_("Say what it is instead, or why."))
        if instead and against and instead.partition(":")[0] != against.partition(":")[0]:
            self.add_error("instead", _("Choose something of the same kind as what is wrong."))
        elif instead and instead == against:
            self.add_error("instead", _("That is what the audit says."))
        return values


def block(visitor: Staff, group: Group, health: GroupHealth, form: ObjectionForm | None = None) -> dict[str, Any]:
    """What the template part needs."""
    rows = queries.objections_to(visitor, group)[:SHOWN]
    may_object = may(visitor, *WORKERS)
    return {
        "objections": [_told(row, health) for row in rows],
        "objection_form": (form or ObjectionForm(health)) if may_object else None,
    }


def _told(row: Objection, health: GroupHealth) -> Told:
    after = what_came_after(row.code, _then(row), _now(row, health))
    states = {name: state_words(str(after.figures[name])) for name in ("state_then", "state_now")}
    told = {**after.figures, **states}
    return Told(
        at=row.at,
        by=row.by,
        said=_told_as(row.get_about_display(), names_of(row.about, row.code)),
        instead=names_of(row.about, row.instead) if row.instead else "",
        note=row.note,
        after=wording.what_came_after(after.code, told, language=language()),
        still=wording.still_said(after.still_said, language=language()),
        moved=_moved(after.figures, states),
    )


def _moved(figures: Mapping[str, Any], states: Mapping[str, str]) -> str:
    words = _("%(state_then)s → %(state_now)s; messages in 30 days: %(then)s → %(now)s")
    return words % {
        **states,
        "then": count_words(figures["messages_then"]),
        "now": count_words(figures["messages_now"]),
    }


def _then(row: Objection) -> Seen:
    return Seen(
        on=row.audit_as_of,
        state=row.then.get("state", ""),
        messages_30d=row.then.get("messages_30d"),
        speakers_7d=row.then.get("speakers_7d"),
        codes=(row.code,),
    )


def _now(row: Objection, health: GroupHealth) -> Seen:
    said = [one.partition(":") for one, _words in statements(health)]
    return Seen(
        on=health.audit.as_of,
        state=health.state,
        messages_30d=health.messages_30d,
        speakers_7d=health.speakers_7d,
        codes=tuple(code for about, _colon, code in said if about == row.about),
    )


@needs(*WORKERS)
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    visitor = staff_of(request)
    group = community_queries.groups(visitor).select_related("community").filter(pk=pk).first()
    health = queries.health_of(group) if group else None
    if group is None or health is None:
        raise Http404
    form = ObjectionForm(health, request.POST)
    if form.is_valid():
        _keep(form.cleaned_data, group, health.audit, visitor)
        if not request.headers.get("HX-Request"):
            return HttpResponseRedirect(reverse("health:group", args=[pk]) + "#objections")
        form = ObjectionForm(health)
    context = {"group": group, **block(visitor, group, health, form)}
    return render(request, "health/group/objections.html", context, status=422 if form.errors else 200)


def _keep(values: dict[str, Any], group: Group, audit: Audit, by: Staff) -> None:
    about, _colon, code = values["against"].partition(":")
    instead = values["instead"].partition(":")[2]
    operations.keep_objection(group, audit, about, code, instead, values["note"].strip(), by, timezone.now())
