"""How groups moved between states, month by month, as a picture and a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from huoqun.console.charts_flows import Flows, Stop, Stream
from huoqun.console.figures import count_words
from huoqun.health.flows import ABSENT, Flow
from huoqun.health.pages.words import STATES, UNHEARD, state_words

ORDER = (*STATES, UNHEARD, ABSENT)
Key = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Movements:
    sentence: str
    chart: Flows


def movements(flows: Sequence[Flow]) -> Movements | None:
    """None where there are not two months to compare."""
    if not flows:
        return None
    days = sorted({day for flow in flows for day in (flow.before, flow.after)})
    counted = _counted(flows)
    keys = sorted(counted, key=lambda key: (key[0], ORDER.index(key[1])))
    places = {key: place for place, key in enumerate(keys)}
    stops = [Stop(days.index(day), _code(state), _words(state), counted[day, state]) for day, state in keys]
    streams = [
        Stream(places[flow.before, was], places[flow.after, is_], number)
        for flow in flows
        for (was, is_), number in sorted(flow.moved.items(), key=lambda item: [ORDER.index(state) for state in item[0]])
    ]
    title = _("How groups moved between states")
    return Movements(_sentence(flows, days[0]), Flows(title, [day.isoformat() for day in days], stops, streams))


def _counted(flows: Sequence[Flow]) -> Counter[Key]:
    """How many groups stood where. A month between two others is counted by what comes out of it, the last by what comes in."""
    counted: Counter[Key] = Counter()
    left = {flow.before for flow in flows}
    for flow in flows:
        for (was, is_), number in flow.moved.items():
            counted[flow.before, was] += number
            if flow.after not in left:
                counted[flow.after, is_] += number
            else:
                counted[flow.after, is_] += 0
    return counted


def _code(state: str) -> str:
    return "" if state == ABSENT else state


def _words(state: str) -> str:
    return state_words(_code(state))


def _sentence(flows: Sequence[Flow], since: date) -> str:
    figures = {
        "day": since.isoformat(),
        "silent": count_words(sum(flow.fell_silent for flow in flows)),
        "woke": count_words(sum(flow.woke_up for flow in flows)),
        "began": count_words(sum(flow.began for flow in flows)),
    }
    return (
        _("Since %(day)s, groups fell silent %(silent)s times and woke up %(woke)s times; %(began)s new ones began.") % figures
    )
