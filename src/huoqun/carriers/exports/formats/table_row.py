"""The columns of Huoqun's own table. `carriers/README.md` says for each kind what they hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from huoqun.carriers.exports import errors
from huoqun.carriers.exports.errors import gettext_noop

Text = str | int | None
"""Ids are text; a number is taken as its digits."""


class Row(msgspec.Struct):
    """One message or happening."""

    carrier: Text = None
    group_id: Text = None
    group_name: Text = None
    message_id: Text = None
    sent_at: Any = None
    """A time, its text (ISO 8601) or seconds since 1970."""
    author_id: Text = None
    author_name: Text = None
    kind: str | None = None
    text: Text = None
    reply_to: Text = None
    topic: Text = None
    mentions: list[Text] | str | None = None
    """Author ids; as text with ";" between them. None where the file has no such column: names after "@" are then looked up."""
    inviter_id: Text = None
    inviter_name: Text = None
    way: Text = None
    target_id: Text = None
    detail: Text = None
    amount: Text = None
    currency: Text = None
    line: int = 0

    def raw(self) -> str:
        return msgspec.json.encode(self).decode()


COLUMNS = tuple(name for name in Row.__struct_fields__ if name != "line")
NEEDED = ("carrier", "group_id", "message_id", "sent_at", "author_id", "kind")
_TELLING = frozenset({"carrier", "group_id", "group_name", "message_id", "sent_at", "author_id", "author_name", "reply_to"})
_ENOUGH = 4


def is_ours(names: Collection[str]) -> bool:
    """Whether a file with such columns means to be this table, even if it lacks some."""
    return len(_TELLING.intersection(names)) >= _ENOUGH


def check_columns(names: Collection[str], file: str) -> None:
    """Raises `errors.FileUnreadable` naming the columns that are missing."""
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise errors.FileUnreadable(
            gettext_noop("{file} has no column {columns}. Add it to the table, or rename the one that holds it."),
            file=file,
            columns=", ".join(missing),
        )
