"""Customer groups and who is in them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Door

PAGE = 1000
OWNERS_AT_ONCE = 100
HANDED_AT_ONCE = 100

STAFF, CUSTOMER = 1, 2
"""`Member.type`."""


class Listed(msgspec.Struct):
    chat_id: str = ""
    status: int = 0
    """0 as usual, 1 its owner has left, 2 being inherited, 3 inherited."""


class ListPage(Page):
    group_chat_list: list[Listed] = []


class Userid(msgspec.Struct):
    userid: str = ""


class Member(msgspec.Struct):
    userid: str = ""
    """Of a colleague; of a customer the external one."""
    type: int = CUSTOMER
    unionid: str = ""
    join_time: int = 0
    join_scene: int = 0
    """1 invited, 2 by an invitation link, 3 by the group's code. Events number this otherwise."""
    invitor: Userid | None = None
    """Only colleagues are told."""
    group_nickname: str = ""
    name: str = ""
    state: str = ""


class Group(msgspec.Struct):
    chat_id: str = ""
    name: str = ""
    owner: str = ""
    notice: str = ""
    create_time: int = 0
    member_list: list[Member] = []
    admin_list: list[Userid] = []
    member_version: str = ""


class GroupAnswer(Answer):
    group_chat: Group = msgspec.field(default_factory=Group)


class NotHanded(msgspec.Struct):
    chat_id: str = ""
    errcode: int = 0
    errmsg: str = ""


class _Handed(Answer):
    failed_chat_list: list[NotHanded] = []


class _ChatId(Answer):
    chat_id: str = ""


def page(client: Client, cursor: str = "", *, owners: Sequence[str] = (), status: int = 0, limit: int = PAGE) -> ListPage:
    """Groups of these owners (up to `OWNERS_AT_ONCE`; none named: of everybody the app sees)."""
    body: dict[str, object] = {"status_filter": status, "cursor": cursor, "limit": limit}
    if owners:
        body["owner_filter"] = {"userid_list": list(owners)}
    return client.ask("externalcontact/groupchat/list", body, ListPage, door=Door.CONTACT)


def get(client: Client, chat_id: str, *, names: bool = True) -> Group:
    body = {"chat_id": chat_id, "need_name": int(names)}
    return client.ask("externalcontact/groupchat/get", body, GroupAnswer, door=Door.CONTACT).group_chat


def get_many(
    client: Client, chat_ids: Sequence[str], *, names: bool = True, at_once: int = 8
) -> list[GroupAnswer | WeComError | Unreachable | CutOff]:
    bodies = [{"chat_id": chat_id, "need_name": int(names)} for chat_id in chat_ids]
    return client.ask_many("externalcontact/groupchat/get", bodies, GroupAnswer, door=Door.CONTACT, at_once=at_once)


def hand_over(client: Client, chat_ids: Sequence[str], to: str, *, resigned: bool) -> list[NotHanded]:
    """Up to `HANDED_AT_ONCE` groups belong to a colleague from now on; those which do not, and why."""
    call = "transfer" if resigned else "onjob_transfer"
    body = {"chat_id_list": list(chat_ids), "new_owner": to}
    return client.post(f"externalcontact/groupchat/{call}", body, _Handed, door=Door.CONTACT).failed_chat_list


def chat_of(client: Client, opengid: str) -> str:
    """The group a mini-program was shared into."""
    return client.ask("externalcontact/opengid_to_chatid", {"opengid": opengid}, _ChatId, door=Door.CONTACT).chat_id
