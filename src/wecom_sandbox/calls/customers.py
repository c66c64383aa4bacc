"""Sheet 10: customers, and who of the staff knows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import App
from wecom_sandbox.company import Company
from wecom_sandbox.directory import Staff
from wecom_sandbox.errors import Refusal
from wecom_sandbox.records import Customer, Follow
from wecom_sandbox.request import Request

from .registry import call

CC = "/cgi-bin/externalcontact"
FOLLOWERS_A_PAGE = 500


def follower(company: Company, app: App, userid: str) -> Staff:
    """A colleague with customer-contact rights in the app's range. Raises Refusal 60111, 60021, 84074."""
    staff = company.directory.get(userid)
    if not app.sees(staff.userid):
        raise Refusal(60021)
    if not staff.may_contact:
        raise Refusal(84074)
    return staff


@call("GET", f"{CC}/get_follow_user_list")
def get_follow_user_list(company: Company, request: Request) -> Answer:
    return {"follow_user": [one.userid for one in company.directory.with_contact() if request.app.sees(one.userid)]}


@call("GET", f"{CC}/list")
def customers_of(company: Company, request: Request) -> Answer:
    staff = follower(company, request.app, request.text("userid", missing=41009))
    found = [follow.external_userid for _, follow in company.customers.of_staff(staff.userid)]
    if not found:
        raise Refusal(84061)
    return {"external_userid": found}


@call("GET", f"{CC}/get")
def get(company: Company, request: Request) -> Answer:
    external_userid = request.text("external_userid", missing=41035)
    customer = company.customers.get(external_userid)
    follows = [one for one in company.customers.follows_of(external_userid) if request.app.sees(one.userid)]
    if not follows:
        raise Refusal(84061)
    told, following = company.cursors.page(
        request.text_or("cursor"),
        FOLLOWERS_A_PAGE,
        lambda start: enumerate(follows[start:], start),
        lambda follow: follow_user(company, customer, follow),
        kind="externalcontact/get",
        of=external_userid,
    )
    answer: dict[str, Any] = {"external_contact": external_contact(company, customer), "follow_user": told}
    return answer | ({"next_cursor": following} if following else {})


@call("POST", f"{CC}/batch/get_by_user")
def get_by_user(company: Company, request: Request) -> Answer:
    userids = _asked_for(request)
    staff = [follower(company, request.app, userid) for userid in userids]
    limit = min(100, request.number("limit", 50, low=1))
    told, following = company.cursors.page(
        request.text_or("cursor"),
        limit,
        lambda start: _walk(company, staff, start),
        lambda follow: _entry(company, follow),
        kind="batch/get_by_user",
        of=userids,
    )
    if not told and not request.text_or("cursor"):
        raise Refusal(84061)
    return {"external_contact_list": told, "next_cursor": following}


def _asked_for(request: Request) -> list[str]:
    """Older clients send one `userid`."""
    old = request.fields.get("userid")
    if request.fields.get("userid_list") is None and old is not None:
        return [request.text("userid", missing=41009)]
    return request.texts("userid_list", most=100, missing=41009, wrong=40031, too_many=40032)


_ROOM = 1 << 32


def _walk(company: Company, staff: list[Staff], start: int) -> Iterator[tuple[int, Follow]]:
    """Colleague after colleague; a position is the colleague's number and the place in their list."""
    first, place = divmod(start, _ROOM)
    for number in range(first, len(staff)):
        for there, follow in company.customers.of_staff(staff[number].userid, place if number == first else 0):
            yield number * _ROOM + there, follow


def _entry(company: Company, follow: Follow) -> dict[str, Any]:
    customer = company.customers.get(follow.external_userid)
    tags = [tag_id for tag_id in follow.tags if _is_living(company, tag_id)]
    info = _info(customer, follow) | {"tag_id": tags}
    return {"external_contact": external_contact(company, customer), "follow_info": info}


