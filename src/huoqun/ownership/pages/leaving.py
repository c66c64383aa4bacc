"""A colleague leaves: who gets what, and how far it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.community.models import Community, Group, Identity
from huoqun.community.pages import looking
from huoqun.console.permissions import needs, staff_of
from huoqun.outbox.models import Request
from huoqun.outbox.words import STATES
from huoqun.ownership import operations, queries
from huoqun.ownership.errors import CannotTakeOver
from huoqun.ownership.queries.leaving import (
    Progress,
    could_leave,
    could_take_over,
    customers_for,
    groups_of,
    leavings,
    progress,
    unsettled,
)
from huoqun.vocabulary.ids import group_key, person_key

MOST_SHOWN = 50


class LeavingForm(forms.Form):
    leaver = forms.ModelChoiceField(
        queryset=Identity.objects.none(), label=gettext_lazy("Who leaves"), empty_label=gettext_lazy("choose")
    )
    successor = forms.ModelChoiceField(
        queryset=Identity.objects.none(), label=gettext_lazy("Who takes over"), empty_label=gettext_lazy("choose")
    )
    resigned = forms.BooleanField(
        label=gettext_lazy("They do not work here any more"),
        required=False,
        help_text=gettext_lazy("Removed from the company on the carrier already. Otherwise they hand over while they stay."),
    )
    words = forms.CharField(
        label=gettext_lazy("What customers are told"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Where the carrier tells them; left empty, it uses words of its own."),
    )

    def __init__(self, home: Community, data: Any = None) -> None:
        super().__init__(data)
        self.fields["leaver"].queryset = could_leave(home)  # type: ignore[attr-defined]
        self.fields["successor"].queryset = could_take_over(home)  # type: ignore[attr-defined]


@needs(*queries.IN_CHARGE)
def page(request: HttpRequest) -> HttpResponse:
    """Those that are under way; and what a new one would hand over, before it is done."""
    home = looking.chosen(request)
    if home is None:
        return render(request, "ownership/leaving.html", {"rows": _rows(request)})
    form = LeavingForm(home, request.POST or None)
    looked, context = None, {"rows": _rows(request), "home": home}
    if request.method == "POST" and form.is_valid():
        if "sure" in request.POST:
            return _begin(request, home, form) or _page(request, form, context, status=422)
        looked = _preview(form)
    return _page(request, form, {**context, "preview": looked}, status=422 if form.errors else 200)


def _page(request: HttpRequest, form: LeavingForm, context: dict[str, Any], *, status: int) -> HttpResponse:
    return render(request, "ownership/leaving.html", {**context, "form": form}, status=status)


def _preview(form: LeavingForm) -> dict[str, Any]:
    leaver, successor = form.cleaned_data["leaver"], form.cleaned_data["successor"]
    return {
        "leaver": leaver,
        "successor": successor,
        "groups": groups_of(leaver).count(),
        "customers": customers_for(leaver, successor).count(),
    }


def _begin(request: HttpRequest, home: Community, form: LeavingForm) -> HttpResponse | None:
    said = form.cleaned_data
    try:
        leaving = operations.leave(
            home, said["leaver"], said["successor"], resigned=said["resigned"], words=said["words"], by=staff_of(request),
            now=timezone.now(),
        )  # fmt: skip
    except CannotTakeOver:
        form.add_error("successor", _("Choose another colleague on the same carrier."))
        return None
    messages.success(request, _("The hand-over has begun. Here you see how far it is."))
    return HttpResponseRedirect(reverse("ownership:leaving_one", args=[leaving.pk]))


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    rows = list(looking.within(request, leavings(request.user))[:MOST_SHOWN])
    found = progress(rows)
    return [
        {
            "leaving": row,
            "groups": found.get((row.pk, "HandOverGroup"), Progress()),
            "customers": found.get((row.pk, "HandOverCustomer"), Progress()),
        }
        for row in rows
    ]


@needs(*queries.IN_CHARGE)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    leaving = get_object_or_404(leavings(request.user), pk=pk)
    found, open_ones = progress([leaving]), unsettled(leaving, MOST_SHOWN)
    names = _names(open_ones)
    context = {
        "leaving": leaving,
        "parts": [
            (_("Groups"), found.get((pk, "HandOverGroup"), Progress())),
            (_("Customers"), found.get((pk, "HandOverCustomer"), Progress())),
        ],
        "open": [
            {"request": row, "name": names[row.pk], "state": STATES[row.state], "why": _(row.reason) if row.reason else ""}
            for row in open_ones
        ],
    }
    return render(request, "ownership/leaving_one.html", context)


def _names(rows: list[Request]) -> dict[int, str]:
    """What the groups and customers are called; two queries for all."""
    keys = {row.pk: _key(row) for row in rows}
    groups = {group.key: str(group) for group in Group.objects.filter(key__in=keys.values())}
    people = {who.key: str(who) for who in Identity.objects.filter(key__in=keys.values())}
    return {row.pk: groups.get(keys[row.pk]) or people.get(keys[row.pk]) or row.target for row in rows}


def _key(row: Request) -> int:
    kind, _slash, native = row.target.partition("/")
    return group_key(row.through, native) if kind == "group" else person_key(row.through, native)
