"""Sheet 15: mass sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import App
from wecom_sandbox.attachments import attachments_of, text_of
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.mass_sends import DONE, GROUP, NOT_SENT, SINGLE, MassSend, MassSends, Part, Result, shared_out
from wecom_sandbox.quotas import DAY
from wecom_sandbox.request import BAD, Request

from .customers import CC, follower
from .registry import call

TEXT_BYTES = 4000
MOST_CUSTOMERS, MOST_GROUPS, MOST_TAGS = 10_000, 2000, 100
MONTH = 31 * DAY


@call("POST", f"{CC}/add_msg_template")
def add(company: Company, request: Request) -> Answer:
    chat_type = _chat_type(request)
    text = text_of(request.fields, TEXT_BYTES)
    attachments = attachments_of(company, request.fields)
    if not text and not attachments:
        raise Refusal(44004)
    shares, failed = (_groups if chat_type == GROUP else _customers)(company, request)
    if not shares:
        raise Refusal(41048, fail_list=failed)
    made = company.part(MassSends).add(
        chat_type=chat_type,
        text=text,
        attachments=attachments,
        to=shares,
        agentid=request.app.agentid,
        allow_select=request.flag("allow_select"),
    )
    return {"fail_list": failed, "msgid": made.msgid}


def _chat_type(request: Request) -> str:
    chat_type = request.text_or("chat_type", SINGLE)
    if chat_type not in {SINGLE, GROUP}:
        raise Refusal(BAD)
    return chat_type


Shares = tuple[dict[str, list[str]], list[str]]
"""who sends -> whom; and who cannot receive"""


def _groups(company: Company, request: Request) -> Shares:
    """Groups the sender owns; without a list, all of them."""
    sender = follower(company, request.app, request.text("sender", missing=41009)).userid
    asked = request.texts("chat_id_list", most=MOST_GROUPS, too_many=40032)
    owned = [group.chat_id for group in company.groups.owned_by(sender)]
    if not asked:
        return ({sender: owned} if owned else {}), []
    known = set(owned)
    to = [chat_id for chat_id in asked if chat_id in known]
    return ({sender: to} if to else {}), [chat_id for chat_id in asked if chat_id not in known]


def _customers(company: Company, request: Request) -> Shares:
    asked = request.texts("external_userid", most=MOST_CUSTOMERS, too_many=40032)
    sender = request.text_or("sender")
    if sender:
        sender = follower(company, request.app, sender).userid
    wanted = _tag_groups(company, request)
    if asked:
        return _those_asked_for(company, request.app, asked, sender)
    if not sender and not wanted:
        raise Refusal(40063)
    senders = [sender] if sender else [one.userid for one in company.directory.with_contact() if request.app.sees(one.userid)]
    follows = (follow for userid in senders for _, follow in company.customers.of_staff(userid))
    fitting = (follow for follow in follows if all(group & set(follow.tags) for group in wanted))
    return _each_once((follow.userid, follow.external_userid) for follow in fitting), []


def _each_once(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Nobody hears it from two colleagues."""
    of_customer: dict[str, str] = {}
    for userid, external_userid in pairs:
        of_customer.setdefault(external_userid, userid)
    return shared_out((userid, external_userid) for external_userid, userid in of_customer.items())


def _those_asked_for(company: Company, app: App, asked: list[str], sender: str) -> Shares:
    pairs, failed = [], []
    for external_userid in asked:
        known_by = [one.userid for one in company.customers.follows_of(external_userid) if app.sees(one.userid)]
        fitting = [userid for userid in known_by if sender in ("", userid)]
        if fitting:
            pairs.append((fitting[-1], external_userid))
        else:
            failed.append(external_userid)
    return shared_out(pairs), failed


def _tag_groups(company: Company, request: Request) -> list[set[str]]:
    """One of each group's tags must fit."""
    groups = request.object("tag_filter").get("group_list") or []
    if not isinstance(groups, Sequence) or isinstance(groups, str):
        raise Refusal(BAD)
    return [_tags(company, group) for group in groups]


def _tags(company: Company, group: Any) -> set[str]:
    given = group.get("tag_list") if isinstance(group, Mapping) else None
    if not isinstance(given, list) or not given or len(given) > MOST_TAGS:
        raise Refusal(BAD)
    known = {tag.id for one in company.tags.living() for tag in one.living()}
    if not known.issuperset(given):
        raise Refusal(40068)
    return set(given)


