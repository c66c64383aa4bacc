"""What pages call outcomes, reasons and variables."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huoqun.content.rules.choosing import LeftOut
from huoqun.content.rules.filling import Fault

OUTCOMES: dict[str, Promise] = {
    "": _("still to go"),
    "sent": _("sent"),
    "confirming": _("waits for a colleague"),
    "handed": _("waits for a hand"),
    "refused": _("refused"),
    "unknown": _("unknown"),
    "expired": _("too late"),
    "cancelled": _("cancelled"),
}
"""As `RequestSettled` says them; "" before it says anything."""

LEFT_OUT: dict[str, Promise] = {
    LeftOut.NOT_YOURS: _("not in scope: somebody else operates it"),
    LeftOut.DISSOLVED: _("the group is dissolved"),
    LeftOut.ENDED: _("the group has come to its planned end"),
    LeftOut.DEAD: _("the group is dead; choose this state to write to it all the same"),
    LeftOut.CAP: _("has had as many messages as one may get"),
    LeftOut.HOUSE: _("house account"),
    LeftOut.ERASED: _("erased on request"),
    LeftOut.UNFILLED: _("a variable has no value here"),
}

FAULTS: dict[Fault, Promise] = {
    Fault.UNKNOWN: _("There is no variable “%(name)s”. Write one of %(known)s."),
    Fault.NEAR: _("There is no variable “%(name)s”. Did you mean {{%(near)s}}?"),
    Fault.MEMBERS_ONLY: _("“%(name)s” is only known in private messages to members. Take it out, or write to members."),
    Fault.OPEN: _("Somewhere {{ and }} do not belong together. A variable looks like {{%(near)s}}."),
}

STATES: dict[str, Promise] = {
    "thriving": _("thriving"),
    "steady": _("steady"),
    "bubbling": _("bubbling"),
    "declining": _("declining"),
    "dormant": _("dormant"),
    "dead": _("dead"),
    "planned_end": _("ended as planned"),
}
"""Of a group, as the audit says them."""
