"""The company's tags on customers. They belong to what a colleague knows of a customer, so each contact is marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from huoqun.carriers.base import Asked, CutOff, gettext_noop
from huoqun.carriers.wecom.acts.desk import Answered, Desk, asked_before
from huoqun.carriers.wecom.client.calls import customers, tags
from huoqun.carriers.wecom.errors import NO_RELATION, WeComError
from huoqun.vocabulary.actions import TagMember
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, TryLater

GROUP = "活群"
"""The group of tags into which those are put that nobody has made yet."""
OURS = 1
"""`Tag.type` of the company's own."""

NAME_TOO_LONG = gettext_noop("WeCom's tags have at most thirty letters. Choose shorter ones.")
NOBODYS = gettext_noop("This person is no customer of any colleague, so that WeCom has nothing to tag.")


def tag_member(desk: Desk, asked: Asked) -> Outcome:
    action = _wish(asked)
    if any(len(name) > tags.NAME_AT_MOST for name in action.add):
        raise Answered(Refused(reason=NAME_TOO_LONG))
    contacts = asked_before(lambda: _contacts(desk, action))
    if not contacts:
        raise Answered(Refused(reason=NOBODYS))
    ids = _ids(desk, action.add) if any(_lacking(each, action) for each in contacts) else {}
    marked = 0
    for contact in contacts:
        try:
            marked += _mark(desk, action, contact, ids)
        except WeComError as error:
            if error.code == NO_RELATION and len(contacts) > 1:
                continue  # that colleague has lost them meanwhile
            if marked:
                raise CutOff("WeCom tagged for some colleagues and not for others") from None
            raise
    return Sent()


def look_up(desk: Desk, asked: Asked) -> Outcome:
    """As it was wanted, or not yet."""
    action = _wish(asked)
    contacts = _contacts(desk, action)
    wanting = [each for each in contacts if _lacking(each, action) or _remaining(each, action)]
    return TryLater(after=timedelta(0), reason="") if wanting or not contacts else Sent()


def _wish(asked: Asked) -> TagMember:
    if not isinstance(asked.action, TagMember):
        raise TypeError(f"{type(asked.action).__name__} tags nobody")
    return asked.action


def _contacts(desk: Desk, action: TagMember) -> list[customers.Follow]:
    known = customers.get(desk.client, action.member_id).follow_user
    return [each for each in known if not action.staff_id or each.userid == action.staff_id]


def _names(contact: customers.Follow) -> dict[str, str]:
    """Ids of the company's tags on them, by name."""
    return {tag.tag_name: tag.tag_id for tag in contact.tags if tag.type == OURS and tag.tag_id}


def _lacking(contact: customers.Follow, action: TagMember) -> list[str]:
    return [name for name in action.add if name not in _names(contact)]


def _remaining(contact: customers.Follow, action: TagMember) -> list[str]:
    """Ids of tags that are still there and should not be."""
    there = _names(contact)
    return [there[name] for name in action.remove if name in there]


def _mark(desk: Desk, action: TagMember, contact: customers.Follow, ids: dict[str, str]) -> bool:
    add = [ids[name] for name in _lacking(contact, action)]
    remove = _remaining(contact, action)
    if add or remove:
        tags.mark(desk.client, contact.userid, action.member_id, add=add, remove=remove)
    return bool(add or remove)


def _ids(desk: Desk, names: Sequence[str]) -> dict[str, str]:
    """Of tags of these names; those which nobody has made yet are made."""
    there = asked_before(lambda: _every(desk, names))
    if missing := [name for name in names if name not in there]:
        asked_before(lambda: tags.add(desk.client, GROUP, missing))
        there = asked_before(lambda: _every(desk, names))
    return there


def _every(desk: Desk, names: Collection[str]) -> dict[str, str]:
    groups = tags.every(desk.client)
    # Two groups may have a tag of the same name: the one that was made first is meant.
    return {
        tag.name: tag.id for group in reversed(groups) for tag in reversed(group.tag) if tag.name in names and not tag.deleted
    }
