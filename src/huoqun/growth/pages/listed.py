"""All live codes, and how many came by each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.community.pages import looking
from huoqun.console.figures import count_words
from huoqun.console.lists import Choice, Column, Empty, ListPage, Multi, Text
from huoqun.console.permissions import WORKERS, may
from huoqun.console.templatetags.console import state
from huoqun.growth.models import LiveCode
from huoqun.growth.pages.finding import leads_to
from huoqun.growth.queries import Came, came_by, codes
from huoqun.growth.rules import State
from huoqun.growth.words import KINDS, STATES


def mark(code: LiveCode) -> SafeString:
    return state(f"code-{code.state}", str(STATES[code.state]))


def counted(code: LiveCode) -> bool:
    """The carrier tells who came by it: it was asked for through one."""
    return bool(code.link_id)


def _number(name: str) -> Any:
    return lambda row: getattr(row.came, name) if counted(row) else ""


def _places(row: LiveCode) -> SafeString:
    first, *more = leads_to(row) or ["—"]
    return format_html('{} <span class="soft">{}</span>', first, f"+{len(more)}" if more else "")


class CodeList(ListPage):
    title = gettext_lazy("Live codes")
    lead = gettext_lazy("Each code is credited with who comes by it. Where it leads can be changed; printed ones stay good.")
    export_name = "live-codes"
    template_name = "growth/codes.html"
    nothing = Empty(gettext_lazy("There is no live code yet."), gettext_lazy("Make the first"), "/codes/make/join/")
    columns = (
        Column(name="title", label=gettext_lazy("Title"), link=lambda row: reverse("growth:code", args=[row.pk]), sort="title"),
        Column(name="state", label=gettext_lazy("State"), cell=mark, value=lambda row: str(STATES[row.state]), sort="state"),
        Column(name="kind", label=gettext_lazy("Leads"), value=lambda row: str(KINDS[row.kind]), sort="kind"),
        Column(name="places", label=gettext_lazy("Leads to"), value=lambda row: _(", ").join(leads_to(row)), cell=_places),
        Column(name="came", label=gettext_lazy("Came"), value=_number("all"), number=True),
        Column(name="there", label=gettext_lazy("Still there"), value=_number("there"), number=True),
        Column(name="week", label=gettext_lazy("In 7 days"), value=_number("week"), number=True),
        Column(name="made", label=gettext_lazy("Made"), value="made_at", sort="made_at", wide_only=True),
        Column(name="by", label=gettext_lazy("By"), value="made_by", wide_only=True),
        Column(name="community", label=gettext_lazy("Community"), value="community.name", wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Title, group or colleague"), lookups=("title__icontains",)),
        Multi(name="state", label=gettext_lazy("State"), options=list(STATES.items())),
        Choice(name="kind", label=gettext_lazy("Leads"), options=list(KINDS.items())),
    )

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        return self.columns if looking.chosen(request) is None else self.columns[:-1]

    def rows(self, request: HttpRequest) -> QuerySet[LiveCode]:
        return looking.within(request, codes(request.user)).prefetch_related("steps__group", "colleagues")

    def prepare(self, rows: list[LiveCode]) -> list[LiveCode]:
        found = came_by(rows, now=timezone.now())
        for row in rows:
            row.came = found.get(row.pk, Came())  # type: ignore[attr-defined]
        return rows

    def context(self, request: HttpRequest) -> dict[str, Any]:
        live = list(looking.within(request, codes(request.user)).filter(state=State.LIVE))
        return {"may_make": may(request.user, *WORKERS), "sentence": sentence(live)}


def sentence(live: list[LiveCode]) -> str:
    """How many people came by the codes that are live, in the last seven days."""
    if not live:
        return ""
    week = sum(came.week for came in came_by(live, now=timezone.now()).values())
    codes_words = ngettext("%(n)s code is live", "%(n)s codes are live", len(live)) % {"n": count_words(len(live))}
    people = ngettext("%(n)s person came by them", "%(n)s people came by them", week) % {"n": count_words(week)}
    return _("%(codes)s; in the last 7 days %(people)s.") % {"codes": codes_words, "people": people}
