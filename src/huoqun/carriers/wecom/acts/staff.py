"""Messages to colleagues, from the app: they reach them freely."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.carriers.base import Asked, CutOff, Unreachable, gettext_noop
from huoqun.carriers.wecom.acts import bodies, pictures
from huoqun.carriers.wecom.acts.desk import Answered, Desk
from huoqun.carriers.wecom.acts.welcomes import NO_APP
from huoqun.carriers.wecom.client.calls import messages
from huoqun.carriers.wecom.errors import WeComError
from huoqun.vocabulary.actions import Body, Link, MessageStaff
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, Unknown

NOBODY = gettext_noop("WeCom knows no colleague of this id, or they do not see the app. Widen the app's visible range.")
IN_PART = gettext_noop("Only a part of the message was sent.")
LONGEST = 65536
"""Bytes of a text: it goes in several messages, but not in hundreds."""


def message_staff(desk: Desk, asked: Asked) -> Outcome:
    """One message, or several where WeCom has no kind that holds everything. Raises CutOff where one may have been sent."""
    action = asked.action
    if not isinstance(action, MessageStaff):
        raise TypeError(f"{type(action).__name__} is not for a colleague")
    if desk.corp.agentid is None:
        raise Answered(Refused(reason=NO_APP, for_good=False))
    bodies.check(action.body, LONGEST)
    head = {"touser": action.staff_id, "agentid": desk.corp.agentid}
    parts = [head | part for part in _parts(desk, action)]
    first = _sent(desk, parts[0])
    try:
        for part in parts[1:]:
            _sent(desk, part)
    except (WeComError, Answered, Unreachable, CutOff):
        return Unknown(reason=IN_PART)
    return Sent(message_id=first.msgid, reached=1)


def _sent(desk: Desk, body: dict[str, object]) -> messages.Sent:
    sent = messages.send(desk.client, body)
    if sent.invaliduser or sent.unlicenseduser:
        raise Answered(Refused(reason=NOBODY))
    return sent


def _parts(desk: Desk, action: MessageStaff) -> list[dict[str, object]]:
    shown: list[dict[str, object]] = [
        {"msgtype": "image", "image": {"media_id": pictures.for_message(desk, each)}} for each in action.body.pictures
    ]
    return [*_words(action), *shown]


def _words(action: MessageStaff) -> Iterator[dict[str, object]]:
    body = action.body
    if action.choices:
        yield {"msgtype": "template_card", "template_card": _card(action)}
    elif body.link and len(body.text.encode()) <= messages.CARD_WORDS_BYTES:
        yield {"msgtype": "textcard", "textcard": _text_card(body.text, body.link)}
    else:
        for part in split("\n".join(_lines(body)), messages.TEXT_BYTES):
            yield {"msgtype": "text", "text": {"content": part}}


def _lines(body: Body) -> list[str]:
    link = [body.link.title, body.link.url] if body.link else []
    return [line for line in [body.text, *link] if line]


def _text_card(text: str, link: Link) -> dict[str, str]:
    title = bodies.cut(link.title or link.url, messages.CARD_TITLE_BYTES)
    return {"title": title, "description": text or link.description or title, "url": link.url}


def _card(action: MessageStaff) -> dict[str, object]:
    """Its answer comes back as a callback, with the task and the button's key."""
    link = action.body.link
    card: dict[str, object] = {
        "card_type": "button_interaction",
        "task_id": action.task,
        "main_title": {"title": link.title if link and link.title else action.body.text[:26]},
        "sub_title_text": action.body.text,
        "button_list": [
            {"text": choice.title, "style": 1 if place == 0 else 2, "key": choice.key}
            for place, choice in enumerate(action.choices)
        ],
    }
    return card | ({"card_action": {"type": 1, "url": link.url}} if link else {})


def split(text: str, most: int) -> list[str]:
    """In parts of at most so many bytes, at ends of lines where there are some; nothing is lost but those ends."""
    parts: list[str] = []
    while len(text.encode()) > most:
        head = text.encode()[:most].decode(errors="ignore")
        end = head.rfind("\n")
        cut = end if end > 0 else len(head)
        parts.append(text[:cut])
        text = text[cut:].removeprefix("\n")
    return [*parts, text] if text else parts
