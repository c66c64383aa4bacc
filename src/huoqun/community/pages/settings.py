"""A community's settings: name and zone, who works in it, house rules, lists."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from huoqun.community import queries
from huoqun.community.errors import BadList
from huoqun.community.models import Community, House, LabelRule
from huoqun.community.operations import communities, labels, listed
from huoqun.community.pages import live, zones
from huoqun.console.lists import Column, Empty, ListPage
from huoqun.console.models import Staff
from huoqun.console.permissions import Role, needs, staff_of

LARGEST_LIST = 20 * 1024 * 1024
IN_CHARGE = (Role.ADMIN, Role.LEAD)


class CommunityList(ListPage):
    title = gettext_lazy("Communities")
    roles = IN_CHARGE
    export_name = "communities"
    order = "name"
    nothing = Empty(
        gettext_lazy("There is no community yet."), gettext_lazy("Import an export file to make the first one"), "/imports/"
    )
    columns = (
        Column(
            name="name",
            label=gettext_lazy("Name"),
            sort="name",
            link=lambda row: reverse("community:settings", args=[row.slug]),
        ),
        Column(name="groups_count", label=gettext_lazy("Groups"), number=True, sort="groups_count"),
        Column(name="seats_count", label=gettext_lazy("Staff with a seat"), number=True),
        Column(name="zone", label=gettext_lazy("Time zone"), wide_only=True),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Community]:
        return queries.communities(request.user).annotate(
            groups_count=Count("groups", distinct=True), seats_count=Count("seats", distinct=True)
        )


class About(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Days are cut in this zone. Changing it changes every figure a day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zones.choices()  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["class"] = "form-control"
        self.fields["zone"].widget.attrs["class"] = "form-select"


class Rule(forms.Form):
    pattern = forms.CharField(
        label=gettext_lazy("Name or id contains"),
        max_length=120,
        help_text=gettext_lazy("* stands for anything: *bot*, 客服-*"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    house = forms.ChoiceField(
        label=gettext_lazy("Counts as"), choices=House.choices, widget=forms.Select(attrs={"class": "form-select"})
    )


class ListFile(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"), widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv"})
    )

    def clean_file(self) -> list[str]:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_LIST:
            raise forms.ValidationError(_("A list of more than 20 MB is no list. Check the file."))
        raw = file.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return io.StringIO(raw.decode(encoding), newline="").readlines()
            except UnicodeDecodeError:
                continue
        raise forms.ValidationError(_("The file is neither UTF-8 nor GB18030 text. Save it as CSV (UTF-8)."))


@needs(*IN_CHARGE)
def one(request: HttpRequest, slug: str) -> HttpResponse:
    home = _mine(request, slug)
    about = About(request.POST or None, initial={"name": home.name, "zone": home.zone})
    if request.method == "POST" and about.is_valid():
        communities.describe(home, name=about.cleaned_data["name"], zone=about.cleaned_data["zone"])
        messages.success(request, _("Saved."))
        return _back(home)
    return _page(request, home, about=about)


def _page(request: HttpRequest, home: Community, *, status: int = 200, **forms_: forms.Form) -> HttpResponse:
    context = {
        "home": home,
        "about": About(initial={"name": home.name, "zone": home.zone}),
        "rule": Rule(),
        "house_list": ListFile(auto_id="house_%s"),
        "group_list": ListFile(auto_id="groups_%s"),
        "rules": queries.label_rules(request.user).filter(community=home),
        "seats": home.seats.select_related("staff").order_by("staff__username"),
        "live": live.accounts(home.slug),
        "others": _without_seat(home) if staff_of(request).role == Role.ADMIN else [],
        **forms_,
    }
    return render(request, "community/settings.html", context, status=status)


@needs(*IN_CHARGE)
@require_POST
def add_rule(request: HttpRequest, slug: str) -> HttpResponse:
    home, form = _mine(request, slug), Rule(request.POST)
    if not form.is_valid():
        return _page(request, home, status=422, rule=form)
    changed = labels.add_rule(home, form.cleaned_data["pattern"], form.cleaned_data["house"], now=timezone.now())
    _say_changed(request, changed)
    return _back(home)


@needs(*IN_CHARGE)
@require_POST
def drop_rule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    rule = get_object_or_404(LabelRule, pk=pk, community=_mine(request, slug))
    _say_changed(request, labels.drop_rule(rule, now=timezone.now()))
    return _back(rule.community)


@needs(*IN_CHARGE)
@require_POST
def take_house_list(request: HttpRequest, slug: str) -> HttpResponse:
    home, form = _mine(request, slug), ListFile(request.POST, request.FILES, auto_id="house_%s")
    if not form.is_valid():
        return _page(request, home, status=422, house_list=form)
    name = str(getattr(request.FILES["file"], "name", ""))
    try:
        changed = listed.take_house_list(home, form.cleaned_data["file"], by=staff_of(request), now=timezone.now(), reason=name)
    except BadList as bad:
        return _refused(request, home, form, bad, "house_list")
    _say_changed(request, changed)
    return _back(home)


@needs(*IN_CHARGE)
@require_POST
def take_group_list(request: HttpRequest, slug: str) -> HttpResponse:
    home, form = _mine(request, slug), ListFile(request.POST, request.FILES, auto_id="groups_%s")
    if not form.is_valid():
        return _page(request, home, status=422, group_list=form)
    try:
        found = listed.take_group_list(home, form.cleaned_data["file"])
    except BadList as bad:
        return _refused(request, home, form, bad, "group_list")
    words = ngettext("%(number)d group was found and described.", "%(number)d groups were found and described.", found)
    messages.success(request, words % {"number": found})
    return _back(home)


@needs(Role.ADMIN)
@require_POST
def give_seat(request: HttpRequest, slug: str) -> HttpResponse:
    home = _mine(request, slug)
    communities.seat(get_object_or_404(Staff, pk=request.POST.get("staff"), is_active=True), home)
    return _back(home)


@needs(Role.ADMIN)
@require_POST
def take_seat(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    home = _mine(request, slug)
    communities.unseat(get_object_or_404(Staff, pk=pk), home)
    return _back(home)


def _refused(request: HttpRequest, home: Community, form: forms.Form, bad: BadList, name: str) -> HttpResponse:
    for problem in bad.problems[:20]:
        form.add_error("file", problem)
    if len(bad.problems) > 20:
        form.add_error("file", _("… and %(number)d more. Nothing was applied.") % {"number": len(bad.problems) - 20})
    return _page(request, home, status=422, **{name: form})


def _say_changed(request: HttpRequest, changed: int) -> None:
    words = ngettext(
        "%(number)d person changed. The audit is computed anew.",
        "%(number)d people changed. The audit is computed anew.",
        changed,
    )
    messages.success(request, words % {"number": changed})


def _without_seat(home: Community) -> QuerySet[Staff]:
    return Staff.objects.filter(is_active=True).exclude(role=Role.ADMIN).exclude(seats__community=home).order_by("username")


def _mine(request: HttpRequest, slug: str) -> Community:
    return get_object_or_404(queries.communities(request.user), slug=slug)


def _back(home: Community) -> HttpResponse:
    return HttpResponseRedirect(reverse("community:settings", args=[home.slug]))
