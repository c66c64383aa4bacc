"""Signing in: codes that carry who looked at a page, tickets for scripts in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .crypto import page_signature
from .errors import Refusal

if TYPE_CHECKING:
    from .company import Company

CODE_LIFE = 300
TICKET_LIFE = 7200
OF_CORP = "corp"
USER_TICKET_LIFE = 1800


def of_app(agentid: int | None) -> str:
    return f"app {agentid}"


@dataclass(slots=True)
class Visit:
    """Somebody came to a page: a colleague (userid) or somebody outside (openid)."""

    code: str
    at: float
    userid: str = ""
    openid: str = ""
    external_userid: str = ""
    scope: str = "snsapi_base"
    used: bool = False


@dataclass(slots=True)
class Ticket:
    value: str
    until: float


class Visitors:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._of_code: dict[str, Visit] = {}
        self._user_tickets: dict[str, tuple[str, float]] = {}
        self._tickets: dict[str, Ticket] = {}
        self.trusted_domains: set[str] | None = None
        """Where a page may lie; None: anywhere."""

    def arrive(self, *, userid: str = "", external_userid: str = "", scope: str = "snsapi_base") -> Visit:
        """Raises Refusal 60111, 40096."""
        openid = ""
        if userid:
            userid = self._company.directory.get(userid).userid
        elif external_userid:
            openid = self._company.customers.get(external_userid).openid
        else:
            openid = self._company.new_id("oS_", 28)
        visit = Visit(self._company.new_id("code", 64), self._company.clock.exact(), userid, openid, external_userid, scope)
        self._of_code[visit.code] = visit
        return visit

    def use(self, code: str) -> Visit:
        """Five minutes, once. Raises Refusal 40029, 42003, 42022."""
        visit = self._of_code.get(code)
        if visit is None:
            raise Refusal(40029)
        if visit.used:
            raise Refusal(42022)
        if self._company.clock.exact() - visit.at > CODE_LIFE:
            raise Refusal(42003)
        visit.used = True
        return visit

    def user_ticket(self, userid: str) -> str:
        ticket = self._company.new_id("ut", 64)
        self._user_tickets[ticket] = (userid, self._company.clock.exact() + USER_TICKET_LIFE)
        return ticket

    def whose(self, user_ticket: str) -> str:
        """Raises Refusal(40029)."""
        userid, until = self._user_tickets.get(user_ticket, ("", 0.0))
        if self._company.clock.exact() > until:
            raise Refusal(40029, "invalid user_ticket")
        return userid

    def check_page(self, of: str, *, signature: str, noncestr: str, timestamp: str, url: str) -> None:
        """What the client does before a page may use its scripts. Raises Refusal 42012 (nobody fetched a ticket), 40093."""
        ticket = self._tickets.get(of)
        if ticket is None or ticket.until <= self._company.clock.exact():
            raise Refusal(42012)
        if page_signature(ticket.value, noncestr, timestamp, url) != signature:
            raise Refusal(40093)

    def page_ticket(self, of: str) -> tuple[str, int]:
        """The ticket and its seconds; the same until it runs out."""
        now = self._company.clock.exact()
        ticket = self._tickets.get(of)
        if ticket is None or ticket.until <= now:
            ticket = self._tickets[of] = Ticket(self._company.new_id("sM4", 86), now + TICKET_LIFE)
        return ticket.value, max(1, int(ticket.until - now))
