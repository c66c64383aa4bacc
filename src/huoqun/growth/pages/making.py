"""The form of a live code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.community.models import Community, Group, Identity
from huoqun.community.pages import looking
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.growth import operations
from huoqun.growth.errors import LeadsNowhere, NotLive
from huoqun.growth.models import LiveCode
from huoqun.growth.operations import Leads
from huoqun.growth.pages.finding import seen_one
from huoqun.growth.queries import colleagues_to_lead_to, groups_to_lead_to
from huoqun.growth.rules import LONGEST_TITLE, MOST_GROUPS, Kind

OFFERED = 100
"""So many groups stand in the form; the others are found by name."""


class CodeForm(forms.Form):
    """Groups for a group code, in the order in which they are filled; colleagues for a contact code."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_TITLE,
        help_text=gettext_lazy("For your colleagues: where it hangs or who shares it, such as “spring poster”."),
    )
    groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.none(), label=gettext_lazy("Groups"), widget=forms.CheckboxSelectMultiple
    )
    new_groups = forms.CharField(
        label=gettext_lazy("When all are full, new groups are called"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("With a number behind it. Left empty, nobody comes in any more when they are full."),
    )
    colleagues = forms.ModelMultipleChoiceField(
        queryset=Identity.objects.none(), label=gettext_lazy("Colleagues"), widget=forms.CheckboxSelectMultiple
    )
    asks_first = forms.BooleanField(label=gettext_lazy("The colleague says yes before somebody is added"), required=False)

    def __init__(self, request: HttpRequest, home: Community, kind: Kind, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        unwanted = ("colleagues", "asks_first") if kind == Kind.JOIN else ("groups", "new_groups")
        for name in unwanted:
            del self.fields[name]
        if kind == Kind.JOIN:
            self._offer_groups(request, home)
        else:
            self.fields["colleagues"].queryset = colleagues_to_lead_to(home)  # type: ignore[attr-defined]

    def _offer_groups(self, request: HttpRequest, home: Community) -> None:
        """A community may have thousands: those of a name are offered, and those it leads to already. Any may be given."""
        groups, field = groups_to_lead_to(staff_of(request), home), self.fields["groups"]
        field.queryset = groups  # type: ignore[attr-defined]
        field.help_text = _("Up to %(n)s, all on one carrier.") % {"n": MOST_GROUPS}
        ticked = (request.POST if self.is_bound else request.GET).getlist("groups")
        kept = [int(each) for each in ticked if each.isdecimal() and len(each) < 19]
        if not ticked:
            kept = self.initial.get("groups", [])
        self.initial["groups"] = kept
        named = groups.filter(name__icontains=request.GET.get("q", "").replace("\0", ""))[:OFFERED]
        offered = {group.pk: str(group) for group in [*groups.filter(pk__in=kept), *named]}
        field.choices = list(offered.items())  # type: ignore[attr-defined]

    def leads(self) -> Leads:
        said = self.cleaned_data
        return Leads(
            title=said["title"],
            groups=list(said.get("groups", ())),
            colleagues=list(said.get("colleagues", ())),
            new_groups=said.get("new_groups", ""),
            asks_first=said.get("asks_first", False),
        )


def _kind(name: str) -> Kind:
    if name not in set(Kind):
        raise Http404
    return Kind(name)


def _home(request: HttpRequest) -> Community | None:
    slug = request.GET.get("community", "")
    if slug:
        return next((home for home in looking.seen(request) if home.slug == slug), None)
    return looking.chosen(request)


@needs(*WORKERS)
def make(request: HttpRequest, kind: str) -> HttpResponse:
    what, home = _kind(kind), _home(request)
    if home is None:
        return render(request, "growth/which.html", {"communities": looking.seen(request), "kind": kind})
    form = CodeForm(request, home, what, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = operations.make(home, what, form.leads(), by=staff_of(request), now=timezone.now())
        except LeadsNowhere:
            form.add_error(None, _too_many(what))
        else:
            messages.success(request, _("It is being made; in a moment its picture stands here."))
            return HttpResponseRedirect(reverse("growth:code", args=[code.pk]))
    return _form(request, form, home, what)


@needs(*WORKERS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    code = seen_one(request, pk)
    what = Kind(code.kind)
    form = CodeForm(request, code.community, what, request.POST or None, initial=_initial(code))
    if request.method == "POST" and form.is_valid():
        try:
            operations.change(code, form.leads(), by=staff_of(request), now=timezone.now())
        except LeadsNowhere:
            form.add_error(None, _too_many(what))
        except NotLive:
            messages.error(request, _("Only a live code can be changed."))
            return HttpResponseRedirect(reverse("growth:code", args=[pk]))
        else:
            return HttpResponseRedirect(reverse("growth:code", args=[pk]))
    return _form(request, form, code.community, what, code)


def _too_many(kind: Kind) -> str:
    if kind == Kind.JOIN:
        return _("A code leads to at most %(n)s groups, all on one carrier.") % {"n": MOST_GROUPS}
    return _("A code leads to colleagues on one carrier.")


def _initial(code: LiveCode) -> dict[str, Any]:
    return {
        "title": code.title,
        "groups": [step.group_id for step in code.steps.all()],
        "colleagues": [colleague.pk for colleague in code.colleagues.all()],
        "new_groups": code.new_groups,
        "asks_first": code.asks_first,
    }


def _form(request: HttpRequest, form: CodeForm, home: Community, kind: Kind, code: LiveCode | None = None) -> HttpResponse:
    context = {
        "form": form,
        "home": home,
        "is_join": kind == Kind.JOIN,
        "code": code,
        "q": request.GET.get("q", ""),
        "slug": request.GET.get("community", ""),
    }
    return render(request, "growth/make.html", context, status=422 if form.is_bound else 200)
