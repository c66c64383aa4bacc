"""Customers and colleagues add one another, change what they note, and part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wecom_sandbox.errors import NoSense
from wecom_sandbox.handovers import REFUSED
from wecom_sandbox.news import Value
from wecom_sandbox.records import Customer, Follow
from wecom_sandbox.ways import ContactWay

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

EVENT = "change_external_contact"


@deed("add_contact")
def add_contact(
    company: Company,
    *,
    userid: str,
    external_userid: str = "",
    name: str = "",
    state: str = "",
    add_way: int = 1,
    half: bool = False,
    welcome_code: bool = True,
) -> dict[str, Any]:
    """A customer (a new one if none is named) and a colleague become contacts. `half`: the colleague has not added back.
    `welcome_code` False: this one gets none, as when they came through a partner company.
    """
    staff = finding.working(company, userid)
    person = finding.named_or_new(company, external_userid, name)
    company.statistics.count("applied", staff.userid)
    if company.customers.follow(staff.userid, person.external_userid) is not None:
        raise NoSense(f"{person.name} and {staff.name} are contacts already")
    if company.customers.count_of_staff(staff.userid) >= company.settings.customers_per_staff:
        raise NoSense(f"the contacts of {staff.name} are full")
    return _become_contacts(company, staff.userid, person, state=state, add_way=add_way, half=half, code=welcome_code)


def _become_contacts(
    company: Company, userid: str, person: Customer, *, state: str, add_way: int, half: bool, code: bool
) -> dict[str, Any]:
    before = company.customers.ended.get((userid, person.external_userid))
    follow = Follow(userid, person.external_userid, company.clock.now(), add_way=add_way, state=state, half=half)
    follow.oper_userid = person.external_userid
    company.customers.link(follow)
    company.statistics.count("added", userid)
    fields: dict[str, Value] = {"UserID": userid, "ExternalUserID": person.external_userid}
    if state:
        fields["State"] = state
    talked_before = before is not None and before.chatted
    if code and not talked_before and not company.settings.native_welcome:
        made = company.codes.issue(company.new_id("wc", 43), userid=userid, external_userid=person.external_userid)
        fields["WelcomeCode"] = made.code
    company.happened(EVENT, "add_half_external_contact" if half else "add_external_contact", fields)
    return {
        "external_userid": person.external_userid,
        "userid": userid,
        "welcome_code": fields.get("WelcomeCode", ""),
        "state": state,
    }


@deed("scan_contact_way")
def scan_contact_way(company: Company, *, config_id: str, external_userid: str = "", name: str = "") -> dict[str, Any]:
    """A customer scans a colleague's live code; several colleagues take turns."""
    way = company.contact_ways.find(config_id)
    if way is None:
        raise NoSense(f"there is no contact way {config_id!r}")
    person = finding.named_or_new(company, external_userid, name)
    if way.is_temp:
        return _temporary(company, way, person)
    userid = _whose_turn(company, way)
    if company.customers.follow(userid, person.external_userid) is not None:
        return {"external_userid": person.external_userid, "userid": userid, "welcome_code": "", "already": True}
    company.statistics.count("applied", userid)
    half = not way.skip_verify
    return _become_contacts(company, userid, person, state=way.state, add_way=1, half=half, code=True)


def _whose_turn(company: Company, way: ContactWay) -> str:
    everybody = [*way.user, *(one.userid for one in company.directory.in_departments(way.party))]
    able = [userid for userid in dict.fromkeys(everybody) if (one := company.directory.find(userid)) and one.works]
    if not able:
        raise NoSense(f"nobody behind contact way {way.config_id} works here any more")
    way.turn += 1
    return able[(way.turn - 1) % len(able)]


