"""My account: name, language, time zone; ways to password and second factor."""

from __future__ import annotations

from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from huoqun.console import doors, operations, queries
from huoqun.console.models import Role, Staff
from huoqun.console.pages.forms import OwnForm
from huoqun.console.permissions import Needs, may, needs, staff_of


class OwnPage(Needs, View):
    """Everybody has this page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, OwnForm(instance=staff_of(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        # A copy: the account shown around the page must not change when the form is refused.
        form = OwnForm(request.POST, instance=Staff.objects.get(pk=staff_of(request).pk))
        if not form.is_valid():
            return self.page(request, form)
        saved = cast(Staff, form.save())
        with translation.override(saved.language):
            messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)

    def page(self, request: HttpRequest, form: OwnForm) -> HttpResponse:
        mine = {passport.issuer: passport for passport in queries.passports().filter(staff=staff_of(request))}
        context = {
            "form": form,
            "second_factor": is_mfa_enabled(request.user),
            "ways_in": [(door, mine.get(door.issuer)) for door in doors.doors(request)],
        }
        return render(request, "console/own.html", context)


@needs()
@require_POST
def drop_passport(request: HttpRequest) -> HttpResponse:
    """One's own; an administrator anybody's."""
    staff = staff_of(request)
    known = queries.passports() if may(staff, Role.ADMIN) else queries.passports().filter(staff=staff)
    passport = get_object_or_404(known, pk=_number(request.POST.get("passport", "")))
    operations.take_passport(passport)
    messages.success(request, _("Saved."))
    own = passport.staff_id == staff.pk
    return HttpResponseRedirect(reverse("console:own") if own else reverse("console:staff-one", args=[passport.staff_id]))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Kept on the account, and in a cookie for the pages before the sign-in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("We do not speak this language."))
    if isinstance(request.user, Staff):
        operations.choose_language(request.user, language)
    response = HttpResponseRedirect(back_to(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def back_to(request: HttpRequest) -> str:
    """The page somebody came from, if it is one of ours."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"
