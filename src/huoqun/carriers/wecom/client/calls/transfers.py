"""Customers change hands: while both colleagues are there, or after one has left."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Door

AT_ONCE = 100
WORDS_AT_MOST = 200

DONE, WAITING, REFUSED, FULL, NO_RECORD = 1, 2, 3, 4, 5
"""`Status.status`."""


class Begun(msgspec.Struct):
    external_userid: str = ""
    errcode: int = 0


class _Begun(Answer):
    customer: list[Begun] = []


class Status(msgspec.Struct):
    external_userid: str = ""
    status: int = 0
    takeover_time: int = 0


class _Statuses(Page):
    customer: list[Status] = []


class Unassigned(msgspec.Struct):
    handover_userid: str = ""
    external_userid: str = ""
    dimission_time: int = 0


class UnassignedPage(Page):
    info: list[Unassigned] = []
    is_last: bool = True


def begin(client: Client, frm: str, to: str, people: Sequence[str], *, resigned: bool, words: str = "") -> list[Begun]:
    """Up to `AT_ONCE` customers; 0 in the answer: begun. `words` are told to them, where both are still there."""
    body: dict[str, object] = {"handover_userid": frm, "takeover_userid": to, "external_userid": list(people)}
    if resigned:
        return client.post("externalcontact/resigned/transfer_customer", body, _Begun, door=Door.CONTACT).customer
    body |= {"transfer_success_msg": words[:WORDS_AT_MOST]} if words else {}
    return client.post("externalcontact/transfer_customer", body, _Begun, door=Door.CONTACT).customer


def statuses(client: Client, frm: str, to: str, *, resigned: bool) -> dict[str, list[Status]]:
    """Of every customer handed from one to the other, by their ids: somebody may have been handed over more than once."""
    path = f"externalcontact/{'resigned/' if resigned else ''}transfer_result"
    found: dict[str, list[Status]] = {}
    cursor = ""
    while True:
        body = {"handover_userid": frm, "takeover_userid": to, "cursor": cursor}
        page = client.ask(path, body, _Statuses, door=Door.CONTACT)
        for each in page.customer:
            found.setdefault(each.external_userid, []).append(each)
        if not (cursor := page.next_cursor):
            return found


def unassigned(client: Client, cursor: str = "") -> UnassignedPage:
    """Customers of colleagues who have left, whom nobody has yet."""
    body: dict[str, object] = {"page_size": 1000} | ({"cursor": cursor} if cursor else {})
    return client.ask("externalcontact/get_unassigned_list", body, UnassignedPage, door=Door.CONTACT)
