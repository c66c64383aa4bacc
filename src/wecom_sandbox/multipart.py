"""Reading an uploaded form: the parts in any order, the file wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from urllib.parse import unquote

from .errors import Refusal

MISSING_MEDIA = 41005


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    filename: str
    content_type: str
    content: bytes


def parts_of(headers: Mapping[str, str], body: bytes) -> list[Part]:
    """Raises Refusal(47001) where it is no form."""
    kind = Message()
    kind["Content-Type"] = headers.get("content-type", "")
    boundary = kind.get_param("boundary")
    if kind.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not boundary:
        raise Refusal(47001)
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise Refusal(47001)
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, found, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not found:
        raise Refusal(47001)
    fields = HeaderParser().parsestr(head.decode("utf-8", "replace"))
    return Part(
        _parameter(fields, "name"),
        _parameter(fields, "filename"),
        fields.get("Content-Type", "application/octet-stream"),
        content,
    )


def _parameter(fields: Message, name: str) -> str:
    """A parameter of Content-Disposition; `filename*=UTF-8''…` too."""
    value = fields.get_param(name, "", header="Content-Disposition")
    if isinstance(value, tuple):
        return unquote(value[2], encoding=value[0] or "utf-8")
    return str(value)


def the_file(headers: Mapping[str, str], body: bytes, *, field: str = "media") -> Part:
    """The part named `field` which is a file. Raises Refusal(41005)."""
    for part in parts_of(headers, body):
        if part.name == field and part.filename:
            return part
    raise Refusal(MISSING_MEDIA, "media data missing")
