"""What pages call states, reasons, stages and actions."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huoqun.outbox.rules.states import State, Why

STATES: dict[str, Promise] = {
    State.WAITING: _("waiting"),
    State.LEASED: _("going out now"),
    State.HELD: _("held"),
    State.UNKNOWN: _("unknown"),
    State.CONFIRMING: _("waits for a colleague"),
    State.HANDED: _("with a person"),
    State.SENT: _("sent"),
    State.REFUSED: _("refused"),
    State.EXPIRED: _("expired"),
    State.CANCELLED: _("cancelled"),
}

WAITS_FOR: dict[str, Promise] = {
    Why.QUIET: _("Quiet hours."),
    Why.PACE: _("The carrier's pace: others go first."),
    Why.MEMBER_CAP: _("This person has had as many messages as one may get."),
    Why.GROUP_CAP: _("This group has had as many posts as one may get."),
    Why.CARRIER: _("The carrier asked for patience."),
    Why.UNREACHABLE: _("The carrier cannot be reached."),
    Why.CUT_OFF: _("The call was cut off; it is tried again."),
    Why.WORKER: _("A worker stopped half-way; it is tried again."),
    Why.NO_CARRIER: _("No carrier is set up for this account."),
}

NEXT: dict[str, Promise] = {
    Why.QUIET: _("Nothing to do: it goes out when they end."),
    Why.PACE: _("Nothing to do, or cancel what matters less."),
    Why.MEMBER_CAP: _("Nothing to do, or cancel it."),
    Why.GROUP_CAP: _("Nothing to do, or cancel it."),
    Why.CARRIER: _("Nothing to do: it is tried again by itself."),
    Why.UNREACHABLE: _("Look whether the account is still signed in; it is tried again by itself."),
    Why.CUT_OFF: _("Nothing to do: it is tried again by itself."),
    Why.WORKER: _("Nothing to do: it is tried again by itself."),
    Why.NO_CARRIER: _("Set the account up, or cancel it."),
    State.UNKNOWN: _("Look in the group or chat whether it is there, then say so here."),
    State.REFUSED: _("Mend what the reason names, then try again."),
    State.EXPIRED: _("Its time is over. Ask for it anew where it is still wanted."),
    State.CONFIRMING: _("The colleague confirms it in their app; here they can be reminded."),
    State.HANDED: _("Somebody does it by hand and says so here."),
    State.HELD: _("Let it go on, or cancel it."),
}
"""What somebody does about it."""

STAGES: dict[str, Promise] = {
    "planned": _("planned"),
    "asked": _("asked of the carrier"),
    "later": _("put off"),
    "handed": _("handed to a person"),
    "confirming": _("waits for a colleague"),
    "reminded": _("reminded"),
    "not_reminded": _("not reminded"),
    "withdrawing": _("to be taken back"),
    "confirmed": _("confirmed by a person"),
    "sent": _("sent"),
    "delivered": _("delivered"),
    "failed": _("did not reach"),
    "refused": _("refused"),
    "unknown": _("cut off, unknown"),
    "looked": _("looked up with the carrier"),
    "expired": _("expired"),
    "cancelled": _("cancelled"),
    "held": _("held"),
    "released": _("goes on"),
    "again": _("asked to try again"),
}

ACTIONS: dict[str, Promise] = {
    "PostToGroup": _("Post in a group"),
    "PinMessage": _("Pin a message"),
    "SetNotice": _("Set the group notice"),
    "RecallMessage": _("Take back a message"),
    "RemoveMember": _("Remove a member"),
    "MuteMember": _("Mute a member"),
    "RenameGroup": _("Rename a group"),
    "MakeJoinLink": _("Make a join link"),
    "ChangeJoinLink": _("Change a join link"),
    "EndJoinLink": _("End a join link"),
    "MakeContactLink": _("Make a contact code"),
    "ChangeContactLink": _("Change a contact code"),
    "EndContactLink": _("End a contact code"),
    "DissolveGroup": _("Dissolve a group"),
    "HandOverGroup": _("Hand over a group"),
    "HandOverCustomer": _("Hand over a customer"),
    "MessageMember": _("Message to a member"),
    "WelcomeMember": _("Welcome to a new member"),
    "TagMember": _("Tag a member"),
    "AnswerJoinRequest": _("Answer to a join request"),
    "MessageStaff": _("Message to a colleague"),
    "CloseCard": _("Close a card"),
    "PostMoment": _("Post a moment"),
    "MakeGroupWelcome": _("Prepare a group welcome"),
}
