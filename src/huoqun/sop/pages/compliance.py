"""What was in time, what was not and why: by operator, playbook and group; who did it; and the five cores of the week."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from huoqun.community.models import Group
from huoqun.community.pages import looking
from huoqun.console.figures import percent_words
from huoqun.console.models import Staff
from huoqun.console.permissions import needs
from huoqun.sop import punctuality, queries, words
from huoqun.sop.models import GroupWeek, Launch, Line, Week
from huoqun.sop.operations.counting import WEEK, monday_of
from huoqun.sop.pages import seen, telling
from huoqun.sop.pages.calendar import zone_of
from huoqun.sop.punctuality import OfGroup, OfOperator, Tally
from huoqun.sop.rules.promises import CORES
from huoqun.sop.rules.spread import FAIR, Spread, Stand, spread_of
from huoqun.sop.rules.states import SETTLED

SHOWN, GROUPS = 30, 10


@needs()
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = now.astimezone(zone_of(request)).date()
    monday = _monday(request.GET.get("week", ""), today)
    weeks = _weeks(request).filter(monday=monday)
    groups = punctuality.by_group(weeks)
    picked = _picked(groups)
    context = {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK if monday + WEEK <= today else None,
        "counted": Week.objects.filter(monday=monday).first(),
        **_promises(request, weeks, groups, picked, monday, now),
        **_cores(weeks, groups, picked),
    }
    return render(request, "sop/compliance.html", context)


def _weeks(request: HttpRequest) -> QuerySet[GroupWeek]:
    """Of launches named one by one: they are few, and what joins them is then not asked of each of thousands of rows."""
    launches = list(looking.within(request, queries.launches(request.user)).values_list("pk", flat=True))
    return seen.own(request, queries.weeks(request.user).filter(launch__in=launches), "group__")


@dataclass(frozen=True, slots=True)
class Picked:
    """The groups told by name."""

    worst: Sequence[OfGroup]
    busiest: Sequence[OfGroup]
    least: Sequence[OfGroup]
    """Of the five cores."""
    names: Mapping[int, Group]


def _picked(groups: Collection[OfGroup]) -> Picked:
    worst, busiest = punctuality.most_bad(groups, most=SHOWN), punctuality.most_hands(groups, most=GROUPS)
    least = punctuality.least_served(groups, most=GROUPS)
    keys = {each.group for each in (*worst[:GROUPS], *busiest, *least)}
    return Picked(worst, busiest, least, Group.objects.select_related("operator").in_bulk(keys))


def _monday(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return monday_of(day if abs((day - today).days) < 36_500 else today)


# Promises


def _promises(
    request: HttpRequest,
    weeks: QuerySet[GroupWeek],
    groups: Collection[OfGroup],
    picked: Picked,
    monday: date,
    now: datetime,
) -> dict[str, object]:
    people = punctuality.by_operator(groups)
    whole = sum((each.tally for each in people.values()), Tally())
    worst = [each.group for each in picked.worst]
    late = punctuality.not_in_time(seen.lines(request), worst, start=monday, end=monday + WEEK, now=now, most=SHOWN)
    spread = spread_of({who: each.groups for who, each in people.items() if who is not None})
    return {
        "whole": whole,
        "sentence": sentence(whole),
        "spread": spread_words(spread),
        "operators": _operators(people, spread),
        "playbooks": _playbooks(punctuality.by_launch(weeks)),
        "reasons": [(words.why(reason), number) for reason, number in punctuality.reasons(weeks)],
        "late": [_late(line, now) for line in late],
        "late_all": whole.bad,
        "late_more": max(0, whole.bad - len(late)),
        "worst": _told(picked.worst[:GROUPS], picked.names),
        "effort": effort_words(whole, len(groups)),
        "busiest": _told(picked.busiest, picked.names),
    }


def sentence(whole: Tally) -> str:
    if not whole.promised:
        return _("Nothing was due in this week.")
    said = _("%(share)s of %(all)s promised steps were in time; %(late)s came late, %(never)s never.")
    share = percent_words(whole.in_time / whole.promised)
    return said % {"share": share, "all": f"{whole.promised:,}", "late": f"{whole.late:,}", "never": f"{whole.never:,}"}


def spread_words(spread: Spread[int] | None) -> str:
    """How far operators are apart; "" where there are not two with enough to compare."""
    if spread is None:
        return ""
    shares = sorted(each.share for each in spread.stands.values())
    said = {"fair": FAIR, "low": percent_words(shares[0]), "high": percent_words(shares[-1])}
    span = _("Between operators with %(fair)s promises or more the share goes from %(low)s to %(high)s.") % said
    if spread.spread < 0.005:
        return f"{span} {_('That is no more than chance brings.')}"
    points = {"points": f"{spread.spread * 100:.1f}"}
    return f"{span} {_('Chance taken out, they lie about %(points)s points apart.') % points}"


def effort_words(whole: Tally, groups: int) -> str:
    if not whole.done:
        return _("Nothing was done in this week yet.")
    said = ngettext(
        "People did %(hands)s of %(done)s steps by hand, %(each)s a group; the machine did the others.",
        "People did %(hands)s of %(done)s steps by hand, %(each)s a group; the machine did the others.",
        whole.by_people,
    )
    each = f"{whole.by_people / groups:.1f}"
    return said % {"hands": f"{whole.by_people:,}", "done": f"{whole.done:,}", "each": each}


@dataclass(frozen=True, slots=True)
class Operator:
    staff: Staff | None
    tally: Tally
    groups: int
    stand: Stand | None
    """None: too little to compare."""

    @property
    def minutes(self) -> str:
        """Until a to-do was done, on average."""
        return minutes_words(self.tally)

    @property
    def verdict(self) -> str:
        verdicts = {"worse": _("worse than the others"), "better": _("better than the others"), "": _("may be chance")}
        return verdicts[self.stand.verdict] if self.stand else _("too few to compare")

    @property
    def code(self) -> str:
        return {"worse": "line-late", "better": "line-done"}.get(self.stand.verdict if self.stand else "", "line-later")

    @property
    def between(self) -> str:
        return f"{percent_words(self.stand.low)} – {percent_words(self.stand.high)}" if self.stand else ""


def minutes_words(tally: Tally) -> str:
    return telling.lapse_words(timedelta(minutes=max(1, round(tally.minutes / tally.todos)))) if tally.todos else "—"


def _operators(people: Mapping[int | None, OfOperator], spread: Spread[int] | None) -> list[Operator]:
    """Those with most that was not in time first."""
    staff = Staff.objects.in_bulk([pk for pk in people if pk is not None])
    stands = spread.stands if spread else {}
    listed = [
        Operator(staff.get(pk) if pk is not None else None, each.tally, len(each.groups), stands.get(pk) if pk else None)
        for pk, each in people.items()
        if each.tally.promised
    ]
    return sorted(listed, key=lambda each: (-each.tally.bad, str(each.staff or "")))


def _playbooks(tallies: Mapping[int, Tally]) -> list[tuple[Launch, Tally]]:
    rows = Launch.objects.select_related("version__playbook").defer("version__plain").in_bulk(tallies)
    listed = [(rows[pk], tally) for pk, tally in tallies.items() if tally.promised]
    return sorted(listed, key=lambda each: (-each[1].bad, each[0].pk))


def _told(groups: Sequence[OfGroup], names: Mapping[int, Group]) -> list[tuple[Group, Tally, str]]:
    return [(names[each.group], each.tally, minutes_words(each.tally)) for each in groups]


def _late(line: Line, now: datetime) -> dict[str, object]:
    step = line.run.version.book.find(line.step)
    came = line.state not in SETTLED or line.state == "done"
    return {
        "line": line,
        "heading": telling.heading(step) if step else line.step,
        "playbook": line.launch.version.playbook.title,
        "how": _how(line, now) if came else str(words.LINE_STATES[line.state]),
        "why": words.why(line.reason),
        "code": "line-late" if came else f"line-{line.state}",
    }


def _how(line: Line, now: datetime) -> str:
    span = telling.lapse_words(max(punctuality.span_late(line, now=now), timedelta(minutes=1)))
    return (_("%(span)s late") if line.settled_at else _("%(span)s late, still open")) % {"span": span}


# The five cores


def _cores(weeks: QuerySet[GroupWeek], groups: Collection[OfGroup], picked: Picked) -> dict[str, object]:
    return {
        "cores": [(core, words.CORES[core.name]) for core in punctuality.cores(weeks, groups)],
        "core_names": [words.CORES[name] for name in CORES],
        "at_work": len(groups),
        "all_five": sum(0 not in each.cores for each in groups),
        "least": [(picked.names[each.group], [done > 0 for done in each.cores], each.served) for each in picked.least],
    }
