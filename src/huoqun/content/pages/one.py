"""One broadcast: as a draft the preview, then how it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from huoqun.community.models import Community
from huoqun.community.pages import looking
from huoqun.console.figures import count_words
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.content import operations
from huoqun.content.errors import CannotSend, NotADraft, NotAPicture
from huoqun.content.models import Broadcast
from huoqun.content.operations.keeping import place
from huoqun.content.operations.sending import judge
from huoqun.content.pages import sentences
from huoqun.content.pages.finding import handled_one, seen_one
from huoqun.content.pages.listed import outcome_cell, why
from huoqun.content.pages.writing import Write
from huoqun.content.queries.audience import Audience, audience
from huoqun.content.queries.broadcasts import counts, may_handle, needing, paused, pictures, recipients, requests_of
from huoqun.content.queries.confirming import colleagues, confirmations
from huoqun.content.rules.counting import Counts
from huoqun.content.rules.pictures import CONTENT_TYPES
from huoqun.content.words import LEFT_OUT, OUTCOMES

PAGE, MOST_SHOWN = 50, 20


@needs()
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = seen_one(request, pk)
    return _preview(request, broadcast) if broadcast.is_draft else _follow(request, broadcast)


# The draft


@dataclass(frozen=True, slots=True)
class Judged:
    everybody: Audience
    troubles: list[str]


def _judged(broadcast: Broadcast, request: HttpRequest) -> Judged:
    """Seen by somebody who may not send it, it is what its writer would send."""
    staff, now = staff_of(request), timezone.now()
    by = staff if may_handle(staff, broadcast) else broadcast.written_by or staff
    try:
        everybody = audience(broadcast, by=by, at=broadcast.send_at or now)
    except CannotSend as error:
        return Judged(Audience(()), sentences.trouble(error))
    try:
        judge(broadcast, everybody, now=now)
    except CannotSend as error:
        return Judged(everybody, sentences.trouble(error))
    return Judged(everybody, [])


def _preview(request: HttpRequest, broadcast: Broadcast) -> HttpResponse:
    judged = _judged(broadcast, request)
    everybody = judged.everybody
    # What has no value stands first: it keeps all the rest from going out.
    reached = sorted(everybody.reached, key=lambda target: not target.missing)
    context = {
        "broadcast": broadcast,
        "pictures": broadcast.pictures.all(),
        "troubles": judged.troubles,
        "sentence": sentences.reach(broadcast, everybody),
        "by_hand": everybody.by_hand,
        "reached": Paginator(reached, PAGE).get_page(request.GET.get("page")),
        "without": [(target, LEFT_OUT[target.left_out]) for target in everybody.without[:PAGE] if target.left_out],
        "reasons": [(LEFT_OUT[reason], number) for reason, number in everybody.reasons.most_common()],
        "more_without": max(0, len(everybody.without) - PAGE),
        "may_handle": may_handle(staff_of(request), broadcast),
    }
    return render(request, "content/preview.html", context)


@needs(*WORKERS)
def write(request: HttpRequest) -> HttpResponse:
    """A new draft; first of all, for which community."""
    home = _home(request)
    if home is None:
        return render(request, "content/which.html", {"communities": looking.seen(request)})
    form = Write(request.POST or None, request.FILES or None, request=request, home=home)
    if request.method == "POST" and form.is_valid():
        draft = operations.write(home, by=staff_of(request), now=timezone.now(), **form.said())
        return _with_pictures(request, draft, form)
    return _form(request, form, home)


def _home(request: HttpRequest) -> Community | None:
    slug = request.GET.get("community", "")
    if slug:
        return next((home for home in looking.seen(request) if home.slug == slug), None)
    return looking.chosen(request)


@needs(*WORKERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    draft = handled_one(request, pk)
    if not draft.is_draft:
        return _too_late(request, draft)
    form = Write(request.POST or None, request.FILES or None, request=request, home=draft.community, draft=draft)
    if request.method == "POST" and form.is_valid():
        try:
            return _with_pictures(request, operations.rewrite(draft, **form.said()), form)
        except NotADraft:
            return _too_late(request, draft)
    return _form(request, form, draft.community, draft)


def _form(request: HttpRequest, form: Write, home: Community, draft: Broadcast | None = None) -> HttpResponse:
    context = {"form": form, "home": home, "draft": draft, "pictures": draft.pictures.all() if draft else []}
    return render(request, "content/write.html", context, status=422 if form.is_bound else 200)


def _with_pictures(request: HttpRequest, draft: Broadcast, form: Write) -> HttpResponse:
    if files := form.cleaned_data["pictures"]:
        try:
            operations.add_pictures(draft, files)
        except NotAPicture:
            messages.error(request, _("The pictures were not kept: there are too many of them."))
    return _to(draft)


def _too_late(request: HttpRequest, broadcast: Broadcast) -> HttpResponse:
    messages.error(request, _("It has been sent meanwhile: nobody can change it any more. Write a new one."))
    return _to(broadcast)


def _to(broadcast: Broadcast) -> HttpResponse:
    return HttpResponseRedirect(reverse("content:broadcast", args=[broadcast.pk]))


@needs(*WORKERS)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    draft = handled_one(request, pk)
    try:
        operations.discard(draft)
    except NotADraft:
        return _too_late(request, draft)
    messages.success(request, _("The draft is gone."))
    return HttpResponseRedirect(reverse("content:broadcasts"))


@needs(*WORKERS)
@require_POST
def drop_picture(request: HttpRequest, pk: int, upload_id: str) -> HttpResponse:
    draft = handled_one(request, pk)
    picture = draft.pictures.filter(upload_id=upload_id).first()
    if picture is None:
        raise Http404
    try:
        operations.drop_picture(picture)
    except NotADraft:
        return _too_late(request, draft)
    return HttpResponseRedirect(reverse("content:edit", args=[pk]))


@needs()
@require_GET
def picture(request: HttpRequest, upload_id: str) -> FileResponse:
    """Only to those who may see the broadcast it belongs to."""
    found = pictures(request.user).filter(upload_id=upload_id).first()
    if found is None or not (place() / found.upload_id).is_file():
        raise Http404
    file = (place() / found.upload_id).open("rb")
    return FileResponse(file, as_attachment=True, filename=found.upload_id, content_type=CONTENT_TYPES[found.kind])


@needs(*WORKERS)
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = handled_one(request, pk)
    try:
        operations.send(broadcast, by=staff_of(request), now=timezone.now())
    except CannotSend as error:
        for words in sentences.trouble(error):
            messages.error(request, words)
    except NotADraft:
        messages.info(request, _("It is on its way already."))
    return _to(broadcast)


@needs(*WORKERS)
@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = handled_one(request, pk)
    try:
        like = operations.try_on_oneself(broadcast, by=staff_of(request), now=timezone.now())
    except CannotSend as error:
        for words in sentences.trouble(error):
            messages.error(request, words)
        return _to(broadcast)
    if like:
        messages.success(request, _("You get it now, as “%(name)s” would.") % {"name": like})
    else:
        words = _(
            "No account knows how to write to you. Say how under “To-dos”, “Away”; until then this page shows how it reads."
        )
        messages.warning(request, words)
    return _to(broadcast)


# On its way


def _follow(request: HttpRequest, broadcast: Broadcast) -> HttpResponse:
    standing = counts([broadcast.pk])[broadcast.pk]
    resting, confirmed = broadcast.is_open and bool(paused([broadcast])), confirmations(broadcast)
    part = request.headers.get("HX-Request") == "true"
    context = {
        "broadcast": broadcast,
        "pictures": broadcast.pictures.all(),
        "counts": standing,
        "sentence": sentences.standing(broadcast, standing, confirmed, paused=resting),
        "people": confirmed.people,
        "colleagues": colleagues(broadcast),
        "outcomes": _lines(standing),
        "without": [(LEFT_OUT[reason], reason, number) for reason, number in standing.left_out.items()],
        "needing": _needing(request, broadcast),
        "paused": resting,
        "may_handle": may_handle(staff_of(request), broadcast),
    }
    return render(request, "content/follow_part.html" if part else "content/follow.html", context)


def _lines(standing: Counts) -> list[dict[str, Any]]:
    """Outcome, what it is called, how many, in the order in which somebody must look."""
    order = ("unknown", "refused", "expired", "handed", "confirming", "", "sent", "cancelled")
    return [
        {"code": code or "waiting", "asked": code or "-", "words": OUTCOMES[code], "number": standing.number(code)}
        for code in order
        if standing.number(code)
    ]


def _needing(request: HttpRequest, broadcast: Broadcast) -> list[dict[str, Any]]:
    rows = needing(recipients(request.user).filter(broadcast=broadcast).select_related("group"), MOST_SHOWN)
    asked = requests_of(broadcast).filter(key__in=[row.request_key for row in rows])
    numbers = dict(asked.values_list("key", "pk"))
    return [{"row": row, "state": outcome_cell(row), "why": why(row), "request": numbers.get(row.request_key)} for row in rows]


@needs(*WORKERS)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = handled_one(request, pk)
    if operations.pause(broadcast, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("Nothing more of it goes out until you let it go on."))
    return _to(broadcast)


@needs(*WORKERS)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = handled_one(request, pk)
    if operations.resume(broadcast, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("It goes on."))
    return _to(broadcast)


@needs(*WORKERS)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = handled_one(request, pk)
    number = operations.remind(broadcast, by=staff_of(request), now=timezone.now())
    words = ngettext(
        "Whoever has not confirmed %(n)s of them is reminded, as soon as the carrier lets it.",
        "Whoever has not confirmed %(n)s of them is reminded, as soon as the carrier lets it.",
        number,
    )
    messages.success(request, words % {"n": count_words(number)})
    return _to(broadcast)


@needs(*WORKERS)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = handled_one(request, pk)
    stopped = operations.stop(broadcast, by=staff_of(request), now=timezone.now())
    words = ngettext("Stopped: %(n)s will not go out.", "Stopped: %(n)s will not go out.", stopped)
    messages.success(request, words % {"n": stopped})
    return _to(broadcast)
