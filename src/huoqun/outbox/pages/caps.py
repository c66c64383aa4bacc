"""How often one person or one group may be disturbed, whatever room asks (L14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.console.models import Role
from huoqun.console.permissions import needs, staff_of
from huoqun.outbox import operations, queries
from huoqun.outbox.models import OrganisationCap
from huoqun.outbox.pages import seen
from huoqun.outbox.rules.paces import Caps

IN_CHARGE = (Role.ADMIN, Role.LEAD)
MOST = 1000
EVERYWHERE = ""
"""What the rows call the caps of every community without its own."""


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST)


class CapForm(forms.Form):
    """Empty: no limit."""

    member_day = _number(gettext_lazy("Messages to one person in 24 hours"))
    member_week = _number(gettext_lazy("Messages to one person in 7 days"))
    group_day = _number(gettext_lazy("Posts in one group in 24 hours"))

    def clean(self) -> dict[str, Any]:
        day, week = self.cleaned_data.get("member_day"), self.cleaned_data.get("member_week")
        if day and week and week < day:
            raise forms.ValidationError(_("A week allows fewer than a day: give the week at least as many."))
        return self.cleaned_data

    @property
    def caps(self) -> Caps:
        return Caps(**self.cleaned_data)


@dataclass(frozen=True)
class Card:
    """One community's caps, or those of every community without its own."""

    community: str
    name: str
    row: OrganisationCap | None
    form: CapForm | None
    """None: only to be looked at."""


@needs(*IN_CHARGE)
def caps(request: HttpRequest, **wired: object) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    community = _named(request)
    form = _form(community, None, data=request.POST)
    if not form.is_valid():
        return _page(request, bound={community: form}, status=400)
    operations.set_caps(community, form.caps, by=staff_of(request), now=timezone.now())
    messages.success(request, _("Saved. It holds from the next message on."))
    return HttpResponseRedirect(reverse("outbox:caps"))


@require_POST
@needs(*IN_CHARGE)
def drop(request: HttpRequest, **wired: object) -> HttpResponse:
    community = _named(request)
    if operations.drop_caps(community, now=timezone.now()):
        messages.success(request, _("Done: here holds what holds everywhere."))
    return HttpResponseRedirect(reverse("outbox:caps"))


def _page(request: HttpRequest, *, bound: dict[str, CapForm] | None = None, status: int = 200) -> HttpResponse:
    bound = bound or {}
    called = seen.called(request)
    rows = {row.community: row for row in queries.caps(list(called)).select_related("changed_by")}
    everywhere, is_admin = rows.get(EVERYWHERE), staff_of(request).role == Role.ADMIN
    general = bound.get(EVERYWHERE) or _form(EVERYWHERE, everywhere)
    # Where a community has none of its own, the form shows what is in force there.
    forms_ = {slug: bound.get(slug) or _form(slug, rows.get(slug, everywhere)) for slug in called}
    own = [Card(slug, name, rows.get(slug), forms_[slug]) for slug, name in called.items()]
    context = {"general": Card(EVERYWHERE, "", everywhere, general if is_admin else None), "own": own}
    return render(request, "outbox/caps.html", context, status=status)


def _form(community: str, row: OrganisationCap | None, *, data: Any = None) -> CapForm:
    initial = {name: getattr(row, name) for name in CapForm.base_fields} if row else None
    return CapForm(data, initial=initial, auto_id=f"{community or 'everywhere'}_%s")


def _named(request: HttpRequest) -> str:
    """Raises PermissionDenied for a community this person may not see; what holds everywhere is for administrators."""
    community = request.POST.get("community", EVERYWHERE)
    allowed = community in seen.communities(request) if community else staff_of(request).role == Role.ADMIN
    if not allowed:
        raise PermissionDenied(_("An administrator says what holds in every community."))
    return community
