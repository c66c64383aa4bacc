"""Sheet 21: who came to a page, and tickets for the scripts in it."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import Right
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.quotas import HOUR, Limit
from wecom_sandbox.request import BAD, Request
from wecom_sandbox.visitors import OF_CORP, Visit, Visitors, of_app

from .registry import call

DETAILS = "snsapi_privateinfo"


def _visit(company: Company, request: Request) -> Visit:
    visit = company.part(Visitors).use(request.text("code", missing=41008))
    if visit.userid and not request.app.sees(visit.userid):
        raise Refusal(60021)
    return visit


@call("GET", "/cgi-bin/auth/getuserinfo", right=Right.APP)
def get_user_info(company: Company, request: Request) -> Answer:
    visit = _visit(company, request)
    if not visit.userid:
        return {"openid": visit.openid} | ({"external_userid": visit.external_userid} if visit.external_userid else {})
    told: dict[str, Any] = {"userid": visit.userid}
    return told | ({"user_ticket": company.part(Visitors).user_ticket(visit.userid)} if visit.scope == DETAILS else {})


@call("GET", "/cgi-bin/user/getuserinfo", right=Right.APP)
def get_user_info_as_before(company: Company, request: Request) -> Answer:
    visit = _visit(company, request)
    return {"UserId": visit.userid, "DeviceId": ""} if visit.userid else {"OpenId": visit.openid, "DeviceId": ""}


@call("POST", "/cgi-bin/auth/getuserdetail", right=Right.APP)
def get_user_detail(company: Company, request: Request) -> Answer:
    staff = company.directory.get(company.part(Visitors).whose(request.text("user_ticket")))
    return {
        "userid": staff.userid,
        "gender": str(staff.gender),
        "avatar": f"{company.base_url}/sandbox/pictures/avatar-{staff.userid}",
        "qr_code": f"{company.base_url}/sandbox/pictures/card-{staff.userid}",
        "mobile": staff.mobile,
        "email": staff.email,
        "biz_mail": staff.email,
        "address": "",
    }


@call("GET", "/cgi-bin/get_jsapi_ticket", right=Right.APP, limits=(Limit(400, HOUR),))
def get_page_ticket(company: Company, request: Request) -> Answer:
    company.quotas.spend_for("jsapi ticket", request.app.secret, (Limit(100, HOUR),))
    return _ticket(company, OF_CORP)


@call("GET", "/cgi-bin/ticket/get", right=Right.APP)
def get_app_ticket(company: Company, request: Request) -> Answer:
    if request.text("type") != "agent_config":
        raise Refusal(BAD)
    company.quotas.spend_for("agent ticket", request.app.secret, (Limit(100, HOUR),))
    return _ticket(company, of_app(request.app.agentid))


def _ticket(company: Company, of: str) -> Answer:
    value, seconds = company.part(Visitors).page_ticket(of)
    return {"ticket": value, "expires_in": seconds}
