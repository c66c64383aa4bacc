"""What events and facts are called on a page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "MessagePosted": _("message"),
    "MessageRecalled": _("recalled message"),
    "MemberJoined": _("somebody joined"),
    "MemberLeft": _("somebody left"),
    "MemberRenamed": _("somebody changed their name"),
    "GroupCreated": _("new group"),
    "GroupRenamed": _("group renamed"),
    "GroupDissolved": _("group dissolved"),
    "OwnerChanged": _("new group owner"),
    "RedPacketClaimed": _("red packet claimed"),
    "NoticePosted": _("notice of the carrier"),
    "OrderPaid": _("order paid"),
    "ContactAdded": _("new contact of a colleague"),
    "ContactChanged": _("notes on a contact changed"),
    "ContactLost": _("contact lost"),
    "StaffChanged": _("colleague's account changed"),
    "StaffAnswered": _("colleague answered a card"),
    "HistoryImported": _("import finished"),
    "ImportUndone": _("import undone"),
    "RosterTaken": _("live account read from end to end"),
    "HouseChanged": _("house accounts changed"),
    "GroupTurned": _("group in another state"),
    "PersonErased": _("person erased"),
    "RequestSettled": _("request to a carrier settled"),
    "TodoDone": _("to-do done"),
    "TodoLate": _("to-do late"),
}


SUBSCRIBERS: dict[str, Promise] = {
    "history": _("history of what was said"),
    "history-erasure": _("history: erasing people"),
    "community": _("groups and their members"),
    "community-contacts": _("contacts of colleagues"),
    "community-readings": _("reconciled lists of members"),
    "community-states": _("states of groups"),
    "health-audit": _("audits: computing anew"),
    "health-erasure": _("audits: erasing people"),
    "admission": _("admission and welcome"),
    "admission-erasure": _("admission: erasing people"),
    "ownership": _("to-dos and handovers"),
    "ownership-erasure": _("to-dos: erasing people"),
    "sop": _("procedures"),
    "content": _("contents and broadcasts"),
    "content-ways": _("contents: through which account a group is reached"),
    "content-erasure": _("contents: erasing people"),
    "growth": _("live codes"),
    "outbox-erasure": _("outgoing messages: erasing people"),
    "inbox-erasure": _("log: erasing people"),
}


def subscriber_words(name: str) -> str:
    """One of another version keeps its own name."""
    return str(SUBSCRIBERS.get(name, name))


def word_for(name: str) -> str:
    """A class of another version keeps its own name."""
    return str(WORDS.get(name, name))
