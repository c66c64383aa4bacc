"""The only place which changes what was asked, what was stopped and what was spent."""

from __future__ import annotations

from huoqun.outbox.operations.asking import ask, ask_many
from huoqun.outbox.operations.capping import drop_caps, set_caps
from huoqun.outbox.operations.confirming import remind, take_back
from huoqun.outbox.operations.forgetting import erase, forget
from huoqun.outbox.operations.leasing import expire_overdue, lease, look_again, mark_begun, take_over
from huoqun.outbox.operations.looking import to_look_up
from huoqun.outbox.operations.recording import Ended, record
from huoqun.outbox.operations.settling import cancel, confirm, hold, release, settle_done, settle_not_done, try_again
from huoqun.outbox.operations.stopping import lift, pause

__all__ = [
    "Ended",
    "ask",
    "ask_many",
    "cancel",
    "confirm",
    "drop_caps",
    "erase",
    "expire_overdue",
    "forget",
    "hold",
    "lease",
    "lift",
    "look_again",
    "mark_begun",
    "pause",
    "record",
    "release",
    "remind",
    "set_caps",
    "settle_done",
    "settle_not_done",
    "take_back",
    "take_over",
    "to_look_up",
    "try_again",
]
