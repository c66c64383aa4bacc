"""Sheet 20.4: media up and down."""

from __future__ import annotations

import re
from urllib.parse import quote

from wecom_sandbox.answer import Answer, Raw
from wecom_sandbox.apps import Right
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.media_shelf import MediaShelf
from wecom_sandbox.multipart import the_file
from wecom_sandbox.quotas import DAY, MONTH, Limit
from wecom_sandbox.request import BAD, Request

from .registry import call

PURPOSES = {"1": 1, "2": 2}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@call("POST", "/cgi-bin/media/upload", right=Right.DIRECTORY)
def upload(company: Company, request: Request) -> Answer:
    file = the_file(request.headers, request.body)
    media = company.part(MediaShelf).keep(request.query.get("type", ""), file.filename, file.content_type, file.content)
    return {"type": media.kind, "media_id": media.media_id, "created_at": str(media.at)}


@call("POST", "/cgi-bin/media/upload_attachment")
def upload_attachment(company: Company, request: Request) -> Answer:
    purpose = PURPOSES.get(request.query.get("attachment_type", ""))
    kind = request.query.get("media_type", "")
    if purpose is None or kind not in {"image", "video", "file"}:
        raise Refusal(BAD)
    file = the_file(request.headers, request.body)
    media = company.part(MediaShelf).keep(kind, file.filename, file.content_type, file.content, purpose=purpose)
    return {"type": media.kind, "media_id": media.media_id, "created_at": media.at}


@call("POST", "/cgi-bin/media/uploadimg", right=Right.DIRECTORY, limits=(Limit(1000, DAY), Limit(3000, MONTH)))
def upload_picture(company: Company, request: Request) -> Answer:
    file = the_file(request.headers, request.body)
    return {"url": company.part(MediaShelf).keep_picture(file.filename, file.content_type, file.content)}


@call("GET", "/cgi-bin/media/get", right=Right.DIRECTORY)
@call("GET", "/cgi-bin/media/get/jssdk", right=Right.DIRECTORY)
def get(company: Company, request: Request) -> Answer:
    media = company.part(MediaShelf).get(request.text("media_id", missing=41006))
    named = media.filename.replace('"', "").encode("ascii", "ignore").decode() or media.media_id
    headers = {"Content-Disposition": f"attachment; filename=\"{named}\"; filename*=UTF-8''{quote(media.filename)}"}
    wish = request.headers.get("range", "")
    if not wish:
        return Raw(media.content, media.content_type, headers=headers | {"Accept-Ranges": "bytes"})
    return _piece(media.content, media.content_type, wish, headers)


def _piece(content: bytes, content_type: str, wish: str, headers: dict[str, str]) -> Raw:
    found = _RANGE.fullmatch(wish.strip())
    span = _span(found[1], found[2], len(content)) if found else None
    if span is None:
        return Raw(b"", content_type, 416, headers | {"Content-Range": f"bytes */{len(content)}"})
    start, end = span
    told = {"Content-Range": f"bytes {start}-{end}/{len(content)}", "Accept-Ranges": "bytes"}
    return Raw(content[start : end + 1], content_type, 206, headers | told)


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    """First and last byte; "-500" means the last 500."""
    if not first:
        return (max(0, size - int(last)), size - 1) if last and int(last) else None
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    return (start, end) if start <= end else None
