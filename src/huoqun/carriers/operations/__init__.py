"""The only place which changes rows about imports, live accounts, and what could not be read."""

from __future__ import annotations

from huoqun.carriers.operations.bad_records import also_forget, forget_mentions
from huoqun.carriers.operations.connections import connect, disconnect, heard, keep_strange, not_heard, take_turn, wake
from huoqun.carriers.operations.imports import Step, advance, ask_import, begin, fail, finish, keep_bad, mark

__all__ = [
    "Step",
    "advance",
    "also_forget",
    "ask_import",
    "begin",
    "connect",
    "disconnect",
    "fail",
    "finish",
    "forget_mentions",
    "heard",
    "keep_bad",
    "keep_strange",
    "mark",
    "not_heard",
    "take_turn",
    "wake",
]
