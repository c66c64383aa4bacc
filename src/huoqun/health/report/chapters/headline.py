"""The sentence on top."""

from __future__ import annotations

from huoqun.health.life.rules import State
from huoqun.health.life.wording import MEANINGS, STATES

from ..figures import whole
from ..result import Audit, Group, Turn, Week
from ..words import Voice
from .common import ORDER, daily_groups

DOWN = frozenset({State.DECLINING, State.DORMANT, State.DEAD})


def headline(audit: Audit, say: Voice) -> str:
    groups = len(audit.talking)
    if not groups:
        return say("headline_none")
    if groups == 1:
        return about(audit.talking[0], say)
    alive = audit.portfolio.get("alive_30d")
    silent = say("unknown") if alive is None else whole(round((1 - alive) * groups))
    return say("headline", groups=whole(groups), daily=whole(daily_groups(audit)), window=audit.window, silent=silent)


def about(group: Group, say: Voice) -> str:
    if group.state is None:
        return say("headline_none")
    state, meaning = (table[group.state].say(say.language) for table in (STATES, MEANINGS))
    return say("headline_one", name=group.name, state=state, since=group.since or say("unknown"), meaning=meaning)


def changed(week: Week, say: Voice) -> str:
    """What the week brought, in one sentence."""
    for_worse, for_better = worse(week.turned), better(week.turned)
    if not for_worse and not for_better:
        return say("week_nothing", day=week.since)
    return say("week_turned", day=week.since, worse=len(for_worse), better=len(for_better))


def worse(turned: tuple[Turn, ...]) -> list[Turn]:
    """Those on the way down now that stood better before."""
    return [
        one
        for one in turned
        if one.after in DOWN and one.before is not None and ORDER.index(one.after) > ORDER.index(one.before)
    ]


def better(turned: tuple[Turn, ...]) -> list[Turn]:
    """Those that came back: from the way down to life, or from silence to talk."""
    return [
        one
        for one in turned
        if one.before in DOWN and one.after is not State.PLANNED_END and ORDER.index(one.after) < ORDER.index(one.before)
    ]
