"""Two operators over the groups they have. What they came to may come from the groups they were given: the interval says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huoqun.community import queries as community_queries
from huoqun.console.models import Staff
from huoqun.console.permissions import needs, staff_of
from huoqun.health import queries
from huoqun.health.models import Audit, GroupHealth, State
from huoqun.health.pages.compare import rows
from huoqun.health.pages.words import together

WELL = (State.THRIVING, State.STEADY)
SILENT = (State.DORMANT, State.DEAD)
NAMES: Mapping[str, Any] = {
    "groups": lambda: _("groups with talk"),
    "members": lambda: _("members in them"),
    "well_share": lambda: _("groups that are well"),
    "silent_share": lambda: _("groups that are silent"),
    "speakers_7d": lambda: _("speakers in 7 days, middle group"),
    "messages_30d": lambda: _("members' messages in 30 days, middle group"),
    "unanswered": lambda: _("unanswered questions a group"),
    "house_messages_30d": lambda: _("house messages in 30 days, middle group"),
    "p_silent": lambda: _("probability of silence within 30 days, middle group"),
    "hours_a_week": lambda: _("hours a week"),
    "hours_a_group": lambda: _("hours a week and group"),
}


@needs()
def page(request: HttpRequest) -> HttpResponse:
    visitor = staff_of(request)
    groups = community_queries.groups(visitor)
    operators = list(Staff.objects.filter(operated_groups__in=groups).distinct().order_by("username"))
    chosen = [next((one for one in operators if str(one.pk) == request.GET.get(side, "")), None) for side in ("a", "b")]
    if not request.GET:
        chosen = [*operators[:2], None, None][:2]
    context: dict[str, Any] = {"operators": operators, "chosen": chosen}
    first, second = chosen
    if first and second and first != second:
        context |= _compared(visitor, first, second)
    return render(request, "health/compare/operators.html", context)


def _compared(visitor: Staff, first: Staff, second: Staff) -> dict[str, Any]:
    audits = queries.latest_audits(list(community_queries.communities(visitor)))
    found = list(queries.of_operators(visitor, audits, [first.pk, second.pk]))
    sums = [_summed([row for row in found if row.group.operator_id == one.pk], _told(audits, one)) for one in (first, second)]
    compared = rows.side_by_side(sums[0], sums[1], tuple(NAMES), called=lambda name: NAMES[name]())
    return {
        "first": first,
        "second": second,
        "rows": compared,
        "sentence": _sentence(first, second, sums),
        "verdicts": [(one, *said) for one in (first, second) for said in _verdicts(audits, one)],
        "as_of": max(audit.as_of for audit in audits) if audits else None,
    }


def _verdicts(audits: Sequence[Audit], operator: Staff) -> list[tuple[str, str]]:
    """Community and verdict; operators are compared within each community."""
    return [(audit.community.name, _verdict(row)) for audit in audits for row in _told([audit], operator)]


def _told(audits: Sequence[Audit], operator: Staff) -> list[dict[str, Any]]:
    """What the audits say of this operator beside comparable groups."""
    return [row for audit in audits for row in audit.operators if row.get("operator") == str(operator)]


def _summed(found: Sequence[GroupHealth], told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    seen = [row for row in found if row.talk_seen and row.state != State.PLANNED_END]
    hours = [row["hours_a_week"] for row in told if row.get("hours_a_week") is not None]
    return {
        "groups": len(seen),
        "members": _sum(row.members for row in seen),
        "well_share": sum(row.state in WELL for row in seen) / len(seen) if seen else None,
        "silent_share": sum(row.state in SILENT for row in seen) / len(seen) if seen else None,
        "speakers_7d": _middle(row.speakers_7d for row in seen),
        "messages_30d": _middle(row.messages_30d for row in seen),
        "unanswered": _mean([row.unanswered for row in seen if row.unanswered is not None]),
        "house_messages_30d": _middle(row.house_messages_30d for row in seen),
        "p_silent": _middle(row.p_silent for row in seen),
        "hours_a_week": sum(hours) if hours else None,
        "hours_a_group": sum(hours) / len(seen) if hours and seen else None,
    }


def _sum(values: Any) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _middle(values: Any) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _mean(known: Sequence[float]) -> float | None:
    return sum(known) / len(known) if known else None


def _sentence(first: Staff, second: Staff, sums: Sequence[Mapping[str, Any]]) -> str:
    words = _("%(first)s has %(some)s groups with talk, %(second)s %(others)s.")
    told = {"first": first, "second": second, "some": sums[0]["groups"], "others": sums[1]["groups"]}
    return together(words % told, _("Groups differ in age, size and kind; a difference here is not yet a merit."))


_VERDICTS: Mapping[str, Any] = {
    "better": lambda: _("Over comparable groups: better than chance explains."),
    "worse": lambda: _("Over comparable groups: worse than chance explains."),
    "cannot_tell": lambda: _("Over comparable groups no difference can be told from chance."),
    "too_few": lambda: _("Too few comparable groups to say anything."),
}


def _verdict(row: Mapping[str, Any]) -> str:
    said = _VERDICTS[row["verdict"]]() if row.get("verdict") in _VERDICTS else ""
    if row.get("talk") is None or row.get("talk_low") is None or row.get("talk_high") is None:
        return said
    words = _("Members say %(talk)s times what comparable groups say (90%% interval %(low)s to %(high)s).")
    told = {"talk": f"{row['talk']:.2f}", "low": f"{row['talk_low']:.2f}", "high": f"{row['talk_high']:.2f}"}
    return together(said, words % told)
