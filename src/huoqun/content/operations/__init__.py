"""The only place which changes broadcasts, their recipients and the ways to groups."""

from __future__ import annotations

from huoqun.content.operations.following import forget, take_note
from huoqun.content.operations.hearing import keep_ways
from huoqun.content.operations.keeping import add_pictures, drop_picture
from huoqun.content.operations.sending import check, plan, send
from huoqun.content.operations.stopping import pause, remind, resume, stop
from huoqun.content.operations.trying import try_on_oneself
from huoqun.content.operations.writing import discard, rewrite, write

__all__ = [
    "add_pictures",
    "check",
    "discard",
    "drop_picture",
    "forget",
    "keep_ways",
    "pause",
    "plan",
    "remind",
    "resume",
    "rewrite",
    "send",
    "stop",
    "take_note",
    "try_on_oneself",
    "write",
]
