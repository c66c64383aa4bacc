"""What this room does when something happened."""

from __future__ import annotations

from datetime import datetime

from huoqun.sop.operations import hearing, settling, starting
from huoqun.vocabulary.events import GROUP_EVENTS, GroupEvent
from huoqun.vocabulary.facts import GroupTurned, RequestSettled, TodoDone
from huoqun.vocabulary.log import Batch

HEARS = (*GROUP_EVENTS.values(), GroupTurned, RequestSettled, TodoDone)
ROOM = "sop"


def hear(batch: Batch, *, now: datetime) -> None:
    """In this order: what was said is settled before what answers it, so that an answer in the same batch finds it."""
    whats = [stored.what for stored in batch]
    settling.settle((what for what in whats if isinstance(what, RequestSettled) and what.room == ROOM), now=now)
    hearing.done((what for what in whats if isinstance(what, TodoDone) and what.room == ROOM), now=now)
    starting.hear([what for what in whats if isinstance(what, GroupEvent)], now=now)
    starting.turned((what for what in whats if isinstance(what, GroupTurned)), now=now)
