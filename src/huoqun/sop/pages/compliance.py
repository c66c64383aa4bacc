"""What was in time, what was not and why, by operator; and the weekly checklist of the five cores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huoqun.community.pages import looking
from huoqun.console.figures import percent_words
from huoqun.console.models import Staff
from huoqun.console.permissions import needs, staff_of
from huoqun.sop import punctuality, words
from huoqun.sop.models import Line
from huoqun.sop.pages import seen, telling
from huoqun.sop.punctuality import Tally
from huoqun.sop.rules.states import SETTLED
from huoqun.sop.timetable import midnight

SHOWN, GROUPS = 40, 15
FAIR = 20
"""Below so many promises an operator's share says little, and is not compared."""


@needs()
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    zone, now = ZoneInfo(staff_of(request).zone), timezone.now()
    monday = _monday(request.GET.get("week", ""), now.astimezone(zone).date())
    start, end = midnight(monday, zone), midnight(monday + timedelta(days=7), zone)
    lines = seen.lines(request)
    versions = punctuality.versions_run(looking.looked_at(request))
    rows = punctuality.promised(lines, versions, start=start, end=end, now=now)
    good = punctuality.in_time(versions)
    tallies = punctuality.by_operator(rows, good)
    week = lines.filter(at__gte=start, at__lt=end)
    groups = punctuality.groups_at_work(seen.groups(request))
    whole = sum(tallies.values(), Tally())
    context = {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7) if end <= now else None,
        "whole": whole,
        "sentence": sentence(whole),
        "spread": spread(list(tallies.values())),
        "operators": _operators(tallies),
        "reasons": [(words.why(reason), number) for reason, number in punctuality.reasons(rows)],
        "late": [_late(line, now) for line in punctuality.not_in_time(rows, good, most=SHOWN)],
        "late_all": whole.late + whole.never,
        "late_more": max(0, whole.late + whole.never - SHOWN),
        "cores": [(core, words.CORES[core.name]) for core in punctuality.cores(week, versions)],
        "core_names": [words.CORES[name] for name in punctuality.CORES],
        "at_work": groups.count(),
        "least": punctuality.least_served(groups, week, versions, most=GROUPS),
    }
    return render(request, "sop/compliance.html", context)


def _monday(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    day = day if abs((day - today).days) < 36_500 else today
    return day - timedelta(days=day.weekday())


def sentence(whole: Tally) -> str:
    if not whole.promised:
        return _("Nothing was due in this week.")
    said = _("%(share)s of %(all)s promised steps were in time; %(late)s came late, %(never)s never.")
    share = percent_words(whole.in_time / whole.promised)
    return said % {"share": share, "all": whole.promised, "late": whole.late, "never": whole.never}


def spread(tallies: Sequence[Tally]) -> str:
    """How far operators are apart; "" where there are not two with enough to compare."""
    shares = sorted(each.in_time / each.promised for each in tallies if each.promised >= FAIR)
    if len(shares) < 2:
        return ""
    said = _("Between operators with %(fair)s promises or more the share goes from %(low)s to %(high)s.")
    return said % {"fair": FAIR, "low": percent_words(shares[0]), "high": percent_words(shares[-1])}


def _operators(tallies: dict[int | None, Tally]) -> list[tuple[Staff | None, Tally]]:
    """Those with most that was not in time first."""
    staff = Staff.objects.in_bulk([pk for pk in tallies if pk is not None])
    listed = [(staff.get(pk) if pk is not None else None, tally) for pk, tally in tallies.items()]
    return sorted(listed, key=lambda each: (each[1].in_time - each[1].promised, str(each[0] or "")))


def _late(line: Line, now: datetime) -> dict[str, object]:
    step = line.run.version.book.step(line.step)
    due = punctuality.due_at(line, step)
    behind = (line.settled_at or now) - due
    came = line.state not in SETTLED or line.state == "done"
    return {
        "line": line,
        "heading": telling.heading(step),
        "due": due,
        "how": _how(line, behind) if came else str(words.LINE_STATES[line.state]),
        "why": words.why(line.reason),
        "code": "line-late" if came else f"line-{line.state}",
    }


def _how(line: Line, behind: timedelta) -> str:
    span = telling.lapse_words(max(behind, timedelta(minutes=1)))
    return (_("%(span)s late") if line.settled_at else _("%(span)s late, still open")) % {"span": span}
