"""Who speaks as whom, changed while a playbook is at work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.community.models import Group
from huoqun.console.models import Staff
from huoqun.console.permissions import needs, staff_of
from huoqun.sop import queries, voice_work
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Launch
from huoqun.sop.operations import speaking
from huoqun.sop.pages import seen
from huoqun.sop.pages.starting import to_launch

FEW = 40
"""So many runs are planned again while somebody waits for the page; more by the worker."""
OFFERED = 500


class VoicesForm(forms.Form):
    """Those who run groups of this launch, each with the persona they speak as."""

    def __init__(self, data: Any, *, launch: Launch) -> None:
        super().__init__(data)
        personas = [("", _("the plain text")), *((persona, persona) for persona in launch.version.book.personas)]
        self.speakers: dict[str, str] = {}
        for staff in runners(launch):
            field, now = f"voice-{staff.pk}", launch.voices.get(str(staff.pk), "")
            self.speakers[field] = str(staff.pk)
            self.fields[field] = forms.ChoiceField(label=str(staff), choices=personas, required=False, initial=now)
            self.fields[field].widget.attrs["class"] = "form-select"

    def voices(self) -> dict[str, str]:
        """Only whom the page asked about: somebody who came meanwhile keeps the voice they have."""
        return {who: self.cleaned_data[field] for field, who in self.speakers.items() if field in self.data}


def runners(launch: Launch) -> list[Staff]:
    groups = queries.groups_of(launch)
    under_way = Group.objects.filter(runs__launch=launch, runs__ended_at=None)
    keys = {*groups.order_by().values_list("operator", flat=True).distinct()}
    keys |= {*under_way.order_by().values_list("operator", flat=True).distinct()}
    return list(Staff.objects.filter(pk__in=keys - {None}).order_by("name", "username")[:OFFERED])


@needs(*seen.IN_CHARGE)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    launch = seen.one_launch(request, pk)
    if not launch.version.book.personas or launch.state == Launch.State.ENDED:
        raise Http404
    form = VoicesForm(request.POST if request.method == "POST" else None, launch=launch)
    if form.is_valid():
        return _choose(request, launch, form.voices())
    return render(request, "sop/voices.html", {"launch": launch, "form": form}, status=422 if form.is_bound else 200)


def _choose(request: HttpRequest, launch: Launch, voices: dict[str, str]) -> HttpResponse:
    by, now = staff_of(request), timezone.now()
    try:
        before = speaking.speak(launch, voices)
    except NotOpen:
        messages.error(request, _("This playbook is no longer at work."))
        return to_launch(launch)
    if not before:
        messages.info(request, _("Everybody speaks as before."))
        return to_launch(launch)
    said = _("From now on it is said in the voices chosen.")
    number = len(speaking.planned_otherwise(launch, before, now=now))
    if number > FEW:
        voice_work.ask(launch, before, by=by, now=now)
        words = ngettext(
            "What is planned in %(n)d run is being said anew.", "What is planned in %(n)d runs is being said anew.", number
        )
        messages.success(request, f"{said} {words % {'n': number}}")
        return to_launch(launch)
    changed = speaking.say_anew(launch, before, by=by, now=now)
    words = ngettext("What was planned in %(n)d run is said anew.", "What was planned in %(n)d runs is said anew.", changed)
    messages.success(request, f"{said} {words % {'n': changed}}" if changed else said)
    return to_launch(launch)
