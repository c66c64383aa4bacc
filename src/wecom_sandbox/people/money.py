"""Customers pay and get back; customers come through acquisition links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wecom_sandbox.acquisitions import Acquisitions, Comer, Link
from wecom_sandbox.bills import Bill, Bills
from wecom_sandbox.errors import NoSense
from wecom_sandbox.events.builders import ACQUISITION, acquisition

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company


@deed("pay")
def pay(
    company: Company,
    *,
    external_userid: str,
    userid: str,
    fen: int,
    remark: str = "",
    goods: list[str] | None = None,
    payment_type: int = 0,
    contact: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A customer pays a colleague."""
    if fen <= 0:
        raise NoSense("fen is more than 0")
    customer, staff = finding.customer(company, external_userid), finding.working(company, userid)
    bill = Bill(
        company.new_id("4200", 28),
        company.new_id("trade", 32),
        company.clock.now(),
        customer.external_userid,
        staff.userid,
        fen,
        remark,
        payment_type,
        [(what, fen // len(goods)) for what in goods] if goods else [],
        contact or {},
    )
    company.part(Bills).pay(bill)
    return {"transaction_id": bill.transaction_id}


@deed("refund")
def refund(company: Company, *, transaction_id: str, by: str, fen: int, comment: str = "") -> dict[str, Any]:
    bill = next((one for one in company.part(Bills).all if one.transaction_id == transaction_id), None)
    if bill is None:
        raise NoSense(f"there is no bill {transaction_id!r}")
    if not 0 < fen <= bill.total_fee - bill.refunded:
        raise NoSense(f"of {bill.total_fee} fen {bill.refunded} were given back; {fen} cannot be")
    return {"out_refund_no": company.part(Bills).refund(bill, by=by, fee=fen, comment=comment)}


@deed("use_acquisition_link")
def use_acquisition_link(
    company: Company, *, link_id: str, external_userid: str = "", name: str = "", channel: str = "", talks: bool = False
) -> dict[str, Any]:
    """A customer opens the link and adds whoever is behind it; `channel` is the link's customer_channel."""
    link = _link(company, link_id)
    now = company.clock.now()
    link.clicks.append(now)
    able = [userid for userid in _behind(company, link) if finding.colleague(company, userid).works]
    if not able:
        raise NoSense(f"nobody behind {link_id} works here any more")
    userid = able[len(link.comers) % len(able)]
    if not link.skip_verify:
        company.news.happened(acquisition(now, "friend_request", LinkId=link_id, State=channel))
    added = company.people.do(
        "add_contact", userid=userid, external_userid=external_userid, name=name, state=channel, half=not link.skip_verify
    )
    comer = Comer(added["external_userid"], userid, channel, now, int(talks))
    company.part(Acquisitions).use(link, comer)
    if talks:
        company.news.happened(acquisition(now, "customer_start_chat", UserID=userid, ExternalUserID=comer.external_userid))
    return added


def _link(company: Company, link_id: str) -> Link:
    found = company.part(Acquisitions).links.get(link_id)
    if found is None or found.deleted:
        raise NoSense(f"there is no acquisition link {link_id!r}")
    return found


def _behind(company: Company, link: Link) -> list[str]:
    more = (one.userid for one in company.directory.in_departments(link.departments))
    return list(dict.fromkeys([*link.users, *more]))


@deed("acquisition_news")
def acquisition_news(company: Company, *, change: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """Any of the platform's words about acquisition: quota_expire_soon, link_unavailable, delete_link ..."""
    if change not in ACQUISITION:
        raise NoSense(f"change is one of {', '.join(ACQUISITION)}, not {change!r}")
    company.news.happened(acquisition(company.clock.now(), change, **(fields or {})))
    return {}
