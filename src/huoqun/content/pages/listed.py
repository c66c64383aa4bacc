"""All broadcasts, and all those one of them went to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.community.pages import looking
from huoqun.console.lists import Choice, Column, Empty, ListPage, Multi, Text
from huoqun.console.permissions import WORKERS, may
from huoqun.console.templatetags.console import state
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.pages import sentences
from huoqun.content.pages.finding import seen_one
from huoqun.content.queries.broadcasts import NEED, broadcasts, counts, paused, recipients
from huoqun.content.rules.counting import Counts
from huoqun.content.words import LEFT_OUT, OUTCOMES


def state_cell(row: Any) -> SafeString:
    return state("paused", _("paused")) if row.is_paused else state(row.state, row.get_state_display())


def standing(row: Any) -> str:
    return "—" if row.is_draft else sentences.standing(row, row.counts)


class BroadcastList(ListPage):
    title = gettext_lazy("Broadcasts")
    lead = gettext_lazy("Write once, see exactly who gets what, follow each delivery, stop half-way.")
    export_name = "broadcasts"
    template_name = "content/broadcasts.html"
    order = "-written"
    nothing = Empty(
        gettext_lazy("Nothing has been sent to many at once yet."), gettext_lazy("Write the first"), "/broadcasts/write/"
    )
    columns = (
        Column(name="title", label=gettext_lazy("Title"), link=lambda row: reverse("content:broadcast", args=[row.pk])),
        Column(name="state", label=gettext_lazy("State"), cell=state_cell, value=lambda row: row.get_state_display()),
        Column(name="standing", label=gettext_lazy("How it went"), value=standing),
        Column(
            name="to", label=gettext_lazy("Goes to"), value=lambda row: row.get_to_display().partition(":")[0], wide_only=True
        ),
        Column(
            name="when",
            label=gettext_lazy("When"),
            value=lambda row: row.send_at or row.sent_at,
            sort="send_at",
            wide_only=True,
        ),
        Column(name="written", label=gettext_lazy("Written"), value="written_at", sort="written_at", wide_only=True),
        Column(name="by", label=gettext_lazy("By"), value="written_by", wide_only=True),
        Column(name="community", label=gettext_lazy("Community"), value="community.name", wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Title or text"), lookups=("title__icontains", "text__icontains")),
        Multi(name="state", label=gettext_lazy("State"), options=Broadcast.State.choices),
        Choice(name="to", label=gettext_lazy("Goes to"), options=Broadcast.To.choices),
    )

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        """Which community stands beside each only where there are several."""
        return self.columns if looking.chosen(request) is None else self.columns[:-1]

    def rows(self, request: HttpRequest) -> QuerySet[Broadcast]:
        return looking.within(request, broadcasts(request.user)).select_related("written_by")

    def prepare(self, rows: list[Broadcast]) -> list[Broadcast]:
        found, resting = counts([row.pk for row in rows]), paused([row for row in rows if row.is_open])
        for row in rows:
            row.counts = found.get(row.pk, Counts())  # type: ignore[attr-defined]
            row.is_paused = row.pk in resting  # type: ignore[attr-defined]
        return rows

    def context(self, request: HttpRequest) -> dict[str, Any]:
        return {"may_write": may(request.user, *WORKERS)}


def outcome_cell(row: Recipient) -> SafeString:
    if row.left_out:
        return state("delivery-out", _("left out"))
    return state(f"delivery-{row.outcome}", row.get_outcome_display() or str(OUTCOMES[""]))


def why(row: Recipient) -> str:
    """A carrier's reason is an English sentence of the catalogue."""
    if row.left_out:
        return str(LEFT_OUT[row.left_out])
    return _(row.reason) if row.reason else ""


def name_cell(row: Recipient) -> SafeString:
    name = row.name or _("erased")
    if row.kind == Recipient.Kind.GROUP or not row.group:
        return format_html("{}", name)
    return format_html('{} <span class="soft">{}</span>', name, row.group)


class RecipientList(ListPage):
    """Everybody it went to, and everybody left out."""

    title = gettext_lazy("Recipients")
    export_name = "recipients"
    template_name = "content/recipients.html"
    order = "outcome"
    nothing = Empty(gettext_lazy("Nobody yet: it is being planned."))
    columns = (
        Column(name="name", label=gettext_lazy("Name"), cell=name_cell, sort="name"),
        Column(
            name="outcome",
            label=gettext_lazy("How it went"),
            cell=outcome_cell,
            value=lambda r: r.get_outcome_display(),
            sort="need",
        ),
        Column(name="why", label=gettext_lazy("Why"), value=why),
        Column(name="by_hand", label=gettext_lazy("By hand"), wide_only=True),
        Column(name="due", label=gettext_lazy("Due"), value="due_at", sort="due_at", wide_only=True),
        Column(name="settled", label=gettext_lazy("Since"), value="settled_at", sort="settled_at", wide_only=True),
        Column(name="text", label=gettext_lazy("Text"), wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Name"), lookups=("name__icontains",)),
        Multi(
            name="outcome",
            label=gettext_lazy("How it went"),
            options=[(key or "-", words) for key, words in OUTCOMES.items()],
            narrow=lambda rows, values: rows.filter(left_out="", outcome__in=[value.strip("-") for value in values]),
        ),
        Multi(name="left_out", label=gettext_lazy("Left out"), options=list(LEFT_OUT.items())),
    )

    @cached_property
    def broadcast(self) -> Broadcast:
        return seen_one(self.request, self.kwargs["pk"])

    def rows(self, request: HttpRequest) -> QuerySet[Recipient]:
        rows = recipients(request.user).filter(broadcast=self.broadcast)
        return rows.annotate(need=NEED).select_related("group")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        return {"broadcast": self.broadcast}
