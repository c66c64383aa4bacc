"""What Telegram's service messages tell: joins and leaves, names, everything else as a notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from huoqun.vocabulary.events import GroupCreated, GroupEvent, GroupRenamed, MemberJoined, MemberLeft, NoticePosted, Person

from .telegram_record import People, Record

Common = dict[str, Any]
"""The fields every event has, but for `source_id`."""


def happenings(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    """At least one event for each service message. Ids are made of the message's id, which never changes."""
    tell = _ACTIONS.get(record.action or "", _notice)
    yield from tell(record, common, people)


def _actor(record: Record, people: People) -> Person | None:
    return people.person(record.actor_id, record.actor) if record.actor_id or record.actor else None


def _members(record: Record, people: People) -> Iterator[tuple[int, Person]]:
    """Deleted accounts stand in the list as null: somebody came or went, nobody knows who."""
    for number, name in enumerate(record.members or ()):
        if name and name == record.actor:
            yield number, people.person(record.actor_id, record.actor)
        else:
            yield number, people.named(name) if name else Person(id=f"deleted:{record.id}:{number}")


def _created(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    actor = _actor(record, people)
    name = record.title or common["group_name"]
    yield GroupCreated(**{**common, "group_name": name}, source_id=f"c:{record.id}", by=actor)
    if actor:
        yield MemberJoined(**common, source_id=f"j:{record.id}", member=actor)
    for number, member in _members(record, people):
        if member != actor:
            yield MemberJoined(**common, source_id=f"j:{record.id}:{number}", member=member, way="added", inviter=actor)


def _invited(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    actor = _actor(record, people)
    for number, member in _members(record, people):
        # Who joins a public group by himself is written as somebody who invites himself.
        alone = member == actor
        yield MemberJoined(
            **common,
            source_id=f"j:{record.id}:{number}",
            member=member,
            way="" if alone else "invited",
            inviter=None if alone else actor,
        )


def _by_link(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    actor = _actor(record, people)
    if actor is None:
        yield from _notice(record, common, people)
        return
    # "Group" is what Telegram writes for the group's own link, which belongs to nobody.
    inviter = people.named(str(record.inviter)) if record.inviter and record.inviter != "Group" else None
    yield MemberJoined(**common, source_id=f"j:{record.id}", member=actor, way="link", inviter=inviter)


def _by_request(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    actor = _actor(record, people)
    if actor is None:
        yield from _notice(record, common, people)
        return
    yield MemberJoined(**common, source_id=f"j:{record.id}", member=actor, way="request")


def _removed(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    actor = _actor(record, people)
    for number, member in _members(record, people):
        yield MemberLeft(
            **common, source_id=f"l:{record.id}:{number}", member=member, removed_by=None if member == actor else actor
        )


def _renamed(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    name = record.title or record.new_title or common["group_name"]
    yield GroupRenamed(**{**common, "group_name": name}, source_id=f"r:{record.id}", by=_actor(record, people))


def _notice(record: Record, common: Common, people: People) -> Iterator[GroupEvent]:
    words = [record.action or "service", str(record.message_id or ""), record.title or record.new_title or ""]
    text = " ".join(word for word in words if word)
    yield NoticePosted(**common, source_id=f"n:{record.id}", text=text, by=_actor(record, people))


_ACTIONS: dict[str, Callable[[Record, Common, People], Iterator[GroupEvent]]] = {
    "create_group": _created,
    "create_channel": _created,
    "invite_members": _invited,
    "join_group_by_link": _by_link,
    "join_group_by_request": _by_request,
    "remove_members": _removed,
    "edit_group_title": _renamed,
}
