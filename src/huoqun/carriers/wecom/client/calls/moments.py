"""Moments: a task for colleagues to publish something among their customers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Door

DONE = 3
"""`Progress.status`."""
PUBLISHED = 1
TEXT_AT_MOST = 2000


class _Job(Answer):
    jobid: str = ""


class Result(msgspec.Struct):
    errcode: int = 0
    errmsg: str = ""
    moment_id: str = ""


class Progress(Answer):
    status: int = 0
    result: Result = msgspec.field(default_factory=Result)


class Task(msgspec.Struct):
    userid: str = ""
    publish_status: int = 0


class _Tasks(Page):
    task_list: list[Task] = []


class _Customer(msgspec.Struct):
    external_userid: str = ""


class _Customers(Page):
    customer_list: list[_Customer] = []


def add(client: Client, message: dict[str, object], *, staff: Sequence[str] = (), tags: Sequence[str] = ()) -> str:
    """The job which makes the moment; `tags` by their ids: only customers who have one of them see it."""
    seen_by: dict[str, object] = {}
    if staff:
        seen_by["sender_list"] = {"user_list": list(staff)}
    if tags:
        seen_by["external_contact_list"] = {"tag_list": list(tags)}
    body = message | ({"visible_range": seen_by} if seen_by else {})
    return client.post("externalcontact/add_moment_task", body, _Job, door=Door.CONTACT).jobid


def progress(client: Client, jobid: str) -> Progress:
    return client.get("externalcontact/get_moment_task_result", Progress, door=Door.CONTACT, jobid=jobid)


def cancel(client: Client, moment_id: str) -> None:
    client.post("externalcontact/cancel_moment_task", {"moment_id": moment_id}, door=Door.CONTACT)


def tasks(client: Client, moment_id: str) -> list[Task]:
    """Who has been asked to publish it, and who has."""
    found: list[Task] = []
    cursor = ""
    while True:
        body = {"moment_id": moment_id, "cursor": cursor, "limit": 500}
        page = client.ask("externalcontact/get_moment_task", body, _Tasks, door=Door.CONTACT)
        found += page.task_list
        if not (cursor := page.next_cursor):
            return found


def seen_by(client: Client, moment_id: str, userid: str) -> int:
    """How many customers of a colleague it was shown to."""
    count, cursor = 0, ""
    while True:
        body = {"moment_id": moment_id, "userid": userid, "cursor": cursor, "limit": 1000}
        page = client.ask("externalcontact/get_moment_send_result", body, _Customers, door=Door.CONTACT)
        count += len(page.customer_list)
        if not (cursor := page.next_cursor):
            return count
