"""What pages call kinds of steps, states, reasons, roles and cores."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huoqun.sop.rules.states import LineState, RunState, Why

KINDS: dict[str, Promise] = {
    "post": _("post to the group"),
    "message": _("private message"),
    "todo": _("to-do for a person"),
    "topic": _("open a topic"),
    "pin": _("pin a message"),
    "notice": _("group notice"),
    "wait": _("wait"),
    "branch": _("fork"),
    "approval": _("ask for a yes"),
    "hand_over": _("hand over to another playbook"),
    "end": _("end"),
}

RUN_STATES: dict[str, Promise] = {
    RunState.ASKED: _("waits for a yes"),
    RunState.GOING: _("under way"),
    RunState.PAUSED: _("paused"),
    RunState.DONE: _("run through"),
    RunState.STOPPED: _("stopped"),
}

LINE_STATES: dict[str, Promise] = {
    LineState.PLANNED: _("planned"),
    LineState.WAITING: _("waiting"),
    LineState.HAND: _("with a person"),
    LineState.CONFIRMING: _("waits for a colleague to confirm"),
    LineState.DONE: _("done"),
    LineState.SKIPPED: _("skipped"),
    LineState.FAILED: _("refused"),
    LineState.UNKNOWN: _("unknown: look in the group"),
}

WHYS: dict[str, Promise] = {
    Why.TOO_LATE: _("its time was over"),
    Why.NOT_TAKEN: _("the fork went another way"),
    Why.NO_VALUE: _("a variable has no value here"),
    Why.NOBODY: _("nobody here has the role it is for"),
    Why.NOT_SAID: _("what it is about was never said"),
    Why.NO_PLAYBOOK: _("the other playbook is not at work"),
    Why.TAKEN: _("another playbook had the hour, and no other was free"),
    Why.GONE: _("the group is gone, or the member has left"),
    Why.CIRCLE: _("it would hand over to a playbook it came from"),
    Why.REPLACED: _("the playbook was changed, and this step is no more"),
    Why.BY_HAND: _("somebody left it out"),
    Why.STOPPED: _("the run was stopped"),
    Why.CANNOT: _("the carrier cannot do it, and nobody was to do it instead"),
    Why.REFUSED: _("refused"),
}

WAYS: dict[str, Promise] = {
    "yes": _("went on with: yes"),
    "no": _("went on with: no"),
    "end": _("ended the run"),
    "came": _("it has come"),
    "limit": _("the time was over"),
}

OWNERS: dict[str, Promise] = {
    "operator": _("the group's operator"),
    "owner": _("the group's owner"),
    "lead": _("the leads"),
    "helper": _("a helper"),
}

CORES: dict[str, Promise] = {
    "help": _("help from the person behind the brand"),
    "content": _("original content"),
    "answers": _("answering doubts"),
    "rules": _("strict rules"),
    "people": _("bringing out individuals"),
}
"""The five cores of lasting activity (G03)."""

EVIDENCE: dict[str, Promise] = {
    "carrier": _("the carrier's word"),
    "tap": _("somebody's tap"),
    "picture": _("a picture"),
}

GROUP_STATES: dict[str, Promise] = {
    "thriving": _("thriving"),
    "steady": _("steady"),
    "bubbling": _("bubbling"),
    "declining": _("declining"),
    "dormant": _("dormant"),
    "dead": _("dead"),
    "planned_end": _("ended as planned"),
}

FACTS: dict[str, Promise] = {
    "first_purchase": _("a member buys for the first time"),
    "silent": _("a member has been silent"),
    "first_words": _("a member speaks for the first time"),
}

WAITS: dict[str, Promise] = {
    "spoke": _("until somebody speaks"),
    "answered": _("until somebody answers"),
    "bought": _("until somebody buys"),
    "left": _("until the member leaves"),
    "todo_done": _("until the to-do is done"),
}


def why(reason: str) -> str:
    """A word of ours, with what it is about behind a colon; or a carrier's own sentence, which its catalogue may have."""
    word, _colon, about = reason.partition(": ")
    if word in WHYS:
        return f"{WHYS[word]}{about and f' ({about})'}"
    return gettext(reason) if reason else ""
