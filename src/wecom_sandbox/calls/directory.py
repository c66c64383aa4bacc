"""Sheet 19: staff, departments and the directory's tags."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import App, Right
from wecom_sandbox.company import Company
from wecom_sandbox.directory import Department, Staff
from wecom_sandbox.errors import Refusal
from wecom_sandbox.request import Request

from .registry import call


def in_range(company: Company, app: App, userid: str) -> Staff:
    """Raises Refusal 60111 (nobody), 60011 (not in the app's range)."""
    staff = company.directory.get(userid)
    if not app.sees(staff.userid):
        raise Refusal(60011)
    return staff


@call("GET", "/cgi-bin/user/get", right=Right.DIRECTORY)
def get(company: Company, request: Request) -> Answer:
    return _full(company, in_range(company, request.app, request.text("userid", missing=41009)))


@call("GET", "/cgi-bin/user/simplelist", right=Right.DIRECTORY)
def simplelist(company: Company, request: Request) -> Answer:
    told = [
        {"userid": staff.userid, "name": staff.name, "department": list(staff.departments)}
        for staff in _of_department(company, request)
    ]
    return {"userlist": told}


@call("GET", "/cgi-bin/user/list", right=Right.DIRECTORY)
def full_list(company: Company, request: Request) -> Answer:
    return {"userlist": [_full(company, staff) for staff in _of_department(company, request)]}


def _of_department(company: Company, request: Request) -> list[Staff]:
    department = request.number("department_id", wrong=60123)
    if department not in company.directory.departments:
        raise Refusal(60003)
    children = request.flag("fetch_child")
    return [one for one in company.directory.in_departments([department], children=children) if request.app.sees(one.userid)]


@call("POST", "/cgi-bin/user/list_id", right=Right.DIRECTORY)
def list_id(company: Company, request: Request) -> Answer:
    limit = request.number("limit", 10_000, low=1, high=10_000)
    everybody = [one for one in company.directory.ever() if request.app.sees(one.userid)]
    pairs = [(one, department) for one in everybody for department in one.departments]
    told, following = company.cursors.page(
        request.text_or("cursor"),
        limit,
        lambda start: ((place, pair) for place, pair in enumerate(pairs[start:], start) if pair[0].status != 5),
        lambda pair: {"userid": pair[0].userid, "department": pair[1]},
        kind="user/list_id",
    )
    return {"dept_user": told, "next_cursor": following}


def _full(company: Company, staff: Staff) -> dict[str, Any]:
    told: dict[str, Any] = {
        "userid": staff.userid,
        "name": staff.name,
        "department": list(staff.departments),
        "order": [0] * len(staff.departments),
        "position": staff.position,
        "is_leader_in_dept": [int(one in staff.leads) for one in staff.departments],
        "alias": staff.alias,
        "telephone": "",
        "status": staff.status,
        "main_department": staff.departments[0],
        "extattr": {"attrs": []},
    }
    if company.settings.sensitive_directory:
        told |= {
            "mobile": staff.mobile,
            "gender": str(staff.gender),
            "email": staff.email,
            "biz_mail": staff.email,
            "avatar": f"{company.base_url}/sandbox/avatars/{staff.userid}",
        }
    return told


@call("GET", "/cgi-bin/department/list", right=Right.DIRECTORY)
def departments(company: Company, request: Request) -> Answer:
    return {"department": [_department(one) for one in _asked(company, request)]}


@call("GET", "/cgi-bin/department/simplelist", right=Right.DIRECTORY)
def department_ids(company: Company, request: Request) -> Answer:
    return {"department_id": [{"id": one.id, "parentid": one.parentid, "order": one.order} for one in _asked(company, request)]}


@call("GET", "/cgi-bin/department/get", right=Right.DIRECTORY)
def department(company: Company, request: Request) -> Answer:
    found = company.directory.departments.get(request.number("id", wrong=60123))
    if found is None:
        raise Refusal(60003)
    return {"department": _department(found)}


def _asked(company: Company, request: Request) -> list[Department]:
    top = request.number("id", 1, wrong=60123)
    if top not in company.directory.departments:
        raise Refusal(60003)
    under = company.directory.under(top)
    return [one for one in company.directory.departments.values() if one.id in under]


def _department(one: Department) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "parentid": one.parentid, "order": one.order}


@call("GET", "/cgi-bin/tag/list", right=Right.DIRECTORY)
def tags(company: Company, request: Request) -> Answer:
    return {"taglist": [{"tagid": tag.tagid, "tagname": tag.name} for tag in company.directory.tags.values()]}


@call("GET", "/cgi-bin/tag/get", right=Right.DIRECTORY)
def tag(company: Company, request: Request) -> Answer:
    found = company.directory.tags.get(request.number("tagid", wrong=40068))
    if found is None:
        raise Refusal(40068)
    people = [company.directory.find(userid) for userid in found.users]
    told = [{"userid": one.userid, "name": one.name} for one in people if one is not None and one.status != 5]
    return {"tagname": found.name, "userlist": told, "partylist": list(found.parties)}
