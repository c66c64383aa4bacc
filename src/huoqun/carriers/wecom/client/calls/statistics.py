"""What WeCom counts by itself: of groups, and of what colleagues do with customers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Door

OWNERS_AT_ONCE = 100
_PAGE = 1000


class Figures(msgspec.Struct):
    new_chat_cnt: int = 0
    chat_total: int = 0
    chat_has_msg: int = 0
    new_member_cnt: int = 0
    member_total: int = 0
    member_has_msg: int = 0
    msg_total: int = 0
    migrate_trainee_chat_cnt: int = 0


class OfOwner(msgspec.Struct):
    owner: str = ""
    data: Figures = msgspec.field(default_factory=Figures)


class OfDay(msgspec.Struct):
    stat_time: int = 0
    data: Figures = msgspec.field(default_factory=Figures)


class _Owners(Answer):
    total: int = 0
    next_offset: int = 0
    items: list[OfOwner] = []


class _Days(Answer):
    items: list[OfDay] = []


class Behaviour(msgspec.Struct):
    stat_time: int = 0
    chat_cnt: int = 0
    message_cnt: int = 0
    reply_percentage: float | None = None
    avg_reply_time: int | None = None
    """Minutes."""
    negative_feedback_cnt: int = 0
    new_apply_cnt: int = 0
    new_contact_cnt: int = 0


class _Behaviours(Answer):
    behavior_data: list[Behaviour] = []


def by_owner(client: Client, start: int, end: int, owners: Sequence[str]) -> list[OfOwner]:
    """Of up to thirty days, the latest being yesterday, for up to `OWNERS_AT_ONCE` owners."""
    found: list[OfOwner] = []
    while True:
        body = _span(start, end, owners) | {"offset": len(found), "limit": _PAGE}
        page = client.ask("externalcontact/groupchat/statistic", body, _Owners, door=Door.CONTACT)
        found += page.items
        if not page.items or len(found) >= page.total:
            return found


def by_day(client: Client, start: int, end: int, owners: Sequence[str]) -> list[OfDay]:
    """Of those owners' groups together."""
    body = _span(start, end, owners)
    return client.ask("externalcontact/groupchat/statistic_group_by_day", body, _Days, door=Door.CONTACT).items


def behaviour(client: Client, userids: Sequence[str], start: int, end: int) -> list[Behaviour]:
    """Of up to a hundred colleagues together, a row a day."""
    body = {"userid": list(userids), "start_time": start, "end_time": end}
    return client.ask("externalcontact/get_user_behavior_data", body, _Behaviours, door=Door.CONTACT).behavior_data


def _span(start: int, end: int, owners: Sequence[str]) -> dict[str, object]:
    return {"day_begin_time": start, "day_end_time": end, "owner_filter": {"userid_list": list(owners)}}
