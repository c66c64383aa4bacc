"""Who is this customer? Beside a chat in the carrier's own app, on a phone or a desk, and anywhere else by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from huoqun.community.models import Group
from huoqun.console.doors import straight
from huoqun.console.figures import count_words
from huoqun.console.permissions import WORKERS, may, needs
from huoqun.history.store import open_store
from huoqun.ownership.pages.shown import shown
from huoqun.ownership.queries import who as queries
from huoqun.ownership.queries.who import Customer
from huoqun.vocabulary.ids import Account

SHOWN_TODOS, SHOWN_WORDS = 5, 8
LONGEST_ID = 200
KINDS = {
    "image": gettext_lazy("[picture]"),
    "video": gettext_lazy("[video]"),
    "voice": gettext_lazy("[voice]"),
    "file": gettext_lazy("[file]"),
    "sticker": gettext_lazy("[sticker]"),
    "link": gettext_lazy("[link]"),
    "card": gettext_lazy("[contact card]"),
    "location": gettext_lazy("[location]"),
    "poll": gettext_lazy("[poll]"),
    "call": gettext_lazy("[call]"),
    "red_packet": gettext_lazy("[red packet]"),
    "transfer": gettext_lazy("[transfer]"),
}
"""What stands for a message without words."""
SignatureOf = Callable[[Account, str], Any]


@login_not_required
@never_cache
def page(request: HttpRequest, carrier: str, account: str, **wired: object) -> HttpResponse:
    """The frame: a script asks the app around it who is being talked to. Within the app nobody has to sign in by hand."""
    if not request.user.is_authenticated:
        return _let_in(request)
    places = _places(request, carrier, account)
    words = request.GET.get("q", "").strip()[:LONGEST_ID]
    context = {
        "carrier": carrier,
        "account": account,
        "places": places,
        "words": words,
        "found": queries.called_like(request.user, places, words) if words and places else [],
    }
    return render(request, "ownership/who.html", context)


def _let_in(request: HttpRequest) -> HttpResponse:
    door = straight(request)
    if door is None:
        return redirect_to_login(request.get_full_path())
    return HttpResponseRedirect(f"{door.url}?{urlencode({'next': request.get_full_path()})}")


@needs()
@never_cache
def signature(request: HttpRequest, carrier: str, account: str, signature_of: SignatureOf | None = None) -> HttpResponse:
    """What the app around the page wants to see before it answers; for an address of ours only."""
    url, places = request.GET.get("url", ""), _places(request, carrier, account)
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}):
        return HttpResponseBadRequest(_("Only pages of this installation are signed."))
    if not places or signature_of is None:
        raise Http404
    signed = signature_of(places[0], url)
    if signed is None:
        return JsonResponse(
            {"problem": _("The app around this page cannot be asked just now. Look for them by name.")}, status=503
        )
    return JsonResponse(
        {
            "company": signed.company,
            "app": signed.app_id,
            "page": {"timestamp": signed.page.timestamp, "nonceStr": signed.page.nonce, "signature": signed.page.signature},
            "agent": {"timestamp": signed.app.timestamp, "nonceStr": signed.app.nonce, "signature": signed.app.signature},
        }
    )


@needs()
@never_cache
def customer(request: HttpRequest, carrier: str, account: str, **wired: object) -> HttpResponse:
    """By the carrier's id, as the app tells it."""
    native = request.GET.get("id", "")[:LONGEST_ID]
    found = queries.customers(request.user, _places(request, carrier, account), native)
    return _customers(request, found)


@needs()
@never_cache
def person(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    found = queries.customer(request.user, pk)
    if found is None:
        raise Http404
    return _customers(request, [found])


def _customers(request: HttpRequest, found: Sequence[Customer]) -> HttpResponse:
    now = timezone.now()
    cards = [
        (each, shown(queries.due_with(request.user, each.keys)[:SHOWN_TODOS], now=now), groups_words(each)) for each in found
    ]
    context = {"cards": cards, "may_do": may(request.user, *WORKERS), "several": len(found) > 1}
    return render(request, "ownership/who_customer.html", context)


@needs()
@never_cache
def past(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """Last words and orders: read from history behind the page, as that takes longer than the rest."""
    found = queries.customer(request.user, pk)
    if found is None:
        raise Http404
    told = queries.past(open_store(), found, now=timezone.now(), most=SHOWN_WORDS)
    names = {place.group.key: str(place.group) for place in found.places}
    context = {
        "customer": found,
        "said": [(one.text or KINDS.get(one.kind, "…"), one.at, names.get(one.group_key, "")) for one in told.said],
        "bought": [(one, names.get(one.group_key, ""), money(one.amount, one.currency)) for one in told.bought],
    }
    return render(request, "ownership/who_past.html", context)


@needs()
@never_cache
def group(request: HttpRequest, carrier: str, account: str, **wired: object) -> HttpResponse:
    """The side-bar of a group chat: which group, and what is due in it."""
    native, now = request.GET.get("id", "")[:LONGEST_ID], timezone.now()
    found = queries.groups_called(request.user, _places(request, carrier, account), native)
    cards = [(each, members(each), shown(queries.due_in(request.user, each)[:SHOWN_TODOS], now=now)) for each in found]
    return render(request, "ownership/who_group.html", {"cards": cards, "may_do": may(request.user, *WORKERS)})


def members(group: Group) -> int:
    return group.memberships.filter(left_at=None).count()


def groups_words(customer: Customer) -> str:
    if not customer.in_groups:
        return _("In no group now.")
    here = customer.in_groups
    numbers = {"number": count_words(here), "left": count_words(customer.left)}
    if customer.left:
        return ngettext("In %(number)s group, left %(left)s.", "In %(number)s groups, left %(left)s.", here) % numbers
    return ngettext("In %(number)s group.", "In %(number)s groups.", here) % numbers


def money(amount: int, currency: str) -> str:
    sign = "¥" if currency == "CNY" else f"{currency} "
    return f"{sign}{amount / 100:,.2f}"


def _places(request: HttpRequest, carrier: str, account: str) -> list[Account]:
    return queries.accounts(request.user, carrier, account)
