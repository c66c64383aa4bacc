"""Words a carrier keeps for newcomers of groups: prepared here, chosen for a group by its owner in the app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.admission import operations, queries
from huoqun.admission.errors import NoCarrier
from huoqun.admission.pages.forms import WEB
from huoqun.community.models import Community
from huoqun.community.pages import looking
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.outbox.pages.shown import first_words
from huoqun.vocabulary.actions import Body, Link

LONGEST = 3000
"""Bytes."""
SHOWN = 20


class GroupWelcomeForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("{name} is whoever has just joined."),
    )
    link_url = forms.CharField(label=gettext_lazy("Link"), max_length=1000, required=False)
    link_title = forms.CharField(label=gettext_lazy("Title of the link"), max_length=60, required=False)
    tells_owners = forms.BooleanField(
        label=gettext_lazy("Tell the owners of groups that it is there"), required=False, initial=True
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        if len(text.encode()) > LONGEST:
            raise ValidationError(
                _("It is longer than a carrier takes (%(bytes)d bytes). Make it shorter.") % {"bytes": LONGEST}
            )
        return text

    def clean_link_url(self) -> str:
        url = str(self.cleaned_data["link_url"]).strip()
        if url:
            try:
                WEB(url)
            except ValidationError as wrong:
                raise ValidationError(_("Enter a web address that begins with http:// or https://.")) from wrong
        return url

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("link_url") and not said.get("link_title"):
            self.add_error("link_title", _("A link needs a title: it is what people see."))
        return said

    def body(self) -> Body:
        said = self.cleaned_data
        return Body(
            text=said["text"],
            link=Link(url=said["link_url"], title=said["link_title"]) if said["link_url"] else None,
        )


@needs(*WORKERS)
def page(request: HttpRequest) -> HttpResponse:
    homes = _homes(request)
    home = next((each for each in homes if each.slug == request.POST.get("home")), homes[0])
    form = GroupWelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.prepare_for_groups(
                home, form.body(), tells_owners=form.cleaned_data["tells_owners"], by=staff_of(request), now=timezone.now()
            )
        except NoCarrier:
            form.add_error(None, _("No live account keeps such words. Connect WeCom first."))
        else:
            messages.success(request, _("It is being prepared. As soon as it says “sent”, owners find it in the app."))
            return HttpResponseRedirect(reverse("admission:group_welcome"))
    slugs = [each.slug for each in homes]
    context = {
        "form": form,
        "home": home,
        "homes": homes if len(homes) > 1 else [],
        "prepared": [(row, first_words(row)) for row in queries.prepared_for_groups(slugs)[:SHOWN]],
    }
    return render(request, "admission/group_welcome.html", context, status=422 if form.is_bound else 200)


def _homes(request: HttpRequest) -> list[Community]:
    chosen = looking.chosen(request)
    homes = [chosen] if chosen else looking.seen(request)
    if not homes:
        raise PermissionDenied(_("There is no community yet, or none you have a seat in."))
    return homes
