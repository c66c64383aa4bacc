"""Pictures and files: up, to be shown in a message, and down."""

from __future__ import annotations

from datetime import timedelta

from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.client import Client, Fetched
from huoqun.carriers.wecom.models import Door

KEPT = timedelta(days=3)
"""How long WeCom knows a `media_id`."""
PICTURE_BYTES = 10 * 1024 * 1024
SMALLEST = 5

FOR_MOMENTS, FOR_ALBUM = 1, 2


class Uploaded(Answer):
    media_id: str = ""


class _Address(Answer):
    url: str = ""


def upload(client: Client, *, name: str, content: bytes, mime: str, kind: str = "image", door: Door = Door.APP) -> str:
    """Its media_id, good for all apps of the company. `kind`: image, voice, video, file."""
    return client.upload("media/upload", Uploaded, name=name, content=content, mime=mime, door=door, type=kind).media_id


def upload_for_moment(client: Client, *, name: str, content: bytes, mime: str, kind: str = "image") -> str:
    found = client.upload(
        "media/upload_attachment",
        Uploaded,
        name=name,
        content=content,
        mime=mime,
        door=Door.CONTACT,
        media_type=kind,
        attachment_type=str(FOR_MOMENTS),
    )
    return found.media_id


def lasting_address(client: Client, *, name: str, content: bytes, mime: str) -> str:
    """An address at which the picture stays, shown inside WeCom and WeChat only. Few are allowed a month."""
    return client.upload("media/uploadimg", _Address, name=name, content=content, mime=mime).url


def get(client: Client, media_id: str, *, door: Door = Door.APP) -> Fetched:
    return client.fetch("media/get", door=door, media_id=media_id)
