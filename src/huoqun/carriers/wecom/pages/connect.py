"""From nothing to connected: a company, its app, its rights, what it tells us, who may come in with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from huoqun.carriers import queries as carriers
from huoqun.carriers.models import Connection
from huoqun.carriers.wecom import queries
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.doctor.patient import TROUBLES, words_of
from huoqun.carriers.wecom.models import API, Corp, Door
from huoqun.carriers.wecom.operations import companies as operations
from huoqun.carriers.wecom.operations.companies import Described
from huoqun.carriers.wecom.pages import seen
from huoqun.carriers.wecom.pages.forms import ChangeForm, ContactForm, FirstForm
from huoqun.console.permissions import Role, may, needs, staff_of

IN_CHARGE = (Role.ADMIN, Role.LEAD)
ADDRESS_WAITS = 5.0
"""Seconds for trying a secret while somebody looks at the form."""


@dataclass(frozen=True, slots=True)
class Row:
    """A company in the list."""

    corp: Corp
    community: str
    heard: Connection | None


@needs(*IN_CHARGE)
def companies(request: HttpRequest, **wired: object) -> HttpResponse:
    called = seen.called(request)
    known = list(queries.companies(called))
    heard = {(each.community, each.name): each for each in carriers.connections(called).filter(carrier="wecom")}
    rows = [Row(corp, called[corp.community], heard.get((corp.community, corp.corpid))) for corp in known]
    return render(request, "wecom/companies.html", {"rows": rows, "may_connect": may(request.user, Role.ADMIN) and called})


@sensitive_post_parameters("app_secret")
@needs(Role.ADMIN)
def first(request: HttpRequest, **wired: object) -> HttpResponse:
    """The first step. The secret is tried before it is kept; nothing else is known to be right yet."""
    form = FirstForm(seen.called(request), request.POST or None)
    if request.method == "POST" and form.is_valid() and _secret_fits(request, form, _draft(form)):
        values = dict(form.cleaned_data)
        corp = operations.connect(values.pop("community"), values.pop("corpid"), Described(**values), now=timezone.now())
        messages.success(request, _("WeCom knows company and secret. Now for its rights."))
        return HttpResponseRedirect(reverse("wecom:company", args=[corp.pk]))
    return render(request, "wecom/connect.html", {"form": form, "has_communities": bool(seen.called(request))})


def _draft(form: forms.Form) -> Corp:
    """The company as it would be, unsaved: its token stays in memory."""
    values = form.cleaned_data
    return Corp(
        community=values["community"],
        corpid=values["corpid"],
        app_secret=values["app_secret"],
        agentid=values["agentid"],
        **({"api": values["api"]} if values["api"] else {}),
    )


def _secret_fits(request: HttpRequest, form: forms.Form, draft: Corp, door: Door = Door.APP) -> bool:
    """Asks WeCom. Where it says no the form says why; where it cannot be asked, `anyway` keeps it all the same."""
    client = client_for(draft)
    try:
        with client.within(ADDRESS_WAITS):
            client.fresh_token(door)
    except TROUBLES as trouble:
        if request.POST.get("anyway"):
            return True
        form.add_error(None, words_of(trouble))
        form.can_be_kept = True  # type: ignore[attr-defined]
        return False
    return True


@needs(*IN_CHARGE)
@never_cache
def company(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    return _page(request, seen.company(request, pk))


def _page(request: HttpRequest, corp: Corp, *, status: int = 200, **filled: forms.Form) -> HttpResponse:
    mine = may(request.user, Role.ADMIN)
    context: dict[str, Any] = {
        "corp": corp,
        "community": seen.called(request).get(corp.community, corp.community),
        "heard": _heard(corp),
        "mine": mine,
        "change": ChangeForm(
            initial={"name": corp.name, "agentid": corp.agentid, "api": corp.api if _is_elsewhere(corp) else ""}
        ),
        "contact": ContactForm(),
        "callback_url": callback_url(corp),
        "sidebar_url": f"{settings.PUBLIC_URL}/who/wecom/{corp.corpid}/",
        "host": settings.PUBLIC_URL.partition("://")[2],
        **filled,
    }
    return render(request, "wecom/company.html", context, status=status)


def _is_elsewhere(corp: Corp) -> bool:
    return corp.api != API


def _heard(corp: Corp) -> Connection | None:
    return carriers.connections([corp.community]).filter(carrier="wecom", name=corp.corpid).first()


def callback_url(corp: Corp) -> str:
    return f"{settings.PUBLIC_URL}/hooks/wecom/{corp.hook}"


@sensitive_post_parameters("app_secret")
@needs(Role.ADMIN)
@require_POST
def app(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    corp, form = seen.company(request, pk), ChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, corp, status=422, change=form)
    said = form.cleaned_data
    draft = Corp(corpid=corp.corpid, app_secret=said["app_secret"] or corp.app_secret, api=said["api"] or corp.api)
    if not _secret_fits(request, form, draft):
        return _page(request, corp, status=422, change=form)
    operations.describe(corp, Described(**said))
    messages.success(request, _("Saved."))
    return _back(corp)


@sensitive_post_parameters("contact_secret")
@needs(Role.ADMIN)
@require_POST
def customers(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """The older companies' own secret for customer contact; empty: the app's."""
    corp, form = seen.company(request, pk), ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, corp, status=422, contact=form)
    secret = form.cleaned_data["contact_secret"]
    if not secret:
        operations.forget_contact_secret(corp)
        return _back(corp)
    draft = Corp(corpid=corp.corpid, contact_secret=secret, api=corp.api)
    if not _secret_fits(request, form, draft, Door.CONTACT):
        return _page(request, corp, status=422, contact=form)
    operations.describe(corp, Described(contact_secret=secret))
    messages.success(request, _("Saved."))
    return _back(corp)


@needs(Role.ADMIN)
@require_POST
def callback(request: HttpRequest, pk: int, *, ask_sync: Callable[..., object], **wired: object) -> HttpResponse:
    """`listen`: begin to take in what arrives, and read who and what there is. `renew`: another token and key."""
    corp = seen.company(request, pk)
    if "renew" in request.POST:
        operations.renew_callback(corp)
        messages.success(request, _("Token and key are new: put them into the admin console now, the old ones no longer fit."))
    elif "listen" in request.POST:
        operations.listen(corp, now=timezone.now())
        ask_sync(corp.account, by=staff_of(request), now=timezone.now())
        messages.success(request, _("From now on Huoqun listens to this company."))
    return _back(corp)


@needs(Role.ADMIN)
@never_cache
def callback_seen(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """Asked for again and again while somebody fills in the admin console."""
    return render(request, "wecom/parts/echo.html", {"corp": seen.company(request, pk)})


@needs(Role.ADMIN)
@require_POST
def leave(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    corp = seen.company(request, pk)
    if request.POST.get("corpid", "").strip() != corp.corpid:
        messages.error(request, _("Type the company's id to disconnect it."))
        return _back(corp)
    operations.leave(corp)
    messages.success(request, _("%(company)s is disconnected. What was heard stays.") % {"company": corp})
    return HttpResponseRedirect(reverse("wecom:companies"))


def _back(corp: Corp) -> HttpResponse:
    return HttpResponseRedirect(reverse("wecom:company", args=[corp.pk]))
