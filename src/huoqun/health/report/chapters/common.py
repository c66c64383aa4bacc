"""What several chapters say alike."""

from __future__ import annotations

from datetime import date

from huoqun.health.life.rules import State
from huoqun.health.life.wording import sentence

from ..blocks import Cell, Day, Line, Spoken, cell
from ..figures import UNKNOWN, chance
from ..pictures import interval, sparkline
from ..result import Audit, Group
from ..words import Voice

ORDER = (State.THRIVING, State.STEADY, State.BUBBLING, State.DECLINING, State.DORMANT, State.DEAD, State.PLANNED_END)
LIVING = (State.THRIVING, State.STEADY, State.BUBBLING)
GONE = (State.DORMANT, State.DEAD)


def busiest_first(groups: list[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-(group.number("messages") or 0), group.name))


def daily_groups(audit: Audit) -> int:
    """Groups that spoke on every day of the window, by the method's plain rule."""
    counted = audit.portfolio.get("every_day")
    if counted is not None:
        return int(counted)
    return sum(1 for group in audit.talking if (group.number("days_active_7d") or 0) >= audit.window)


def sentences(group: Group, say: Voice) -> list[str]:
    return [sentence(code, dated(params), language=say.language) for code, params in group.reasons]


def dated(params: dict[str, object]) -> dict[str, object]:
    """Days stand in a snapshot as text; in a sentence as days."""
    return {
        name: date.fromisoformat(value) if name == "on" and isinstance(value, str) else value for name, value in params.items()
    }


def day_cell(day: date | None) -> Cell:
    return cell(Day(day) if day else UNKNOWN)


def spark_cell(group: Group, audit: Audit, say: Voice) -> Cell:
    if not group.daily or audit.as_of is None:
        return Cell()
    days, most = len(group.daily), max(group.daily)
    label = say("spark", n=days, most=f"{most:,.0f}") if most else say("spark_silent", n=days)
    changed = group.figures.get("changed_on")
    changed_on = date.fromisoformat(str(changed)) if changed else None
    return cell(sparkline(group.daily, label, changed_on=changed_on, as_of=audit.as_of))


def chance_line(group: Group, say: Voice) -> Line:
    """The chance of being alive as a picture and a number, with its interval for whoever asks."""
    middle, low, high = (group.number(name) for name in ("p_alive", "p_low", "p_high"))
    if middle is None:
        return (UNKNOWN,)
    pieces = (interval(middle, low, high), f" {chance(middle)}")
    if low is None or high is None:
        return pieces
    return (Spoken(pieces, say("interval", p=chance(middle), low=chance(low), high=chance(high))),)
