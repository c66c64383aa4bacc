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
    "OwnerChanged": _("new group owner"),
    "RedPacketClaimed": _("red packet claimed"),
    "NoticePosted": _("notice of the carrier"),
    "OrderPaid": _("order paid"),
    "HistoryImported": _("import finished"),
    "ImportUndone": _("import undone"),
    "HouseChanged": _("house accounts changed"),
    "GroupTurned": _("group in another state"),
    "PersonErased": _("person erased"),
    "RequestSettled": _("request to a carrier settled"),
    "TodoDone": _("to-do done"),
    "TodoLate": _("to-do late"),
}


def word_for(name: str) -> str:
    """A class of another version keeps its own name."""
    return str(WORDS.get(name, name))
