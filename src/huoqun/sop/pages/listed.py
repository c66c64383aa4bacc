"""All playbooks: the community's own, and those that ship with the product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from huoqun.community.pages import looking
from huoqun.console.lists import Choice, Column, Empty, ListPage, Text
from huoqun.console.permissions import WORKERS, may
from huoqun.sop import queries
from huoqun.sop.models import Launch, Playbook, Version
from huoqun.sop.playbooks.shipped import shipped


class PlaybookList(ListPage):
    title = gettext_lazy("Playbooks")
    lead = gettext_lazy("The same procedure in every group, said by each in its own words and at its own minute.")
    export_name = "playbooks"
    template_name = "sop/playbooks.html"
    order = "title"
    nothing = Empty(gettext_lazy("No playbook of your own yet: take one of those below, or write one."))
    columns = (
        Column(
            name="title",
            label=gettext_lazy("Playbook"),
            sort="title",
            link=lambda row: reverse("sop:playbook", args=[row.pk]),
        ),
        Column(name="at_work", label=gettext_lazy("At work"), sort="at_work", number=True),
        Column(name="latest", label=gettext_lazy("Version"), sort="latest", number=True),
        Column(name="changed", label=gettext_lazy("Changed"), sort="changed", wide_only=True),
        Column(name="note", label=gettext_lazy("What changed"), wide_only=True),
        Column(name="name", label=gettext_lazy("Short name"), sort="name", wide_only=True),
        Column(name="community", label=gettext_lazy("Community"), value="community.name", wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Title or short name"), lookups=("title__icontains", "name__icontains")),
        Choice(
            name="archived",
            label=gettext_lazy("Archive"),
            options=[("only", gettext_lazy("archived ones")), ("with", gettext_lazy("archived ones as well"))],
            narrow=lambda rows, value: rows.filter(archived_at__isnull=False) if value == "only" else rows,
        ),
    )

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        return self.columns if looking.chosen(request) is None else self.columns[:-1]

    def rows(self, request: HttpRequest) -> QuerySet[Playbook]:
        own = looking.within(request, self._offered(request).filter(community__isnull=False))
        latest = Version.objects.filter(playbook=OuterRef("pk")).order_by("-number")
        going = Q(versions__launches__state=Launch.State.GOING)
        return own.select_related("community").annotate(
            latest=Max("versions__number"),
            at_work=Count("versions__launches", filter=going, distinct=True),
            changed=Subquery(latest.values("made_at")[:1]),
            note=Subquery(latest.values("note")[:1]),
        )

    def _offered(self, request: HttpRequest) -> QuerySet[Playbook]:
        """Archived ones only where they are asked for."""
        return (queries.all_playbooks if request.GET.get("archived") in {"only", "with"} else queries.playbooks)(request.user)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        return {"shipped": shipped(get_language() or "zh"), "may_write": may(request.user, *WORKERS)}
