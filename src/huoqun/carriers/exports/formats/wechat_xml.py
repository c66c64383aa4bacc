"""The XML inside a WeChat message: titles of what was shared, what a quote answers, who a system sentence names."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What expat itself could be made to do needs a DOCTYPE or an ENTITY; `parse` refuses both.
from xml.etree import ElementTree

from huoqun.carriers.exports.fingerprints import exact
from huoqun.vocabulary.events import MessageKind, Person

from . import wechat_kinds

_LARGEST = 1 << 20
_REFUSED = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PLACE = re.compile(r"\$(\w+)\$")
_Element = ElementTree.Element


@dataclass(frozen=True, slots=True)
class Inside:
    """What the XML says. `text` is empty where it says nothing in words."""

    text: str = ""
    kind: MessageKind | None = None
    system: bool = False
    reply_to: str | None = None
    reply_to_author: str | None = None
    named: tuple[Person, ...] = ()
    recalled_id: str | None = None


def parse(content: str) -> Inside | None:
    """None where this is no WeChat XML, is too large, or tries something that XML in a message has no reason to."""
    if len(content) > _LARGEST or not content.lstrip().startswith("<") or _REFUSED.search(content):
        return None
    try:
        root = ElementTree.fromstring(content.strip())  # noqa: S314
    except (ElementTree.ParseError, ValueError):
        return None
    if root.tag == "sysmsg":
        return _system(root)
    return _message(root) if root.tag == "msg" else None


def _message(root: _Element) -> Inside:
    app = root.find("appmsg")
    if app is not None:
        return _app(app)
    place = root.find("location")
    if place is not None:
        return Inside(text=place.get("poiname") or place.get("label") or "", kind=MessageKind.LOCATION)
    if root.get("nickname"):
        return Inside(text=root.get("nickname", ""), kind=MessageKind.CARD)
    kinds = (kind for tag, kind in _TAGS.items() if root.find(tag) is not None)
    return Inside(kind=next(kinds, None))


_TAGS = {
    "img": MessageKind.IMAGE,
    "emoji": MessageKind.STICKER,
    "voicemsg": MessageKind.VOICE,
    "videomsg": MessageKind.VIDEO,
}


def _app(app: _Element) -> Inside:
    number = _words(app, "type")
    sort = wechat_kinds.app(int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else -1)
    answered = app.find("refermsg")
    author = (_words(answered, "chatusr") or _words(answered, "fromusr")) if answered is not None else ""
    return Inside(
        text=_words(app, "title") or _words(app, "wcpayinfo/pay_memo"),
        kind=sort.kind,
        system=sort.system,
        reply_to=(exact(_words(answered, "svrid")) or None) if answered is not None else None,
        reply_to_author=author if author and not author.endswith("@chatroom") else None,
    )


def _system(root: _Element) -> Inside:
    revoked = root.find("revokemsg")
    if revoked is not None:
        gone = exact(_words(revoked, "newmsgid")) or exact(_words(revoked, "msgid"))
        return Inside(text=_words(revoked, "replacemsg"), system=True, recalled_id=gone or None)
    template = root.find(".//content_template")
    if template is not None:
        return _filled(template)
    return Inside(text=" ".join("".join(root.itertext()).split()), system=True)


def _filled(template: _Element) -> Inside:
    """The sentence with the names in their places, and whose names they are."""
    people: list[Person] = []
    names: dict[str, str] = {}
    for link in template.iterfind("link_list/link"):
        members = [
            Person(id=_words(member, "username"), name=_words(member, "nickname"))
            for member in link.iterfind("memberlist/member")
        ]
        people += [person for person in members if person.id]
        separator = _words(link, "separator") or "、"
        names[link.get("name", "")] = separator.join(person.name or person.id for person in members)
    sentence = _PLACE.sub(lambda place: names.get(place[1], ""), _words(template, "template"))
    return Inside(text=sentence or _words(template, "plain"), system=True, named=tuple(people))


def _words(element: _Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
