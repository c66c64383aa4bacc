"""Welcomes that went out, and how long after the code: what is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .company import Company
    from .welcome_codes import Code


@dataclass(frozen=True, slots=True)
class Welcome:
    userid: str
    external_userid: str
    text: str
    code: str
    code_at: float
    sent_at: float

    @property
    def seconds(self) -> float:
        return self.sent_at - self.code_at


class Welcomes:
    def __init__(self, company: Company) -> None:
        self.sent: list[Welcome] = []

    def note(self, code: Code, text: str, at: float) -> None:
        self.sent.append(Welcome(code.userid, code.external_userid, text, code.code, code.at, at))
