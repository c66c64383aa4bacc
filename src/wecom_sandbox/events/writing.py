"""Writing an event down: the plain text inside, the sealed envelope around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wecom_sandbox.crypto import Lock
from wecom_sandbox.events.style import Style
from wecom_sandbox.news import Event

_CHILDREN = {"MemChangeList": "Item", "ExtAttr": "Item", "SelectedItems": "SelectedItem", "OptionIds": "OptionId"}

_WERE_JOINED = {"MemChangeList"}


@dataclass(frozen=True, slots=True)
class Message(Event):
    """What a member of staff wrote to an app: told like an event, with its own MsgType and no Event."""

    kind: str = "text"


def cdata(text: str) -> str:
    """Text as CDATA; "]]>" inside is cut in two, as the standard wants."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def fields_of(event: Event, corpid: str) -> dict[str, Any]:
    """Head and body, in the order the platform writes them."""
    kind = event.kind if isinstance(event, Message) else "event"
    fields: dict[str, Any] = {"ToUserName": corpid, "FromUserName": event.by, "CreateTime": event.at, "MsgType": kind}
    if event.name:
        fields["Event"] = event.name
    if event.change:
        fields["ChangeType"] = event.change
    fields.update(event.fields)
    if event.agentid is not None:
        fields["AgentID"] = event.agentid
    return fields


def _joined(name: str, value: Any, style: Style) -> Any:
    """Older receivers saw some lists as one text."""
    return ",".join(value) if style.lists == "joined" and name in _WERE_JOINED and isinstance(value, list) else value


def _element(name: str, value: Any, style: Style) -> str:
    return f"<{name}>{_inner(name, _joined(name, value, style), style)}</{name}>"


def _inner(name: str, value: Any, style: Style) -> str:
    if isinstance(value, Mapping):
        return _elements(value, style)
    if isinstance(value, list | tuple):
        return _children(_CHILDREN.get(name, "Item"), value, style)
    return cdata(value) if isinstance(value, str) else str(value)


def _children(tag: str, values: Iterable[Any], style: Style) -> str:
    return "".join(_element(tag, value, style) for value in values)


def _elements(fields: Mapping[str, Any], style: Style) -> str:
    return "".join(_element(name, value, style) for name, value in fields.items())


def _as_json(name: str, value: Any, style: Style) -> Any:
    value = _joined(name, value, style)
    if isinstance(value, Mapping):
        return {key: _as_json(key, inner, style) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        tag = _CHILDREN.get(name, "Item")
        return {tag: [_as_json(tag, inner, style) for inner in value]}
    return value


def plain_text(event: Event, corpid: str, style: Style) -> str:
    """What is inside once opened."""
    fields = fields_of(event, corpid)
    if style.shape == "json":
        return json.dumps(_as_json("", fields, style), ensure_ascii=False)
    return f"<xml>{_elements(fields, style)}</xml>"


def envelope(encrypt: str, *, corpid: str, agent_id: str, style: Style) -> bytes:
    """The body of the POST: whom it is for and the sealed text."""
    shown = {"always": agent_id, "empty": "", "missing": None}[style.agent_id]
    if style.shape == "json":
        body = {"tousername": corpid, "encrypt": encrypt} | ({} if shown is None else {"agentid": shown})
        return json.dumps(body).encode()
    agent = "" if shown is None else f"<AgentID>{cdata(shown)}</AgentID>"
    return f"<xml><ToUserName>{cdata(corpid)}</ToUserName>{agent}<Encrypt>{cdata(encrypt)}</Encrypt></xml>".encode()


def sealed_body(text: str, *, lock: Lock, agent_id: str, style: Style) -> tuple[bytes, str]:
    """The body to post and the sealed text its signature covers."""
    encrypt = lock.encrypt(text)
    return envelope(encrypt, corpid=lock.receive_id, agent_id=agent_id, style=style), encrypt
