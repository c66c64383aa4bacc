"""A test of how it reads, sent to whoever wrote it and to nobody else."""

from __future__ import annotations

from datetime import datetime

from huoqun.console.models import Staff
from huoqun.content.models import Broadcast
from huoqun.content.operations.sending import ROOM, check
from huoqun.outbox import operations as outbox
from huoqun.ownership.models import Contact
from huoqun.vocabulary.actions import MessageStaff
from huoqun.vocabulary.ids import Account

AT_ONCE = 2
"""Priority in the outbox: somebody sits there and waits."""


def try_on_oneself(broadcast: Broadcast, *, by: Staff, now: datetime) -> str:
    """Sends `by` what the first recipient would get, and returns that recipient's name; "" where no carrier knows `by` under
    an id: then the preview page is the test. Asked twice within a minute it is sent once. Raises CannotSend.
    """
    first = check(broadcast, by=by, now=now).reached[0]
    contact = Contact.objects.filter(community=broadcast.community, staff=by).first()
    if contact is None:
        return ""
    pictures = tuple(broadcast.pictures.values_list("upload_id", flat=True))
    account = Account(broadcast.community.slug, contact.carrier, contact.account)
    outbox.ask(
        MessageStaff(account=account, staff_id=contact.native_id, body=broadcast.body(first.text, pictures)),
        key=f"{broadcast.run}/test/{by.pk}/{now:%Y%m%d%H%M}",
        room=ROOM,
        about=f"{broadcast.run}/test",
        by=by,
        priority=AT_ONCE,
        now=now,
    )
    return first.name
