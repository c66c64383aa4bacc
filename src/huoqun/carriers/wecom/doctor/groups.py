"""Does the app see customer groups?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.client.calls.groups import page
from huoqun.carriers.wecom.doctor.patient import TROUBLES, Patient, untried, words_of
from huoqun.carriers.wecom.doctor.scope import widen
from huoqun.carriers.wecom.errors import WeComError

NAME = "groups"
TOO_MANY_OWNERS = 81017
"""More than a thousand colleagues in range: the list has to be asked for owner by owner, which the sync does."""


def check(patient: Patient) -> Finding:
    title = _("Customer groups")
    if patient.barred:
        return untried(patient, NAME, title)
    tried = _("Asked for the first customer groups (groupchat/list).")
    try:
        chats = page(patient.client, limit=100)
    except TROUBLES as trouble:
        if isinstance(trouble, WeComError) and trouble.code == TOO_MANY_OWNERS:
            said = _("There are many: they are asked for owner by owner.")
            return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=words_of(trouble), remedy=widen())
    count = len(chats.group_chat_list)
    if not count:
        said = _("It sees none. A group is seen where its owner is in the visible range and may have customers.")
        return Finding(check=NAME, title=title, verdict=Verdict.LOOK, tried=tried, answer=said, remedy=widen())
    more = "+" if chats.next_cursor else ""
    said = _("It sees %(count)s groups.") % {"count": f"{count}{more}"}
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)
