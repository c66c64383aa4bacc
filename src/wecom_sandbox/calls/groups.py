"""Sheet 7: customer groups and their owners."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.groups import INHERITED, INHERITING, RESIGNED, Group
from wecom_sandbox.records import Member
from wecom_sandbox.request import Request, texts_in

from .customers import CC, follower
from .registry import call


@call("POST", f"{CC}/groupchat/list")
def listed(company: Company, request: Request) -> Answer:
    status = request.number("status_filter", 0, low=0, high=3)
    owners = texts_in(request.object("owner_filter"), "userid_list", most=100, wrong=40031, too_many=40032)
    limit = request.number("limit", low=1, high=1000)
    in_range = [one for one in company.directory.present() if request.app.sees(one.userid)]
    if not owners and len(in_range) > company.settings.most_owners_unfiltered:
        raise Refusal(81017)
    wanted = {owner.lower() for owner in owners}

    def fits(group: Group) -> bool:
        return (
            (not wanted or group.owner.lower() in wanted)
            and (not status or group.status == status)
            and request.app.sees(group.owner)
        )

    told, following = company.cursors.page(
        request.text_or("cursor"),
        limit,
        lambda start: ((place, group) for place, group in company.groups.walk(start) if fits(group)),
        lambda group: {"chat_id": group.chat_id, "status": group.status},
        kind="groupchat/list",
        of=[status, sorted(wanted)],
    )
    return {"group_chat_list": told, "next_cursor": following}


@call("POST", f"{CC}/groupchat/get")
def get(company: Company, request: Request) -> Answer:
    group = company.groups.get(request.text("chat_id", missing=40050, wrong=40050))
    if not request.app.sees(group.owner):
        raise Refusal(50002)
    named = request.number("need_name", 0, low=0, high=1) == 1
    told = {
        "chat_id": group.chat_id,
        "name": group.name,
        "owner": group.owner,
        "create_time": group.create_time,
        "member_list": [_member(company, member, named) for member in company.groups.members(group)],
        "admin_list": [{"userid": userid} for userid in group.admins],
        "member_version": group.version,
    }
    if group.notice:
        told["notice"] = group.notice
    return {"group_chat": told}


def _member(company: Company, member: Member, named: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "userid": member.id,
        "type": member.type,
        "join_time": member.join_time,
        "join_scene": member.scene,
        "group_nickname": member.nickname,
    }
    if member.unionid and company.settings.bound_to_developer:
        told["unionid"] = member.unionid
    if member.inviter:
        told["invitor"] = {"userid": member.inviter}
    if member.state:
        told["state"] = member.state
    name = _name(company, member) if named else ""
    if name:
        told["name"] = name
    return told


def _name(company: Company, member: Member) -> str:
    """Of a colleague what the directory says today."""
    staff = company.directory.find(member.id) if member.type == 1 else None
    return member.name if staff is None else staff.name


@call("POST", f"{CC}/groupchat/transfer")
def transfer(company: Company, request: Request) -> Answer:
    """Of owners who have resigned."""
    return _transferred(company, request, _after_resignation)


@call("POST", f"{CC}/groupchat/onjob_transfer")
def onjob_transfer(company: Company, request: Request) -> Answer:
    return _transferred(company, request, _on_the_job)


def _transferred(company: Company, request: Request, hand_over: Any) -> Answer:
    chat_ids = request.texts("chat_id_list", most=100, missing=40063, too_many=40063)
    new_owner = follower(company, request.app, request.text("new_owner", missing=41009))
    if not new_owner.works:
        raise Refusal(41054)
    if not new_owner.real_named:
        raise Refusal(40098)
    failed: list[dict[str, Any]] = []
    for chat_id in chat_ids:
        try:
            hand_over(company, company.groups.get(chat_id), new_owner.userid)
        except Refusal as refusal:
            failed.append({"chat_id": chat_id, "errcode": refusal.errcode, "errmsg": refusal.text})
    return {"failed_chat_list": failed}


def _after_resignation(company: Company, group: Group, new_owner: str) -> None:
    if group.status != RESIGNED:
        raise Refusal(90500)
    company.handovers.take_a_group(new_owner)
    company.groups.give(group, company.directory.get(new_owner))
    seconds = company.settings.group_transfer_seconds
    group.status = INHERITING if seconds else INHERITED
    if seconds:
        company.agenda.after(seconds, lambda: _inherited(group))


def _inherited(group: Group) -> None:
    group.status = INHERITED


def _on_the_job(company: Company, group: Group, new_owner: str) -> None:
    if group.status == RESIGNED:
        raise Refusal(60111)
    if group.owner == new_owner:
        raise Refusal(40130)
    company.handovers.count_on_the_job(group)
    company.handovers.take_a_group(new_owner)
    group.transfers.append(company.clock.now())
    company.groups.give(group, company.directory.get(new_owner))


@call("POST", f"{CC}/opengid_to_chatid")
def opengid_to_chatid(company: Company, request: Request) -> Answer:
    """The sandbox's opengid of a group is `G` and the group's id."""
    opengid = request.text("opengid")
    return {"chat_id": company.groups.get(opengid[1:] if opengid.startswith("G") else "").chat_id}
