"""Mass messages: a task for colleagues, who must press send in their app; and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Door

GROUPS_AT_MOST = 2000
CUSTOMERS_AT_MOST = 10_000
ATTACHMENTS_AT_MOST = 9
TEXT_BYTES = 4000

NOT_YET, SENT, NO_CONTACT, HAD_ANOTHER = 0, 1, 2, 3
"""`Delivery.status`."""
TASK_SENT = 2
"""`Task.status` of somebody who has pressed send."""

_PAGE = 1000
_LISTED_PAGE = 100


class Made(Answer):
    msgid: str = ""
    fail_list: list[str] = []
    """Customers who cannot receive it."""


class Words(msgspec.Struct):
    content: str = ""


class Listed(msgspec.Struct):
    msgid: str = ""
    creator: str = ""
    """"" where an app made it."""
    create_time: int = 0
    create_type: int = 0
    text: Words = msgspec.field(default_factory=Words)
    attachments: list[dict[str, Any]] = []


class _List(Page):
    group_msg_list: list[Listed] = []


class Task(msgspec.Struct):
    """One colleague's part."""

    userid: str = ""
    status: int = 0
    send_time: int = 0


class _Tasks(Page):
    task_list: list[Task] = []


class Delivery(msgspec.Struct):
    """One customer or group."""

    external_userid: str = ""
    chat_id: str = ""
    userid: str = ""
    status: int = 0
    send_time: int = 0

    @property
    def whose(self) -> str:
        return self.chat_id or self.external_userid


class _Deliveries(Page):
    send_list: list[Delivery] = []


P = TypeVar("P", bound=Page)
R = TypeVar("R")


def to_groups(client: Client, owner: str, chat_ids: Sequence[str], message: dict[str, object]) -> Made:
    body = {"chat_type": "group", "sender": owner, "chat_id_list": list(chat_ids), **message}
    return client.post("externalcontact/add_msg_template", body, Made, door=Door.CONTACT)


def to_customers(client: Client, external_userids: Sequence[str], message: dict[str, object], *, sender: str = "") -> Made:
    """`sender` "": whoever of those who know them WeCom chooses."""
    body: dict[str, object] = {"chat_type": "single", "external_userid": list(external_userids), **message}
    body |= {"sender": sender} if sender else {}
    return client.post("externalcontact/add_msg_template", body, Made, door=Door.CONTACT)


def remind(client: Client, msgid: str) -> None:
    client.post("externalcontact/remind_groupmsg_send", {"msgid": msgid}, door=Door.CONTACT)


def cancel(client: Client, msgid: str) -> None:
    """Who has not pressed send cannot any more. What is out stays out."""
    client.post("externalcontact/cancel_groupmsg_send", {"msgid": msgid}, door=Door.CONTACT)


def listed(client: Client, chat_type: str, start: int, end: int) -> Iterator[Listed]:
    """Mass messages made in a time of one month at most."""
    body = {"chat_type": chat_type, "start_time": start, "end_time": end, "filter_type": 2, "limit": _LISTED_PAGE}
    yield from _pages(client, "get_groupmsg_list_v2", body, _List, lambda page: page.group_msg_list)


def tasks(client: Client, msgid: str) -> list[Task]:
    return list(_pages(client, "get_groupmsg_task", {"msgid": msgid, "limit": _PAGE}, _Tasks, lambda page: page.task_list))


def deliveries(client: Client, msgid: str, userid: str) -> list[Delivery]:
    """What became of a colleague's part. For groups only those it has been sent to are told."""
    body = {"msgid": msgid, "userid": userid, "limit": _PAGE}
    return list(_pages(client, "get_groupmsg_send_result", body, _Deliveries, lambda page: page.send_list))


def _pages(client: Client, call: str, body: dict[str, Any], into: type[P], rows: Callable[[P], list[R]]) -> Iterator[R]:
    cursor = ""
    while True:
        page = client.ask(f"externalcontact/{call}", body | ({"cursor": cursor} if cursor else {}), into, door=Door.CONTACT)
        yield from rows(page)
        if not (cursor := page.next_cursor):
            return
