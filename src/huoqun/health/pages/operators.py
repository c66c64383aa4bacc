"""Operators side by side (A27, I12): never a ranking, and never a figure without its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.charts_flows import Span, Spans, points, points_between
from huoqun.console.figures import NOTHING, count_words
from huoqun.console.models import Role, Staff
from huoqun.health.models import Audit

OVERSEERS = (Role.ADMIN, Role.LEAD, Role.OBSERVER)
"""They see everybody; operators see themselves beside what is usual."""
Row = Mapping[str, Any]
"""As `operators.OperatorRow` is stored."""


@dataclass(frozen=True, slots=True)
class Line:
    """An operator in the table: what cannot be seen in the picture."""

    name: str
    groups: str
    hours: str
    """Seen to be put in, a week."""
    hours_a_group: str
    by_hand: str
    """To-dos done in four weeks, with how many of them in time."""
    late: str
    """To-dos late when the audit ran."""
    asked: str
    """Hours that what is advised would take."""
    alive: str
    """As counted, with nothing taken out."""
    messages: str
    difference: str
    """In points, with its interval."""
    talk: str
    verdict: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    sentence: str
    chart: Spans | None
    """None where of nobody enough is known."""
    lines: list[Line]


def side_by_side(audits: Sequence[Audit], advices: Mapping[int, Mapping[str, Any]], visitor: Staff) -> SideBySide | None:
    """By name, with the hours their advice asks for. None where nobody operates a group, or this operator has none."""
    several = sum(bool(audit.operators) for audit in audits) > 1
    named = [(audit, row | {"asked": _asked(advices.get(audit.pk, {}), row)}) for audit in audits for row in audit.operators]
    own_only = visitor.role not in OVERSEERS
    if own_only:
        named = [(audit, row) for audit, row in named if row["operator"] == str(visitor)]
    if not named:
        return None
    named.sort(key=lambda pair: (pair[0].community.name, str(pair[1]["operator"])))
    rows = [(f"{row['operator']} · {audit.community.name}" if several else str(row["operator"]), row) for audit, row in named]
    known = [(name, row) for name, row in rows if _found(row, "alive")]
    return SideBySide(
        _sentence([row for _name, row in rows], own_only),
        _chart([_span(name, row) for name, row in known]) if known else None,
        [_line(name, row) for name, row in rows],
    )


def _asked(advice: Mapping[str, Any], row: Row) -> float | None:
    """Hours a week that what is advised for this operator's groups would take."""
    return next((load["asked"] for load in advice.get("loads") or () if load["operator"] == row["operator"]), None)


def _sentence(rows: list[Row], own_only: bool) -> str:
    apart = [row for row in rows if row["verdict"] in {"better", "worse"}]
    if own_only:
        return _own(rows[0])
    if not apart:
        return _("The operators cannot be told apart: what differs between them is no more than chance explains.")
    words = ngettext(
        "%(apart)s of %(all)s operators differs from comparable groups by more than chance; the others cannot be told apart.",
        "%(apart)s of %(all)s operators differ from comparable groups by more than chance; the others cannot be told apart.",
        len(apart),
    )
    return words % {"apart": count_words(len(apart)), "all": count_words(len(rows))}


def _own(row: Row) -> str:
    return _("Your %(groups)s groups beside comparable ones: %(verdict)s.") % {
        "groups": count_words(row["groups"]),
        "verdict": verdict_words(row["verdict"]),
    }


def verdict_words(verdict: str) -> str:
    return {
        "better": _("more alive than comparable groups"),
        "worse": _("less alive than comparable groups"),
        "too_few": _("too few groups to say"),
    }.get(verdict, _("cannot be told apart"))


def _span(name: str, row: Row) -> Span:
    return Span(name, row["alive"], row["alive_low"], row["alive_high"], (verdict_words(row["verdict"]),))


def _line(name: str, row: Row) -> Line:
    return Line(
        name=name,
        groups=count_words(row["groups"]),
        hours=_hours(row.get("hours_a_week")),
        hours_a_group=_hours(row.get("hours_a_group")),
        by_hand=_by_hand(row),
        late=count_words(row["todos_late"]) if "todos_late" in row else NOTHING,
        asked=_hours(row["asked"]),
        alive=f"{row['alive_share']:.0%}",
        messages=count_words(round(row["messages_a_group"])),
        difference=_difference(row),
        talk=_talk(row),
        verdict=verdict_words(row["verdict"]),
    )


def _found(row: Row, name: str) -> bool:
    """Where operators differ by no more than chance, everybody is drawn to no difference and the interval has no width: that is
    no figure, and would look like certainty."""
    return row[name] is not None and row[f"{name}_high"] - row[f"{name}_low"] > 0.001


def _difference(row: Row) -> str:
    if not _found(row, "alive"):
        return NOTHING
    return f"{points(row['alive'])} ({points_between(row['alive_low'], row['alive_high'])})"


def _talk(row: Row) -> str:
    if not _found(row, "talk"):
        return NOTHING
    return f"×{row['talk']:.2f} ({row['talk_low']:.2f}–{row['talk_high']:.2f})"


def _by_hand(row: Row) -> str:
    """Older audits did not look."""
    if "todos_done" not in row:
        return NOTHING
    done = count_words(row["todos_done"])
    return f"{done} ({row['todos_in_time'] / row['todos_done']:.0%})" if row["todos_done"] else done


def _hours(hours: float | None) -> str:
    return NOTHING if hours is None else f"{hours:.1f}"


def _chart(spans: Sequence[Span]) -> Spans:
    heads = (_("Operator"), _("Alive, difference in points"), _("Interval (90%)"), _("What can be said"))
    return Spans(_("Groups alive, beside comparable groups, in points"), spans, heads)
