"""Who works in the company. New apps are not told more of a colleague than id and departments; names only where allowed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Door

PAGE = 1000
ROOT = 1


class Department(msgspec.Struct):
    id: int = 0
    name: str = ""
    parentid: int = 0
    order: int = 0


class Colleague(Answer):
    userid: str = ""
    name: str = ""
    department: list[int] = []
    status: int = 1
    """1 active, 2 disabled, 4 not activated, 5 left."""
    alias: str = ""
    position: str = ""
    main_department: int = 0
    is_leader_in_dept: list[int] = []


class InDepartment(msgspec.Struct):
    userid: str = ""
    department: int = 0


class _Departments(Answer):
    department: list[Department] = []


class _Colleagues(Answer):
    userlist: list[Colleague] = []


class _Ids(Page):
    dept_user: list[InDepartment] = []


class _Following(Answer):
    follow_user: list[str] = []


class _Addresses(Answer):
    ip_list: list[str] = []


def departments(client: Client) -> list[Department]:
    return client.get("department/list", _Departments).department


def colleague(client: Client, userid: str) -> Colleague:
    return client.get("user/get", Colleague, userid=userid)


def simple_list(client: Client, department_id: int = ROOT, *, children: bool = True) -> list[Colleague]:
    """Ids, names, departments."""
    return client.get("user/simplelist", _Colleagues, department_id=department_id, fetch_child=int(children)).userlist


def full_list(client: Client, department_id: int = ROOT, *, children: bool = True) -> list[Colleague]:
    return client.get("user/list", _Colleagues, department_id=department_id, fetch_child=int(children)).userlist


def ids(client: Client) -> Iterator[InDepartment]:
    """Everybody, also where names are not told; somebody in two departments twice."""
    cursor = ""
    while True:
        page = client.ask("user/list_id", {"cursor": cursor, "limit": PAGE}, _Ids)
        yield from page.dept_user
        if not (cursor := page.next_cursor):
            return


def following(client: Client) -> list[str]:
    """Ids of the colleagues who may have customers and customer groups."""
    return client.get("externalcontact/get_follow_user_list", _Following, door=Door.CONTACT).follow_user


def callback_addresses(client: Client) -> list[str]:
    """Where callbacks come from."""
    return client.get("getcallbackip", _Addresses).ip_list


def api_addresses(client: Client) -> list[str]:
    return client.get("get_api_domain_ip", _Addresses).ip_list
