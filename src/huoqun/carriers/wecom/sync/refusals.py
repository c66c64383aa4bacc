"""What a refusal means for the walk: one colleague or group is left out, it is tried later, or somebody has to act first."""

from __future__ import annotations

from typing import TypeVar

from huoqun.carriers.base import Barred, CutOff, Unreachable
from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.errors import Kind, WeComError

A = TypeVar("A", bound=Answer)

OF_ONE = {50002, 60011, 60021, 60030, 84074, 48002}
"""Somebody has to mend something, but for one colleague or group only: the rest can be read."""


def told_of_one(ended: A | WeComError | Unreachable | CutOff) -> A | str:
    """The answer about one colleague or group, or the sentence why there is none. Raises what concerns the whole walk."""
    if isinstance(ended, (Unreachable, CutOff)):
        raise ended
    if not isinstance(ended, WeComError):
        return ended
    if ended.code in OF_ONE or ended.kind in {Kind.CALLER, Kind.UNKNOWN}:
        return ended.sentence
    raise of_all(ended)


def of_all(refusal: WeComError) -> Barred | Unreachable:
    """A refusal of something without which the walk cannot go on."""
    if refusal.kind is Kind.BUSY:
        return Unreachable(refusal.sentence)
    return Barred(refusal.sentence)
