"""The first words to a new customer, and the words WeCom keeps for new members of groups."""

from __future__ import annotations

from collections.abc import Sequence

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Door

GROUP_TEXT_BYTES = 3000


class _Template(Answer):
    template_id: str = ""


def send_many(client: Client, bodies: Sequence[dict[str, object]]) -> list[Answer | WeComError | Unreachable | CutOff]:
    """Each with its welcome_code, good for twenty seconds and for one."""
    return client.post_many("externalcontact/send_welcome_msg", bodies, Answer, door=Door.CONTACT)


def add_template(client: Client, message: dict[str, object], *, tells_owners: bool, agentid: int | None) -> str:
    """Material only: a colleague chooses it for a group in their app."""
    body = message | {"notify": int(tells_owners)} | ({"agentid": agentid} if agentid else {})
    return client.post("externalcontact/group_welcome_template/add", body, _Template, door=Door.CONTACT).template_id


def delete_template(client: Client, template_id: str) -> None:
    client.post("externalcontact/group_welcome_template/del", {"template_id": template_id}, door=Door.CONTACT)
