"""People come into groups and leave them; groups are made, changed and dismissed, all in the client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wecom_sandbox.errors import NoSense
from wecom_sandbox.groups import Group
from wecom_sandbox.news import Value
from wecom_sandbox.records import Member
from wecom_sandbox.ways import JoinWay
from wecom_sandbox.world.rosters import MOST

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

EVENT = "change_external_chat"
INVITED, BY_LINK, BY_CODE = 1, 2, 3


@deed("create_group")
def create_group(company: Company, *, owner: str, name: str = "", members: Sequence[str] = ()) -> dict[str, Any]:
    """A colleague opens a group with these people in it."""
    staff = finding.working(company, owner)
    made = company.groups.add(Group(company.new_id("wr"), name, staff.userid, company.clock.now()))
    everybody = [staff.userid, *(person for person in members if person != staff.userid)]
    company.groups.join(
        made, [_member(company, person, BY_LINK if person == staff.userid else INVITED, made) for person in everybody]
    )
    company.happened(EVENT, "create", {"ChatId": made.chat_id})
    return {"chat_id": made.chat_id, "members": len(everybody)}


def _member(
    company: Company, person: str, scene: int, found: Group, inviter: str = "", state: str = "", nickname: str = ""
) -> Member:
    now = company.clock.now()
    staff = company.directory.find(person)
    if staff is not None:
        return Member(staff.userid, 1, now, staff.name, INVITED, "" if person == found.owner else found.owner, nickname)
    outside = finding.customer(company, person)
    shown = inviter if company.directory.find(inviter) is not None else ""
    return Member(person, 2, now, outside.name, scene, shown, nickname, state, outside.unionid)


@deed("join_group")
def join_group(
    company: Company,
    *,
    chat_id: str,
    external_userid: str = "",
    name: str = "",
    people: Sequence[str] = (),
    inviter: str = "",
    scene: int = 0,
    state: str = "",
    nickname: str = "",
) -> dict[str, Any]:
    """Somebody (a new person if nobody is named), or several at once, come into a group. `scene` 1 invited, 2 by a link, 3 by
    the group's QR code; without it 1 where there is an inviter, else 3.
    """
    found = finding.group(company, chat_id)
    if scene not in {0, INVITED, BY_LINK, BY_CODE}:
        raise NoSense(f"scene is 1 (invited), 2 (link) or 3 (QR code), not {scene}")
    scene = scene or (INVITED if inviter else BY_CODE)
    newcomers = list(people) or [external_userid or finding.newcomer(company, name).external_userid]
    members = [_member(company, person, scene, found, inviter, state, nickname) for person in newcomers]
    return _come_in(company, found, members, scene)


def _come_in(company: Company, found: Group, members: list[Member], scene: int) -> dict[str, Any]:
    inside = company.groups.own_members(found)
    known = [member.id for member in members if member.id in inside]
    if known:
        raise NoSense(f"{', '.join(known)} is in {found.name or found.chat_id} already")
    if len(inside) + len(members) > MOST:
        raise NoSense(f"{found.name or found.chat_id} is full")
    versions = company.groups.join(found, members)
    ids = [member.id for member in members]
    _tell(company, found, "add_member", ids, versions, {"JoinScene": 3 if scene == BY_CODE else 0})
    return {"chat_id": found.chat_id, "members": ids, "member_version": versions[1]}


def _tell(
    company: Company, found: Group, detail: str, people: list[str], versions: tuple[str, str], scene: dict[str, Value]
) -> None:
    fields: dict[str, Value] = {"ChatId": found.chat_id, "UpdateDetail": detail, **scene}
    fields |= {"MemChangeCnt": len(people), "MemChangeList": people, "LastMemVer": versions[0], "CurMemVer": versions[1]}
    company.happened(EVENT, "update", fields)


@deed("scan_join_way")
def scan_join_way(company: Company, *, config_id: str, external_userid: str = "", name: str = "") -> dict[str, Any]:
    """A customer scans a group's live code: the first group with room, or a new one where it may be made."""
    way = company.join_ways.find(config_id)
    if way is None:
        raise NoSense(f"there is no join way {config_id!r}")
    person = finding.named_or_new(company, external_userid, name).external_userid
    groups = [found for chat_id in way.chat_id_list if (found := company.groups.find(chat_id)) is not None]
    for found in groups:
        if company.groups.is_in(found, person):
            return {"chat_id": found.chat_id, "members": [person], "already": True}
    room = next((one for one in groups if company.groups.size(one) < company.settings.group_capacity), None)
    found = room or _overflow(company, way, groups)
    member = _member(company, person, BY_CODE, found, found.owner, way.state)
    return _come_in(company, found, [member], BY_CODE)


