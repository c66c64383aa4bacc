"""Customers, and which colleague knows whom."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.errors import NO_RELATION, WeComError
from huoqun.carriers.wecom.models import Door

PAGE = 100
OF_AT_ONCE = 100
"""Colleagues whose customers are asked for in one call."""


class Tag(msgspec.Struct):
    group_name: str = ""
    tag_name: str = ""
    tag_id: str = ""
    """"" for a personal one."""
    type: int = 1
    """1 the company's, 2 personal, 3 of a strategy."""


class Follow(msgspec.Struct):
    """How one colleague knows the customer."""

    userid: str = ""
    remark: str = ""
    description: str = ""
    createtime: int = 0
    tags: list[Tag] = []
    """Told when one customer is asked for ..."""
    tag_id: list[str] = []
    """... and when many are: the company's tags only."""
    remark_corp_name: str = ""
    remark_mobiles: list[str] = []
    oper_userid: str = ""
    add_way: int = 0
    state: str = ""


class External(msgspec.Struct):
    external_userid: str = ""
    name: str = ""
    type: int = 1
    """1 of WeChat, 2 of another company's WeCom."""
    gender: int = 0
    avatar: str = ""
    unionid: str = ""
    position: str = ""
    corp_name: str = ""
    corp_full_name: str = ""


class Customer(Page):
    external_contact: External = msgspec.field(default_factory=External)
    follow_user: list[Follow] = []


class Known(msgspec.Struct):
    external_contact: External = msgspec.field(default_factory=External)
    follow_info: Follow = msgspec.field(default_factory=Follow)


class KnownPage(Page):
    external_contact_list: list[Known] = []


class _Ids(Answer):
    external_userid: list[str] = []


def of_colleague(client: Client, userid: str) -> list[str]:
    """Ids of the customers somebody has."""
    try:
        return client.get("externalcontact/list", _Ids, door=Door.CONTACT, userid=userid).external_userid
    except WeComError as error:
        if error.code == NO_RELATION:
            return []
        raise


def get(client: Client, external_userid: str) -> Customer:
    """With everybody who knows them; more than 500 come in pages, which are put together here."""
    customer = _page(client, external_userid, "")
    while customer.next_cursor:
        more = _page(client, external_userid, customer.next_cursor)
        customer.follow_user.extend(more.follow_user)
        customer.next_cursor = more.next_cursor
    return customer


def get_many(client: Client, external_userids: Sequence[str]) -> list[Customer | WeComError | Unreachable | CutOff]:
    """The first 500 who know each."""
    queries = [{"external_userid": each} for each in external_userids]
    return client.get_many("externalcontact/get", queries, Customer, door=Door.CONTACT)


def page_of(client: Client, userids: Sequence[str], cursor: str = "", *, limit: int = PAGE) -> KnownPage:
    """Customers of up to `OF_AT_ONCE` colleagues: one row for each pair."""
    body = {"userid_list": list(userids), "cursor": cursor, "limit": limit}
    return client.ask("externalcontact/batch/get_by_user", body, KnownPage, door=Door.CONTACT)


def remark(client: Client, userid: str, external_userid: str, **changes: str | list[str]) -> None:
    """remark, description, remark_company, remark_mobiles, remark_pic_mediaid: what is not named stays as it is."""
    body = {"userid": userid, "external_userid": external_userid, **changes}
    client.post("externalcontact/remark", body, door=Door.CONTACT)


def _page(client: Client, external_userid: str, cursor: str) -> Customer:
    query = {"external_userid": external_userid} | ({"cursor": cursor} if cursor else {})
    return client.get("externalcontact/get", Customer, door=Door.CONTACT, **query)
