"""People and groups of a company: how much of them is read, what events had missed, and a button to read them now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.carriers.wecom.models import Corp, Sync
from huoqun.carriers.wecom.pages import seen
from huoqun.carriers.wecom.sync import coverage
from huoqun.carriers.wecom.sync.coverage import Covered
from huoqun.console import states
from huoqun.console.figures import NOTHING, count_words, span_words
from huoqun.console.models import Staff
from huoqun.console.permissions import Role, needs, staff_of
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.roster import Brought

IN_CHARGE = (Role.ADMIN, Role.LEAD)
SHOWN, WALKS = 50, 14

Ask = Callable[..., object]
"""`ask(account, by=, now=)` has the account read from end to end; `stop(account, now=)` ends that."""

KINDS: dict[str, Promise] = {
    "colleagues": gettext_lazy("Colleagues"),
    "customers": gettext_lazy("Customers, once for each colleague who has them"),
    "groups": gettext_lazy("Groups"),
    "members": gettext_lazy("Members of groups"),
}

states.mark("sync_running", tone="accent", shape="half")
states.mark("sync_done", tone="good", shape="tick")
states.mark("sync_stopped", tone="amber", shape="bar")


@dataclass(frozen=True, slots=True)
class Row:
    covered: Covered
    title: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Night:
    """A walk that is over, and what it brought to light."""

    begun_at: datetime
    took: str
    first: bool
    interruptions: int
    brought: Brought
    sentence: str


@needs(*IN_CHARGE)
def page(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    corp = seen.company(request, pk)
    name = "wecom/parts/sync.html" if request.headers.get("HX-Request") else "wecom/sync.html"
    return render(request, name, _context(corp))


@needs(*IN_CHARGE)
@require_POST
def begin(request: HttpRequest, pk: int, *, ask_sync: Ask, **wired: object) -> HttpResponse:
    """What was begun and not finished is gone on with."""
    corp, by = seen.company(request, pk), staff_of(request)
    _have_read(corp.account, ask_sync, by)
    messages.success(request, _("A worker is about to read it. This page shows how far it is."))
    return HttpResponseRedirect(reverse("wecom:sync", args=[pk]))


@needs(*IN_CHARGE)
@require_POST
def halt(request: HttpRequest, pk: int, *, stop_sync: Ask, **wired: object) -> HttpResponse:
    """What was read stays."""
    stop_sync(seen.company(request, pk).account, now=timezone.now())
    messages.success(request, _("It stops after the page at hand. What was read stays; going on begins there."))
    return HttpResponseRedirect(reverse("wecom:sync", args=[pk]))


def _have_read(account: Account, ask: Ask, by: Staff) -> None:
    ask(account, by=by, now=timezone.now())


def _context(corp: Corp) -> dict[str, object]:
    walk = coverage.latest(corp)
    if walk is None:
        return {"corp": corp, "walk": None}
    covered = coverage.coverage(walk)
    gone = coverage.no_longer_listed(walk)
    return {
        "corp": corp,
        "walk": walk,
        "running": walk.state == Sync.State.RUNNING,
        "mark": f"sync_{walk.state}",
        "trouble": trouble(walk),
        "sentence": sentence(walk, covered),
        "rows": [_row(each) for each in covered],
        "not_read": [(each, _(each.trouble)) for each in coverage.not_read(walk)[:SHOWN]],
        "not_told": [(each, _(each.trouble)) for each in coverage.not_told(walk)[:SHOWN]],
        "gone": gone[:SHOWN],
        "gone_count": gone.count(),
        "nights": [_night(each) for each in coverage.walks(corp)[:WALKS]],
    }


def sentence(walk: Sync, covered: list[Covered]) -> str:
    """What is seen, in one sentence."""
    groups, members = covered[2], covered[3]
    figures = {
        "read": count_words(groups.fetched),
        "listed": count_words(groups.expected),
        "members": count_words(members.fetched),
        "customers": count_words(covered[1].fetched),
    }
    if groups.expected is None:
        return _("%(customers)s customers are read so far; groups come next.") % figures
    if walk.state == Sync.State.DONE and not groups.failed:
        return _("All %(listed)s groups are read, with %(members)s members.") % figures
    return _("%(read)s of %(listed)s groups are read, with %(members)s members.") % figures


def trouble(walk: Sync) -> str:
    """Why it stands still, or what it has to do without."""
    if not walk.trouble or walk.state == Sync.State.STOPPED:
        return _(walk.trouble) if walk.trouble else ""
    return _("Read without the names and departments of colleagues. %(why)s") % {"why": _(walk.trouble)}


def _row(covered: Covered) -> Row:
    share = min(covered.fetched / covered.expected, 1.0) if covered.expected else None
    return Row(covered, str(KINDS[covered.kind]), share)


def _night(walk: Sync) -> Night:
    brought = Brought(**walk.brought)
    took = span_words((walk.finished_at - walk.begun_at).total_seconds()) if walk.finished_at else NOTHING
    return Night(walk.begun_at, took, walk.first, walk.interruptions, brought, missed(walk, brought))


def missed(walk: Sync, brought: Brought) -> str:
    if walk.first:
        return _("the first: everything was new")
    if brought == Brought():
        return _("events had missed nothing")
    words = _(
        "%(joined)s came and %(left)s went unheard, %(groups)s new groups, %(named)s names and owners, %(contacts)s contacts"
    )
    return words % {
        "joined": count_words(brought.joined),
        "left": count_words(brought.left),
        "groups": count_words(brought.groups),
        "named": count_words(brought.renamed + brought.owners),
        "contacts": count_words(brought.contacts + brought.lost),
    }
