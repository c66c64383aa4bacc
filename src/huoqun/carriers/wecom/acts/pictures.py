"""Uploads as WeCom wants them: sent up once, then named for as long as it keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from huoqun.carriers.base import Asked, gettext_noop
from huoqun.carriers.wecom.acts.desk import Answered, Desk, asked_before
from huoqun.carriers.wecom.client.calls import media
from huoqun.carriers.wecom.endings import SEND_UP_AGAIN, Ending
from huoqun.carriers.wecom.models import Media
from huoqun.carriers.wecom.operations.media import forget, keep
from huoqun.carriers.wecom.queries import picture_there
from huoqun.vocabulary.actions import Body
from huoqun.vocabulary.outcomes import Refused

NAMED_FOR = media.KEPT - timedelta(hours=12)
"""A message task may be confirmed later than it was made: what is about to be forgotten is sent up again."""
JUST_NOW = timedelta(minutes=1)
ADDRESS_FOR = timedelta(days=3650)

MIMES = {"png": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg"}
_NAME = re.compile(r"[\w-]{1,60}(\.\w{1,8})?")

GONE = gettext_noop("A picture of this message is not there any more. Add it again.")
NOT_TAKEN = gettext_noop("WeCom takes pictures as JPEG or PNG only. Replace the others.")
NOT_THERE = gettext_noop("WeCom says that it does not have a picture which was sent up just now. Add it again.")
TOO_LARGE = gettext_noop("WeCom takes pictures of at most 10 MB. Make it smaller.")


def for_message(desk: Desk, upload_id: str) -> str:
    """Its media_id. Raises Answered."""
    return _named(desk, upload_id, Media.Use.MESSAGE, NAMED_FOR, media.upload)


def for_moment(desk: Desk, upload_id: str) -> str:
    return _named(desk, upload_id, Media.Use.MOMENT, NAMED_FOR, media.upload_for_moment)


def address(desk: Desk, upload_id: str) -> str:
    """Where the picture stays, as it is shown beside a link. Raises Answered."""
    return _named(desk, upload_id, Media.Use.ADDRESS, ADDRESS_FOR, media.lasting_address)


def looked_after(desk: Desk, asked: Sequence[Asked], endings: Sequence[Ending]) -> list[Ending]:
    """Where WeCom says that it has no such picture, it is sent up again at the next try. One that had gone up just now, and is
    not there all the same, is not tried for ever.
    """
    return [_sent_up_anew(desk, each, ending) for each, ending in zip(asked, endings, strict=True)]


def _sent_up_anew(desk: Desk, asked: Asked, ending: Ending) -> Ending:
    if ending != SEND_UP_AGAIN:
        return ending
    body: Body = getattr(asked.action, "body", Body())
    named = [*body.pictures, *([body.link.picture] if body.link and body.link.picture else [])]
    # Of several messages with one picture the first lets it go, and the others find it gone.
    known = any(picture_there(desk.corp, each, use) for each in named for use in (Media.Use.MESSAGE, Media.Use.MOMENT))
    gone = forget(desk.corp, named, before=desk.now() - JUST_NOW)
    return Refused(reason=NOT_THERE) if known and not gone else ending


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
