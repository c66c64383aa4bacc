"""How many groups are in which state."""

from __future__ import annotations

from huoqun.health.life.rules import State
from huoqun.health.life.wording import MEANINGS, STATES

from ..blocks import Column, Figure, Kind, Legend, Mark, Row, Section, Soft, Table, cell
from ..figures import share, whole
from ..pictures import state_bar
from ..result import Audit
from ..words import Voice
from .common import GONE, LIVING, ORDER


def states(audit: Audit, say: Voice) -> Section | None:
    if not audit.talking:
        return None
    columns = (
        Column(say("state")),
        Column(say("groups"), Kind.NUMBER),
        Column(say("share"), Kind.NUMBER),
        Column(say("meaning"), share=1, long=True),
    )
    total = len(audit.talking)
    rows = tuple(
        Row((cell(Mark(state)), cell(whole(count)), cell(share(count / total)), cell(Soft(MEANINGS[state].say(say.language)))))
        for state, count in counts(audit)
    )
    return Section(say("states"), states_sentence(audit, say), (bar(audit, say), Table(columns, rows)))


def counts(audit: Audit) -> list[tuple[State, int]]:
    return [(state, len(audit.of_state(state))) for state in ORDER]


def bar(audit: Audit, say: Voice) -> Figure:
    seen = [(state, count) for state, count in counts(audit) if count]
    label = ", ".join(f"{STATES[state].say(say.language)} {count}" for state, count in seen)
    return Figure(state_bar(seen, label))


def legend(audit: Audit) -> Legend:
    return Legend(tuple((Mark(state), f" {whole(count)}") for state, count in counts(audit) if count))


def states_sentence(audit: Audit, say: Voice) -> str:
    def count(*kinds: State) -> str:
        return whole(sum(len(audit.of_state(state)) for state in kinds))

    sentences = [say("states_lead", living=count(*LIVING), falling=count(State.DECLINING), gone=count(*GONE))]
    if audit.of_state(State.PLANNED_END):
        sentences.append(say("states_ended", n=count(State.PLANNED_END)))
    if audit.unheard:
        sentences.append(say("unheard_note", n=whole(audit.unheard)))
    if (unseen := len(audit.of_state(None)) - audit.unheard) > 0:
        sentences.append(say("unseen_note", n=whole(unseen)))
    return say.together(sentences)