def _overflow(company: Company, way: JoinWay, groups: list[Group]) -> Group:
    """The new group takes owner and admins of the latest full one (not confirmed)."""
    if not way.auto_create_room or not groups:
        raise NoSense(f"all groups of join way {way.config_id} are full, and it makes no new ones")
    last = groups[-1]
    name = f"{way.room_base_name or last.name}{way.room_base_id}"
    way.room_base_id += 1
    made = company.groups.add(Group(company.new_id("wr"), name, last.owner, company.clock.now(), admins=list(last.admins)))
    staff = [person for person in (last.owner, *last.admins) if company.directory.find(person) is not None]
    company.groups.join(made, [_member(company, person, INVITED, made) for person in dict.fromkeys(staff)])
    way.chat_id_list = [*way.chat_id_list, made.chat_id][-5:]
    company.happened(EVENT, "create", {"ChatId": made.chat_id})
    return made


@deed("leave_group")
def leave_group(company: Company, *, chat_id: str, person: str) -> dict[str, Any]:
    return _gone(company, chat_id, [person], 0)


@deed("remove_from_group")
def remove_from_group(company: Company, *, chat_id: str, people: Sequence[str]) -> dict[str, Any]:
    """The owner or an admin removes them in the client."""
    return _gone(company, chat_id, list(people), 1)


def _gone(company: Company, chat_id: str, people: list[str], quit_scene: int) -> dict[str, Any]:
    found = finding.group(company, chat_id)
    for person in people:
        finding.member_of(company, found, person)
        if person == found.owner and found.status == 0:
            raise NoSense(f"{person} owns the group: hand it over first")
    versions = company.groups.leave(found, people)
    _tell(company, found, "del_member", people, versions, {"QuitScene": quit_scene})
    return {"chat_id": chat_id, "left": people, "member_version": versions[1]}


@deed("rename_group")
def rename_group(company: Company, *, chat_id: str, name: str) -> dict[str, Any]:
    found = finding.group(company, chat_id)
    before, found.name = found.name, name
    company.happened(EVENT, "update", {"ChatId": chat_id, "UpdateDetail": "change_name"})
    return {"before": before}


@deed("change_notice")
def change_notice(company: Company, *, chat_id: str, notice: str) -> dict[str, Any]:
    finding.group(company, chat_id).notice = notice
    company.happened(EVENT, "update", {"ChatId": chat_id, "UpdateDetail": "change_notice"})
    return {"chat_id": chat_id}


@deed("change_owner")
def change_owner(company: Company, *, chat_id: str, owner: str) -> dict[str, Any]:
    found = finding.group(company, chat_id)
    staff = finding.working(company, owner)
    before = found.owner
    company.groups.give(found, staff)
    company.happened(EVENT, "update", {"ChatId": chat_id, "UpdateDetail": "change_owner"})
    return {"before": before}


@deed("set_admins")
def set_admins(company: Company, *, chat_id: str, admins: Sequence[str]) -> dict[str, Any]:
    """No event tells of it."""
    found = finding.group(company, chat_id)
    for person in admins:
        finding.member_of(company, found, person)
    found.admins = list(admins)
    return {"admins": found.admins}


@deed("set_nickname")
def set_nickname(company: Company, *, chat_id: str, person: str, nickname: str) -> dict[str, Any]:
    """No event tells of it."""
    finding.member_of(company, finding.group(company, chat_id), person).nickname = nickname
    return {"person": person}


@deed("dismiss_group")
def dismiss_group(company: Company, *, chat_id: str) -> dict[str, Any]:
    found = finding.group(company, chat_id)
    found.dismissed_at = company.clock.now()
    company.happened(EVENT, "dismiss", {"ChatId": chat_id})
    return {"chat_id": chat_id}
