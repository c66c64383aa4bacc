"""What a room hands over when it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from huoqun.carriers.base import Carrier
from huoqun.console.models import Staff
from huoqun.outbox.rules.quiet import QuietHours
from huoqun.vocabulary.actions import Action
from huoqun.vocabulary.ids import Account

Carriers = Callable[[Account], Carrier | None]
"""The carrier of an account, ready to act; None where none is set up for it."""

NORMAL = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """`key` names the wish for good: asked again, nothing changes. `room` and `about` say whose it is ("sop", "run/17"), `run`
    what can be stopped together. `priority` 1 goes first, 9 last.
    """

    action: Action
    key: str
    room: str
    about: str
    by: Staff | None = None
    not_before: datetime | None = None
    expires: datetime | None = None
    quiet: QuietHours | None = None
    priority: int = NORMAL
    run: str = ""
