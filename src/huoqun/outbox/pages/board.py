"""What goes out today: what somebody must look at comes first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.console.figures import NOTHING, count_words
from huoqun.console.lists import Action, Choice, Column, Empty, ListPage, Multi, Text
from huoqun.console.models import Role
from huoqun.console.navigation import Badge
from huoqun.console.permissions import WORKERS, may, staff_of
from huoqun.outbox import operations, queries
from huoqun.outbox.models import Request
from huoqun.outbox.pages import seen, shown
from huoqun.outbox.rules.states import State
from huoqun.outbox.words import ACTIONS, STATES

IN_CHARGE = (Role.ADMIN, Role.LEAD)
SPANS = [("tomorrow", gettext_lazy("Tomorrow")), ("week", gettext_lazy("The last 7 days")), ("all", gettext_lazy("All"))]


def span(words: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From when to when, in the reader's own zone; None for all. Without a word: today."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    spans = {"tomorrow": (today + day, today + 2 * day), "week": (today - 6 * day, today + day), "all": None}
    return spans.get(words, (today, today + day))


def cancel(rows: QuerySet[Any], request: HttpRequest, values: dict[str, Any]) -> str:
    done = operations.cancel(rows, by=staff_of(request), now=timezone.now())
    return ngettext("%(n)s request is cancelled.", "%(n)s requests are cancelled.", done) % {"n": count_words(done)}


def hold(rows: QuerySet[Any], request: HttpRequest, values: dict[str, Any]) -> str:
    done = operations.hold(rows, by=staff_of(request), now=timezone.now())
    return ngettext("%(n)s request is held.", "%(n)s requests are held.", done) % {"n": count_words(done)}


def release(rows: QuerySet[Any], request: HttpRequest, values: dict[str, Any]) -> str:
    done = operations.release(rows, by=staff_of(request), now=timezone.now())
    return ngettext("%(n)s request goes on.", "%(n)s requests go on.", done) % {"n": count_words(done)}


def try_again(rows: QuerySet[Any], request: HttpRequest, values: dict[str, Any]) -> str:
    done = operations.try_again(rows, by=staff_of(request), now=timezone.now())
    return ngettext("%(n)s request is tried again.", "%(n)s requests are tried again.", done) % {"n": count_words(done)}


def remind(rows: QuerySet[Any], request: HttpRequest, values: dict[str, Any]) -> str:
    done = operations.remind(rows, by=staff_of(request), now=timezone.now())
    words = ngettext(
        "Who has not confirmed %(n)s request is reminded.", "Who has not confirmed %(n)s requests is reminded.", done
    )
    return words % {"n": count_words(done)}


def _mark(row: Request) -> SafeString:
    return shown.mark(row, timezone.now())


def _state(row: Request) -> str:
    return shown.state_words(row, timezone.now())


def _why_and_what(row: Request) -> str:
    return " ".join(filter(None, [shown.why(row), shown.what_to_do(row, timezone.now())]))


def _advice(row: Request) -> SafeString | str:
    """Two sentences in one column: side by side they would squeeze each other."""
    why, to_do = shown.why(row), shown.what_to_do(row, timezone.now())
    if not (why or to_do):
        return NOTHING
    return format_html('<span class="advice">{} <span class="soft">{}</span></span>', why, to_do)


def _run(row: Request) -> SafeString | str:
    """A way to everything of the same run, of whatever day."""
    if not row.run:
        return NOTHING
    query = urlencode({"run": row.run, "span": "all"})
    return format_html('<a href="{}?{}">{}</a>', reverse("outbox:board"), query, row.run)


def badge(request: HttpRequest) -> Badge | None:
    """Unknown ones wait for a person; for those who may settle them."""
    if not may(request.user, *WORKERS):
        return None
    number = queries.needing_somebody(seen.communities(request))
    return Badge(number, gettext_lazy("requests nobody knows the end of"), "red") if number else None


class Board(ListPage):
    title = gettext_lazy("What goes out")
    order = "state"
    export_name = "outbox"
    template_name = "outbox/board.html"
    nothing = Empty(gettext_lazy("Nothing is to go out today."))
    columns = (
        Column(
            name="what",
            label=gettext_lazy("Action"),
            value=shown.what,
            sort="action",
            link=lambda row: reverse("outbox:request", args=[row.pk]),
        ),
        Column(name="whom", label=gettext_lazy("For whom"), value=shown.whom, sort="target"),
        Column(
            name="words",
            label=gettext_lazy("Words"),
            value=lambda row: shown.first_words(row)[:60],
            cell=lambda row: Truncator(shown.first_words(row)).chars(20),
            wide_only=True,
        ),
        Column(name="due", label=gettext_lazy("Due"), value="not_before", sort="not_before"),
        Column(name="state", label=gettext_lazy("State"), value=_state, cell=_mark, sort="need"),
        Column(name="why", label=gettext_lazy("Why, and what to do"), value=_why_and_what, cell=_advice),
        Column(name="run", label=gettext_lazy("Run"), sort="run", cell=_run, wide_only=True),
        Column(name="room", label=gettext_lazy("Asked by"), sort="room", wide_only=True),
        Column(name="account", label=gettext_lazy("Account"), value="through", sort="account", wide_only=True),
    )
    filters = (
        Text(
            name="q",
            label=gettext_lazy("Words, group, person, run"),
            lookups=("payload__icontains", "target__icontains", "run"),
        ),
        Choice(
            name="span",
            label=gettext_lazy("When"),
            options=SPANS,
            unasked=gettext_lazy("Today"),
            narrow=lambda rows, value: rows,
        ),
        Text(name="run", label=gettext_lazy("Run, exactly"), narrow=lambda rows, value: rows.filter(run=value)),
        Multi(name="state", label=gettext_lazy("State"), options=list(STATES.items())),
        Choice(name="action", label=gettext_lazy("Action"), options=list(ACTIONS.items())),
    )
    actions = (
        Action(
            name="cancel",
            label=gettext_lazy("Cancel"),
            run=cancel,
            roles=WORKERS,
            confirm=gettext_lazy("Cancel the ticked requests? They will not go out."),
        ),
        Action(name="hold", label=gettext_lazy("Hold"), run=hold, roles=WORKERS),
        Action(name="release", label=gettext_lazy("Let go on"), run=release, roles=WORKERS),
        Action(name="remind", label=gettext_lazy("Remind"), run=remind, roles=WORKERS),
        Action(name="again", label=gettext_lazy("Try again"), run=try_again, roles=WORKERS),
    )

    @property
    def ordered(self) -> QuerySet[Any]:
        """By need, and then by when it is due."""
        column, downwards = self.sorted_by
        if column is None or column.name != "state":
            return super().ordered
        return self.narrowed.order_by("-need" if downwards else "need", "not_before", "pk")

    def rows(self, request: HttpRequest) -> QuerySet[Request]:
        now, communities = timezone.now(), seen.looked_at(request)
        chosen = span(request.GET.get("span", ""), now)
        if chosen is None:
            return queries.by_need(queries.requests(communities), now=now)
        return queries.on_the_board(communities, start=chosen[0], end=chosen[1], now=now)

    def prepare(self, rows: list[Any]) -> list[Any]:
        names = seen.names(self.request, rows)
        for row in rows:
            row.name_shown = names.get(row.pk, "")
        return rows

    def context(self, request: HttpRequest) -> dict[str, Any]:
        return {"sentence": sentence(queries.standing(self.rows(request), now=timezone.now()))}


def sentence(standing: queries.Standing) -> str:
    """One plain sentence: how far the day is, and what somebody must look at."""
    if not standing.total:
        return ""
    words = {"sent": count_words(standing.number(State.SENT)), "total": count_words(standing.total)}
    first = _("%(sent)s of %(total)s have gone out.") % words
    trouble = [
        (standing.number(State.UNKNOWN), _("unknown")),
        (standing.late, _("late")),
        (standing.number(State.REFUSED), _("refused")),
        (standing.number(State.EXPIRED), _("expired")),
        (standing.number(State.CONFIRMING), _("waiting for a colleague")),
        (standing.number(State.HANDED), _("with a person")),
        (standing.number(State.HELD), _("held")),
    ]
    found = _(", ").join(f"{count_words(number)} {word}" for number, word in trouble if number)
    if not found:
        return first
    second = _("To be looked at: %(found)s.") % {"found": found}
    return f"{first} {second}"
