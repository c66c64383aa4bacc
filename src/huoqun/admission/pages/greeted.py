"""Everybody who came, and what became of their welcome."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.admission.models import Greeting
from huoqun.admission.queries import greetings, names
from huoqun.admission.words import OUTCOMES
from huoqun.community.pages import looking
from huoqun.console.lists import Column, Empty, ListPage, Multi, Text
from huoqun.console.templatetags.console import state


def outcome_cell(row: Greeting) -> SafeString:
    return state(f"greeting-{row.outcome}", row.get_outcome_display())


def waited(row: Greeting) -> str:
    if row.seconds is None:
        return ""
    return ngettext("%(n)d second", "%(n)d seconds", row.seconds) % {"n": row.seconds}


class GreetingList(ListPage):
    title = gettext_lazy("Who was welcomed")
    lead = gettext_lazy("Everybody who became a contact of a colleague, and what became of their welcome.")
    export_name = "welcomed"
    template_name = "admission/greeted.html"
    order = "-came"
    nothing = Empty(gettext_lazy("Nobody has come since somebody listens."), gettext_lazy("The texts"), "/welcome/")
    columns = (
        Column(name="person", label=gettext_lazy("Person"), value=lambda row: row.person_name),
        Column(
            name="outcome",
            label=gettext_lazy("How it went"),
            cell=outcome_cell,
            value=lambda row: row.get_outcome_display(),
            sort="outcome",
        ),
        Column(name="waited", label=gettext_lazy("Waited"), value=waited, number=True),
        Column(name="why", label=gettext_lazy("Why"), value=lambda row: _(row.reason) if row.reason else ""),
        Column(name="colleague", label=gettext_lazy("Colleague"), value=lambda row: row.colleague_name, wide_only=True),
        Column(name="source", label=gettext_lazy("Came by"), value="source", sort="source", wide_only=True),
        Column(name="came", label=gettext_lazy("When they came"), value="came_at", sort="came_at"),
        Column(name="text", label=gettext_lazy("Text"), value="text", wide_only=True),
    )
    filters = (
        Multi(name="outcome", label=gettext_lazy("How it went"), options=list(OUTCOMES.items())),
        Text(name="source", label=gettext_lazy("Came by"), lookups=("source__icontains",)),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Greeting]:
        return looking.within(request, greetings(request.user))

    def prepare(self, rows: list[Any]) -> list[Any]:
        called = names({key for row in rows for key in (row.person_key, row.staff_key)})
        for row in rows:
            row.person_name = called.get(row.person_key) or _("(no name yet)")
            row.colleague_name = called.get(row.staff_key, "")
        return rows
