"""A playbook about members begins by hand: people are chosen, looked over, and begun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.community import queries as community
from huoqun.community.models import Group, Membership, Person, Segment
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.content.errors import NotAnswerable
from huoqun.content.queries import questions
from huoqun.sop import queries
from huoqun.sop.choosing import MOST, Chosen, LeftOut, choose
from huoqun.sop.models import Launch
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.pages import seen
from huoqun.sop.pages.starting import askable, to_launch
from huoqun.sop.starts import ByHand

SHOWN = 200

WHY: Mapping[LeftOut, Promise] = {
    LeftOut.HOUSE: gettext_lazy("people of the house"),
    LeftOut.UNDER_WAY: gettext_lazy("already under way in this launch"),
    LeftOut.ERASED: gettext_lazy("erased"),
}


class Which(forms.Form):
    """Which people; everything empty: all members of the groups it is for."""

    view = forms.ChoiceField(label=gettext_lazy("Saved view of people"), required=False)
    q = forms.CharField(label=gettext_lazy("Name contains"), required=False, max_length=100)
    tag = forms.ChoiceField(label=gettext_lazy("Tag"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)

    def __init__(self, request: HttpRequest, launch: Launch, groups: QuerySet[Group], data: Any) -> None:
        super().__init__(data)
        self.launch, self.groups = launch, groups
        home = launch.community
        views = [view for view in community.segments(staff_of(request), "people") if view.community_id in {None, home.pk}]
        self.views: dict[str, Segment] = {str(view.pk): view for view in views}
        self._offer("view", [(pk, view.name) for pk, view in self.views.items()])
        tags = community.tags(request.user).filter(community=home, people__isnull=False).distinct()
        self._offer("tag", [(str(tag.pk), tag.name) for tag in tags])
        self._offer("group", [(str(group.pk), str(group)) for group in groups.order_by("name", "pk")[:1000]])
        self.fields["q"].widget.attrs["class"] = "form-control"

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        self.fields[name].widget.attrs["class"] = "form-select"

    def clean_view(self) -> str:
        return askable(self.cleaned_data["view"], self.views)

    def chosen(self) -> Chosen:
        said = self.cleaned_data
        asked = [{"q": [said["q"]], "tag": [said["tag"]]}]
        asked += [self.views[said["view"]].filters] if said["view"] else []
        try:
            people = questions.people(Person.objects.filter(community=self.launch.community), asked)
        except NotAnswerable:  # the view was changed since it was read
            people = Person.objects.none()
        groups = self.groups.filter(pk=said["group"]) if said["group"] else self.groups
        return choose(self.launch, groups, people)


def begins_by_hand(launch: Launch) -> bool:
    book = launch.version.book
    is_going = launch.state == Launch.State.GOING
    return is_going and book.audience.about == "members" and any(isinstance(start, ByHand) for start in book.starts)


def groups_to_begin(request: HttpRequest, launch: Launch) -> QuerySet[Group]:
    """Of those it is for, those this person may begin it in."""
    rows = queries.groups_of(launch)
    return rows if seen.may_lead(request) else rows.filter(operator=staff_of(request))


@needs(*WORKERS)
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page three times: to say who, with exactly who, and begun."""
    launch = seen.one_launch(request, pk)
    if not begins_by_hand(launch):
        messages.error(request, _("This playbook is not begun by hand for members, or is not at work."))
        return to_launch(launch)
    said = request.POST if request.method == "POST" else request.GET
    form = Which(request, launch, groups_to_begin(request, launch), said or None)
    context: dict[str, Any] = {"launch": launch, "form": form, "most": MOST, "shown": SHOWN}
    if not form.is_bound or not form.is_valid():
        return render(request, "sop/people.html", context, status=422 if form.is_bound else 200)
    chosen = form.chosen()
    if request.method == "POST" and (places := _ticked(request, chosen)):
        return _begin(request, launch, places)
    context |= {
        "looked": True,
        "chosen": chosen,
        "some": chosen.places[:SHOWN],
        "left_out": [(WHY[why], number) for why, number in chosen.left_out.items()],
        "nobody_ticked": request.method == "POST",
    }
    return render(request, "sop/people.html", context, status=422 if request.method == "POST" else 200)


def _ticked(request: HttpRequest, chosen: Chosen) -> list[Membership]:
    if request.POST.get("which") == "all":
        return chosen.places
    ticked = {int(each) for each in request.POST.getlist("people")[:SHOWN] if each.isascii() and each.isdigit()}
    return [place for place in chosen.places if place.pk in ticked]


def _begin(request: HttpRequest, launch: Launch, places: list[Membership]) -> HttpResponse:
    """Pressed twice it begins once: whoever is under way is not chosen again."""
    now = timezone.now()
    wanted = [
        Begin(place.group_id, now, f"hand/{now:%Y%m%dT%H%M}/{place.group_id}/{place.identity_id}", place.identity_id)
        for place in places
    ]
    begun = begin(launch, wanted, now=now)
    messages.success(request, ngettext("%(n)d run begins.", "%(n)d runs begin.", begun) % {"n": begun})
    return to_launch(launch)
