"""Group by group: the declining ones first with their reasons, then all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from huoqun.health.life.rules import State
from huoqun.health.life.wording import MEANINGS, sentence

from .figures import UNKNOWN, chance, whole
from .html import Html, el, joined
from .pictures import interval, sparkline, state_mark
from .portfolio import ORDER
from .result import Audit, Group
from .words import Voice

COLUMNS = ("group", "state", "lately", "since", "p_alive", "days_active", "speakers", "messages", "life")
NUMBERS = {"days_active": "days_active_7d", "speakers": "speakers_7d", "messages": "messages", "life": "life_days"}

GONE_FIRST = (
    "talk_after_end",
    "talked_once",
    "short_burst",
    "stray_talk",
    "silence_after_daily",
    "silence_unusual",
    "silence_fits",
)
ALIVE_FIRST = ("level_fell", "level_rose", "level_eased", "silence_fits", "long_lived")
"""Which reason a row tells, the first that applies."""


def falling(audit: Audit, say: Voice) -> Html | None:
    groups = busiest_first(audit.of_state(State.DECLINING))
    if not groups:
        return None
    rows = [
        el("tr", el("td", _name(group), el("span", say.together(_sentences(group, say)), class_="why")),
           el("td", _day(group.since), class_="d", data_label=say("since")),
           el("td", _spark(group, audit, say), class_="bare", data_label=say("lately") if group.daily else None))
        for group in groups
    ]  # fmt: skip
    return el(
        "section",
        el("h2", say("falling", n=len(groups))),
        el("p", say("falling_lead"), class_="lead"),
        el("table", el("tbody", *rows), class_="cards"),
    )


def all_groups(audit: Audit, say: Voice) -> Html | None:
    if not audit.groups:
        return None
    drawn = max((len(group.daily) for group in audit.groups), default=0)
    columns = [name for name in COLUMNS if (name != "lately" or drawn) and _known(audit, name)]
    head = el("tr", *(el("th", say(name), class_="n" if name in NUMBERS else None) for name in columns))
    lead = say("all_lead", n=drawn) if drawn else say("all_lead_plain")
    return el(
        "section",
        el("h2", say("all_groups")),
        el("p", lead, class_="lead"),
        el("table", el("thead", head), el("tbody", *_rows(audit, columns, say)), class_="cards"),
    )


def busiest_first(groups: list[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-(group.number("messages") or 0), group.name))


def _known(audit: Audit, column: str) -> bool:
    """Whether any group has the figure: a column nobody filled is left out."""
    return column not in NUMBERS or any(group.number(NUMBERS[column]) is not None for group in audit.groups)


def _rows(audit: Audit, columns: list[str], say: Voice) -> Iterator[Html]:
    for state in (*ORDER, None):
        groups = busiest_first(audit.of_state(state))
        if groups:
            yield _kind_row(state, len(groups), len(columns), say)
        for group in groups:
            yield el("tr", *(_cell(name, group, audit, say) for name in columns))


def _kind_row(state: State | None, count: int, columns: int, say: Voice) -> Html:
    mark = state_mark(state, say.language) if state else el("span", say("unseen"), class_="state quiet")
    meaning = MEANINGS[state].say(say.language) if state else say("unseen_meaning")
    return el("tr", el("td", mark, f" {whole(count)}", el("span", meaning, class_="soft"), colspan=columns), class_="kind")


def _cell(column: str, group: Group, audit: Audit, say: Voice) -> Html:
    label = say(column)
    if column == "group":
        return el("td", _name(group), _why(group, say))
    if column == "state":
        mark = state_mark(group.state, say.language) if group.state else el("span", say("unseen"), class_="soft")
        return el("td", mark, class_="bare", data_label=label)
    if column == "since":
        return el("td", _day(group.since), class_="d", data_label=label)
    if column == "lately":
        return el("td", _spark(group, audit, say), class_="bare", data_label=label)
    if column == "p_alive":
        return el("td", _chance(group, say), class_="d", data_label=label)
    return el("td", whole(group.number(NUMBERS[column])), class_="n", data_label=label)


def _name(group: Group) -> Html:
    return el("bdi", group.name, class_="name")


def _why(group: Group, say: Voice) -> Html | None:
    """The one sentence that says most beyond what the columns show; the declining have all of theirs above."""
    if group.state in {None, State.THRIVING, State.STEADY, State.DECLINING}:
        return None
    weight = GONE_FIRST if group.state is not State.BUBBLING else ALIVE_FIRST
    told = [(weight.index(code), code, params) for code, params in group.reasons if code in weight]
    if not told:
        return None
    _, code, params = min(told, key=lambda reason: reason[0])
    return el("span", sentence(code, params, language=say.language), class_="why")


def _sentences(group: Group, say: Voice) -> list[str]:
    return [sentence(code, params, language=say.language) for code, params in group.reasons]


def _spark(group: Group, audit: Audit, say: Voice) -> Html | None:
    if not group.daily or audit.as_of is None:
        return None
    days, most = len(group.daily), max(group.daily)
    label = say("spark", n=days, most=whole(most)) if most else say("spark_silent", n=days)
    changed = group.figures.get("changed_on")
    changed_on = date.fromisoformat(str(changed)) if changed else None
    return sparkline(group.daily, label, changed_on=changed_on, as_of=audit.as_of)


def _chance(group: Group, say: Voice) -> Html:
    middle, low, high = (group.number(name) for name in ("p_alive", "p_low", "p_high"))
    if middle is None:
        return joined(UNKNOWN)
    spoken = None
    if low is not None and high is not None:
        spoken = say("interval", p=chance(middle), low=chance(low), high=chance(high))
    return el("span", interval(middle, low, high), f" {chance(middle)}", title=spoken)


def _day(day: date | None) -> Html:
    return el("time", day.isoformat(), datetime=day.isoformat()) if day else joined(UNKNOWN)
