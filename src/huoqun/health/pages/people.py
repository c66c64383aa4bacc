"""People: the list to find, label and merge, and one person across groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from huoqun.community import queries as community_queries
from huoqun.community.errors import NothingToSplit, NotTheSameCommunity
from huoqun.community.models import Group, House, Identity, Person
from huoqun.community.operations import groups as group_operations
from huoqun.community.operations import labels
from huoqun.community.operations import people as operations
from huoqun.community.pages import looking
from huoqun.community.pages.segments import Segments
from huoqun.console.lists import Action, Choice, Column, Empty, ListPage, Range, Text
from huoqun.console.permissions import WORKERS, Role, may, needs, staff_of
from huoqun.health import queries
from huoqun.health.models import PersonRole
from huoqun.health.models import Role as GroupRole
from huoqun.health.pages.groups import TagForm

NOT_HOUSE = "-"
FEW = 5_000
"""So many people found by name are asked for one by one; more are looked up in the order of the list."""


class LabelForm(forms.Form):
    house = forms.ChoiceField(
        label=gettext_lazy("Counts as"), choices=[*House.choices, (NOT_HOUSE, gettext_lazy("not house, whatever rules say"))]
    )


def label(rows: QuerySet[Person], request: HttpRequest, values: dict[str, Any]) -> str:
    house = "" if values["house"] == NOT_HOUSE else values["house"]
    changed = sum(
        labels.by_hand(list(rows.filter(community=community)), house, by=staff_of(request), now=timezone.now())
        for community in looking.looked_at(request)
    )
    words = ngettext("%(number)d person changed.", "%(number)d people changed.", changed) % {"number": changed}
    return " ".join((words, _("The audit is computed anew."))) if changed else words


def add_tag(rows: QuerySet[Person], request: HttpRequest, values: dict[str, Any]) -> str:
    for community in looking.looked_at(request):
        own = list(rows.filter(community=community))
        if own:
            group_operations.tag(community, values["tag"], people=own)
    return _("Tagged.")


def merge(rows: QuerySet[Person], request: HttpRequest, values: dict[str, Any]) -> str:
    people = list(rows.order_by("id")[:20])
    if len(people) < 2:
        raise ValidationError(_("Tick at least two people who are really one."))
    try:
        one = operations.merge(people[1:], into=people[0], now=timezone.now())
    except NotTheSameCommunity as refusal:
        raise ValidationError(_("People of different communities cannot be merged.")) from refusal
    return _("They are one person now: %(name)s.") % {"name": one.name}


def people_like(rows: QuerySet[Person], words: str) -> QuerySet[Person]:
    """By any identity's name or id, or by the name staff gave; where that fits thousands, by the name people go by now.

    Everybody goes by the name of an identity unless staff gave another, so one read through the identities' names is enough.
    """
    looked_for = Q(name__icontains=words)
    identities = Identity.objects.order_by().values_list("person_id", flat=True)
    found = set(identities.filter(native_id=words))
    found.update(identities.filter(looked_for)[: FEW + 1])
    if len(found) > FEW:
        return rows.filter(looked_for)
    found.update(Person.objects.filter(looked_for, named_by_staff=True).values_list("id", flat=True)[:FEW])
    return rows.filter(pk__in=found)


def people_who_are(rows: QuerySet[Person], role: str) -> QuerySet[Person]:
    """In at least one group."""
    return rows.filter(pk__in=PersonRole.objects.filter(role=role).values("identity__person"))


OWNERS, ADMINS = "owners", "admins"


def people_in_charge(rows: QuerySet[Person], which: str) -> QuerySet[Person]:
    """Of at least one group, as its carrier has it."""
    held = {OWNERS: Group.objects.values("owner__person"), ADMINS: Group.objects.values("admins__person")}[which]
    return rows.filter(pk__in=held)


class PeopleList(ListPage):
    title = gettext_lazy("People")
    export_name = "people"
    order = "-messages"
    views = Segments("people")
    nothing = Empty(gettext_lazy("Nobody is known yet."), gettext_lazy("Import chat history"), "/imports/")
    columns = (
        Column(name="name", label=gettext_lazy("Name"), sort="name", link=lambda p: reverse("health:person", args=[p.pk])),
        Column(name="house", label=gettext_lazy("House accounts"), value=lambda p: p.get_house_display()),
        Column(
            name="messages",
            label=gettext_lazy("Messages"),
            sort="messages",
            number=True,
            explain=gettext_lazy("In the last 90 days of each group's own talk, by the latest audit."),
        ),
        Column(name="groups", label=gettext_lazy("Groups"), number=True, value="groups_spoken", wide_only=True),
        Column(name="last", label=gettext_lazy("Last message"), value="last_spoke_at", sort="last_spoke_at"),
        Column(name="community", label=gettext_lazy("Community"), value=lambda p: p.community.name, wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Name or id"), narrow=people_like),
        Choice(name="house", label=gettext_lazy("House accounts"), options=House.choices),
        Choice(name="role", label=gettext_lazy("Role"), narrow=people_who_are, options=GroupRole.choices),
        Choice(
            name="charge",
            label=gettext_lazy("In charge of a group"),
            narrow=people_in_charge,
            options=[(OWNERS, gettext_lazy("as its owner")), (ADMINS, gettext_lazy("as its admin"))],
        ),
        Range(name="messages", label=gettext_lazy("Messages"), lookup="messages"),
    )
    actions = (
        Action(name="label", label=gettext_lazy("Label"), run=label, form=lambda request: LabelForm, roles=WORKERS),
        Action(name="tag", label=gettext_lazy("Add tag"), run=add_tag, form=lambda request: TagForm, roles=WORKERS),
        Action(
            name="merge",
            label=gettext_lazy("Merge into one"),
            run=merge,
            roles=WORKERS,
            confirm=gettext_lazy("Make the ticked people one person? Their identities stay and can be split off again."),
        ),
    )

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        """Which community stands beside each only where there are several."""
        return self.columns if looking.chosen(request) is None else self.columns[:-1]

    def rows(self, request: HttpRequest) -> QuerySet[Person]:
        return looking.within(request, community_queries.people(request.user)).select_related("community")


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: the name the carrier shows."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


@needs()
def one(request: HttpRequest, pk: int) -> HttpResponse:
    person = _mine(request, pk)
    memberships = community_queries.memberships(request.user).filter(identity__person=person)
    context = {
        "person": person,
        "identities": person.identities.order_by("carrier", "native_id"),
        "roles": [(role, queries.reason_of(role)) for role in queries.roles_of(request.user, person)],
        "memberships": memberships.select_related("group", "identity", "inviter__person").order_by("-seen_at")[:200],
        "labels": person.labels.select_related("by"),
        "invited": community_queries.memberships(request.user).filter(inviter__person=person).count(),
        "name_form": NameForm(initial={"name": person.name if person.named_by_staff else ""}),
        "label_form": LabelForm(),
        "may_change": may(request.user, *WORKERS),
        "may_erase": may(request.user, Role.ADMIN, Role.LEAD),
    }
    return render(request, "health/person.html", context)


@needs(*WORKERS)
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = _mine(request, pk), NameForm(request.POST)
    if form.is_valid():
        operations.rename(person, form.cleaned_data["name"].strip())
    return _back(pk)


@needs(*WORKERS)
@require_POST
def label_one(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = _mine(request, pk), LabelForm(request.POST)
    if form.is_valid():
        label(community_queries.people(request.user).filter(pk=person.pk), request, form.cleaned_data)
        messages.success(request, _("Saved. The audit is computed anew."))
    return _back(pk)


@needs(*WORKERS)
@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    person = _mine(request, pk)
    identity = person.identities.filter(pk=request.POST.get("identity") or 0).first()
    if identity is None:
        raise Http404
    try:
        alone = operations.split(identity, now=timezone.now())
    except NothingToSplit:
        messages.error(request, _("This is their only identity."))
        return _back(pk)
    return _back(alone.pk)


@needs(Role.ADMIN, Role.LEAD)
@require_POST
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    operations.erase(_mine(request, pk), now=timezone.now())
    messages.success(request, _("Erased. Their messages are being taken out of history; this can take a minute."))
    return HttpResponseRedirect(reverse("health:people"))


@needs(Role.ADMIN, Role.LEAD)
def take_away(request: HttpRequest, pk: int) -> JsonResponse:
    """Everything the database holds about a person, for the person."""
    person = _mine(request, pk)
    data = community_queries.all_about(person) | {
        "roles": list(queries.roles_of(request.user, person).values("group__name", "role", "messages", "days", "last_at")),
        "unanswered_questions": list(queries.questions_of(request.user, person).values("group__name", "asked_at", "text")),
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="person-{pk}.json"'
    return response


def _mine(request: HttpRequest, pk: int) -> Person:
    person = community_queries.people(request.user).select_related("community").filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("health:person", args=[pk]))
