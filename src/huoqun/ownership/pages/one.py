"""One to-do, and what somebody says about it."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from django import forms
from django.contrib import messages
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.console.models import Staff
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.ownership import operations, queries
from huoqun.ownership.errors import CannotWorkHere, NotEvidence
from huoqun.ownership.models import Evidence, Todo
from huoqun.ownership.operations.showing import place
from huoqun.ownership.pages.shown import shown
from huoqun.vocabulary.pictures import CONTENT_TYPES

PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}

WANTED = {
    Evidence.PICTURE: gettext_lazy("A picture shows it: PNG, JPEG, GIF or WebP, 10 MB at most."),
    Evidence.LINK: gettext_lazy("A link shows it: write a whole address such as https://example.com/page."),
    Evidence.NUMBER: gettext_lazy("A number shows it: write digits, such as 12 or 3.5."),
    Evidence.NOTE: gettext_lazy("A few words show it: write what was done."),
}


class HandOnForm(forms.Form):
    """To whom; nobody named: to the leads."""

    to = forms.ModelChoiceField(
        queryset=Staff.objects.none(), label=gettext_lazy("Hand on to"), required=False, empty_label=gettext_lazy("the leads")
    )
    said = forms.CharField(label=gettext_lazy("A word with it"), max_length=300, required=False)

    def __init__(self, request: HttpRequest, todo: Todo, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        here = queries.workers(type(todo.community).objects.filter(pk=todo.community_id)).order_by("username")
        self.fields["to"].queryset = here  # type: ignore[attr-defined]


@needs()
def page(request: HttpRequest, pk: int) -> HttpResponse:
    todo = _mine(request, pk)
    return _page(request, todo, HandOnForm(request, todo))


def _page(request: HttpRequest, todo: Todo, form: HandOnForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "card": shown([todo], now=now)[0],
        "hands": todo.hands.select_related("from_staff", "to_staff", "by"),
        "form": form,
        "may_do": may(request.user, *WORKERS),
        "in_charge": queries.is_in_charge(request.user),
    }
    return render(request, "ownership/one.html", context, status=status)


@needs()
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The to-do as lists show it, as it is now."""
    return _card(request, _mine(request, pk))


@needs(*WORKERS)
@require_POST
def do(request: HttpRequest, pk: int) -> HttpResponse:
    todo = _mine(request, pk)
    if todo.wants:
        return _show(request, todo)
    if not operations.do(todo, by=staff_of(request), now=timezone.now()):
        messages.warning(request, _("It was closed already."))
    return _answer(request, pk)


def _show(request: HttpRequest, todo: Todo) -> HttpResponse:
    """Done with what shows it; without, it stays to do and says what is missing."""
    said, picture = request.POST.get("shown", ""), request.FILES.get("picture")
    try:
        done = operations.show(todo, said=said, picture=picture, by=staff_of(request), now=timezone.now())
    except NotEvidence as error:
        words = str(WANTED[Evidence(error.wanted)])
        if request.headers.get("HX-Request") == "true":
            return _card(request, todo, wrong=words, said=said)
        messages.error(request, words)
        return HttpResponseRedirect(reverse("ownership:one", args=[todo.pk]))
    if not done:
        messages.warning(request, _("It was closed already."))
    return _answer(request, todo.pk)


@needs()
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The picture somebody showed, for whoever may see the to-do."""
    todo = _mine(request, pk)
    there = place() / PurePath(todo.shown).name
    kind = CONTENT_TYPES.get(there.suffix.removeprefix("."))
    if todo.wants != Evidence.PICTURE or not todo.shown or kind is None or not there.is_file():
        raise Http404
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"}
    return FileResponse(there.open("rb"), content_type=kind, headers=headers)


@needs(*WORKERS)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    todo = _mine(request, pk)
    if not operations.undo(todo, by=staff_of(request), now=timezone.now()):
        messages.warning(request, _("It can no longer be taken back: the others have been told."))
    return _answer(request, pk)


@needs(*WORKERS)
@require_POST
def cannot(request: HttpRequest, pk: int) -> HttpResponse:
    todo, staff = _mine(request, pk), staff_of(request)
    if todo.assigned_id not in {staff.pk, None} and not queries.is_in_charge(staff):
        raise Http404
    operations.cannot(todo, by=staff, now=timezone.now(), said=request.POST.get("said", "").replace("\0", ""))
    messages.success(request, _("The leads see to it."))
    return HttpResponseRedirect(reverse("ownership:today"))


@needs(*WORKERS)
@require_POST
def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    todo, staff = _mine(request, pk), staff_of(request)
    form = HandOnForm(request, todo, request.POST)
    if not form.is_valid():
        return _page(request, todo, form, status=422)
    try:
        operations.hand_on([todo], form.cleaned_data["to"], by=staff, now=timezone.now(), said=form.cleaned_data["said"])
    except CannotWorkHere:
        form.add_error("to", _("They may not work in this community."))
        return _page(request, todo, form, status=422)
    to = form.cleaned_data["to"]
    messages.success(request, _("%(name)s has it now.") % {"name": to or _("the leads")})
    return HttpResponseRedirect(reverse("ownership:today"))


@needs(*queries.IN_CHARGE)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    operations.cancel([_mine(request, pk)], by=staff_of(request), now=timezone.now())
    return HttpResponseRedirect(reverse("ownership:one", args=[pk]))


@needs()
def picture(request: HttpRequest, pk: int, place: int) -> FileResponse:
    """One of the pictures that were prepared, to be saved and sent on."""
    names = _mine(request, pk).pictures
    name = str(names[place]) if place < len(names) else ""
    try:
        if not name or not default_storage.exists(name):
            raise Http404
    except SuspiciousFileOperation as outside:
        raise Http404 from outside
    kind = mimetypes.guess_type(name)[0]
    if kind not in PICTURES:
        raise Http404
    return FileResponse(default_storage.open(name), as_attachment=True, filename=PurePath(name).name, content_type=kind)


def _mine(request: HttpRequest, pk: int) -> Todo:
    return get_object_or_404(queries.todos(request.user).select_related(*queries.ALONGSIDE).distinct(), pk=pk)


def _card(request: HttpRequest, todo: Todo, *, wrong: str = "", said: str = "") -> HttpResponse:
    card = shown([todo], now=timezone.now())[0]
    context = {"card": card, "may_do": may(request.user, *WORKERS), "swapped": True, "wrong": wrong, "said": said}
    return render(request, "ownership/card.html", context)


def _answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The card alone for htmx; without scripts back to the page where the button was."""
    if request.headers.get("HX-Request") == "true":
        return _card(request, _mine(request, pk))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else reverse("ownership:today"))
