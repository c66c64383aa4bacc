"""Sheet 8: group join ways (live codes)."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.request import Request
from wecom_sandbox.ways import JoinWay

from .customers import CC
from .registry import call


@call("POST", f"{CC}/groupchat/add_join_way")
def add(company: Company, request: Request) -> Answer:
    room_for_one_more(company)
    way = JoinWay(
        company.new_config_id(), request.app.secret, request.number("scene", low=1, high=2), created_at=company.clock.now()
    )
    _fill(company, request, way)
    return {"config_id": company.join_ways.add(way).config_id}


def room_for_one_more(company: Company) -> None:
    if len(company.join_ways) + len(company.contact_ways) >= company.settings.ways_quota:
        raise Refusal(41045)


def _fill(company: Company, request: Request, way: JoinWay) -> None:
    """Everything is overwritten: what is not sent becomes its default."""
    groups = request.texts("chat_id_list", most=5, missing=40063, too_many=41091)
    for chat_id in groups:
        company.groups.get(chat_id)
    way.remark = request.text_or("remark")[:30]
    way.auto_create_room = request.number("auto_create_room", 1, low=0, high=1)
    way.room_base_name = request.text_or("room_base_name", most=40)
    way.room_base_id = request.number("room_base_id", 1, low=0)
    way.state = request.text_or("state", most=30)
    way.chat_id_list = groups


@call("POST", f"{CC}/groupchat/get_join_way")
def get(company: Company, request: Request) -> Answer:
    return {"join_way": told(company, _asked(company, request))}


def _asked(company: Company, request: Request) -> JoinWay:
    return company.join_ways.of_app(request.text("config_id", missing=41043), request.app.secret)


def told(company: Company, way: JoinWay) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "config_id": way.config_id,
        "scene": way.scene,
        "remark": way.remark,
        "auto_create_room": way.auto_create_room,
        "room_base_name": way.room_base_name,
        "room_base_id": way.room_base_id,
        "chat_id_list": list(way.chat_id_list),
        "state": way.state,
    }
    return fields | ({"qr_code": qr_code(company, way.config_id)} if way.scene == 2 else {})


def qr_code(company: Company, config_id: str) -> str:
    return f"{company.base_url}/sandbox/qr/{config_id}"


@call("POST", f"{CC}/groupchat/update_join_way")
def update(company: Company, request: Request) -> Answer:
    way = _asked(company, request)
    scene = request.number("scene", way.scene, low=1, high=2)
    _fill(company, request, way)
    way.scene = scene
    return None


@call("POST", f"{CC}/groupchat/del_join_way")
def delete(company: Company, request: Request) -> Answer:
    company.join_ways.drop(_asked(company, request).config_id)
    return None
