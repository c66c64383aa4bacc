"""The big red pause, on every page for those who may, and a page with what is paused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huoqun.console.models import Role, Staff
from huoqun.console.navigation import Banner
from huoqun.console.permissions import may, needs, staff_of
from huoqun.outbox import operations, queries
from huoqun.outbox.models import Pause
from huoqun.outbox.pages import seen

IN_CHARGE = (Role.ADMIN, Role.LEAD)
USED_LATELY = timedelta(days=7)
"""An account through which something went since then can be paused though nothing waits for it now."""


def open_pauses(request: HttpRequest) -> list[Pause]:
    """Those this person may know of, asked for once a request."""
    known: list[Pause] | None = getattr(request, "_outbox_pauses", None)
    if known is None:
        known = queries.open_pauses(None)
        if known:
            visible = {"", *seen.communities(request)}
            known = [each for each in known if queries.community_of(each) in visible]
        request._outbox_pauses = known  # type: ignore[attr-defined]
    return known


def stop(request: HttpRequest) -> dict[str, Any] | None:
    """What the red pause needs to be drawn; None where it is not."""
    if not may(request.user, *IN_CHARGE):
        return None
    return {"is_stopped": stops_all(open_pauses(request), staff_of(request), request)}


def stops_all(pauses: list[Pause], staff: Staff, request: HttpRequest) -> bool:
    """Whether nothing this person could stop goes out any more."""
    if any(each.scope == Pause.Scope.EVERYTHING for each in pauses):
        return True
    if staff.role == Role.ADMIN:
        return False
    stopped = {each.value for each in pauses if each.scope == Pause.Scope.COMMUNITY}
    return bool(stopped) and stopped.issuperset(seen.communities(request))


def banners(request: HttpRequest) -> Iterator[Banner]:
    if not isinstance(request.user, Staff):
        return
    for each in open_pauses(request)[:3]:
        yield Banner(sentence(each, seen.called(request)), "red", reverse("outbox:pauses"), _("What is paused"))


def sentence(pause: Pause, called: Mapping[str, str]) -> str:
    """`called`: names of communities."""
    community, _slash, within = pause.value.partition("/")
    what = " / ".join(filter(None, [called.get(community, community), within]))
    who = str(pause.by) if pause.by else _("The worker")
    words = {
        Pause.Scope.EVERYTHING: _("Nothing goes out: %(who)s has paused everything."),
        Pause.Scope.COMMUNITY: _("Nothing goes out in %(what)s: %(who)s has paused it."),
        Pause.Scope.ACCOUNT: _("Nothing goes out through %(what)s: %(who)s has paused it."),
        Pause.Scope.RUN: _("Nothing of the run %(what)s goes out: %(who)s has paused it."),
    }
    return words[Pause.Scope(pause.scope)] % {"who": who, "what": what}


@needs(*IN_CHARGE)
def pauses(request: HttpRequest, **wired: object) -> HttpResponse:
    called = seen.called(request)
    shown = [(each, sentence(each, called), _may_lift(request, each)) for each in open_pauses(request)]
    return render(request, "outbox/pauses.html", {"shown": shown, "offers": _offers(called, now=timezone.now())})


@dataclass(frozen=True)
class Offer:
    """Something of one kind can be paused; `choices` are values and words."""

    scope: Pause.Scope
    title: str
    label: str
    choices: list[tuple[str, str]]


def _offers(called: Mapping[str, str], *, now: datetime) -> list[Offer]:
    """What there is to pause. Runs and accounts carry their community's name where there are several."""
    several = len(called) > 1
    runs = queries.runs_going(called)
    accounts = queries.accounts_in_use(called, since=now - USED_LATELY)
    offers = [
        Offer(Pause.Scope.COMMUNITY, _("Pause one community"), _("Community"), list(called.items())),
        Offer(
            Pause.Scope.ACCOUNT,
            _("Pause one account"),
            _("Account"),
            [(str(each), _within(called, each.community, f"{each.carrier}/{each.name}", several)) for each in accounts],
        ),
        Offer(
            Pause.Scope.RUN,
            _("Pause one run"),
            _("Run"),
            [(f"{slug}/{run}", _within(called, slug, run, several)) for slug, run in runs],
        ),
    ]
    return [offer for offer in offers if offer.choices]


def _within(called: Mapping[str, str], community: str, words: str, several: bool) -> str:
    return f"{called.get(community, community)} / {words}" if several else words


@require_POST
@needs(*IN_CHARGE)
def pause(request: HttpRequest, **wired: object) -> HttpResponse:
    """Everything, for administrators; for leads the communities they lead. Or the one thing that was named."""
    staff, now = staff_of(request), timezone.now()
    scope, value = _named(request)
    if scope is Pause.Scope.EVERYTHING and staff.role != Role.ADMIN:
        _pause_own(request, staff, now)
    else:
        operations.pause(scope, value, by=staff, now=now)
    messages.success(request, _("Paused. What is on its way at this moment still ends; nothing new goes out."))
    return HttpResponseRedirect(_back(request))


def _pause_own(request: HttpRequest, staff: Staff, now: datetime) -> None:
    for community in seen.communities(request):
        operations.pause(Pause.Scope.COMMUNITY, community, by=staff, now=now)


@require_POST
@needs(*IN_CHARGE)
def lift(request: HttpRequest, **wired: object) -> HttpResponse:
    scope, value = _named(request)
    if scope is Pause.Scope.EVERYTHING and staff_of(request).role != Role.ADMIN:
        raise PermissionDenied(_("An administrator paused everything; an administrator lets it go on."))
    operations.lift(scope, value, by=staff_of(request), now=timezone.now())
    messages.success(request, _("It goes on."))
    return HttpResponseRedirect(reverse("outbox:pauses"))


def _may_lift(request: HttpRequest, each: Pause) -> bool:
    return each.scope != Pause.Scope.EVERYTHING or staff_of(request).role == Role.ADMIN


def _named(request: HttpRequest) -> tuple[Pause.Scope, str]:
    """Raises PermissionDenied for what this person may not see, or what is nothing at all."""
    scope, value = request.POST.get("scope", ""), request.POST.get("value", "")
    if scope not in Pause.Scope.values or len(value) > 300 or "\0" in value:
        raise PermissionDenied
    if scope == Pause.Scope.EVERYTHING:
        return Pause.Scope.EVERYTHING, ""
    is_whole = scope == Pause.Scope.COMMUNITY or value.count("/") >= (2 if scope == Pause.Scope.ACCOUNT else 1)
    if not is_whole or value.split("/", 1)[0] not in seen.communities(request):
        raise PermissionDenied
    return Pause.Scope(scope), value


def _back(request: HttpRequest) -> str:
    """To the page on which the pause was pressed."""
    came_from = request.POST.get("next", "")
    fits = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return came_from if fits else reverse("outbox:pauses")
