"""Who and what is meant, with a sentence where it is nobody and nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wecom_sandbox.directory import Staff
from wecom_sandbox.errors import NoSense
from wecom_sandbox.groups import Group
from wecom_sandbox.records import Customer, Member

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

SURNAMES_AND_GIVEN = ("小满", "阿禾", "青柠", "南星", "一味", "听雨", "木棉", "朝颜", "半夏", "晚舟")


def colleague(company: Company, userid: str) -> Staff:
    found = company.directory.find(userid)
    if found is None:
        raise NoSense(f"no colleague has the userid {userid!r}")
    return found


def working(company: Company, userid: str) -> Staff:
    found = colleague(company, userid)
    if not found.works:
        raise NoSense(f"{userid} does not work here (status {found.status})")
    return found


def customer(company: Company, external_userid: str) -> Customer:
    found = company.customers.find(external_userid)
    if found is None:
        raise NoSense(f"nobody outside has the id {external_userid!r}")
    return found


def group(company: Company, chat_id: str) -> Group:
    found = company.groups.find(chat_id)
    if found is None:
        raise NoSense(f"there is no group {chat_id!r}")
    return found


def newcomer(company: Company, name: str = "") -> Customer:
    """Somebody the company has never heard of."""
    external_userid = company.new_id("wm")
    made = Customer(external_userid, name or company.dice.choice(SURNAMES_AND_GIVEN), gender=company.dice.choice((1, 2)))
    made.unionid = f"o6_{external_userid[2:26]}"
    return company.customers.add(made)


def named_or_new(company: Company, external_userid: str, name: str) -> Customer:
    return customer(company, external_userid) if external_userid else newcomer(company, name)


def member_of(company: Company, found: Group, person: str) -> Member:
    member = company.groups.own_members(found).get(person)
    if member is None:
        raise NoSense(f"{person} is not in {found.name or found.chat_id}")
    return member
