"""Colleagues come, change, and leave; departments and the company's tags are changed by the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wecom_sandbox.corp_tags import Tag, TagGroup
from wecom_sandbox.directory import LEFT, ROOT, Department, Staff
from wecom_sandbox.errors import NoSense, Refusal
from wecom_sandbox.groups import RESIGNED
from wecom_sandbox.news import Value

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

EVENT = "change_contact"


@deed("hire")
def hire(
    company: Company,
    *,
    userid: str,
    name: str,
    department: int = ROOT,
    position: str = "",
    mobile: str = "",
    may_contact: bool = True,
) -> dict[str, Any]:
    if company.directory.find(userid) is not None:
        raise NoSense(f"the userid {userid} is taken")
    if department not in company.directory.departments:
        raise NoSense(f"there is no department {department}")
    staff = company.directory.add(Staff(userid, name, [department], position, mobile, may_contact=may_contact))
    company.happened(EVENT, "create_user", _described(company, staff))
    return {"userid": userid}


def _described(company: Company, staff: Staff) -> dict[str, Value]:
    """Apps without rights to the whole directory get only UserID and Department."""
    fields: dict[str, Value] = {"UserID": staff.userid}
    departments = ",".join(map(str, staff.departments))
    if not company.settings.sensitive_directory:
        return fields | {"Department": departments}
    return fields | {
        "Name": staff.name,
        "Department": departments,
        "MainDepartment": staff.departments[0],
        "IsLeaderInDept": ",".join(str(int(one in staff.leads)) for one in staff.departments),
        "Position": staff.position,
        "Mobile": staff.mobile,
        "Gender": staff.gender,
        "Email": staff.email,
        "Status": staff.status,
        "Alias": staff.alias,
    }


@deed("change_colleague")
def change_colleague(
    company: Company,
    *,
    userid: str,
    name: str | None = None,
    position: str | None = None,
    departments: list[int] | None = None,
    status: int | None = None,
    may_contact: bool | None = None,
    real_named: bool | None = None,
    licensed: bool | None = None,
    new_userid: str = "",
) -> dict[str, Any]:
    staff = finding.colleague(company, userid)
    told = {"name": name, "position": position, "departments": departments, "status": status}
    silent = {"may_contact": may_contact, "real_named": real_named, "licensed": licensed}
    for field, value in {**told, **silent}.items():
        if value is not None:
            setattr(staff, field, value)
    fields: dict[str, Value] = {"UserID": staff.userid}
    if new_userid:
        _rename(company, staff, new_userid)
        fields["NewUserID"] = new_userid
    if new_userid or any(value is not None for value in told.values()):
        company.happened(EVENT, "update_user", fields | {k: v for k, v in _described(company, staff).items() if k != "UserID"})
    return {"userid": staff.userid}


def _rename(company: Company, staff: Staff, userid: str) -> None:
    """Groups, customers and contact ways know them by the new id from now on; what is past keeps the old one."""
    if company.directory.find(userid) not in (None, staff):
        raise NoSense(f"the userid {userid} is taken")
    before = staff.userid
    company.directory.renamed(staff, userid)
    company.population.renamed(before, userid)
    company.customers.renamed(before, userid)
    company.groups.renamed(before, userid)
    for _, way in company.contact_ways.walk():
        way.user = [userid if one == before else one for one in way.user]
    for tag in company.directory.tags.values():
        tag.users = [userid if one == before else one for one in tag.users]


@deed("resign")
def resign(company: Company, *, userid: str) -> dict[str, Any]:
    """They leave the company: customers become unassigned, groups wait for a new owner."""
    staff = finding.colleague(company, userid)
    if staff.status == LEFT:
        raise NoSense(f"{userid} has left already")
    follows = [follow for _, follow in company.customers.of_staff(staff.userid)]
    staff.status, staff.left_at = LEFT, company.clock.now()
    for follow in follows:
        company.customers.unlink(staff.userid, follow.external_userid)
        company.handovers.orphan(follow)
    groups = company.groups.owned_by(staff.userid)
    for group in groups:
        group.status = RESIGNED
    company.happened(EVENT, "delete_user", {"UserID": staff.userid})
    return {"customers": len(follows), "groups": len(groups)}


@deed("set_department")
def set_department(company: Company, *, id: int, name: str, parentid: int = ROOT, order: int = 1) -> dict[str, Any]:
    """Makes one, or changes it."""
    if parentid not in company.directory.departments:
        raise NoSense(f"there is no department {parentid}")
    change = "update_party" if id in company.directory.departments else "create_party"
    company.directory.departments[id] = Department(id, name, parentid, order)
    company.happened(EVENT, change, {"Id": id, "Name": name, "ParentId": parentid, "Order": order})
    return {"change": change}


@deed("drop_department")
def drop_department(company: Company, *, id: int) -> dict[str, Any]:
    found = company.directory.departments.get(id)
    if found is None or id == ROOT:
        raise NoSense(f"department {id} cannot be deleted")
    if company.directory.in_departments([id]) or len(company.directory.under(id)) > 1:
        raise NoSense(f"{found.name} is not empty")
    del company.directory.departments[id]
    company.happened(EVENT, "delete_party", {"Id": id})
    return {"id": id}


# The company's tags, changed by the administrator.

TAG_EVENT = "change_external_tag"


@deed("create_tags")
def create_tags(company: Company, *, group: str, names: list[str]) -> dict[str, Any]:
    """Into the group with that name, or a new one."""
    found = company.tags.named(group)
    if found is None:
        found = company.tags.add_group(TagGroup(company.new_id("et"), group, company.clock.now()))
        company.happened(TAG_EVENT, "create", {"Id": found.group_id, "TagType": "tag_group"})
    made = [company.tags.add(found, Tag(company.new_id("et"), name, company.clock.now())) for name in names]
    for tag in made:
        company.happened(TAG_EVENT, "create", {"Id": tag.id, "TagType": "tag"})
    return {"group_id": found.group_id, "tag_ids": [tag.id for tag in made]}


@deed("rename_tag")
def rename_tag(company: Company, *, tag_id: str, name: str) -> dict[str, Any]:
    _tag(company, tag_id).name = name
    company.happened(TAG_EVENT, "update", {"Id": tag_id, "TagType": "tag"})
    return {"tag_id": tag_id}


@deed("drop_tag")
def drop_tag(company: Company, *, tag_id: str) -> dict[str, Any]:
    _tag(company, tag_id)
    company.tags.drop(tag_id)
    company.happened(TAG_EVENT, "delete", {"Id": tag_id, "TagType": "tag"})
    return {"tag_id": tag_id}


@deed("shuffle_tags")
def shuffle_tags(company: Company, *, group_id: str, order: list[str]) -> dict[str, Any]:
    """The first stands highest."""
    for place, tag_id in enumerate(order):
        _tag(company, tag_id).order = len(order) - place
    company.happened(TAG_EVENT, "shuffle", {"Id": group_id, "TagType": "tag"})
    return {"group_id": group_id}


def _tag(company: Company, tag_id: str) -> Tag:
    try:
        return company.tags.get(tag_id)[1]
    except Refusal:
        raise NoSense(f"there is no tag {tag_id!r}") from None
