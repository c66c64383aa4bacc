"""The company's tags on customers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Door

NAME_AT_MOST = 30


class Tag(msgspec.Struct):
    id: str = ""
    name: str = ""
    create_time: int = 0
    order: int = 0
    deleted: bool = False


class TagGroup(msgspec.Struct):
    group_id: str = ""
    group_name: str = ""
    create_time: int = 0
    order: int = 0
    deleted: bool = False
    tag: list[Tag] = []


class _Groups(Answer):
    tag_group: list[TagGroup] = []


class _Group(Answer):
    tag_group: TagGroup = msgspec.field(default_factory=TagGroup)


def every(client: Client) -> list[TagGroup]:
    return client.ask("externalcontact/get_corp_tag_list", {}, _Groups, door=Door.CONTACT).tag_group


def add(client: Client, group_name: str, names: Sequence[str]) -> TagGroup:
    """Into the group of that name, which is made where there is none. The answer has those which are new."""
    body = {"group_name": group_name, "tag": [{"name": name} for name in names]}
    return client.post("externalcontact/add_corp_tag", body, _Group, door=Door.CONTACT).tag_group


def mark(client: Client, userid: str, external_userid: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
    """Tags by their ids, for what this colleague knows of the customer."""
    body: dict[str, object] = {"userid": userid, "external_userid": external_userid}
    body |= {"add_tag": list(add)} if add else {}
    body |= {"remove_tag": list(remove)} if remove else {}
    client.post("externalcontact/mark_tag", body, door=Door.CONTACT)
