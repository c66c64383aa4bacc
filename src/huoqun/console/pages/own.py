"""My account: name, language, time zone; ways to password and second factor."""

from __future__ import annotations

from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from huoqun.console import operations
from huoqun.console.models import Staff
from huoqun.console.pages.forms import OwnForm
from huoqun.console.permissions import Needs, staff_of


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
        return render(request, "console/own.html", {"form": form, "second_factor": is_mfa_enabled(request.user)})


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