@call("POST", f"{CC}/remind_groupmsg_send")
def remind(company: Company, request: Request) -> Answer:
    company.part(MassSends).remind(request.text("msgid", missing=41046))
    return None


@call("POST", f"{CC}/cancel_groupmsg_send")
def cancel(company: Company, request: Request) -> Answer:
    company.part(MassSends).cancel(request.text("msgid", missing=41046))
    return None


@call("POST", f"{CC}/get_groupmsg_list_v2")
def get_list(company: Company, request: Request) -> Answer:
    chat_type = _chat_type(request)
    start, end = request.number("start_time"), request.number("end_time")
    if not 0 <= end - start <= MONTH:
        raise Refusal(BAD)
    # All here are the company's own, so who asks for personal ones, or for those of one creator, finds none.
    none = request.number("filter_type", 2, low=0, high=2) == 1 or bool(request.text_or("creator"))
    fitting = [] if none else [one for one in company.part(MassSends).all() if one.chat_type == chat_type]
    fitting = [one for one in fitting if start <= one.created_at <= end]
    limit = request.number("limit", 50, low=1, high=100)
    told, following = _page(
        company, request, fitting, _mass_send, limit=limit, kind="groupmsg list", of=[chat_type, start, end]
    )
    return {"group_msg_list": told, "next_cursor": following}


def _mass_send(one: MassSend) -> dict[str, Any]:
    told: dict[str, Any] = {"msgid": one.msgid, "create_time": one.created_at, "create_type": 0}
    if one.text:
        told["text"] = {"content": one.text}
    return told | {"attachments": one.attachments}


@call("POST", f"{CC}/get_groupmsg_task")
def get_task(company: Company, request: Request) -> Answer:
    mass = company.part(MassSends).ready(request.text("msgid", missing=41046))
    limit = request.number("limit", 500, low=1, high=1000)
    told, following = _page(
        company, request, list(mass.parts.values()), _task, limit=limit, kind="groupmsg task", of=mass.msgid
    )
    return {"task_list": told, "next_cursor": following}


def _task(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"userid": part.userid, "status": part.status}
    return told | ({"send_time": part.sent_at} if part.status == DONE else {})


@call("POST", f"{CC}/get_groupmsg_send_result")
def get_send_result(company: Company, request: Request) -> Answer:
    mass = company.part(MassSends).ready(request.text("msgid", missing=41046))
    part = mass.parts.get(request.text("userid", missing=41009))
    if part is None:
        raise Refusal(40003)
    limit = request.number("limit", 500, low=1, high=1000)
    of = [mass.msgid, part.userid]
    told, following = _page(company, request, _results(mass, [part]), dict, limit=limit, kind="groupmsg result", of=of)
    return {"send_list": told, "next_cursor": following}


@call("POST", f"{CC}/get_group_msg_result")
def get_result(company: Company, request: Request) -> Answer:
    """The older form: everything at once."""
    mass = company.part(MassSends).ready(request.text("msgid", missing=41046))
    return {"check_status": 1, "detail_list": _results(mass, list(mass.parts.values()))}


def _results(mass: MassSend, parts: list[Part]) -> list[dict[str, Any]]:
    """Of group messages only what has been sent."""
    return [
        _result(mass, part, receiver, result)
        for part in parts
        for receiver, result in part.to.items()
        if mass.chat_type == SINGLE or result.status != NOT_SENT
    ]


def _result(mass: MassSend, part: Part, receiver: str, result: Result) -> dict[str, Any]:
    name = "chat_id" if mass.chat_type == GROUP else "external_userid"
    told: dict[str, Any] = {name: receiver, "userid": part.userid, "status": result.status}
    return told | ({"send_time": result.at} if result.status != NOT_SENT else {})


def _page(
    company: Company,
    request: Request,
    rows: list[Any],
    tell: Callable[[Any], dict[str, Any]],
    *,
    limit: int,
    kind: str,
    of: object,
) -> tuple[list[dict[str, Any]], str]:
    cursor = request.text_or("cursor")
    return company.cursors.page(cursor, limit, lambda start: enumerate(rows[start:], start), tell, kind=kind, of=of)
