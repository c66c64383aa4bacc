"""One request: what will be said to whom, everything that became of it, and what somebody can do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.outbox import operations, queries
from huoqun.outbox.models import Request
from huoqun.outbox.pages import seen, shown
from huoqun.outbox.rules.states import State
from huoqun.outbox.words import STAGES

Turn = Callable[..., int]
Offer = tuple[str, Promise, str]
"""Name, words and tone of a button."""

TURNS: dict[str, tuple[Turn, Promise]] = {
    "cancel": (operations.cancel, _("It is cancelled and will not go out.")),
    "remind": (operations.remind, _("They are reminded as soon as the carrier lets it.")),
    "take_back": (operations.take_back, _("It is taken back, unless somebody is quicker.")),
    "hold": (operations.hold, _("It is held until you let it go on.")),
    "release": (operations.release, _("It goes on when it is due.")),
    "again": (operations.try_again, _("It is tried again.")),
    "confirm": (operations.confirm, _("Noted: it is done.")),
    "there": (operations.settle_done, _("Noted: it was sent.")),
    "resend": (lambda rows, **who: operations.settle_not_done(rows, again=True, **who), _("It is sent again.")),
    "leave": (lambda rows, **who: operations.settle_not_done(rows, again=False, **who), _("Noted: it was not sent.")),
}

OFFERS: dict[str, tuple[Offer, ...]] = {
    State.WAITING: (("hold", _("Hold"), ""), ("cancel", _("Cancel"), "danger")),
    State.HELD: (("release", _("Let go on"), "primary"), ("cancel", _("Cancel"), "danger")),
    State.CONFIRMING: (("remind", _("Remind the colleague"), "primary"), ("take_back", _("Take it back"), "danger")),
    State.HANDED: (("confirm", _("It is done"), "primary"), ("cancel", _("Cancel"), "danger")),
    State.REFUSED: (("again", _("Try again"), "primary"),),
    State.UNKNOWN: (
        ("there", _("It is there: it was sent"), "primary"),
        ("resend", _("It is not there: send it again"), ""),
        ("leave", _("It is not there: leave it"), ""),
    ),
}


def _found(request: HttpRequest, pk: int) -> Request:
    """Somebody else's request is not there."""
    visible = queries.requests(seen.communities(request)).select_related("asked_by")
    return get_object_or_404(visible, pk=pk)


@needs()
def one(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    found, now = _found(request, pk), timezone.now()
    found.name_shown = seen.names(request, [found]).get(found.pk, "")  # type: ignore[attr-defined]
    stages = [(stage, STAGES.get(stage.stage, stage.stage)) for stage in found.stages.select_related("by")]
    context = {
        "asked": found,
        "what": shown.what(found),
        "whom": shown.whom(found),
        "preview": shown.preview(found),
        "mark": shown.mark(found, now),
        "why": shown.why(found),
        "to_do": shown.what_to_do(found, now),
        "stages": stages,
        "offers": _offers(found) if may(request.user, *WORKERS) else (),
    }
    return render(request, "outbox/request.html", context)


def _offers(found: Request) -> tuple[Offer, ...]:
    """What cannot be taken back, or is being taken back already, is not offered to be."""
    offers = OFFERS.get(found.state, ())
    if found.state != State.CONFIRMING:
        return offers
    return offers if found.withdrawable and not found.unwanted else offers[:1] if not found.unwanted else ()


@require_POST
@needs(*WORKERS)
def turn(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    found, name = _found(request, pk), request.POST.get("turn", "")
    if name not in TURNS:
        raise Http404
    act, words = TURNS[name]
    if act([found], by=staff_of(request), now=timezone.now()):
        messages.success(request, str(words))
    else:
        messages.error(request, str(_("Meanwhile it has gone on. Look again at what it is now.")))
    return HttpResponseRedirect(reverse("outbox:request", args=[pk]))