def external_contact(company: Company, customer: Customer) -> dict[str, Any]:
    told: dict[str, Any] = {
        "external_userid": customer.external_userid,
        "name": customer.name,
        "type": customer.type,
        "gender": customer.gender,
    }
    if company.settings.avatars:
        told["avatar"] = f"{company.base_url}/sandbox/avatars/{customer.external_userid}"
    if customer.unionid and company.settings.bound_to_developer:
        told["unionid"] = customer.unionid
    if customer.type == 2:
        told |= {"position": customer.position, "corp_name": customer.corp_name}
        told["corp_full_name"] = f"{customer.corp_name}有限公司"
    return told


def _info(customer: Customer, follow: Follow) -> dict[str, Any]:
    told: dict[str, Any] = {
        "userid": follow.userid,
        "remark": follow.remark,
        "description": follow.description,
        "createtime": follow.createtime,
        "remark_mobiles": list(follow.remark_mobiles),
        "oper_userid": follow.oper_userid,
        "add_way": follow.add_way,
    }
    if customer.type == 1 and follow.remark_company:
        told["remark_corp_name"] = follow.remark_company
    if follow.state:
        told["state"] = follow.state
    return told


def follow_user(company: Company, customer: Customer, follow: Follow) -> dict[str, Any]:
    return _info(customer, follow) | {"tags": list(_tags(company, follow))}


def _tags(company: Company, follow: Follow) -> Iterator[dict[str, Any]]:
    for tag_id in follow.tags:
        found = company.tags.find(tag_id)
        if found is not None and not found[1].deleted:
            group, tag = found
            kind = 3 if group.strategy_id else 1
            yield {"group_name": group.name, "tag_name": tag.name, "tag_id": tag.id, "type": kind}
    for name in follow.own_tags:
        yield {"group_name": "个人标签", "tag_name": name, "type": 2}


def _is_living(company: Company, tag_id: str) -> bool:
    found = company.tags.find(tag_id)
    return found is not None and not found[1].deleted and not found[0].strategy_id


REMARKS = {"remark": 20, "description": 150, "remark_company": 20}


@call("POST", f"{CC}/remark")
def remark(company: Company, request: Request) -> Answer:
    staff = follower(company, request.app, request.text("userid", missing=41009))
    external_userid = request.text("external_userid", missing=41035)
    customer = company.customers.get(external_userid)
    wishes = {name: request.text_or(name, most=most) for name, most in REMARKS.items() if request.fields.get(name) is not None}
    mobiles = request.texts("remark_mobiles") if request.fields.get("remark_mobiles") is not None else None
    picture = request.text_or("remark_pic_mediaid")
    if not wishes and mobiles is None and not picture:
        raise Refusal(40063)
    if "remark_company" in wishes and customer.type != 1:
        raise Refusal(41056)
    follow = company.customers.own_follow(staff.userid, external_userid)
    for name, value in wishes.items():
        setattr(follow, name, value)
    if mobiles is not None:
        follow.remark_mobiles = [mobile for mobile in mobiles if mobile]
    return None


@call("POST", f"{CC}/unionid_to_external_userid")
@call("POST", "/cgi-bin/idconvert/unionid_to_external_userid")
def unionid_to_external_userid(company: Company, request: Request) -> Answer:
    if not company.settings.bound_to_developer:
        raise Refusal(41057)
    found = _with_unionid(company, request.text("unionid"))
    request.text("openid")
    if found is None:
        raise Refusal(84061)
    return {"external_userid": found.external_userid}


def _with_unionid(company: Company, unionid: str) -> Customer | None:
    for customer in company.customers.newcomers():
        if customer.unionid == unionid:
            return customer
    try:
        number = int(unionid[-9:], 16)
    except ValueError:
        return None
    if not 0 <= number < company.population.size:
        return None
    person = company.population.person(number)
    return person if person.unionid == unionid else None


@call("POST", f"{CC}/convert_to_openid")
def convert_to_openid(company: Company, request: Request) -> Answer:
    customer = company.customers.get(request.text("external_userid", missing=41035))
    if not customer.openid:
        raise Refusal(41056)
    return {"openid": customer.openid}
