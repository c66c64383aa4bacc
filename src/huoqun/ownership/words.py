"""How a to-do is called, and what exactly somebody does."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.outbox import codec
from huoqun.outbox.words import ACTIONS
from huoqun.ownership.models import Todo
from huoqun.ownership.rules.pressing import Pressure
from huoqun.vocabulary.actions import (
    Action,
    AnswerJoinRequest,
    HandOverCustomer,
    HandOverGroup,
    MuteMember,
    PinMessage,
    RecallMessage,
    TagMember,
)

PRESSURES: dict[str, Promise] = {
    Pressure.DROWNING: gettext_lazy("drowning"),
    Pressure.STRETCHED: gettext_lazy("stretched"),
    Pressure.FINE: gettext_lazy("fine"),
}

STEPS: dict[str, Promise] = {
    "PostToGroup": gettext_lazy("Copy the text, open the group, paste and send it."),
    "PinMessage": gettext_lazy("Open the group, find the message and pin it."),
    "SetNotice": gettext_lazy("Copy the text, open the group's settings and make it the notice."),
    "RecallMessage": gettext_lazy("Open the group, find the message and take it back."),
    "RemoveMember": gettext_lazy("Open the group's members and remove this person."),
    "MuteMember": gettext_lazy("Open the group's members and mute this person."),
    "RenameGroup": gettext_lazy("Copy the text, open the group's settings and make it the name."),
    "MakeJoinLink": gettext_lazy("Make a link or code by which people join this group, and hand it to whoever asked."),
    "ChangeJoinLink": gettext_lazy("Open the code in the app and change where it leads."),
    "EndJoinLink": gettext_lazy("Open the code in the app and delete it."),
    "MakeContactLink": gettext_lazy("Make a code by which people add these colleagues, and hand it to whoever asked."),
    "ChangeContactLink": gettext_lazy("Open the code in the app and change which colleagues it leads to."),
    "EndContactLink": gettext_lazy("Open the code in the app and delete it."),
    "DissolveGroup": gettext_lazy("Open the group's settings and dissolve it."),
    "HandOverGroup": gettext_lazy("Open the group's settings and make the colleague its owner."),
    "HandOverCustomer": gettext_lazy("Open the hand-over of customers in the app and give this person to the colleague."),
    "MessageMember": gettext_lazy("Copy the text, open the chat with this person, paste and send it."),
    "WelcomeMember": gettext_lazy("Copy the text, open the chat with this person and welcome them."),
    "TagMember": gettext_lazy("Open this person's card and change the tags."),
    "AnswerJoinRequest": gettext_lazy("Open the requests to join and answer this one."),
    "MessageStaff": gettext_lazy("Copy the text and send it to the colleague."),
    "CloseCard": gettext_lazy("Tell the colleague that it is over."),
    "PostMoment": gettext_lazy("Copy the text, open the customers' moments, paste and post it."),
    "MakeGroupWelcome": gettext_lazy("Copy the text and put it into the group's welcome in the app."),
}


def heading(todo: Todo) -> str:
    """What is to be done, in a few words."""
    return todo.title or str(ACTIONS.get(todo.action, todo.action))


def where(todo: Todo) -> str:
    return str(todo.group) if todo.group else todo.place


def who(todo: Todo) -> str:
    return todo.who or (str(todo.member.person) if todo.member and todo.member.person.name else str(todo.member or ""))


def action_of(todo: Todo) -> Action | None:
    """None where there is none, or where this version does not know its shape any more."""
    if not todo.action:
        return None
    try:
        return codec.action(todo.action, todo.payload)
    except msgspec.ValidationError:
        return None


def steps(todo: Todo) -> str:
    """What to do on the carrier, and with what."""
    first = STEPS.get(todo.action)
    details = _details(action_of(todo))
    return " ".join(filter(None, (str(first) if first else "", details)))


def _details(action: Action | None) -> str:
    match action:
        case MuteMember(until=None):
            return _("They may speak again: take the mute away.")
        case MuteMember(until=datetime() as until):
            return _("Until %(time)s.") % {"time": f"{localtime(until):%Y-%m-%d %H:%M}"}
        case AnswerJoinRequest(admit=admit):
            return _("Let them in.") if admit else _("Turn them away.")
        case HandOverGroup(to_staff_id=colleague) | HandOverCustomer(to_staff_id=colleague):
            return _("To: %(name)s.") % {"name": colleague}
        case TagMember(add=add, remove=remove):
            return _tags(add, remove)
        case PinMessage(message_id=message) | RecallMessage(message_id=message):
            return _("Its number on the carrier: %(id)s.") % {"id": message}
    return ""


def _tags(add: tuple[str, ...], remove: tuple[str, ...]) -> str:
    added = _("Add: %(tags)s.") % {"tags": ", ".join(add)} if add else ""
    removed = _("Take away: %(tags)s.") % {"tags": ", ".join(remove)} if remove else ""
    return " ".join(filter(None, (added, removed)))
