"""The texts newcomers are welcomed with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huoqun.admission import operations, queries
from huoqun.admission.errors import SourceTaken
from huoqun.admission.models import Welcome
from huoqun.admission.pages.forms import WelcomeForm
from huoqun.admission.pages.sentences import lately
from huoqun.admission.rules import filled
from huoqun.community.models import Community
from huoqun.community.pages import looking
from huoqun.console.permissions import WORKERS, may, needs, staff_of

WEEK = timedelta(days=7)


@needs()
def welcomes(request: HttpRequest) -> HttpResponse:
    rows = looking.within(request, queries.welcomes(request.user)).select_related("community", "changed_by")
    greeted = looking.within(request, queries.greetings(request.user))
    context = {
        "welcomes": [(each, sample(each.text, each.community)) for each in rows],
        "many": looking.chosen(request) is None,
        "lately": lately(queries.lately(greeted, since=timezone.now() - WEEK)),
        "may_write": may(request.user, *WORKERS) and bool(looking.seen(request)),
    }
    return render(request, "admission/welcomes.html", context)


def sample(text: str, community: Community) -> str:
    """As an invented newcomer would read it."""
    return filled(text, {"name": _("Tao Xiaotao"), "colleague": _("Mo"), "community": community.name})


@needs(*WORKERS)
def write(request: HttpRequest) -> HttpResponse:
    homes = _homes(request)
    form = WelcomeForm(request.POST or None)
    home = _home(request, homes)
    if request.method == "POST" and form.is_valid():
        try:
            operations.write(home, **form.cleaned_data, by=staff_of(request), now=timezone.now())
        except SourceTaken as taken:
            _say_taken(form, taken)
        else:
            messages.success(request, _("Kept. Whoever comes from now on is welcomed so."))
            return HttpResponseRedirect(reverse("admission:welcomes"))
    return _page(request, form, homes, home)


@needs(*WORKERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    welcome = _one(request, pk)
    form = WelcomeForm(request.POST or None, welcome=welcome)
    if request.method == "POST" and form.is_valid():
        try:
            operations.rewrite(welcome, **form.cleaned_data, by=staff_of(request), now=timezone.now())
        except SourceTaken as taken:
            _say_taken(form, taken)
        else:
            messages.success(request, _("Kept. Whoever comes from now on is welcomed so."))
            return HttpResponseRedirect(reverse("admission:welcomes"))
    return _page(request, form, [], welcome.community, welcome=welcome)


@require_POST
@needs(*WORKERS)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    operations.remove(_one(request, pk))
    messages.success(request, _("Removed."))
    return HttpResponseRedirect(reverse("admission:welcomes"))


@require_POST
@needs(*WORKERS)
def preview(request: HttpRequest) -> HttpResponse:
    """What a newcomer would read, or what is wrong with it; while it is written."""
    form = WelcomeForm(request.POST)
    form.is_valid()
    home = _home(request, _homes(request))
    text = form.cleaned_data.get("text", "")
    context = {
        "text": sample(text, home) if text else "",
        "wrong": form.errors.get("text") if request.POST.get("text") else None,
        "link_title": form.cleaned_data.get("link_title", ""),
    }
    return render(request, "admission/preview.html", context)


def _page(
    request: HttpRequest, form: WelcomeForm, homes: Sequence[Community], home: Community, *, welcome: Welcome | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "welcome": welcome,
        "home": home,
        "homes": homes if len(homes) > 1 else [],
        "sources": queries.sources(looking.looked_at(request)),
        "shown": sample(welcome.text, home) if welcome and not form.is_bound else "",
    }
    return render(request, "admission/write.html", context, status=422 if form.is_bound else 200)


def _one(request: HttpRequest, pk: int) -> Welcome:
    return get_object_or_404(queries.welcomes(request.user).select_related("community"), pk=pk)


def _homes(request: HttpRequest) -> list[Community]:
    """Where this person may write: the one that is looked at, else all they may see. Raises PermissionDenied for none."""
    chosen = looking.chosen(request)
    homes = [chosen] if chosen else looking.seen(request)
    if not homes:
        raise PermissionDenied(_("There is no community yet, or none you have a seat in."))
    return homes


def _home(request: HttpRequest, homes: Sequence[Community]) -> Community:
    return next((home for home in homes if home.slug == request.POST.get("home")), homes[0])


def _say_taken(form: WelcomeForm, taken: SourceTaken) -> None:
    form.add_error(
        "source",
        _("Those who come by %(source)s have a text already. Change that one.") % {"source": taken.welcome.source}
        if taken.welcome.source
        else _("There is a text for everybody already. Change that one."),
    )
