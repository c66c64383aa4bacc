"""Playbooks at work: all of them, and one with its runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from huoqun.community.pages import looking
from huoqun.console.lists import Choice, Column, Empty, ListPage, Multi, Text
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.console.templatetags.console import state
from huoqun.sop import words
from huoqun.sop.models import OUT_OF_THE_WAY, Launch, Line, Run
from huoqun.sop.operations import launching
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.pages import seen
from huoqun.sop.pages.by_hand import begins_by_hand, groups_to_begin
from huoqun.sop.pages.starting import to_launch
from huoqun.sop.pages.viewed import views_of
from huoqun.sop.rules.states import SETTLED, LineState
from huoqun.sop.starts import ByHand

TROUBLE = (LineState.FAILED, LineState.UNKNOWN)
NEED = (LineState.HAND, LineState.CONFIRMING, LineState.WAITING)


class LaunchList(ListPage):
    title = gettext_lazy("Playbooks at work")
    export_name = "launches"
    template_name = "sop/launches.html"
    order = "-began"
    nothing = Empty(gettext_lazy("No playbook is at work yet."), gettext_lazy("Choose one"), "/sop/")
    columns = (
        Column(
            name="title",
            label=gettext_lazy("Playbook"),
            value="version.playbook.title",
            sort="version__playbook__title",
            link=lambda row: reverse("sop:launch", args=[row.pk]),
        ),
        Column(
            name="state",
            label=gettext_lazy("State"),
            value=lambda row: row.get_state_display(),
            cell=lambda row: state(f"launch-{row.state}", row.get_state_display()),
            sort="state",
        ),
        Column(name="open", label=gettext_lazy("Under way"), value="open_runs", number=True),
        Column(name="all", label=gettext_lazy("Runs"), value="all_runs", number=True, wide_only=True),
        Column(name="version", label=gettext_lazy("Version"), value="version.number", number=True, wide_only=True),
        Column(name="event", label=gettext_lazy("The moment"), value="event_at", sort="event_at", wide_only=True),
        Column(name="began", label=gettext_lazy("Since"), value="began_at", sort="began_at", wide_only=True),
        Column(name="by", label=gettext_lazy("By"), value="began_by", wide_only=True),
        Column(name="community", label=gettext_lazy("Community"), value="community.name", wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Playbook"), lookups=("version__playbook__title__icontains",)),
        Multi(name="state", label=gettext_lazy("State"), options=Launch.State.choices),
    )

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        return self.columns if looking.chosen(request) is None else self.columns[:-1]

    def rows(self, request: HttpRequest) -> QuerySet[Launch]:
        return seen.launches(request).select_related("began_by")

    def prepare(self, rows: list[Launch]) -> list[Launch]:
        # Launches that stand here may be seen: their runs are not asked for that once more, one by one.
        runs = seen.own(self.request, Run.objects.filter(launch__in=[row.pk for row in rows]), "group__").order_by()
        # Each by an index of its own: of hundreds of thousands of runs few are open. Rows are counted, not keys: the indexes
        # do not hold those.
        every = dict(runs.values_list("launch").annotate(number=Count("*")))
        going = dict(runs.filter(ended_at=None).values_list("launch").annotate(number=Count("*")))
        for row in rows:
            row.open_runs, row.all_runs = going.get(row.pk, 0), every.get(row.pk, 0)  # type: ignore[attr-defined]
        return rows


def standing(row: Any) -> str:
    """ "3 of 8 · 1 waits for a hand"."""
    done, total, hands, bad = row.counts
    parts = [_("%(done)s of %(total)s steps") % {"done": done, "total": total} if total else _("nothing planned yet")]
    parts += [ngettext("%(n)d waits for a hand", "%(n)d wait for a hand", hands) % {"n": hands}] if hands else []
    parts += [ngettext("%(n)d refused", "%(n)d refused", bad) % {"n": bad}] if bad else []
    return " · ".join(parts)


def group_cell(row: Run) -> SafeString:
    if row.member is None:
        return format_html("{}", row.group)
    return format_html('{} <span class="soft">{}</span>', row.member, row.group)


class RunList(ListPage):
    """All runs; of one launch where the address names it."""

    title = gettext_lazy("Runs")
    export_name = "runs"
    template_name = "sop/runs.html"
    order = "-anchor"
    nothing = Empty(gettext_lazy("No run has begun yet. They begin by themselves when what starts them happens."))
    columns = (
        Column(
            name="group",
            label=gettext_lazy("Group"),
            value=lambda row: f"{row.member} · {row.group}" if row.member else str(row.group),
            cell=group_cell,
            sort="group__name",
            link=lambda row: reverse("sop:run", args=[row.pk]),
        ),
        Column(
            name="state",
            label=gettext_lazy("State"),
            value=lambda row: str(words.RUN_STATES[row.state]),
            cell=lambda row: state(f"run-{row.state}", str(words.RUN_STATES[row.state])),
            sort="state",
        ),
        Column(name="standing", label=gettext_lazy("How it stands"), value=standing),
        Column(name="next", label=gettext_lazy("Next step at"), value="due"),
        Column(name="anchor", label=gettext_lazy("The moment it is about"), sort="anchor", filled=True, wide_only=True),
        Column(name="operator", label=gettext_lazy("Operator"), value="group.operator", wide_only=True),
        Column(name="playbook", label=gettext_lazy("Playbook"), value="launch.version.playbook.title", wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Group or member"), lookups=("group__name__icontains", "member__name__icontains")),
        Multi(name="state", label=gettext_lazy("State"), options=list(words.RUN_STATES.items())),
        Choice(
            name="need",
            label=gettext_lazy("Steps"),
            options=[
                ("hand", gettext_lazy("wait for somebody")),
                ("trouble", gettext_lazy("refused or unknown")),
                ("skipped", gettext_lazy("skipped")),
            ],
            narrow=lambda rows, value: rows.filter(pk__in=Line.objects.filter(_need(value)).values("run")),
        ),
    )

    @cached_property
    def launch(self) -> Launch | None:
        return seen.one_launch(self.request, self.kwargs["pk"]) if "pk" in self.kwargs else None

    def rows(self, request: HttpRequest) -> QuerySet[Run]:
        return seen.runs(request) if self.launch is None else seen.runs_of(request, self.launch)

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        return self.columns if self.launch is None else self.columns[:-1]

    def prepare(self, rows: list[Run]) -> list[Run]:
        """What stands beside them is joined to the rows shown, not to all that are looked through: with so many tables to join
        PostgreSQL would join them all before it asks which steps wait.
        """
        alongside = Run.objects.select_related("group__operator", "member", "launch__version__playbook")
        told = alongside.defer("launch__version__plain").in_bulk([row.pk for row in rows])
        shown = [told[row.pk] for row in rows if row.pk in told]
        hang_counts(shown, now=timezone.now())
        return shown

    def context(self, request: HttpRequest) -> dict[str, Any]:
        if self.launch is None or request.headers.get("HX-Request") == "true":
            return {"launch": self.launch}
        book = self.launch.version.book
        by_hand = any(isinstance(start, ByHand) for start in book.starts) and book.audience.about == "groups"
        offered = groups_to_begin(request, self.launch) if by_hand else None
        return {
            "launch": self.launch,
            "answers": [(book.asks.get(name, name), answer) for name, answer in self.launch.answers.items()],
            "may_lead": seen.may_lead(request),
            "to_begin": offered.order_by("name", "pk")[:200] if offered is not None and self._is_going else None,
            "people": may(request.user, *WORKERS) and begins_by_hand(self.launch),
            "only": len(self.launch.only_groups),
            "views": views_of(self.launch),
        }

    @property
    def _is_going(self) -> bool:
        return self.launch is not None and self.launch.state == Launch.State.GOING


def _need(value: str) -> Q:
    """By the index of what did not simply go its way: among a million lines these are few."""
    states = {"hand": NEED, "trouble": TROUBLE, "skipped": (LineState.SKIPPED,)}[value]
    return Q(state__in=states) & OUT_OF_THE_WAY


def hang_counts(rows: Iterable[Run], *, now: datetime) -> None:
    """How the lines of these runs stand, in one query."""
    found = Line.objects.filter(run__in=[row.pk for row in rows]).values("run").order_by()
    counted: dict[int, Mapping[str, Any]] = {
        each["run"]: each
        for each in found.annotate(
            settled=Count("pk", filter=Q(state__in=SETTLED)),
            total=Count("pk"),
            hands=Count("pk", filter=Q(state__in=(LineState.HAND, LineState.CONFIRMING))),
            bad=Count("pk", filter=Q(state__in=TROUBLE)),
            due=Min("at", filter=Q(state=LineState.PLANNED)),
            last=Max("at"),
        )
    }
    for row in rows:
        told: Mapping[str, Any] = counted.get(row.pk, {})
        row.counts = tuple(told.get(name, 0) for name in ("settled", "total", "hands", "bad"))  # type: ignore[attr-defined]
        row.due = told.get("due")  # type: ignore[attr-defined]


@needs(*seen.IN_CHARGE)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    launch = seen.one_launch(request, pk)
    launching.pause(launch, by=staff_of(request), now=timezone.now())
    messages.success(request, _("Paused: nothing of it goes out. Whoever comes in meanwhile begins when it goes on."))
    return to_launch(launch)


@needs(*seen.IN_CHARGE)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    launch = seen.one_launch(request, pk)
    launching.resume(launch, by=staff_of(request), now=timezone.now())
    said = _("It goes on. What is past its time is left out.")
    if launch.paused_at is not None and (meanwhile := launch.runs.filter(made_at__gte=launch.paused_at).count()):
        words = ngettext("%(n)d run that came up meanwhile begins.", "%(n)d runs that came up meanwhile begin.", meanwhile)
        said = f"{said} {words % {'n': meanwhile}}"
    messages.success(request, said)
    return to_launch(launch)


@needs(*seen.IN_CHARGE)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    launch = seen.one_launch(request, pk)
    stopped = launching.end(launch, by=staff_of(request), now=timezone.now())
    said = ngettext(
        "It is over, with %(n)d run that was under way.", "It is over, with %(n)d runs that were under way.", stopped
    )
    messages.success(request, said % {"n": stopped})
    return HttpResponseRedirect(reverse("sop:launches"))


@needs(*WORKERS)
@require_POST
def begin_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """In the groups ticked. Pressed twice within a minute it begins once."""
    launch, now = seen.one_launch(request, pk), timezone.now()
    ticked = [each for each in request.POST.getlist("groups") if each.isascii() and each.isdigit()][:5000]
    groups = list(groups_to_begin(request, launch).filter(pk__in=ticked))
    book = launch.version.book
    offered = any(isinstance(start, ByHand) for start in book.starts) and book.audience.about == "groups"
    if not groups or not offered or launch.state != Launch.State.GOING:
        messages.error(request, _("Nothing began: tick a group."))
        return to_launch(launch)
    begun = begin(launch, [Begin(group, now, f"hand/{now:%Y%m%dT%H%M}/{group.pk}") for group in groups], now=now)
    messages.success(request, ngettext("%(n)d run begins.", "%(n)d runs begin.", begun) % {"n": begun})
    return to_launch(launch)
