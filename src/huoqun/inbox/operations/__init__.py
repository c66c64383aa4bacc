"""The only place which changes the log, the cursors and what is parked."""

from __future__ import annotations

from huoqun.inbox.operations.delivery import BUSY, deliver, open_cursors, pass_over
from huoqun.inbox.operations.erasing import erase
from huoqun.inbox.operations.forgetting import forget
from huoqun.inbox.operations.replaying import ask_for_replay, replay_what_was_asked
from huoqun.inbox.operations.writing import announce, store

__all__ = [
    "BUSY",
    "announce",
    "ask_for_replay",
    "deliver",
    "erase",
    "forget",
    "open_cursors",
    "pass_over",
    "replay_what_was_asked",
    "store",
]
