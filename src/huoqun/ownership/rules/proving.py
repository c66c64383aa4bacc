"""What proves that somebody has done it: the carrier's own event."""

from __future__ import annotations

from datetime import datetime, timedelta

from huoqun.vocabulary import events
from huoqun.vocabulary.actions import (
    Action,
    DissolveGroup,
    GroupAction,
    HandOverGroup,
    PostToGroup,
    RecallMessage,
    RemoveMember,
    RenameGroup,
    SetNotice,
)
from huoqun.vocabulary.events import GroupEvent

PROVABLE = tuple(
    kind.__name__ for kind in (PostToGroup, SetNotice, RecallMessage, RemoveMember, RenameGroup, HandOverGroup, DissolveGroup)
)

PROVING = (
    events.MessagePosted,
    events.NoticePosted,
    events.MessageRecalled,
    events.MemberLeft,
    events.GroupRenamed,
    events.GroupDissolved,
    events.OwnerChanged,
)

SHORT = 8
"""Fewer characters occur in other messages by chance: they must be all that was said."""

LEEWAY = timedelta(minutes=1)
"""The carrier's clock may be so much behind ours."""


def proves(event: GroupEvent, action: Action, *, since: datetime, by_house: bool) -> bool:
    """`since`: when it was given; yesterday's post of the same text proves nothing. `by_house`: whoever spoke is house."""
    if not isinstance(action, GroupAction) or event.at < since - LEEWAY or not _same_group(event, action):
        return False
    match action, event:
        case PostToGroup(body=body), events.MessagePosted(text=said):
            return by_house and says(said, body.text)
        case SetNotice(text=text), events.NoticePosted(text=said):
            return says(said, text)
        case RecallMessage(message_id=message), events.MessageRecalled(message_id=recalled):
            return message == recalled
        case RemoveMember(member_id=member), events.MemberLeft(member=gone):
            return member == gone.id
        case RenameGroup(name=name), events.GroupRenamed(group_name=now_called):
            return bool(name) and name.strip() == now_called.strip()
        case DissolveGroup(), events.GroupDissolved():
            return True
        case HandOverGroup(to_staff_id=staff), events.OwnerChanged(owner=owner):
            return staff == owner.id
    return False


def says(said: str | None, prepared: str) -> bool:
    """What was said holds the words that were prepared, whatever the white space and whatever stands around them."""
    wanted, heard = " ".join(prepared.split()), " ".join((said or "").split())
    if len(wanted) < SHORT:
        return bool(wanted) and wanted == heard
    return wanted in heard


def _same_group(event: GroupEvent, action: GroupAction) -> bool:
    heard, meant = event.account, action.account
    return (heard.community, heard.carrier, event.group_id) == (meant.community, meant.carrier, action.group_id)
