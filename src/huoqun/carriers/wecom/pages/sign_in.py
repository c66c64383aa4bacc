"""Coming in with WeCom: by scanning a code, or without a question from within its app."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huoqun.carriers.wecom import queries, rules
from huoqun.carriers.wecom.client.calls.sign_in import visitor
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.doctor.patient import TROUBLES, words_of
from huoqun.carriers.wecom.models import Corp, Visit
from huoqun.carriers.wecom.operations import visits
from huoqun.carriers.wecom.operations.companies import issuer
from huoqun.console import operations as console
from huoqun.console.doors import Door
from huoqun.console.models import Staff

ON_THE_WAY = "wecom_visits"
"""In the session: digests of the states this browser set out with. One from elsewhere is not let in."""
AT_ONCE = 5
PATIENCE = 8.0


def ways_in(request: HttpRequest) -> Iterator[Door]:
    """For `console.doors`: each company whose colleagues may come in. A name is only shown where there are several."""
    known = list(queries.letting_in())
    inside = rules.is_inside(request.headers.get("User-Agent", ""))
    for corp in known:
        label = _("Sign in with WeCom") if len(known) == 1 else _("Sign in with WeCom (%(company)s)") % {"company": corp}
        yield Door(issuer(corp), label, reverse("wecom:sign_in", args=[corp.pk]), "key", straight=inside)


@login_not_required
@never_cache
@require_GET
def begin(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """Off to WeCom. `link=1`: whoever is signed in will come in this way too, and shows first that it is really them."""
    corp = get_object_or_404(queries.letting_in(), pk=pk)
    if not request.GET.get("link"):
        return _off(request, corp, None)
    if not isinstance(request.user, Staff):
        return HttpResponseRedirect(reverse("account_login"))
    again: HttpResponse = reauthentication_required(_off)(request, corp, request.user)
    return again


def _off(request: HttpRequest, corp: Corp, staff: Staff | None) -> HttpResponse:
    assert corp.agentid is not None, "letting_in() leaves out companies without an app"
    state = visits.set_out(corp, onward=_onward(request), staff=staff, now=timezone.now())
    request.session[ON_THE_WAY] = [*request.session.get(ON_THE_WAY, []), state][-AT_ONCE:]
    inside = rules.is_inside(request.headers.get("User-Agent", ""))
    address = rules.in_app_address if inside else rules.scan_address
    back_to = settings.PUBLIC_URL + reverse("wecom:sign_in_back")
    return HttpResponseRedirect(address(corp.api, corpid=corp.corpid, agentid=corp.agentid, back=back_to, state=state))


def _onward(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"


@login_not_required
@never_cache
@require_GET
def back(request: HttpRequest, **wired: object) -> HttpResponse:
    """Back from WeCom with a code that says who it is, good once."""
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    own = request.session.get(ON_THE_WAY, [])
    if state not in own:
        return _refused(request, _("This sign-in was not begun in this browser, or it was long ago. Begin again."))
    request.session[ON_THE_WAY] = [each for each in own if each != state]
    try:
        visit = visits.come_back(state, now=timezone.now())
    except visits.VisitOver:
        return _refused(request, _("This sign-in has been used already, or it was begun too long ago. Begin again."))
    if not code:
        return _refused(request, _("WeCom was not allowed to say who you are. Nothing has changed."))
    return _known(request, visit, code)


def _known(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    client = client_for(visit.corp)
    try:
        with client.within(PATIENCE):
            who = visitor(client, code)
    except TROUBLES as trouble:
        return _refused(request, words_of(trouble))
    if not who.userid:
        return _refused(request, _("This WeCom account does not belong to the company."))
    return _link(request, visit, who.userid) if visit.staff_id else _enter(request, visit, who.userid)


def _enter(request: HttpRequest, visit: Visit, userid: str) -> HttpResponse:
    staff = console.show_passport(issuer(visit.corp), userid, now=timezone.now())
    if staff is None:
        words = _(
            "WeCom says you are %(userid)s. No account here belongs to that yet: ask an administrator, or sign in with your "
            "password and add WeCom under My account."
        )
        return _refused(request, words % {"userid": userid})
    # Through allauth, so that whoever has a second factor is asked for it.
    answer: HttpResponse = perform_login(request, staff, email_verification="none", redirect_url=visit.onward)
    return answer


def _link(request: HttpRequest, visit: Visit, userid: str) -> HttpResponse:
    staff = visit.staff
    if staff is None or staff != request.user:
        return _refused(request, _("Somebody else is signed in now. Nothing has changed."))
    try:
        console.give_passport(staff, issuer(visit.corp), userid, by=staff, now=timezone.now())
    except console.PassportTaken:
        return _refused(
            request, _("This WeCom account opens another colleague's account here. An administrator can change that.")
        )
    messages.success(request, _("From now on you can come in with WeCom."))
    return HttpResponseRedirect(visit.onward)


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "wecom/not_let_in.html", {"why": why}, status=403)
