"""Staff accounts, for administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views import View

from huoqun.console import operations, queries
from huoqun.console.lists import Action, Choice, Column, Empty, ListPage, Range, Text
from huoqun.console.lists.filters import a_day
from huoqun.console.models import Export, Role, Staff
from huoqun.console.pages.forms import AddForm, RoleForm
from huoqun.console.permissions import Needs, staff_of
from huoqun.console.templatetags.console import state


def standing(staff: Staff) -> SafeString:
    return state("active", _("may sign in")) if staff.is_active else state("inactive", _("switched off"))


def address(staff: Staff) -> str:
    return reverse("console:staff-one", args=[staff.pk])


def switch_off(rows: QuerySet[Staff], request: HttpRequest, values: dict[str, Any]) -> str:
    """One by one: the last administrator stays, whoever else is ticked."""
    found = list(rows)
    for one in found:
        operations.deactivate(one)
    return ngettext("%(n)d account is switched off.", "%(n)d accounts are switched off.", len(found)) % {"n": len(found)}


def switch_on(rows: QuerySet[Staff], request: HttpRequest, values: dict[str, Any]) -> str:
    found = list(rows)
    for one in found:
        operations.activate(one)
    return ngettext("%(n)d account is switched on.", "%(n)d accounts are switched on.", len(found)) % {"n": len(found)}


class StaffList(ListPage):
    roles = (Role.ADMIN,)
    title = gettext_lazy("Staff accounts")
    lead = gettext_lazy("Who may sign in to this console, and what they may do.")
    template_name = "console/staff.html"
    export_name = "staff"
    order = "username"
    columns = (
        Column(name="username", label=gettext_lazy("User name"), sort="username", link=address),
        Column(name="name", label=pgettext_lazy("of a person", "Name"), sort="name"),
        Column(name="role", label=gettext_lazy("Role"), sort="role", value=lambda staff: staff.get_role_display()),
        Column(
            name="active",
            label=gettext_lazy("Access"),
            sort="is_active",
            cell=standing,
            value=lambda staff: _("may sign in") if staff.is_active else _("switched off"),
        ),
        Column(name="last_login", label=gettext_lazy("Last here"), sort="last_login"),
        Column(name="date_joined", label=pgettext_lazy("when", "Added"), sort="date_joined", wide_only=True),
    )
    filters = (
        Text(name="q", label=pgettext_lazy("of a person", "Name"), lookups=("username__icontains", "name__icontains")),
        Choice(name="role", label=gettext_lazy("Role"), options=Role.choices),
        Choice(
            name="active",
            label=gettext_lazy("Access"),
            options=(("True", gettext_lazy("may sign in")), ("False", gettext_lazy("switched off"))),
            narrow=lambda rows, value: rows.filter(is_active=value == "True"),
        ),
    )
    actions = (
        Action(
            name="off",
            label=gettext_lazy("Switch off"),
            run=switch_off,
            confirm=gettext_lazy("They can no longer sign in. What they did stays."),
        ),
        Action(name="on", label=gettext_lazy("Switch on"), run=switch_on),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Staff]:
        return queries.accounts()


class AddStaff(Needs, View):
    """Makes the account and shows its one-time link, once."""

    roles = (Role.ADMIN,)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "console/staff_add.html", {"form": AddForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddForm(request.POST)
        if form.is_valid():
            try:
                staff = operations.add_staff(
                    form.cleaned_data["username"], name=form.cleaned_data["name"], role=Role(form.cleaned_data["role"])
                )
            except ValidationError as refusal:
                form.add_error(None, [message for messages_ in refusal.message_dict.values() for message in messages_])
            else:
                return show_link(request, staff)
        return render(request, "console/staff_add.html", {"form": form})


def show_link(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The only time the link is shown: it is not kept."""
    link = operations.one_time_link(staff, now=timezone.now(), by=staff_of(request))
    answer = render(request, "console/staff_link.html", {"newcomer": staff, "link": link})
    answer.headers["Cache-Control"] = "no-store"
    return answer


class StaffPage(Needs, View):
    roles = (Role.ADMIN,)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        staff = get_object_or_404(queries.accounts(), pk=pk)
        context = {
            "person": staff,
            "form": RoleForm(initial={"role": staff.role}),
            "standing": standing(staff),
            "passports": queries.passports().filter(staff=staff),
        }
        return render(request, "console/staff_one.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        staff = get_object_or_404(queries.accounts(), pk=pk)
        if "link" in request.POST:
            return show_link(request, staff)
        try:
            self.change(request, staff)
        except ValidationError as refusal:
            for reason in refusal.messages:
                messages.error(request, reason)
        else:
            messages.success(request, _("Saved."))
        return HttpResponseRedirect(address(staff))

    def change(self, request: HttpRequest, staff: Staff) -> None:
        if "off" in request.POST:
            operations.deactivate(staff)
        elif "on" in request.POST:
            operations.activate(staff)
        else:
            form = RoleForm(request.POST)
            if not form.is_valid():
                raise ValidationError(_("Choose one of the roles."))
            operations.change_role(staff, Role(form.cleaned_data["role"]))


class ExportList(ListPage):
    """Who took which list away."""

    roles = (Role.ADMIN,)
    title = gettext_lazy("Exports")
    lead = gettext_lazy("Every list that was taken away as a file: who, when, with which filters.")
    export_name = "exports"
    order = "-at"
    nothing = Empty(gettext_lazy("No list has been exported yet. Every export will be written down here."))
    columns = (
        Column(name="at", label=gettext_lazy("Time"), sort="at"),
        Column(name="by", label=gettext_lazy("By"), sort="by__username"),
        Column(name="what", label=gettext_lazy("List"), sort="what"),
        Column(name="kind", label=gettext_lazy("Format"), sort="kind"),
        Column(name="rows", label=gettext_lazy("Rows"), sort="rows", number=True),
        Column(name="query", label=gettext_lazy("Filters"), wide_only=True),
    )
    filters = (
        Text(name="by", label=gettext_lazy("By"), lookups=("by__username__icontains", "by__name__icontains")),
        Text(name="what", label=gettext_lazy("List")),
        Range(name="at", label=gettext_lazy("Day"), lookup="at__date", of=a_day),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Export]:
        return queries.exports()
