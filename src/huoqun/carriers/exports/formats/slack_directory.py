"""Who and what the ids of a Slack export are: users.json, channels.json and the lists of private talks."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import msgspec

from huoqun.carriers.base import Parsed
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.errors import FileUnreadable
from huoqun.carriers.exports.format import Entry
from huoqun.carriers.exports.json_items import NotDecoded

from .slack_record import Profile


class _Channel(msgspec.Struct):
    id: str
    name: str | None = None


class _User(msgspec.Struct):
    id: str
    name: str | None = None
    real_name: str | None = None
    is_bot: bool | None = None
    profile: Profile | None = None


_CHANNEL = msgspec.json.Decoder(_Channel)
_USER = msgspec.json.Decoder(_User)


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    private: bool = False


@dataclass(slots=True)
class Directory:
    channels: dict[str, Channel] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    bots: set[str] = field(default_factory=set)

    def channel(self, folder: str) -> Channel:
        """The channel whose messages lie in the folder; one that no list names keeps the folder's name as its id."""
        return self.channels.get(folder) or Channel(folder, folder)

    def name(self, person: str) -> str:
        return self.names.get(person, person)


def directory_of(entries: list[Entry]) -> Generator[Parsed, None, Directory]:
    """Yields what could not be read in the lists, returns the rest."""
    directory = Directory()
    for entry in entries:
        try:
            yield from _take_in(entry, directory)
        except FileUnreadable as damage:
            yield problems.unreadable(entry.path, None, "", problems.DAMAGED, str(damage))
    return directory


def _take_in(entry: Entry, directory: Directory) -> Iterator[Parsed]:
    for item in json_items.items(json_items.open_json(entry)):
        try:
            if entry.path.name == "users.json":
                _add_user(json_items.decode(_USER, item.raw), directory)
            else:
                _add_channel(json_items.decode(_CHANNEL, item.raw), entry.path.name == "dms.json", directory)
        except NotDecoded as fault:
            yield problems.unreadable(entry.path, item.line, fault.field, fault.problem, item.raw)


def _add_user(user: _User, directory: Directory) -> None:
    profile = user.profile or Profile()
    directory.names[user.id] = profile.display_name or profile.real_name or user.real_name or user.name or user.id
    if user.is_bot:
        directory.bots.add(user.id)


def _add_channel(channel: _Channel, private: bool, directory: Directory) -> None:
    # The folder of a talk between two is its id; every other folder is the channel's name.
    name = channel.name or channel.id
    directory.channels[channel.id if private else name] = Channel(channel.id, name, private)
