"""What an app may send to staff: each kind's fields, cut or refused as the real interface does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .errors import Refusal
from .inboxes import ANSWERABLE
from .media_shelf import MediaShelf
from .request import BAD

if TYPE_CHECKING:
    from .company import Company

Body = dict[str, Any]
CARD_TYPES = {"text_notice", "news_notice", *ANSWERABLE}
BAD_CARD = 42027
MOST_ARTICLES = 8
MOST_BUTTONS = 6


def cut(text: str, most: int) -> str:
    """At most so many bytes, no character halved."""
    return text.encode()[:most].decode(errors="ignore")


def _text(body: Body, name: str, *, missing: int = 40063) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(missing if value in (None, "") else BAD)
    return value


def _written(company: Company, body: Body) -> Body:
    return body | {"content": cut(_text(body, "content", missing=44004), 2048)}


def _with_media(company: Company, body: Body) -> Body:
    company.part(MediaShelf).get(_text(body, "media_id", missing=41006))
    return body


def _text_card(company: Company, body: Body) -> Body:
    title, description = _text(body, "title"), _text(body, "description")
    _text(body, "url")
    return body | {"title": cut(title, 128), "description": cut(description, 512)}


def _articles(body: Body, needed: tuple[str, ...]) -> list[Mapping[str, Any]]:
    articles = body.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refusal(40063)
    if len(articles) > MOST_ARTICLES:
        raise Refusal(45008)
    for article in articles:
        if not isinstance(article, dict):
            raise Refusal(BAD)
        for name in needed:
            _text(article, name)
    return articles


def _news(company: Company, body: Body) -> Body:
    if any(not article.get("url") and not article.get("appid") for article in _articles(body, ("title",))):
        raise Refusal(40063)
    return body


def _own_news(company: Company, body: Body) -> Body:
    for article in _articles(body, ("title", "thumb_media_id", "content")):
        company.part(MediaShelf).get(article["thumb_media_id"])
    return body


def _program_notice(company: Company, body: Body) -> Body:
    for name in ("appid", "title"):
        _text(body, name)
    return body


def _card(company: Company, body: Body) -> Body:
    kind = _text(body, "card_type", missing=BAD_CARD)
    if kind not in CARD_TYPES:
        raise Refusal(BAD_CARD, "card_type is invalid")
    if not isinstance(body.get("main_title", {}), dict):
        raise Refusal(BAD_CARD, "main_title is invalid")
    if kind in ANSWERABLE:
        _text(body, "task_id", missing=BAD_CARD)
        _buttons(kind, body)
    elif not isinstance(body.get("card_action"), dict):
        raise Refusal(BAD_CARD, "card_action is missing")
    return body


def _buttons(kind: str, body: Body) -> None:
    if kind != "button_interaction":
        name = "submit_button"
        if not isinstance(body.get(name), dict):
            raise Refusal(BAD_CARD, f"{name} is missing")
        return
    buttons = body.get("button_list")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_BUTTONS:
        raise Refusal(BAD_CARD, "button_list is invalid")
    for button in buttons:
        if not isinstance(button, dict) or not button.get("text") or not (button.get("key") or button.get("url")):
            raise Refusal(BAD_CARD, "a button needs text and key")


READERS: dict[str, Callable[[Company, Body], Body]] = {
    "text": _written,
    "markdown": _written,
    "image": _with_media,
    "voice": _with_media,
    "file": _with_media,
    "video": _with_media,
    "textcard": _text_card,
    "news": _news,
    "mpnews": _own_news,
    "miniprogram_notice": _program_notice,
    "template_card": _card,
}


def read_body(company: Company, kind: str, body: Any) -> Body:
    """Raises Refusal."""
    reader = READERS.get(kind)
    if reader is None:
        raise Refusal(40008)
    if not isinstance(body, dict):
        raise Refusal(40063 if body is None else BAD)
    return reader(company, body)
