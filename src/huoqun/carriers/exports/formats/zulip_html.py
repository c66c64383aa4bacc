"""What a Zulip message says, out of the HTML it was shown with."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from huoqun.vocabulary.events import MessageKind

_ANSWER = re.compile(
    r'<span class="user-mention[^"]*silent[^"]*"[^>]*>@?(?P<who>[^<]+)</span>\s*'
    r'<a [^>]*href="[^"]*/(?:near|with)/(?P<id>[0-9]+)"[^>]*>[^<]*</a>:?'
)
_MENTION = re.compile(r'<span class="user-mention(?P<silent>[^"]*)"(?P<more>[^>]*)>@?(?P<who>[^<]+)</span>')
_EVERYBODY = frozenset({"all", "everyone", "channel", "stream", "topic"})
_QUOTE = re.compile(r"<blockquote>(?:(?!</?blockquote>).)*</blockquote>", re.DOTALL)
_PREVIEW = re.compile(r'<div class="message_(?:inline_image|embed)[^"]*">.*?</div>', re.DOTALL)
_UPLOAD = re.compile(r'(?:<p>)?\s*<a [^>]*href="(?P<href>[^"]*/user_uploads/[^"]*)"[^>]*>[^<]*</a>\s*(?:</p>)?\s*')
_BREAK = re.compile(r"<br ?/?>\n?|</p>\n?|</li>\n?|</h[1-6]>\n?")
_TAG = re.compile(r"<[^>]*>")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|heic|bmp|svg)$", re.IGNORECASE)


class Understood(NamedTuple):
    text: str
    kind: MessageKind
    mentioned: tuple[str, ...]
    """Names of the people addressed."""
    answers: str | None
    """Id of the message quoted and answered."""
    answered: str
    """Name of its author; "" where nothing is quoted."""


def understood(content: str) -> Understood:
    answer = _ANSWER.search(content)
    own = _without_quotes(content) if answer else content
    text = _text(own)
    return Understood(
        text=text,
        kind=_kind(own, text),
        mentioned=tuple(dict.fromkeys(_mentioned(own))),
        answers=answer["id"] if answer else None,
        answered=html.unescape(answer["who"]) if answer else "",
    )


def _without_quotes(content: str) -> str:
    """The words of the one who answers: those of the one quoted count as said where they were said first."""
    before = ""
    while before != content:
        before, content = content, _QUOTE.sub("", content)
    return _ANSWER.sub("", content)


def _mentioned(content: str) -> list[str]:
    """A silent mention names somebody without calling him."""
    return [
        html.unescape(found["who"])
        for found in _MENTION.finditer(content)
        if "silent" not in found["silent"] and found["who"] not in _EVERYBODY
    ]


def _text(content: str) -> str:
    if "<" in content:
        content = _TAG.sub("", _BREAK.sub("\n", _PREVIEW.sub("", content)))
    return html.unescape(content).strip()


def _kind(content: str, text: str) -> MessageKind:
    upload = _UPLOAD.fullmatch(_PREVIEW.sub("", content).strip())
    if upload:
        return MessageKind.IMAGE if _PICTURE.search(upload["href"]) else MessageKind.FILE
    if not text:
        return MessageKind.IMAGE if "<img" in content else MessageKind.OTHER
    return MessageKind.TEXT
