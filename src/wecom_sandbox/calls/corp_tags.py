"""Sheet 13: the company's tags for customers."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.corp_tags import Tag, TagGroup
from wecom_sandbox.errors import Refusal
from wecom_sandbox.request import Request, whole

from .customers import CC, follower
from .registry import call

LONGEST = 30
UINT32 = (1 << 32) - 1


def name_in(fields: dict[str, Any], key: str) -> str:
    """Raises Refusal 41018 (missing), 40071 (no text), 40072 (too long)."""
    name = fields.get(key)
    if name is None or name == "":
        raise Refusal(41018)
    if not isinstance(name, str):
        raise Refusal(40071)
    if len(name) > LONGEST:
        raise Refusal(40072)
    return name


def order_in(fields: dict[str, Any], default: int) -> int:
    order = whole(fields.get("order"))
    if order is None:
        return default
    if not 0 <= order <= UINT32:
        raise Refusal(40058)
    return order


def ids_in(request: Request, key: str) -> list[str]:
    """One id may come without its list, as an older client sends it."""
    value = request.fields.get(key)
    return [value] if isinstance(value, str) and value else request.texts(key) if value else []


@call("POST", f"{CC}/get_corp_tag_list")
def get_corp_tag_list(company: Company, request: Request) -> Answer:
    return {"tag_group": listed(company, ids_in(request, "tag_id"), ids_in(request, "group_id"), strategy_id=None)}


def listed(company: Company, tag_ids: list[str], group_ids: list[str], *, strategy_id: int | None) -> list[dict[str, Any]]:
    if group_ids:
        found = [company.tags.groups.get(group_id) for group_id in group_ids]
        return [tell(group, group.tags, asked=True) for group in found if group is not None]
    if tag_ids:
        return _of_tags(company, tag_ids)
    return [tell(group, group.living()) for group in company.tags.living(strategy_id)]


def _of_tags(company: Company, tag_ids: list[str]) -> list[dict[str, Any]]:
    of_group: dict[str, list[Tag]] = {}
    for tag_id in tag_ids:
        found = company.tags.find(tag_id)
        if found is not None:
            of_group.setdefault(found[0].group_id, []).append(found[1])
    return [tell(company.tags.groups[group_id], tags, asked=True) for group_id, tags in of_group.items()]


def tell(group: TagGroup, tags: list[Tag], *, asked: bool = False) -> dict[str, Any]:
    """`deleted` is told only where somebody asked by id, and then only if it is so."""
    told: dict[str, Any] = {
        "group_id": group.group_id,
        "group_name": group.name,
        "create_time": group.create_time,
        "order": group.order,
        "tag": [_tell_tag(tag, asked) for tag in tags],
    }
    if group.strategy_id:
        told["strategy_id"] = group.strategy_id
    return told | ({"deleted": True} if asked and group.deleted else {})


def _tell_tag(tag: Tag, asked: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"id": tag.id, "name": tag.name, "create_time": tag.create_time, "order": tag.order}
    return told | ({"deleted": True} if asked and tag.deleted else {})


@call("POST", f"{CC}/add_corp_tag")
def add_corp_tag(company: Company, request: Request) -> Answer:
    return {"tag_group": added(company, request, strategy_id=0)}


def added(company: Company, request: Request, *, strategy_id: int) -> dict[str, Any]:
    """Into the group with that id or name, or a new one. Says only the tags that were asked for."""
    wishes = _wishes(request)
    group = _group_for(company, request, strategy_id)
    new = [name for name in wishes if group is None or group.named(name) is None]
    if company.tags.count() + len(new) > company.settings.corp_tags:
        raise Refusal(40126)
    if group is None:
        group = _new_group(company, request, strategy_id)
    now = company.clock.now()
    for name in new:
        company.tags.add(group, Tag(company.new_id("et"), name, now, wishes[name]))
    told = [tag for tag in group.living() if tag.name in wishes]
    return tell(group, told)


def _wishes(request: Request) -> dict[str, int]:
    tags = request.fields.get("tag")
    if not isinstance(tags, list) or not tags:
        raise Refusal(41018)
    if not all(isinstance(tag, dict) for tag in tags):
        raise Refusal(40071)
    wishes: dict[str, int] = {}
    for tag in tags:
        wishes.setdefault(name_in(tag, "name"), order_in(tag, 0))
    return wishes


def _group_for(company: Company, request: Request, strategy_id: int) -> TagGroup | None:
    group_id = request.text_or("group_id")
    if group_id:
        group = company.tags.groups.get(group_id)
        if group is None or group.deleted or group.strategy_id != strategy_id:
            raise Refusal(40068)
        return group
    return company.tags.named(name_in(request.json, "group_name"), strategy_id or None)


def _new_group(company: Company, request: Request, strategy_id: int) -> TagGroup:
    name = name_in(request.json, "group_name")
    order = order_in(request.json, 0)
    return company.tags.add_group(TagGroup(company.new_id("et"), name, company.clock.now(), order, strategy_id))


@call("POST", f"{CC}/edit_corp_tag")
@call("POST", f"{CC}/edit_strategy_tag")
def edit(company: Company, request: Request) -> Answer:
    wanted = request.text("id", missing=41017)
    name = name_in(request.json, "name") if request.fields.get("name") else ""
    strategies = request.path.endswith("strategy_tag")
    found = company.tags.groups.get(wanted)
    if found is not None and not found.deleted:
        _right_kind(found, strategies)
        _rename_group(company, found, name)
        found.order = order_in(request.json, found.order)
        return None
    group, tag = company.tags.get(wanted)
    _right_kind(group, strategies)
    other = group.named(name) if name else None
    if other is not None and other is not tag:
        raise Refusal(40071, "tag name already exists in the group")
    tag.name = name or tag.name
    tag.order = order_in(request.json, tag.order)
    return None


def _rename_group(company: Company, group: TagGroup, name: str) -> None:
    other = company.tags.named(name, group.strategy_id or None) if name else None
    if other is not None and other is not group:
        raise Refusal(40071, "tag group name already exists")
    group.name = name or group.name


def _right_kind(group: TagGroup, strategies: bool) -> None:
    if bool(group.strategy_id) is not strategies:
        raise Refusal(81011)


@call("POST", f"{CC}/del_corp_tag")
@call("POST", f"{CC}/del_strategy_tag")
def delete(company: Company, request: Request) -> Answer:
    tag_ids, group_ids = ids_in(request, "tag_id"), ids_in(request, "group_id")
    if not tag_ids and not group_ids:
        raise Refusal(41017)
    strategies = request.path.endswith("strategy_tag")
    for group_id in group_ids:
        group = company.tags.groups.get(group_id)
        if group is None or group.deleted:
            raise Refusal(40068)
        _right_kind(group, strategies)
    for tag_id in tag_ids:
        _right_kind(company.tags.get(tag_id)[0], strategies)
    for tag_id in tag_ids:
        company.tags.drop(tag_id)
    for group_id in group_ids:
        if not company.tags.groups[group_id].deleted:
            company.tags.drop_group(group_id)
    return None


@call("POST", f"{CC}/mark_tag")
def mark_tag(company: Company, request: Request) -> Answer:
    staff = follower(company, request.app, request.text("userid", missing=41009))
    external_userid = request.text("external_userid", missing=41035)
    company.customers.get(external_userid)
    add, remove = request.texts("add_tag"), request.texts("remove_tag")
    if not add and not remove:
        raise Refusal(40063)
    for tag_id in (*add, *remove):
        company.tags.get(tag_id)
    follow = company.customers.own_follow(staff.userid, external_userid)
    follow.tags = list(dict.fromkeys([*(tag_id for tag_id in follow.tags if tag_id not in remove), *add]))
    return None


# The same for rule groups: tags which only those under the rule see.


def _strategy(request: Request) -> int:
    return request.number("strategy_id", low=1)


@call("POST", f"{CC}/get_strategy_tag_list")
def get_strategy_tag_list(company: Company, request: Request) -> Answer:
    strategy_id = request.number("strategy_id", 0, low=0)
    return {"tag_group": listed(company, ids_in(request, "tag_id"), ids_in(request, "group_id"), strategy_id=strategy_id)}


@call("POST", f"{CC}/add_strategy_tag")
def add_strategy_tag(company: Company, request: Request) -> Answer:
    return {"tag_group": added(company, request, strategy_id=_strategy(request))}
