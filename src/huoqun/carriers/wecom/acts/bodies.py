"""What people will read, as WeCom wants it: a text, and attachments behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from huoqun.carriers.base import gettext_noop
from huoqun.carriers.wecom.acts import pictures
from huoqun.carriers.wecom.acts.desk import Answered, Desk
from huoqun.carriers.wecom.client.calls import mass_send
from huoqun.vocabulary.actions import Body, Link
from huoqun.vocabulary.outcomes import Refused

TITLE_BYTES, DESCRIPTION_BYTES = 128, 512

EMPTY = gettext_noop("There is nothing to send: no text, no picture, no link.")
TOO_LONG = gettext_noop("The text is too long for WeCom. Shorten it, or send it in two parts.")
TOO_MANY = gettext_noop("WeCom takes nine pictures and links in one message. Take some out.")


def message(desk: Desk, body: Body, *, most: int = mass_send.TEXT_BYTES) -> dict[str, object]:
    """Its pictures are there when this returns. Raises Answered for what WeCom would not take."""
    check(body, most)
    attached = [{"msgtype": "image", "image": {"media_id": pictures.for_message(desk, each)}} for each in body.pictures]
    if body.link:
        attached.append({"msgtype": "link", "link": link(desk, body.link)})
    told: dict[str, object] = {"text": {"content": body.text}} if body.text else {}
    return told | ({"attachments": attached} if attached else {})


def check(body: Body, most: int) -> None:
    if not (body.text.strip() or body.pictures or body.link):
        raise Answered(Refused(reason=EMPTY))
    if len(body.text.encode()) > most:
        raise Answered(Refused(reason=TOO_LONG))
    if len(body.pictures) + bool(body.link) > mass_send.ATTACHMENTS_AT_MOST:
        raise Answered(Refused(reason=TOO_MANY))


def link(desk: Desk, shown: Link) -> dict[str, str]:
    told = {"title": cut(shown.title or shown.url, TITLE_BYTES), "url": shown.url}
    told |= {"desc": cut(shown.description, DESCRIPTION_BYTES)} if shown.description else {}
    return told | ({"picurl": pictures.address(desk, shown.picture)} if shown.picture else {})


def cut(text: str, most: int) -> str:
    """At most so many bytes, without half a letter at the end. For headings only: what is cut is missing."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - 3].decode(errors="ignore") + "…"


def digest_of(body: Body) -> str:
    """Of what can be recognised when WeCom lists it again: the words, the links, how many pictures."""
    attached = [("image", "")] * len(body.pictures) + ([("link", body.link.url)] if body.link else [])
    return _digest(body.text, attached)


def digest_of_listed(text: str, attachments: Iterable[Mapping[str, Any]]) -> str:
    kinds = [str(each.get("msgtype", "")) for each in attachments]
    urls = [str((each.get("link") or {}).get("url", "")) for each in attachments]
    return _digest(text, list(zip(kinds, urls, strict=True)))


def _digest(text: str, attached: list[tuple[str, str]]) -> str:
    plain = json.dumps([text.strip(), sorted(attached)], ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
