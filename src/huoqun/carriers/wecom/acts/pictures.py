"""Uploads as WeCom wants them: sent up once, then named for as long as it keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from huoqun.carriers.base import gettext_noop
from huoqun.carriers.wecom.acts.desk import Answered, Desk, asked_before
from huoqun.carriers.wecom.client.calls import media
from huoqun.carriers.wecom.models import Media
from huoqun.carriers.wecom.operations.media import keep
from huoqun.carriers.wecom.queries import picture_there
from huoqun.vocabulary.outcomes import Refused

NAMED_FOR = media.KEPT - timedelta(hours=12)
"""A message task may be confirmed later than it was made: what is about to be forgotten is sent up again."""
ADDRESS_FOR = timedelta(days=3650)

MIMES = {"png": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg"}
_NAME = re.compile(r"[\w-]{1,60}(\.\w{1,8})?")

GONE = gettext_noop("A picture of this message is not there any more. Add it again.")
NOT_TAKEN = gettext_noop("WeCom takes pictures as JPEG or PNG only. Replace the others.")
TOO_LARGE = gettext_noop("WeCom takes pictures of at most 10 MB. Make it smaller.")


def for_message(desk: Desk, upload_id: str) -> str:
    """Its media_id. Raises Answered."""
    return _named(desk, upload_id, Media.Use.MESSAGE, NAMED_FOR, media.upload)


def for_moment(desk: Desk, upload_id: str) -> str:
    return _named(desk, upload_id, Media.Use.MOMENT, NAMED_FOR, media.upload_for_moment)


def address(desk: Desk, upload_id: str) -> str:
    """Where the picture stays, as it is shown beside a link. Raises Answered."""
    return _named(desk, upload_id, Media.Use.ADDRESS, ADDRESS_FOR, media.lasting_address)


def _named(desk: Desk, upload_id: str, use: Media.Use, lasts: timedelta, send_up: Callable[..., str]) -> str:
    there = picture_there(desk.corp, upload_id, use)
    # One that was sent in the future was sent by a clock which has been put back: nobody knows how old it is.
    if there is not None and timedelta(0) <= desk.now() - there.sent_at < lasts:
        return there.value
    content, mime = _read(desk, upload_id)
    value = asked_before(lambda: send_up(desk.client, name=_file_name(upload_id, mime), content=content, mime=mime))
    keep(desk.corp, upload_id, use, value, now=desk.now())
    return value


def _read(desk: Desk, upload_id: str) -> tuple[bytes, str]:
    mime = MIMES.get(upload_id.rpartition(".")[2].lower())
    try:
        if not _NAME.fullmatch(upload_id):
            raise FileNotFoundError(upload_id)
        content = (desk.pictures / upload_id).read_bytes()
    except OSError:
        raise Answered(Refused(reason=GONE, for_good=True)) from None
    if mime is None:
        raise Answered(Refused(reason=NOT_TAKEN, for_good=True))
    if not media.SMALLEST < len(content) <= media.PICTURE_BYTES:
        raise Answered(Refused(reason=TOO_LARGE, for_good=True))
    return content, mime


def _file_name(upload_id: str, mime: str) -> str:
    return f"{upload_id.rpartition('.')[0][:40]}.{mime.rpartition('/')[2]}"