def _temporary(company: Company, way: ContactWay, person: Customer) -> dict[str, Any]:
    now = company.clock.exact()
    if now > way.created_at + way.expires_in:
        raise NoSense(f"contact way {way.config_id} has expired")
    if way.unionid and way.unionid != person.unionid:
        raise NoSense(f"contact way {way.config_id} is for somebody else")
    company.temp_chats[(way.user[0], person.external_userid)] = now + way.chat_expires_in
    return {"external_userid": person.external_userid, "userid": way.user[0], "temporary": True}


@deed("edit_contact")
def edit_contact(
    company: Company,
    *,
    userid: str,
    external_userid: str,
    remark: str | None = None,
    description: str | None = None,
    tags: list[str] | None = None,
    own_tags: list[str] | None = None,
    mobiles: list[str] | None = None,
) -> dict[str, Any]:
    """A colleague changes remark, description or tags in the client. Mobile numbers alone are not told."""
    follow = _follow(company, userid, external_userid)
    wishes = {"remark": remark, "description": description, "tags": tags, "own_tags": own_tags}
    changed = {name: value for name, value in wishes.items() if value is not None}
    for tag_id in tags or ():
        if company.tags.find(tag_id) is None:
            raise NoSense(f"there is no tag {tag_id!r}")
    for name, value in changed.items():
        setattr(follow, name, value)
    if mobiles is not None:
        follow.remark_mobiles = mobiles
    if changed:
        fields: dict[str, Value] = {"UserID": follow.userid, "ExternalUserID": external_userid}
        company.happened(EVENT, "edit_external_contact", fields | ({"State": follow.state} if follow.state else {}))
    return {"told": bool(changed)}


def _follow(company: Company, userid: str, external_userid: str) -> Follow:
    staff = finding.colleague(company, userid)
    person = finding.customer(company, external_userid)
    if company.customers.follow(staff.userid, external_userid) is None:
        raise NoSense(f"{person.name or external_userid} and {staff.name} are no contacts")
    return company.customers.own_follow(staff.userid, external_userid)


@deed("confirm_contact")
def confirm_contact(company: Company, *, userid: str, external_userid: str) -> dict[str, Any]:
    """The colleague adds back whom they only half know."""
    follow = _follow(company, userid, external_userid)
    if not follow.half:
        raise NoSense("they have added each other already")
    follow.half = False
    company.happened(EVENT, "add_external_contact", {"UserID": follow.userid, "ExternalUserID": external_userid})
    return {"userid": follow.userid, "external_userid": external_userid}


@deed("drop_contact")
def drop_contact(company: Company, *, userid: str, external_userid: str, by: str = "customer") -> dict[str, Any]:
    """`by` customer: they delete or block the colleague; `by` staff: the colleague deletes them."""
    if by not in {"customer", "staff"}:
        raise NoSense(f"by is customer or staff, not {by!r}")
    follow = _follow(company, userid, external_userid)
    company.customers.unlink(follow.userid, external_userid)
    change = "del_follow_user" if by == "customer" else "del_external_contact"
    if by == "customer":
        company.statistics.count("lost", follow.userid)
    company.happened(EVENT, change, {"UserID": follow.userid, "ExternalUserID": external_userid})
    return {"change": change}


@deed("refuse_transfer")
def refuse_transfer(company: Company, *, handover_userid: str, external_userid: str) -> dict[str, Any]:
    """The customer stays with the colleague they know."""
    found = company.handovers.waiting(handover_userid, external_userid)
    if found is None:
        raise NoSense(f"{external_userid} is not being handed over by {handover_userid}")
    company.handovers.fail(found, REFUSED)
    return {"status": found.status}


@deed("accept_transfer")
def accept_transfer(company: Company, *, handover_userid: str, external_userid: str) -> dict[str, Any]:
    """The customer agrees before the time is over."""
    found = company.handovers.waiting(handover_userid, external_userid)
    if found is None:
        raise NoSense(f"{external_userid} is not being handed over by {handover_userid}")
    company.handovers.finish(found)
    return {"status": found.status}
