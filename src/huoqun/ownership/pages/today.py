"""What one person has to do today: for one thumb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.community import queries as community_queries
from huoqun.community.pages import looking
from huoqun.console.models import Staff
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.ownership import queries
from huoqun.ownership.models import Todo
from huoqun.ownership.pages.shown import Shown, shown
from huoqun.ownership.rules.times import day_in

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Part:
    """Some to-dos under one head."""

    name: str
    head: str
    cards: list[Shown]
    more: int = 0


@needs()
def page(request: HttpRequest) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    mine = looking.within(request, queries.own(staff)).select_related(*queries.ALONGSIDE)
    pool = looking.within(request, queries.pool(staff)).select_related(*queries.ALONGSIDE)
    parts = [part for part in (*_mine(list(mine[: 3 * SHOWN]), staff, now), _nobodys(list(pool[:SHOWN]), now)) if part.cards]
    context = {
        "sentence": sentence(queries.due_today(staff, now, most=0), done=queries.done_today(staff, now=now)),
        "parts": parts,
        "done": shown(queries.just_done(staff, now=now).select_related(*queries.ALONGSIDE), now=now),
        "in_charge": queries.is_in_charge(staff),
        "may_do": may(staff, *WORKERS),
        "unreached": _unreached(staff),
    }
    return render(request, "ownership/today.html", context)


def sentence(due: queries.Due, *, done: int) -> str:
    """What is seen, in one sentence."""
    if not due.today:
        rest = _("Nothing is due today.")
    elif due.late:
        rest = _("%(today)d due today, %(late)d of them late.") % {"today": due.today, "late": due.late}
    else:
        rest = ngettext("%(number)d due today.", "%(number)d due today.", due.today) % {"number": due.today}
    if not done:
        return rest
    return f"{rest} " + ngettext("%(number)d done so far.", "%(number)d done so far.", done) % {"number": done}


def _mine(rows: list[Todo], staff: Staff, now: datetime) -> list[Part]:
    midnight = day_in(staff.zone, now=now)[1]
    cards = shown(rows, now=now)
    late = [card for card in cards if card.late]
    today = [card for card in cards if not card.late and card.todo.due_at < midnight]
    later = [card for card in cards if card.todo.due_at >= midnight]
    return [
        _part("late", _("Late"), late),
        _part("today", _("Today"), today),
        _part("later", _("Later"), later),
    ]


def _nobodys(rows: list[Todo], now: datetime) -> Part:
    return _part("pool", _("Nobody has these yet"), shown(rows, now=now))


def _part(name: str, head: str, cards: list[Shown]) -> Part:
    return Part(name, head, cards[:SHOWN], more=max(0, len(cards) - SHOWN))


def _unreached(staff: Staff) -> bool:
    """They work somewhere, and nowhere are they written to."""
    return not queries.contacts(staff).exists() and community_queries.communities(staff).exists()
