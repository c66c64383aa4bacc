"""Slack's way of writing people, channels and links into text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

_TOKEN = re.compile(r"<([^<>\n]+)>")
_DEEPEST = 12


def plain(text: str, name_of: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """The text as its readers saw it, and the ids of the people it addresses. `name_of` gives a name for a person's id."""
    mentioned: dict[str, None] = {}

    def shown(found: re.Match[str]) -> str:
        body, _, label = found.group(1).partition("|")
        if body.startswith("@"):
            mentioned[body[1:]] = None
            return f"@{label or name_of(body[1:])}"
        if body.startswith("#"):
            return f"#{label or body[1:]}"
        if body.startswith("!"):
            return label if label else f"@{body[1:]}"
        return f"{label} ({body})" if label and label not in body else body

    if "<" in text:
        text = _TOKEN.sub(shown, text)
    return (html.unescape(text) if "&" in text else text), tuple(mentioned)


def text_of(blocks: Any, attachments: Any) -> str:
    """The words of a message that has them only in its layout, in the markup of ordinary text."""
    return "".join(_words(blocks, 0)).strip() or "\n".join(_fallbacks(attachments))


def _words(part: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(part, list):
        for one in part:
            yield from _words(one, depth + 1)
    elif isinstance(part, dict):
        yield from _own_words(part)
        for key in ("elements", "fields", "text"):
            if isinstance(part.get(key), (list, dict)):
                yield from _words(part[key], depth + 1)
        if str(part.get("type", "")).startswith(("rich_text_", "section", "header")):
            yield "\n"


def _own_words(part: dict[str, Any]) -> Iterator[str]:
    match part:
        case {"type": "user", "user_id": str(person)}:
            yield f"<@{person}>"
        case {"type": "channel", "channel_id": str(channel)}:
            yield f"<#{channel}>"
        case {"type": "emoji", "name": str(name)}:
            yield f":{name}:"
        case {"type": "link", "url": str(url)}:
            yield f"<{url}|{part['text']}>" if isinstance(part.get("text"), str) else f"<{url}>"
        case {"text": str(text)}:
            yield text


def _fallbacks(attachments: Any) -> Iterator[str]:
    for one in attachments if isinstance(attachments, list) else ():
        if isinstance(one, dict):
            said = one.get("fallback") or one.get("text") or one.get("title")
            if isinstance(said, str) and said:
                yield said
