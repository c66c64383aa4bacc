"""Who holds an archive licence, and which customers agreed to be archived."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Door

AGREED, REFUSED, BY_DEFAULT = "Agree", "Disagree", "Default_Agree"


class Agreement(msgspec.Struct):
    status_change_time: int = 0
    person: str = msgspec.field(name="exteranalopenid", default="")
    """The odd spelling is theirs."""
    agree_status: str = ""


class AgreeAnswer(Answer):
    agreeinfo: list[Agreement] = []


class _Permitted(Answer):
    ids: list[str] = []


def licensed(client: Client) -> list[str]:
    """Userids of all who hold a licence, of whichever edition."""
    return client.ask("msgaudit/get_permit_user_list", {}, _Permitted, door=Door.ARCHIVE).ids


def agreements(
    client: Client, chat_ids: Sequence[str], *, at_once: int = 8
) -> list[AgreeAnswer | WeComError | Unreachable | CutOff]:
    """What the customers of each group answered, in the order of the groups."""
    bodies = [{"roomid": chat_id} for chat_id in chat_ids]
    return client.ask_many("msgaudit/check_room_agree", bodies, AgreeAnswer, door=Door.ARCHIVE, at_once=at_once)
