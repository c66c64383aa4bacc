"""Who is away, who stands in; where one is written to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.community import queries as community_queries
from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.ownership import operations, queries
from huoqun.ownership.errors import AwayAlready, NotAnAbsence


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class AwayForm(forms.Form):
    """Whole days; both belong to it. Who is in charge may write it down for a colleague."""

    staff = forms.ModelChoiceField(queryset=Staff.objects.none(), label=gettext_lazy("Colleague"), empty_label=None)
    first = _day_field(gettext_lazy("First day"))
    last = _day_field(gettext_lazy("Last day"))
    stand_in = forms.ModelChoiceField(
        queryset=Staff.objects.none(),
        label=gettext_lazy("Stand-in"),
        required=False,
        empty_label=gettext_lazy("nobody: to the leads"),
        help_text=gettext_lazy("Gets the to-dos of these days, and those that are open when they begin."),
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        staff = staff_of(request)
        today = timezone.localdate()
        super().__init__(data, initial={"staff": staff, "first": today, "last": today})
        colleagues = queries.colleagues(staff)
        self.fields["stand_in"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["staff"].queryset = colleagues  # type: ignore[attr-defined]
        if not queries.is_in_charge(staff):
            del self.fields["staff"]


class ContactForm(forms.Form):
    community = forms.ModelChoiceField(queryset=Community.objects.none(), label=gettext_lazy("Community"), empty_label=None)
    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=64)
    account = forms.CharField(
        label=gettext_lazy("Account"), max_length=170, help_text=gettext_lazy("The connection the message goes through.")
    )
    native_id = forms.CharField(label=gettext_lazy("Your id there"), max_length=200)

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.fields["community"].queryset = community_queries.communities(request.user)  # type: ignore[attr-defined]


@needs(*WORKERS)
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **filled: forms.Form) -> HttpResponse:
    now = timezone.now()
    rows = [
        (away, away.start <= now, away.staff_id == staff_of(request).pk, _last_day(away.end, away.staff))
        for away in queries.absences(request.user, now=now)
    ]
    context = {
        "rows": rows,
        "contacts": queries.contacts(request.user),
        "form": AwayForm(request),
        "contact_form": ContactForm(request),
        **filled,
    }
    return render(request, "ownership/away.html", context, status=status)


@needs(*WORKERS)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    form = AwayForm(request, request.POST)
    if form.is_valid() and _kept(request, form):
        messages.success(request, _("Written down. The to-dos of these days go to the stand-in."))
        return HttpResponseRedirect(reverse("ownership:away"))
    return _page(request, status=422, form=form)


def _kept(request: HttpRequest, form: AwayForm) -> bool:
    """False where it cannot be; the form then says why."""
    by, values = staff_of(request), form.cleaned_data
    staff: Staff = values.get("staff") or by
    start, end = _start(values["first"], staff), _start(values["last"] + timedelta(days=1), staff)
    try:
        operations.go_away(staff, start=start, end=end, stand_in=values["stand_in"], by=by, now=timezone.now())
    except NotAnAbsence:
        form.add_error("last", _("It ends before it begins, is over already, or somebody would stand in for themselves."))
        return False
    except AwayAlready as other:
        days = {"first": f"{timezone.localdate(other.start)}", "last": _last_day(other.end, staff)}
        form.add_error("first", _("Away already from %(first)s to %(last)s. End that absence first.") % days)
        return False
    return True


def _start(day: date, staff: Staff) -> datetime:
    """Midnight by the clock of whoever is away."""
    return datetime.combine(day, time.min, ZoneInfo(staff.zone))


def _last_day(end: datetime, staff: Staff) -> date:
    return (end.astimezone(ZoneInfo(staff.zone)) - timedelta(microseconds=1)).date()


@needs(*WORKERS)
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    away = get_object_or_404(queries.absences(request.user, now=timezone.now()), pk=pk)
    operations.come_back(away, now=timezone.now())
    messages.success(request, _("Welcome back. New to-dos come to you again."))
    return HttpResponseRedirect(reverse("ownership:away"))


@needs(*WORKERS)
@require_POST
def reach(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request, request.POST)
    if not form.is_valid():
        return _page(request, status=422, contact_form=form)
    values = dict(form.cleaned_data)
    operations.reach(staff_of(request), values.pop("community"), **values)
    messages.success(request, _("From now on your to-dos are sent to you there."))
    return HttpResponseRedirect(reverse("ownership:away"))


@needs(*WORKERS)
@require_POST
def unreach(request: HttpRequest, pk: int) -> HttpResponse:
    operations.unreach(get_object_or_404(queries.contacts(request.user), pk=pk))
    return HttpResponseRedirect(reverse("ownership:away"))
