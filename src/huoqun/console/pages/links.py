"""The one-time link: set a password and be in."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from huoqun.console import operations, queries, rules
from huoqun.console.models import Staff


@method_decorator([login_not_required, never_cache, sensitive_post_parameters()], name="dispatch")
class LinkPage(View):
    """Looking at the page does not use the link up (messengers look at links to make previews); setting the password does."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = queries.link(token)
        why = queries.link_is(link, now=timezone.now())
        if link is None or why is not rules.LinkIs.GOOD:
            return self.not_good(request, why)
        return self.page(request, link.staff, SetPasswordForm(link.staff))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        link = queries.link(token)
        why = queries.link_is(link, now=timezone.now())
        if link is None or why is not rules.LinkIs.GOOD:
            return self.not_good(request, why)
        form = SetPasswordForm(link.staff, request.POST)
        if not form.is_valid():
            return self.page(request, link.staff, form)
        return self.enter(request, token, form.cleaned_data["new_password1"])

    def enter(self, request: HttpRequest, token: str, password: str) -> HttpResponse:
        try:
            staff = operations.set_password_by_link(token, password, now=timezone.now())
        except operations.LinkNotGood as late:
            return self.not_good(request, late.why)
        if request.user.is_authenticated:
            logout(request)
        # Through allauth, so that whoever has a second factor is asked for it.
        answer: HttpResponse = perform_login(request, staff, email_verification="none")
        return answer

    def page(self, request: HttpRequest, staff: Staff, form: SetPasswordForm[Staff]) -> HttpResponse:
        return render(request, "console/link.html", {"form": form, "newcomer": staff})

    def not_good(self, request: HttpRequest, why: rules.LinkIs) -> HttpResponse:
        return render(request, "console/link_not_good.html", {"why": why.value}, status=410)
