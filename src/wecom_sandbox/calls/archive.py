"""Sheet 22.5: what the archive is asked over HTTP. The records themselves come through the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import Right
from wecom_sandbox.archive.store import EDITIONS, Archive
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.quotas import MINUTE, Limit
from wecom_sandbox.records import Customer
from wecom_sandbox.request import BAD, Request

from .registry import call

MOST_PAIRS = 100
UNKNOWN_ROOM = 86003


@call("POST", "/cgi-bin/msgaudit/get_permit_user_list", right=Right.ARCHIVE, limits=(Limit(1000, MINUTE),))
def get_licensed(company: Company, request: Request) -> Answer:
    edition = request.number("type", 0)
    if edition not in {0, *EDITIONS}:
        raise Refusal(BAD)
    licensed = company.part(Archive).licensed()
    return {"ids": [userid for userid, held in licensed.items() if edition in (0, held)]}


@call("POST", "/cgi-bin/msgaudit/check_single_agree", right=Right.ARCHIVE, limits=(Limit(2500, MINUTE),))
def check_single(company: Company, request: Request) -> Answer:
    pairs = request.fields.get("info")
    if not isinstance(pairs, list) or not pairs or len(pairs) > MOST_PAIRS:
        raise Refusal(BAD)
    return {"agreeinfo": [_pair(company, pair) for pair in pairs]}


def _pair(company: Company, pair: Any) -> dict[str, Any]:
    """The odd spelling is theirs."""
    if (
        not isinstance(pair, Mapping)
        or not isinstance(pair.get("userid"), str)
        or not isinstance(pair.get("exteranalopenid"), str)
    ):
        raise Refusal(BAD)
    customer = company.customers.get(pair["exteranalopenid"])
    if company.customers.follow(pair["userid"], customer.external_userid) is None:
        raise Refusal(84061)
    return {"userid": pair["userid"], **_answer(customer)}


def _answer(customer: Customer) -> dict[str, Any]:
    return {
        "status_change_time": customer.archiving_at,
        "exteranalopenid": customer.external_userid,
        "agree_status": customer.archiving or "Default_Agree",
    }


@call("POST", "/cgi-bin/msgaudit/check_room_agree", right=Right.ARCHIVE, limits=(Limit(1500, MINUTE),))
def check_room(company: Company, request: Request) -> Answer:
    group = company.groups.get(request.text("roomid"))
    outside = [member.id for member in company.groups.members(group) if member.type == 2]
    return {"agreeinfo": [_answer(company.customers.get(one)) for one in outside]}


@call("POST", "/cgi-bin/msgaudit/groupchat/get", right=Right.ARCHIVE)
def get_internal_room(company: Company, request: Request) -> Answer:
    """Internal groups only: for customer groups there is externalcontact/groupchat/get."""
    room = company.part(Archive).internal_rooms.get(request.text("roomid"))
    if room is None:
        raise Refusal(UNKNOWN_ROOM)
    return dict(room)


@call("GET", "/cgi-bin/msgaudit/get_robot_info", right=Right.ARCHIVE)
def get_robot(company: Company, request: Request) -> Answer:
    robot = company.part(Archive).robots.get(request.text("robot_id"))
    if robot is None:
        raise Refusal(60136)
    return {"data": dict(robot)}
