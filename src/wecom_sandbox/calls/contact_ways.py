"""Sheet 11: contact ways (live codes of colleagues)."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.directory import Staff
from wecom_sandbox.errors import Refusal
from wecom_sandbox.quotas import DAY, Limit
from wecom_sandbox.request import Request
from wecom_sandbox.ways import ContactWay

from .customers import CC, follower
from .join_ways import qr_code, room_for_one_more
from .registry import call

MOST_USERS = 100
FORTNIGHT = 14 * DAY


@call("POST", f"{CC}/add_contact_way")
def add(company: Company, request: Request) -> Answer:
    room_for_one_more(company)
    way = ContactWay(
        company.new_config_id(),
        request.app.secret,
        request.number("type", low=1, high=2),
        request.number("scene", low=1, high=2),
        created_at=company.clock.now(),
    )
    _fill(company, request, way)
    _temporary(company, request, way)
    company.contact_ways.add(way)
    return {"config_id": way.config_id} | ({"qr_code": qr_code(company, way.config_id)} if way.scene == 2 else {})


def _fill(company: Company, request: Request, way: ContactWay) -> None:
    """What is sent replaces what was; nothing is changed if anything is refused."""
    sent = request.fields
    style = request.number("style", way.style, low=0)
    remark = request.text_or("remark", way.remark)[:30]
    skip_verify = request.flag("skip_verify", way.skip_verify)
    state = request.text_or("state", way.state, most=30)
    user = request.texts("user") if sent.get("user") is not None else way.user
    party = _parties(company, sent["party"]) if sent.get("party") is not None else way.party
    _check(company, request, way.type, user, party)
    way.style, way.remark, way.skip_verify, way.state = style, remark, skip_verify, state
    way.user, way.party = user, party


def _parties(company: Company, value: Any) -> list[int]:
    if not isinstance(value, list) or not all(isinstance(one, int) for one in value):
        raise Refusal(40066)
    if any(one not in company.directory.departments for one in value):
        raise Refusal(60123)
    return value


def _check(company: Company, request: Request, kind: int, user: list[str], party: list[int]) -> None:
    if kind == 1 and (len(user) != 1 or party):
        raise Refusal(40058)
    for userid in user:
        staff = follower(company, request.app, userid)
        if not staff.works:
            raise Refusal(41054)
        if not staff.real_named:
            raise Refusal(40098)
    everybody = {*user, *(one.userid for one in company.directory.in_departments(party))}
    if not everybody:
        raise Refusal(40063)
    if len(everybody) > MOST_USERS:
        raise Refusal(41041)


def _temporary(company: Company, request: Request, way: ContactWay) -> None:
    way.is_temp = request.flag("is_temp")
    if not way.is_temp:
        return
    if way.type != 1:
        raise Refusal(40058)
    way.expires_in = request.number("expires_in", 7 * DAY, low=1, high=FORTNIGHT)
    way.chat_expires_in = request.number("chat_expires_in", DAY, low=1, high=FORTNIGHT)
    way.unionid = request.text_or("unionid")
    way.conclusions = _conclusions(request.object("conclusions"))
    company.quotas.spend_for("temporary ways", company.corpid, (Limit(company.settings.temporary_ways_a_day, DAY),), 41045)


def _conclusions(wish: dict[str, Any]) -> dict[str, Any]:
    if not wish.keys() <= {"text", "image", "link", "miniprogram"}:
        raise Refusal(41065)
    content = wish.get("text", {}).get("content", "") if isinstance(wish.get("text", {}), dict) else None
    if not isinstance(content, str):
        raise Refusal(40058)
    if len(content.encode()) > 4000:
        raise Refusal(45002)
    return wish


def _asked(company: Company, request: Request) -> ContactWay:
    return company.contact_ways.of_app(request.text("config_id", missing=41043), request.app.secret)


@call("POST", f"{CC}/get_contact_way")
def get(company: Company, request: Request) -> Answer:
    return {"contact_way": _told(company, _asked(company, request))}


def _told(company: Company, way: ContactWay) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "config_id": way.config_id,
        "type": way.type,
        "scene": way.scene,
        "style": way.style,
        "remark": way.remark,
        "skip_verify": way.skip_verify,
        "state": way.state,
        "user": list(way.user),
        "party": list(way.party),
        "is_temp": way.is_temp,
    }
    if way.scene == 2:
        fields["qr_code"] = qr_code(company, way.config_id)
    if way.is_temp:
        fields |= {"expires_in": way.expires_in, "chat_expires_in": way.chat_expires_in, "conclusions": way.conclusions}
        fields |= {"unionid": way.unionid} if way.unionid else {}
    return fields


@call("POST", f"{CC}/list_contact_way")
def listed(company: Company, request: Request) -> Answer:
    now = company.clock.now()
    start = request.number("start_time", now - 90 * DAY)
    end = request.number("end_time", now)
    limit = request.number("limit", 100, low=1, high=1000)
    told, following = company.cursors.page(
        request.text_or("cursor"),
        limit,
        lambda first: (
            (place, way)
            for place, way in company.contact_ways.walk(first)
            if start <= way.created_at <= end and way.maker == request.app.secret and not way.is_temp
        ),
        lambda way: {"config_id": way.config_id},
        kind="list_contact_way",
    )
    return {"contact_way": told, "next_cursor": following}


@call("POST", f"{CC}/update_contact_way")
def update(company: Company, request: Request) -> Answer:
    way = _asked(company, request)
    _fill(company, request, way)
    if way.is_temp:
        way.expires_in = request.number("expires_in", way.expires_in, low=1, high=FORTNIGHT)
        way.chat_expires_in = request.number("chat_expires_in", way.chat_expires_in, low=1, high=FORTNIGHT)
        way.conclusions = _conclusions(request.object("conclusions")) or way.conclusions
    return None


@call("POST", f"{CC}/del_contact_way")
def delete(company: Company, request: Request) -> Answer:
    company.contact_ways.drop(_asked(company, request).config_id)
    return None


@call("POST", f"{CC}/close_temp_chat")
def close_temp_chat(company: Company, request: Request) -> Answer:
    staff: Staff = follower(company, request.app, request.text("userid", missing=41009))
    external_userid = request.text("external_userid", missing=41035)
    company.customers.get(external_userid)
    if not company.temp_chats.pop((staff.userid, external_userid), None):
        raise Refusal(84061)
    return None
