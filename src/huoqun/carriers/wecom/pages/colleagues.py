"""Who comes in with which WeCom account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.carriers.wecom.models import Corp
from huoqun.carriers.wecom.operations import companies as operations
from huoqun.carriers.wecom.operations.companies import issuer
from huoqun.carriers.wecom.pages import seen
from huoqun.console import operations as console
from huoqun.console import queries as accounts
from huoqun.console.models import Staff
from huoqun.console.permissions import Role, needs, staff_of

SUGGESTED = 2000


class PassportForm(forms.Form):
    """One account here and one in the company."""

    staff = forms.ModelChoiceField(queryset=Staff.objects.none(), label=gettext_lazy("Account here"), empty_label=None)
    userid = forms.CharField(
        label=gettext_lazy("Their account (userid) in WeCom"),
        max_length=64,
        help_text=gettext_lazy("Admin console → Contacts → the colleague → Account."),
        widget=forms.TextInput(attrs={"list": "userids", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, corp: Corp, data: Any = None) -> None:
        super().__init__(data)
        taken = accounts.passports().filter(issuer=issuer(corp)).values("staff")
        free = accounts.accounts().filter(is_active=True).exclude(pk__in=taken).order_by("username")
        self.fields["staff"].queryset = free  # type: ignore[attr-defined]


@needs(Role.ADMIN)
def page(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    return _page(request, seen.company(request, pk))


def _page(request: HttpRequest, corp: Corp, *, form: PassportForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "corp": corp,
        "passports": accounts.passports().filter(issuer=issuer(corp)),
        "form": form or PassportForm(corp),
        "userids": corp.colleagues.values_list("userid", "name")[:SUGGESTED],
        "host": settings.PUBLIC_URL.partition("://")[2],
    }
    return render(request, "wecom/colleagues.html", context, status=status)


@needs(Role.ADMIN)
@require_POST
def give(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    corp = seen.company(request, pk)
    form = PassportForm(corp, request.POST)
    if not form.is_valid():
        return _page(request, corp, form=form, status=422)
    staff, userid = form.cleaned_data["staff"], form.cleaned_data["userid"].strip()
    try:
        console.give_passport(staff, issuer(corp), userid, by=staff_of(request), now=timezone.now())
    except console.PassportTaken as taken:
        form.add_error("userid", _("%(name)s comes in with this one already.") % {"name": taken.holder})
        return _page(request, corp, form=form, status=422)
    messages.success(request, _("%(name)s can come in with WeCom now.") % {"name": staff})
    return HttpResponseRedirect(reverse("wecom:colleagues", args=[corp.pk]))


@needs(Role.ADMIN)
@require_POST
def let_in(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    corp = seen.company(request, pk)
    operations.let_in(corp, "yes" in request.POST)
    return HttpResponseRedirect(reverse("wecom:colleagues", args=[corp.pk]))
