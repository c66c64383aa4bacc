"""One live code: its picture, where it leads, who came by it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.console.middleware import POLICY
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.growth import operations
from huoqun.growth.errors import NotLive
from huoqun.growth.models import LiveCode
from huoqun.growth.pages.finding import leads_to, seen_one
from huoqun.growth.pages.listed import counted, mark
from huoqun.growth.pages.picture import qr
from huoqun.growth.queries import came_by
from huoqun.growth.rules import State


class LinkForm(forms.Form):
    link = forms.URLField(
        label=gettext_lazy("Link of the code"),
        max_length=1000,
        assume_scheme="https",
        help_text=gettext_lazy("As the carrier's app shows it when the code is shared."),
    )


@needs()
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, seen_one(request, pk), LinkForm())


def _page(request: HttpRequest, code: LiveCode, form: LinkForm, *, status: int = 200) -> HttpResponse:
    is_open = code.state != State.ENDED
    context = {
        "code": code,
        "mark": mark(code),
        "trouble": _(code.trouble) if code.trouble else "",
        "leads": leads_to(code),
        "came": came_by([code], now=timezone.now())[code.pk],
        "counted": counted(code),
        "picture": _picture(code),
        "address": _address(code),
        "form": form if not code.link_id and is_open and code.state != State.ASKED else None,
        "is_live": code.state == State.LIVE,
        "is_open": is_open and code.state != State.ASKED,
        "may_change": may(request.user, *WORKERS),
    }
    response = render(request, "growth/one.html", context, status=status)
    if (place := _place(code)) is not None:
        # The carrier keeps the picture: this page, and no other, may show what lies there.
        response.headers["Content-Security-Policy"] = POLICY.replace("img-src 'self' data:", f"img-src 'self' data: {place}")
    return response


def _address(code: LiveCode) -> str:
    """What people open: the code's own link, or what the carrier calls it by where that is the link."""
    if code.state != State.LIVE:
        return ""
    return code.link or (code.link_id if code.link_id.startswith("https://") else "")


def _is_carriers_picture(code: LiveCode) -> bool:
    return bool(code.link_id and code.link)


def _picture(code: LiveCode) -> str:
    """The carrier's own where it keeps one, else drawn here from the link."""
    address = _address(code)
    return (address if _is_carriers_picture(code) else qr(address)) if address else ""


def _place(code: LiveCode) -> str | None:
    parts = urlsplit(code.link)
    if not _is_carriers_picture(code) or parts.scheme not in {"https", "http"} or not parts.hostname:
        return None
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


@needs(*WORKERS)
@require_POST
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    code = seen_one(request, pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, code, form, status=422)
    try:
        operations.enter_link(code, form.cleaned_data["link"], now=timezone.now())
    except NotLive:
        messages.error(request, _("Its link is known already, or it has ended."))
    return HttpResponseRedirect(reverse("growth:code", args=[pk]))


@needs(*WORKERS)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        operations.end(seen_one(request, pk), by=staff_of(request), now=timezone.now())
    except NotLive:
        messages.error(request, _("It has ended already, or is still being made."))
    else:
        messages.success(request, _("Soon nobody comes in by it any more."))
    return HttpResponseRedirect(reverse("growth:code", args=[pk]))
