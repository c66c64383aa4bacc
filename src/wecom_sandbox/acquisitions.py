"""Customer acquisition links: who came through which, and how many may still come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import NoSense

if TYPE_CHECKING:
    from .company import Company

LATE_LIFE = 180 * 86_400


@dataclass(slots=True)
class Comer:
    external_userid: str
    userid: str
    state: str
    at: int
    chat_status: int = 0


@dataclass(slots=True)
class Link:
    link_id: str
    name: str
    url: str
    created_at: int
    users: list[str]
    departments: list[int]
    skip_verify: bool = True
    deleted: bool = False
    clicks: list[int] = field(default_factory=list)
    comers: list[Comer] = field(default_factory=list)


class Acquisitions:
    def __init__(self, company: Company) -> None:
        self._company = company
        self.links: dict[str, Link] = {}
        self.total = 1000
        self.balance = 1000
        self.expires = company.clock.now() + LATE_LIFE

    def living(self) -> list[Link]:
        return [link for link in self.links.values() if not link.deleted]

    def use(self, link: Link, comer: Comer) -> None:
        """One customer fewer may come. When little is left, or nothing, that is told."""
        if self.balance <= 0:
            raise NoSense("the acquisition quota is used up")
        link.comers.append(comer)
        self.balance -= 1
        if self.balance == 0:
            self._company.happened("customer_acquisition", "balance_exhausted")
        elif self.balance == self.total // 10:
            self._company.happened("customer_acquisition", "balance_low")
