"""What pages call kinds of steps, states, reasons, roles and cores."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huoqun.sop.holidays import name_words
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
    Why.SOME: _("some of them got it"),
    Why.NO_PROOF: _("it went out, but the evidence asked for was not given in time"),
    Why.MOST: _("no more than that at once"),
    Why.NOT_SAID: _("what it is about was never said"),
    Why.NO_PLAYBOOK: _("the other playbook is not at work"),
    Why.TAKEN: _("another playbook had the hour, and no other was free"),
    Why.GONE: _("the group is gone, or the member has left"),
    Why.CIRCLE: _("it would hand over to a playbook it came from"),
    Why.REPLACED: _("the playbook was changed, and this step is no more"),
    Why.ANEW: _("it began anew with another version"),
    Why.BY_HAND: _("somebody left it out"),
    Why.STOPPED: _("the run was stopped"),
    Why.HOLIDAY: _("a public holiday"),
    Why.NO_WORKDAY: _("no working day"),
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
    "link": _("a link"),
    "number": _("a number"),
    "note": _("a note in words"),
}

HOLIDAYS: dict[str, Promise] = {
    "as_usual": _("goes on as usual"),
    "skip": _("is left out on public holidays"),
    "move": _("moves past public holidays, and what comes after moves along"),
    "workdays": _("is left out on days that are no working days"),
    "next_workday": _("moves to the next working day, and what comes after moves along"),
}
"""What becomes of a step on a day off."""

STEP_HOLIDAYS: dict[str, Promise] = {
    "": _("as the playbook says"),
    "as_usual": _("also comes when the rest is left out"),
    "skip": HOLIDAYS["skip"],
    "workdays": HOLIDAYS["workdays"],
}

RULE_HOLIDAYS: dict[str, Promise] = {
    "skip": _("Not on public holidays."),
    "move": _("On a public holiday it moves to the next day that is none."),
    "workdays": _("Working days only, make-up Saturdays and Sundays included."),
    "next_workday": _("On a day off it moves to the next working day."),
}

WHOM: dict[str, Promise] = {
    "member": _("the member"),
    "owner": _("the group's owner"),
    "operator": _("the group's operator"),
    "moderators": _("whoever helps the owner, and our people in the group"),
    "newcomers": _("newcomers"),
    "silent": _("silent members"),
    "enrolled": _("members with the tag"),
    "key_people": _("key people, by the latest audit"),
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

ANSWERS: dict[str, Promise] = {"yes": _("yes"), "no": _("no"), "nobody": _("nobody answered")}

DAYS: dict[str, Promise] = {
    "monday": _("Monday"),
    "tuesday": _("Tuesday"),
    "wednesday": _("Wednesday"),
    "thursday": _("Thursday"),
    "friday": _("Friday"),
    "saturday": _("Saturday"),
    "sunday": _("Sunday"),
    "workday": _("working day"),
    "day_off": _("day off"),
    "holiday": _("public holiday"),
    "make_up": _("make-up working day"),
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
        about = name_words(about) if word == Why.HOLIDAY else about
        return f"{WHYS[word]}{about and f' ({about})'}"
    return gettext(reason) if reason else ""
