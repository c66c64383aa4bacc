"""Sheet 1: tokens, and the addresses of the interface."""

from __future__ import annotations

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import Right
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.quotas import HOUR, Limit
from wecom_sandbox.request import Request

from .registry import call

ADDRESSES = ["127.0.0.1", "203.0.113.9", "203.0.113.10"]


@call("GET", "/cgi-bin/gettoken", right=Right.OPEN)
def gettoken(company: Company, request: Request) -> Answer:
    corpid = request.text("corpid", missing=41002)
    secret = request.text("corpsecret", missing=41004)
    try:
        if corpid != company.corpid:
            raise Refusal(40013)
        app = company.app_of(secret)
    except Refusal:
        _count_a_wrong_one(company, request.ip)
        raise
    token, seconds = company.tokens.issue(app)
    return {"access_token": token.value, "expires_in": seconds}


def _count_a_wrong_one(company: Company, ip: str) -> None:
    """After many wrong ones in an hour the caller is shut out for an hour."""
    company.quotas.spend_for("wrong gettoken", ip, (Limit(company.settings.wrong_gettoken_an_hour, HOUR),))


@call("GET", "/cgi-bin/getcallbackip", right=Right.ANY)
@call("GET", "/cgi-bin/get_api_domain_ip", right=Right.ANY)
def addresses(company: Company, request: Request) -> Answer:
    return {"ip_list": list(ADDRESSES)}
