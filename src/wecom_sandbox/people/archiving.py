"""Customers say whether they may be archived; colleagues change company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wecom_sandbox.archive.record import switched
from wecom_sandbox.archive.store import Archive
from wecom_sandbox.errors import NoSense
from wecom_sandbox.events.builders import archive_agreed

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

STATUSES = ("Agree", "Disagree", "Default_Agree")


@deed("answer_archiving")
def answer_archiving(
    company: Company, *, external_userid: str, userid: str, status: str = "Agree", welcome_code: bool = False
) -> dict[str, Any]:
    """The customer answers the colleague's question. Agreeing is told by an event; both stand in the archive."""
    if status not in STATUSES:
        raise NoSense(f"status is one of {', '.join(STATUSES)}, not {status!r}")
    staff = finding.colleague(company, userid)
    finding.customer(company, external_userid)
    if company.customers.follow(staff.userid, external_userid) is None:
        raise NoSense(f"{external_userid} and {staff.name} are no contacts")
    kind = "disagree" if status == "Disagree" else "agree"
    now = company.clock.now()
    body = {"userid": external_userid, f"{kind}_time": int(company.clock.exact() * 1000)}
    company.said(external_userid, (staff.userid,), kind, body)
    customer = company.customers.own(external_userid)
    customer.archiving, customer.archiving_at = status, now
    code = ""
    if kind == "agree":
        if welcome_code:
            code = company.codes.issue(company.new_id("wc", 43), userid=staff.userid, external_userid=external_userid).code
        company.news.happened(archive_agreed(now, staff.userid, external_userid, welcome_code=code))
    return {"welcome_code": code}


@deed("switch_company")
def switch_company(company: Company, *, userid: str) -> dict[str, Any]:
    """A colleague who belongs to several companies looks into another one: the archive notes it."""
    staff = finding.working(company, userid)
    archive, at_ms = company.part(Archive), int(company.clock.exact() * 1000)
    written = archive.write(switched(msgid=archive.new_msgid(at_ms, outside=False), user=staff.userid, at_ms=at_ms))
    return {"seq": written.seq if written is not None else None}
