"""What everybody needs who does something in the name of a company."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from huoqun.carriers.base import Asked, CutOff, Unreachable
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.endings import Ending, ending_of, not_begun
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Corp
from huoqun.vocabulary.outcomes import Outcome

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    corp: Corp
    client: Client
    pictures: Path
    """Folder of uploads, each file called by its id."""

    def now(self) -> datetime:
        return self.client.now()


class Answered(Exception):
    """It ended before anything was done."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(str(ending))
        self.ending = ending


def asked_before(question: Callable[[], T]) -> T:
    """The answer to a question without which nothing can be done. Raises Answered."""
    try:
        return question()
    except (WeComError, Unreachable, CutOff) as trouble:
        raise Answered(not_begun(trouble)) from None


def one_by_one(asked: Sequence[Asked], do: Callable[[Asked], Outcome]) -> list[Ending]:
    """Each by itself. `do` may raise what a client raises, and Answered."""
    return [ended(do, each) for each in asked]


def ended(do: Callable[[Asked], Outcome], asked: Asked) -> Ending:
    try:
        return do(asked)
    except Answered as answered:
        return answered.ending
    except (WeComError, Unreachable, CutOff) as trouble:
        return ending_of(trouble)
