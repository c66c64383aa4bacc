"""What subscribers could not take, and how far behind they are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.console.lists import Action, Choice, Column, Empty, ListPage
from huoqun.console.models import Role
from huoqun.console.navigation import Badge
from huoqun.console.permissions import may, staff_of
from huoqun.inbox import queries
from huoqun.inbox.models import REASONS, Parked
from huoqun.inbox.operations import ask_for_replay
from huoqun.inbox.words import subscriber_words, word_for

WHY = [(why.value, words) for why, words in REASONS.items()]

CommunitiesOf = Callable[[HttpRequest], Collection[str]]


def none(request: HttpRequest) -> Collection[str]:
    return ()


def _replay(rows: QuerySet[Any], request: HttpRequest, values: dict[str, Any]) -> str:
    asked = ask_for_replay(rows.values_list("pk", flat=True), by=staff_of(request), now=timezone.now())
    return ngettext(
        "%(n)s entry will be delivered again in a moment.", "%(n)s entries will be delivered again in a moment.", asked
    ) % {"n": asked}


def _state(row: Parked) -> str:
    return _("is being delivered again") if row.replay_asked_at else _("waits")


def badge(request: HttpRequest) -> Badge | None:
    if not may(request.user, Role.ADMIN):
        return None
    number = queries.still_parked(None).count()
    return Badge(number, gettext_lazy("parked entries")) if number else None


class ParkedList(ListPage):
    """Administrators see all; leads the communities that `communities_of` (given where the address is wired) names."""

    roles = (Role.ADMIN, Role.LEAD)
    title = gettext_lazy("Parked entries")
    lead = gettext_lazy(
        "What came in and one part of Huoqun could not take. Nothing is lost: everything after it went on, and it can be"
        " delivered again once the cause is mended."
    )
    columns = (
        Column(name="id", label=gettext_lazy("Number"), value="pk", sort="id"),
        Column(name="what", label=gettext_lazy("What"), value=lambda row: word_for(row.entry.name), sort="entry__name"),
        Column(name="at", label=gettext_lazy("Happened"), value="entry.at", sort="entry__at"),
        Column(name="community", label=gettext_lazy("Community"), value="entry.community", sort="entry__community"),
        Column(name="account", label=gettext_lazy("Came through"), value="entry.account", wide_only=True),
        Column(
            name="subscriber",
            label=gettext_lazy("Who could not take it"),
            value=lambda row: subscriber_words(row.subscriber),
            sort="subscriber",
        ),
        Column(name="reason", label=gettext_lazy("Why"), value=lambda row: row.get_reason_display(), sort="reason"),
        Column(name="parked", label=gettext_lazy("Parked"), value="parked_at", sort="parked_at"),
        Column(name="tries", label=gettext_lazy("Tries"), number=True, sort="tries", wide_only=True),
        Column(name="state", label=gettext_lazy("State"), value=_state),
    )
    filters = (Choice(name="reason", label=gettext_lazy("Why"), options=WHY),)
    actions = (Action(name="replay", label=gettext_lazy("Deliver again"), run=_replay, roles=roles),)
    order = "-id"
    export_name = "parked"
    template_name = "inbox/parked.html"
    nothing = Empty(gettext_lazy("Nothing is parked: everything that came in was taken."))

    def rows(self, request: HttpRequest) -> QuerySet[Parked]:
        if staff_of(request).role == Role.ADMIN:
            return queries.still_parked(None)
        communities_of: CommunitiesOf = self.kwargs.get("communities_of", none)
        return queries.still_parked(communities_of(request))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """How far behind the loops are says something about the whole installation: for administrators."""
        return {"loops": queries.loops() if staff_of(request).role == Role.ADMIN else []}
