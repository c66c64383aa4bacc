"""Pictures, links, mini-programs, videos and files that go with a text: the same rules wherever they go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .archive.store import Archive
from .errors import Refusal
from .media_shelf import MediaShelf
from .request import BAD

if TYPE_CHECKING:
    from .company import Company

KINDS = ("image", "link", "miniprogram", "file", "video")
"""In the order in which one wins where only one is allowed (before video, file: as the reference says for group welcomes)."""

TOO_LONG = 45002
EMPTY = 40063
MOST = 9

_MEDIA_OF = {"image": "media_id", "video": "media_id", "file": "media_id", "miniprogram": "pic_media_id"}
_NEEDED = {"link": ("title", "url"), "miniprogram": ("title", "pic_media_id", "appid", "page")}
_LONGEST = {("link", "title"): 128, ("link", "desc"): 512, ("miniprogram", "title"): 64}


def text_of(fields: Mapping[str, Any], most: int) -> str:
    """`text.content`, "" where there is none. Raises Refusal 45002 beyond so many bytes."""
    text = fields.get("text")
    if text is None:
        return ""
    content = text.get("content", "") if isinstance(text, dict) else None
    if not isinstance(content, str):
        raise Refusal(BAD)
    if len(content.encode()) > most:
        raise Refusal(TOO_LONG)
    return content


def attachments_of(
    company: Company, fields: Mapping[str, Any], *, most: int = MOST, kinds: Collection[str] = KINDS, purpose: int = 0
) -> list[dict[str, Any]]:
    """The list as it came, each entry found in order. Raises Refusal 41064, 41065, 41072, 40063, 45002, 40007."""
    given = fields.get("attachments")
    if given is None:
        return []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise Refusal(BAD)
    if len(given) > most:
        raise Refusal(41064)
    return [_one(company, entry, kinds, purpose) for entry in given]


def _one(company: Company, entry: Any, kinds: Collection[str], purpose: int) -> dict[str, Any]:
    kind = entry.get("msgtype") if isinstance(entry, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        raise Refusal(41065)
    body = checked(company, kind, entry.get(kind), purpose=purpose)
    return {"msgtype": kind, kind: body}


def checked(company: Company, kind: str, body: Any, *, purpose: int = 0) -> dict[str, Any]:
    """What stands under the kind's name."""
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise Refusal(EMPTY if body is None else BAD)
    for name in _NEEDED.get(kind, ()):
        if not body.get(name):
            raise Refusal(EMPTY)
    for (of, name), most in _LONGEST.items():
        if of == kind and len(body.get(name, "").encode()) > most:
            raise Refusal(TOO_LONG)
    _check_media(company, kind, body, purpose)
    return body


def _check_media(company: Company, kind: str, body: Mapping[str, str], purpose: int) -> None:
    name = _MEDIA_OF.get(kind)
    if name is None or (kind == "image" and not body.get(name) and body.get("pic_url")):
        return
    media = company.part(MediaShelf).get(body.get(name, "") or "")
    if media.purpose not in (0, purpose):
        raise Refusal(41072)


def words_for(company: Company, text: str, attachments: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """What people read, as kinds and bodies of the archive: the text first, each attachment a message of its own."""
    said: list[tuple[str, dict[str, Any]]] = [("text", {"content": text})] if text else []
    said += [_word(company, entry["msgtype"], entry[entry["msgtype"]]) for entry in attachments]
    return said


def _word(company: Company, kind: str, body: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    if kind == "link":
        links = {"link_url": body.get("url", ""), "image_url": body.get("picurl", "")}
        return "link", {"title": body.get("title", ""), "description": body.get("desc", "")} | links
    if kind == "miniprogram":
        title = body.get("title", "")
        return "weapp", {"title": title, "description": title, "username": body.get("appid", ""), "displayname": title}
    return _file_word(company, kind, body.get("media_id", ""))


def _file_word(company: Company, kind: str, media_id: str) -> tuple[str, dict[str, Any]]:
    media = company.part(MediaShelf).ever(media_id)
    file = company.part(Archive).keep_file(media.content if media else b"")
    body: dict[str, Any] = {"md5sum": file.md5sum, "filesize": len(file.content), "sdkfileid": file.sdkfileid}
    if kind == "file":
        name = media.filename if media else ""
        body |= {"filename": name, "fileext": name.rpartition(".")[2]}
    if kind == "video":
        body |= {"play_length": 1}
    return kind, body
