"""All groups together: the sentence on top, the states, and the shares beside what others have counted."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.health.life.rules import State
from huoqun.health.life.wording import MEANINGS, STATES

from .figures import share, whole
from .html import Html, el
from .pictures import bullet, state_bar, state_mark
from .result import Audit, Group
from .words import Voice

LIVING = (State.THRIVING, State.STEADY, State.BUBBLING)
GONE = (State.DORMANT, State.DEAD)
ORDER = (State.THRIVING, State.STEADY, State.BUBBLING, State.DECLINING, State.DORMANT, State.DEAD, State.PLANNED_END)
FEW_PEOPLE = 100
"""Below so many people a per cent of people is a fraction of somebody, so people are counted instead."""

Row = tuple[str, float | None, float | None, str]
"""Name, our share, theirs as a number, theirs in words."""


def headline(audit: Audit, say: Voice) -> Html:
    groups = len(audit.talking)
    if not groups:
        return el("h1", say("headline_none"))
    if groups == 1:
        return el("h1", _about(audit.talking[0], say))
    alive = audit.portfolio.get("alive_30d")
    silent = say("unknown") if alive is None else whole(round((1 - alive) * groups))
    return el("h1", say("headline", groups=whole(groups), daily=whole(_daily(audit)), window=audit.window, silent=silent))


def _about(group: Group, say: Voice) -> str:
    if group.state is None:
        return say("headline_none")
    state, meaning = (table[group.state].say(say.language) for table in (STATES, MEANINGS))
    return say("headline_one", name=group.name, state=state, since=group.since or say("unknown"), meaning=meaning)


def states(audit: Audit, say: Voice) -> Html | None:
    if not audit.talking:
        return None
    counts = [(state, len(audit.of_state(state))) for state in ORDER]
    seen = [(state, count) for state, count in counts if count]
    total = len(audit.talking)
    label = ", ".join(f"{STATES[state].say(say.language)} {count}" for state, count in seen)
    rows = [
        el("tr", el("td", state_mark(state, say.language)), el("td", whole(count), class_="n"),
           el("td", share(count / total), class_="n"), el("td", MEANINGS[state].say(say.language), class_="soft long"))
        for state, count in counts
    ]  # fmt: skip
    head = el(
        "tr", el("th", say("state")), el("th", say("groups"), class_="n"), el("th", say("share"), class_="n"),
        el("th", say("meaning"), class_="long"),
    )  # fmt: skip
    return el(
        "section",
        el("h2", say("states")),
        el("p", _states_sentence(audit, say), class_="lead"),
        state_bar(seen, label),
        el("table", el("thead", head), el("tbody", *rows), class_="meaning"),
    )


def beside(audit: Audit, say: Voice) -> Html | None:
    if not audit.talking:
        return None
    rows = [_beside_row(row) for row in _shares(audit, say) if row[1] is not None]
    life = audit.portfolio.get("median_life_days")
    if life is not None:
        days = el("td", say("days", n=whole(life)), class_="n")
        rows.append(el("tr", el("td", say("median_life")), days, el("td", class_="wide"), el("td")))
    head = el(
        "tr", el("th", say("figure")), el("th", say("yours"), class_="n"), el("th", class_="wide"), el("th", say("theirs"))
    )
    daily = f"{_daily(audit)} / {len(audit.talking)} ({share(_daily(audit) / len(audit.talking))})"
    return el(
        "section",
        el("h2", say("beside")),
        el("p", say("beside_lead", daily=daily), class_="lead"),
        el("table", el("thead", head), el("tbody", *rows), class_="beside"),
    )


def _beside_row(row: Row) -> Html:
    name, ours, theirs, words = row
    picture = el("td", bullet(ours, theirs) if ours is not None else None, class_="wide")
    return el("tr", el("td", name), el("td", share(ours), class_="n"), picture, el("td", words, class_="soft"))


def _shares(audit: Audit, say: Voice) -> Iterator[Row]:
    figures = audit.portfolio
    yield say("every_day", window=audit.window), _daily(audit) / len(audit.talking), 4 / 300, say("method")
    for name in ("alive_7d", "alive_30d", "silent_90d"):
        yield say(name), figures.get(name), None, ""
    yield say("silent_in_a_week"), figures.get("silent_in_a_week"), 0.4, say("wechat", share="40 %")
    yield say("outlived_a_month"), figures.get("outlived_a_month"), 0.3, say("wechat", share="30 %")
    for (name, label), theirs in zip(_posters(audit, say), (0.747, 0.240, 0.013), strict=True):
        yield label, figures.get(name), theirs, say("health_sites", share=share(theirs))


def _posters(audit: Audit, say: Voice) -> list[tuple[str, str]]:
    """How to call the busiest, the next and the rest: by head while they are few."""
    people = audit.portfolio.get("posters")
    names = ("top1_share", "next9_share", "rest_share")
    if people is None or people >= FEW_PEOPLE:
        return [(name, say(name)) for name in names]
    first, tenth = max(1, round(people * 0.01)), max(2, round(people * 0.1))
    counts = (first, min(tenth, people) - first, max(people - tenth, 0))
    calls = ("top_people", "next_people", "rest_people")
    return [(name, say(call, n=count)) for name, call, count in zip(names, calls, counts, strict=True)]


def _states_sentence(audit: Audit, say: Voice) -> str:
    def count(*kinds: State) -> str:
        return whole(sum(len(audit.of_state(state)) for state in kinds))

    sentences = [say("states_lead", living=count(*LIVING), falling=count(State.DECLINING), gone=count(*GONE))]
    if audit.of_state(State.PLANNED_END):
        sentences.append(say("states_ended", n=count(State.PLANNED_END)))
    if audit.of_state(None):
        sentences.append(say("unseen_note", n=whole(len(audit.of_state(None)))))
    return say.together(sentences)


def _daily(audit: Audit) -> int:
    """Groups that spoke on every day of the window, by the method's plain rule."""
    counted = audit.portfolio.get("every_day")
    if counted is not None:
        return int(counted)
    return sum(1 for group in audit.talking if (group.number("days_active_7d") or 0) >= audit.window)
