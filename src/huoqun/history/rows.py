"""Events into rows of the history table: one event, one row, in the order given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from huoqun.vocabulary import events as ev
from huoqun.vocabulary.ids import Account, group_key, person_key

from . import schema
from .errors import RowsRefused

People = dict[str, int]
Told = tuple[
    str,  # kind
    int | None,  # author_key
    str | None,  # message_id
    str | None,  # text
    str | None,  # reply_to
    int | None,  # reply_to_author
    list[int] | None,  # mentions
    str | None,  # topic
    int | None,  # other_key
    str | None,  # detail
]

COMMON = ("community", "carrier", "account", "group_key", "source_id", "sent_at")
TOLD = ("kind", "author_key", "message_id", "text", "reply_to", "reply_to_author", "mentions", "topic", "other_key", "detail")


class _GroupKeys(dict[str, int]):
    """Keys of the groups of one account, each computed once."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def __missing__(self, group_id: str) -> int:
        key = self[group_id] = group_key(self.account, group_id)
        return key


class _PersonKeys(dict[str, int]):
    """Keys of the people of one account, each computed once."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def __missing__(self, author_id: str) -> int:
        key = self[author_id] = person_key(self.account, author_id)
        return key


class _Scope:
    """What all events of one account share."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.named = (account.community, account.carrier, account.name)
        self.groups = _GroupKeys(account)
        self.people = _PersonKeys(account)


def rows_of(events: Iterable[ev.GroupEvent], *, import_id: int | None = None) -> pa.Table:
    """A table with `schema.SCHEMA`: row n tells event n.

    Raises `RowsRefused` for a time without a zone and `KeyError` for a class of event nobody has given a row.
    """
    common: list[tuple[Any, ...]] = []
    told: list[Told] = []
    scopes: dict[Account, _Scope] = {}
    scope: _Scope | None = None
    for event in events:
        if scope is None or event.account is not scope.account:
            scope = scopes.setdefault(event.account, _Scope(event.account))
        if event.at.tzinfo is None:
            raise RowsRefused(f"event {event.source_id!r} of group {event.group_id!r}: its time {event.at} has no zone")
        common.append((*scope.named, scope.groups[event.group_id], event.source_id, event.at))
        told.append(TELLERS[type(event)](event, scope.people))
    return _table(common, told, import_id)


def _table(common: list[tuple[Any, ...]], told: list[Told], import_id: int | None) -> pa.Table:
    columns = dict(zip(COMMON, zip(*common, strict=True), strict=True)) if common else dict.fromkeys(COMMON, ())
    columns |= dict(zip(TOLD, zip(*told, strict=True), strict=True)) if told else dict.fromkeys(TOLD, ())
    arrays = {name: _array(values, schema.SCHEMA.field(name).type) for name, values in columns.items()}
    arrays["month"] = months(arrays["sent_at"])
    arrays["import_id"] = pa.repeat(pa.scalar(import_id, pa.int64()), len(common))
    return pa.Table.from_arrays([arrays[name] for name in schema.SCHEMA.names], schema=schema.SCHEMA)


def _array(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([value if value is None else _whole(value) for value in values], kind)


def _whole(text: str) -> str:
    # Exports hold halves of emoji (lone surrogates), which no file can store: pairs are put together, a half becomes U+FFFD.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def months(sent_at: pa.Array) -> pa.Array:
    """The partition of each time: "2026-03", in UTC."""
    count = pc.add(pc.multiply(pc.year(sent_at), 12), pc.subtract(pc.month(sent_at), 1)).dictionary_encode()
    names = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in count.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(count.indices)


def _message(event: ev.MessagePosted, people: People) -> Told:
    return (
        event.kind.value,
        people[event.author.id],
        event.message_id,
        event.text,
        event.reply_to,
        people[event.reply_to_author] if event.reply_to_author else None,
        [people[each] for each in event.mentions] if event.mentions else None,
        event.topic,
        None,
        None,
    )


def _recall(event: ev.MessageRecalled, people: People) -> Told:
    return _happening(schema.RECALL, None, other=_key(event.by, people), message_id=event.message_id)


def _join(event: ev.MemberJoined, people: People) -> Told:
    # The way in is the detail; the live code they came by would be nowhere else, so it stands in the text.
    member, inviter = people[event.member.id], _key(event.inviter, people)
    return _happening(schema.JOIN, member, other=inviter, text=event.source, detail=event.way)


def _leave(event: ev.MemberLeft, people: People) -> Told:
    how = "removed" if event.removed else None
    return _happening(schema.LEAVE, people[event.member.id], other=_key(event.removed_by, people), detail=how)


def _rename(event: ev.MemberRenamed, people: People) -> Told:
    return _happening(schema.RENAME, people[event.member.id], detail=event.before)


def _group_created(event: ev.GroupCreated, people: People) -> Told:
    return _happening(schema.GROUP_CREATED, _key(event.by, people), detail=event.group_name)


def _group_renamed(event: ev.GroupRenamed, people: People) -> Told:
    # The new name is the detail; the old one would be nowhere else, so it stands in the text.
    return _happening(schema.GROUP_RENAMED, _key(event.by, people), text=event.before, detail=event.group_name)


def _group_dissolved(event: ev.GroupDissolved, people: People) -> Told:
    return _happening(schema.GROUP_DISSOLVED, _key(event.by, people))


def _owner(event: ev.OwnerChanged, people: People) -> Told:
    return _happening(schema.OWNER, people[event.owner.id], other=_key(event.before, people))


def _claim(event: ev.RedPacketClaimed, people: People) -> Told:
    member, sender = people[event.member.id], _key(event.sender, people)
    return _happening(schema.CLAIM, member, other=sender, message_id=event.message_id)


def _notice(event: ev.NoticePosted, people: People) -> Told:
    return _happening(schema.NOTICE, _key(event.by, people), text=event.text)


def _order(event: ev.OrderPaid, people: People) -> Told:
    order = {"order_id": event.order_id, "amount": event.amount, "currency": event.currency, "items": list(event.items)}
    return _happening(schema.ORDER, people[event.member.id], detail=json.dumps(order, ensure_ascii=False))


def _happening(
    kind: str,
    author: int | None,
    *,
    other: int | None = None,
    message_id: str | None = None,
    text: str | None = None,
    detail: str | None = None,
) -> Told:
    return (kind, author, message_id, text or None, None, None, None, None, other, detail or None)


def _key(person: ev.Person | None, people: People) -> int | None:
    return people[person.id] if person else None


TELLERS: dict[type[ev.GroupEvent], Callable[[Any, People], Told]] = {
    ev.MessagePosted: _message,
    ev.MessageRecalled: _recall,
    ev.MemberJoined: _join,
    ev.MemberLeft: _leave,
    ev.MemberRenamed: _rename,
    ev.GroupCreated: _group_created,
    ev.GroupRenamed: _group_renamed,
    ev.GroupDissolved: _group_dissolved,
    ev.OwnerChanged: _owner,
    ev.RedPacketClaimed: _claim,
    ev.NoticePosted: _notice,
    ev.OrderPaid: _order,
}
