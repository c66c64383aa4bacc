"""Sheet 18.3: customer acquisition links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wecom_sandbox.acquisitions import Acquisitions, Comer, Link
from wecom_sandbox.answer import Answer
from wecom_sandbox.clock import day_of
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.quotas import DAY
from wecom_sandbox.request import BAD, Request, texts_in

from .customers import CC, follower
from .registry import call

CA = f"{CC}/customer_acquisition"
MOST_PEOPLE = 500
MOST_LINKS = 10_000
NAME_CHARS = 30


@call("POST", f"{CA}/list_link")
def list_links(company: Company, request: Request) -> Answer:
    rows = [(at, link) for at, link in enumerate(company.part(Acquisitions).links.values()) if not link.deleted]
    told, following = company.cursors.page(
        request.text_or("cursor"),
        request.number("limit", 100, low=1, high=100),
        lambda start: (row for row in rows if row[0] >= start),
        lambda link: link.link_id,
        kind="acquisition links",
    )
    return {"link_id_list": told, "next_cursor": following}


def _link(company: Company, request: Request) -> Link:
    found = company.part(Acquisitions).links.get(request.text("link_id"))
    if found is None or found.deleted:
        raise Refusal(60136)
    return found


@call("POST", f"{CA}/get")
def get(company: Company, request: Request) -> Answer:
    link = _link(company, request)
    about = {"link_name": link.name, "url": link.url, "create_time": link.created_at, "skip_verify": link.skip_verify}
    return {"link": about, "range": {"user_list": link.users, "department_list": link.departments}}


@call("POST", f"{CA}/create_link")
def create(company: Company, request: Request) -> Answer:
    acquisitions = company.part(Acquisitions)
    if len(acquisitions.living()) >= MOST_LINKS:
        raise Refusal(41095)
    users, departments = _range(company, request, request.object("range"))
    link_id = company.new_id("caq")
    link = Link(
        link_id,
        request.text("link_name", most=NAME_CHARS),
        f"{company.base_url}/sandbox/acquisition/{link_id}",
        company.clock.now(),
        users,
        departments,
        request.flag("skip_verify", True),
    )
    acquisitions.links[link_id] = link
    return {"link": {"link_id": link_id, "link_name": link.name, "url": link.url, "create_time": link.created_at}}


def _range(company: Company, request: Request, given: Mapping[str, Any]) -> tuple[list[str], list[int]]:
    users = [follower(company, request.app, userid).userid for userid in texts_in(given, "user_list")]
    departments = given.get("department_list") or []
    if not isinstance(departments, list) or any(one not in company.directory.departments for one in departments):
        raise Refusal(60123)
    everybody = {*users, *(one.userid for one in company.directory.in_departments(departments))}
    if not everybody:
        raise Refusal(40063)
    if len(everybody) > MOST_PEOPLE:
        raise Refusal(40032)
    return users, departments


@call("POST", f"{CA}/update_link")
def update(company: Company, request: Request) -> Answer:
    link = _link(company, request)
    name = request.text_or("link_name", link.name, most=NAME_CHARS)
    if request.fields.get("range") is not None:
        link.users, link.departments = _range(company, request, request.object("range"))
    link.name = name
    link.skip_verify = request.flag("skip_verify", link.skip_verify)
    return None


@call("POST", f"{CA}/delete_link")
def delete(company: Company, request: Request) -> Answer:
    _link(company, request).deleted = True
    return None


@call("POST", f"{CA}/customer")
def customers(company: Company, request: Request) -> Answer:
    link = _link(company, request)
    told, following = company.cursors.page(
        request.text_or("cursor"),
        request.number("limit", 1000, low=1, high=1000),
        lambda start: enumerate(link.comers[start:], start),
        _comer,
        kind="acquired",
        of=link.link_id,
    )
    return {"customer_list": told, "next_cursor": following}


def _comer(one: Comer) -> dict[str, Any]:
    return {"external_userid": one.external_userid, "userid": one.userid, "chat_status": one.chat_status, "state": one.state}


@call("POST", f"{CA}/statistic")
def statistic(company: Company, request: Request) -> Answer:
    link = _link(company, request)
    start, end = day_of(request.number("start_time")), day_of(request.number("end_time")) + DAY
    if start >= end:
        raise Refusal(BAD)
    return {
        "click_link_customer_cnt": sum(1 for at in link.clicks if start <= at < end),
        "new_customer_cnt": sum(1 for one in link.comers if start <= one.at < end),
    }


@call("GET", f"{CC}/customer_acquisition_quota")
def quota(company: Company, request: Request) -> Answer:
    found = company.part(Acquisitions)
    parts = [{"expire_date": day_of(found.expires), "balance": found.balance}] if found.balance else []
    return {"total": found.total, "balance": found.balance, "quota_list": parts}
