"""The only place which changes to-dos, absences and how colleagues are reached."""

from __future__ import annotations

from huoqun.ownership.operations.absence import come_back, go_away, reach, unreach
from huoqun.ownership.operations.cards import answered
from huoqun.ownership.operations.doing import cancel, close_settled, do, expire, see_done, settle, undo
from huoqun.ownership.operations.forgetting import erase, forget
from huoqun.ownership.operations.giving import give, give_many
from huoqun.ownership.operations.handing import cannot, hand_on, hand_on_absent
from huoqun.ownership.operations.late import escalate_late
from huoqun.ownership.operations.leaving import leave
from huoqun.ownership.operations.showing import show
from huoqun.ownership.operations.taking import take_over

__all__ = [
    "answered",
    "cancel",
    "cannot",
    "close_settled",
    "come_back",
    "do",
    "erase",
    "escalate_late",
    "expire",
    "forget",
    "give",
    "give_many",
    "go_away",
    "hand_on",
    "hand_on_absent",
    "leave",
    "reach",
    "see_done",
    "settle",
    "show",
    "take_over",
    "undo",
    "unreach",
]
