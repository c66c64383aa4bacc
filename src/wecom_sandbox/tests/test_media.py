"""Media: forms in any order, sizes, three days, pieces; what was uploaded for one purpose is of no use for another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wecom_sandbox.archive.files import picture
from wecom_sandbox.errors import Refusal
from wecom_sandbox.multipart import parts_of, the_file
from wecom_sandbox.tests.caller import Caller

EDGE = "xYz"


def form(*parts: tuple[str, str, bytes]) -> tuple[dict[str, str], bytes]:
    """(name, filename or "", content)"""
    body = b""
    for name, filename, content in parts:
        named = f'; filename="{filename}"' if filename else ""
        body += f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"
    return {"content-type": f"multipart/form-data; boundary={EDGE}"}, body + f"--{EDGE}--\r\n".encode()


def upload(caller: Caller, content: bytes, filename: str = "海报.png", path: str = "upload", **query: str) -> Any:
    headers, body = form(("other", "", b"x"), ("media", filename, content), ("more", "", b"y"))
    caller._token = caller._token or caller.token()
    answer = caller.raw("POST", f"/cgi-bin/media/{path}", query={"access_token": caller._token, **query}, body=body, **headers)
    return json.loads(answer.body)


def download(caller: Caller, media_id: str, **headers: str) -> Any:
    query = {"access_token": caller._token, "media_id": media_id}
    return caller.raw("GET", "/cgi-bin/media/get", query=query, **headers)


@pytest.mark.parametrize("content", [b"123456", picture("a"), b"\r\n--xY\r\nnot the edge\r\n\r\n--", bytes(range(256)) * 40])
def test_what_goes_up_comes_down_byte_for_byte(caller, content):
    told = upload(caller, content, type="file")
    assert (told["errcode"], told["type"]) == (0, "file")
    assert isinstance(told["created_at"], str)
    down = download(caller, told["media_id"])
    assert down.body == content
    assert "filename*=UTF-8''%E6%B5%B7%E6%8A%A5.png" in down.headers["Content-Disposition"]


def test_pieces(caller):
    content = bytes(range(100))
    media = upload(caller, content, type="file")["media_id"]
    part = download(caller, media, range="bytes=10-19")
    assert (part.status, part.body, part.headers["Content-Range"]) == (206, content[10:20], "bytes 10-19/100")
    assert download(caller, media, range="bytes=90-").body == content[90:]
    assert download(caller, media, range="bytes=-5").body == content[95:]
    assert download(caller, media, range="bytes=100-").status == 416


def test_after_three_days_it_is_gone(caller):
    media = upload(caller, picture("a"), type="image")["media_id"]
    caller.company.move_clock(advance=3 * 86_400 + 1)
    caller._token = caller.token()
    assert json.loads(download(caller, media).body)["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "size", "code"),
    [("image", 5, 44001), ("image", 10 * 1024 * 1024 + 1, 45001), ("voice", 2 * 1024 * 1024 + 1, 45001), ("song", 10, 40004)],
)
def test_sizes_and_kinds(caller, kind, size, code):
    assert upload(caller, b"x" * size, type=kind)["errcode"] == code


def test_what_is_no_form_or_holds_no_file(caller):
    for headers, body in (({"content-type": "application/json"}, b"{}"), form(("file", "a.png", b"123456")), ({}, b"")):
        with pytest.raises(Refusal):
            the_file(headers, body)


def test_names_and_types_of_parts():
    headers, body = form(("a", "", b"one"), ("media", "b.png", b"two\r\n"))
    assert [(part.name, part.filename, part.content) for part in parts_of(headers, body)] == [
        ("a", "", b"one"),
        ("media", "b.png", b"two\r\n"),
    ]


def test_uploaded_for_moments_is_of_no_use_in_the_album(caller):
    told = upload(caller, picture("a"), path="upload_attachment", media_type="image", attachment_type="1")
    assert isinstance(told["created_at"], int)
    wish = {"description": "礼盒", "price": 100, "attachments": [{"type": "image", "image": {"media_id": told["media_id"]}}]}
    assert caller.code("add_product_album", **wish) == 41072
    told = upload(caller, picture("a"), path="upload_attachment", media_type="image", attachment_type="3")
    assert told["errcode"] == 40058
