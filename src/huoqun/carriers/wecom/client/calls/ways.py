"""Codes by which people come in: into a group (join ways), or to a colleague (contact ways)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Door

GROUPS_AT_MOST = 5
STAFF_AT_MOST = 100
WORDS_AT_MOST = 30
"""Characters of a remark, and of a state."""

_CODE = 2
_FOR_SEVERAL = 2


class Made(Answer):
    config_id: str = ""
    qr_code: str = ""
    """Of a contact way; a join way has to be asked for it."""


class JoinWay(msgspec.Struct):
    config_id: str = ""
    scene: int = _CODE
    remark: str = ""
    auto_create_room: int = 1
    room_base_name: str = ""
    room_base_id: int = 0
    chat_id_list: list[str] = []
    qr_code: str = ""
    state: str = ""


class ContactWay(msgspec.Struct):
    config_id: str = ""
    type: int = 1
    scene: int = _CODE
    remark: str = ""
    skip_verify: bool = True
    state: str = ""
    qr_code: str = ""
    user: list[str] = []
    party: list[int] = []


class _Join(Answer):
    join_way: JoinWay = msgspec.field(default_factory=JoinWay)


class _Contact(Answer):
    contact_way: ContactWay = msgspec.field(default_factory=ContactWay)


class _Id(msgspec.Struct):
    config_id: str = ""


class _Ids(Page):
    contact_way: list[_Id] = []


def join_way_body(
    chat_ids: Sequence[str], *, remark: str, state: str, new_groups: str = "", first_number: int = 1
) -> dict[str, object]:
    """`new_groups`: what groups are called that WeCom starts by itself when all are full; "": it starts none."""
    body: dict[str, object] = {
        "scene": _CODE,
        "remark": remark[:WORDS_AT_MOST],
        "auto_create_room": int(bool(new_groups)),
        "chat_id_list": list(chat_ids),
        "state": state,
    }
    return body | ({"room_base_name": new_groups, "room_base_id": first_number} if new_groups else {})


def add_join_way(client: Client, body: dict[str, object]) -> str:
    """The new way's id."""
    return client.post("externalcontact/groupchat/add_join_way", body, Made, door=Door.CONTACT).config_id


def join_way(client: Client, config_id: str) -> JoinWay:
    return client.ask("externalcontact/groupchat/get_join_way", {"config_id": config_id}, _Join, door=Door.CONTACT).join_way


def update_join_way(client: Client, config_id: str, body: dict[str, object]) -> None:
    """Everything about it is as in `body` from now on."""
    client.post("externalcontact/groupchat/update_join_way", {"config_id": config_id, **body}, door=Door.CONTACT)


def delete_join_way(client: Client, config_id: str) -> None:
    client.post("externalcontact/groupchat/del_join_way", {"config_id": config_id}, door=Door.CONTACT)


def contact_way_body(staff: Sequence[str], *, remark: str, state: str, asks_first: bool) -> dict[str, object]:
    """Always of the type for several: a way's type cannot be changed, and another colleague may be added later."""
    return {
        "type": _FOR_SEVERAL,
        "scene": _CODE,
        "remark": remark[:WORDS_AT_MOST],
        "skip_verify": not asks_first,
        "state": state,
        "user": list(staff),
    }


def add_contact_way(client: Client, body: dict[str, object]) -> Made:
    return client.post("externalcontact/add_contact_way", body, Made, door=Door.CONTACT)


def contact_way(client: Client, config_id: str) -> ContactWay:
    return client.ask("externalcontact/get_contact_way", {"config_id": config_id}, _Contact, door=Door.CONTACT).contact_way


def contact_ways(client: Client, start: int, end: int, cursor: str = "") -> tuple[list[str], str]:
    """Ids of those made in a time, and where the next page begins."""
    body = {"start_time": start, "end_time": end, "cursor": cursor, "limit": 1000}
    page = client.ask("externalcontact/list_contact_way", body, _Ids, door=Door.CONTACT)
    return [each.config_id for each in page.contact_way], page.next_cursor


def update_contact_way(client: Client, config_id: str, body: dict[str, object]) -> None:
    changes = {name: value for name, value in body.items() if name not in {"type", "scene"}}
    client.post("externalcontact/update_contact_way", {"config_id": config_id, **changes}, door=Door.CONTACT)


def delete_contact_way(client: Client, config_id: str) -> None:
    client.post("externalcontact/del_contact_way", {"config_id": config_id}, door=Door.CONTACT)
