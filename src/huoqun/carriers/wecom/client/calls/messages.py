"""Messages of the app to colleagues. They reach them freely, unlike messages to customers."""

from __future__ import annotations

from collections.abc import Sequence

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.errors import WeComError

TEXT_BYTES = 2048
CARD_TITLE_BYTES = 128
CARD_WORDS_BYTES = 512


class Sent(Answer):
    msgid: str = ""
    response_code: str = ""
    """For changing the card: once, within three days."""
    invaliduser: str = ""
    unlicenseduser: str = ""


def send(client: Client, body: dict[str, object]) -> Sent:
    return client.post("message/send", body, Sent)


def send_many(client: Client, bodies: Sequence[dict[str, object]]) -> list[Sent | WeComError | Unreachable | CutOff]:
    return client.post_many("message/send", bodies, Sent)


def closing(agentid: int, code: str, words: str, *, userids: Sequence[str] = ()) -> dict[str, object]:
    """The buttons of a card give way to words. `code` came with the answer to it, or with its sending: it is good once."""
    body: dict[str, object] = {"agentid": agentid, "response_code": code, "button": {"replace_name": words}}
    return body | ({"userids": list(userids)} if userids else {"atall": 1})


def close_cards(client: Client, bodies: Sequence[dict[str, object]]) -> list[Answer | WeComError | Unreachable | CutOff]:
    return client.post_many("message/update_template_card", bodies, Answer)


def recall(client: Client, msgid: str) -> None:
    """Within a day."""
    client.post("message/recall", {"msgid": msgid})
