"""Sheets 9 and 17: numbers of groups and of staff."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.clock import DAY, day_of
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.groups import Group
from wecom_sandbox.request import Request, texts_in
from wecom_sandbox.statistics import Behaviour

from .customers import CC, follower
from .registry import call

ORDERS = {1: "new_chat_cnt", 2: "chat_total", 3: "new_member_cnt", 4: "member_total"}
LONGEST = 30
FARTHEST = 180


def days_asked(company: Company, begin: int, end: int) -> tuple[int, int]:
    """Rounded down to 00:00 in China; from the first until before the second. Raises Refusal(40058) beyond what is kept."""
    first, last = day_of(begin), day_of(end)
    today = day_of(company.clock.now())
    if last < first or last - first >= LONGEST * DAY or first < today - FARTHEST * DAY or last >= today:
        raise Refusal(40058, "invalid time range")
    return first, last + DAY


@call("POST", f"{CC}/groupchat/statistic")
def by_owner(company: Company, request: Request) -> Answer:
    first, last = _days(company, request)
    order = ORDERS[request.number("order_by", 1, low=1, high=4)]
    rising = request.number("order_asc", 0, low=0, high=1) == 1
    offset = request.number("offset", 0, low=0)
    limit = request.number("limit", 500, low=1, high=1000)
    of_owner = _groups_by_owner(company, request)
    rows = [(owner, asdict(company.statistics.of_groups(groups, first, last))) for owner, groups in of_owner.items()]
    rows.sort(key=lambda row: (row[1][order] if rising else -row[1][order], row[0]))
    told = [{"owner": owner, "data": data} for owner, data in rows[offset : offset + limit]]
    return {"total": len(rows), "next_offset": offset + len(told), "items": told}


def _days(company: Company, request: Request) -> tuple[int, int]:
    begin = request.number("day_begin_time")
    return days_asked(company, begin, request.number("day_end_time", begin))


def _groups_by_owner(company: Company, request: Request) -> dict[str, list[Group]]:
    owners = texts_in(request.object("owner_filter"), "userid_list", most=100, wrong=40031, too_many=40032)
    wanted = {follower(company, request.app, owner).userid for owner in owners}
    found: dict[str, list[Group]] = defaultdict(list)
    for group in company.groups.ever():
        if (not wanted or group.owner in wanted) and request.app.sees(group.owner):
            found[group.owner].append(group)
    return found


@call("POST", f"{CC}/groupchat/statistic_group_by_day")
def by_day(company: Company, request: Request) -> Answer:
    first, last = _days(company, request)
    groups = [group for owned in _groups_by_owner(company, request).values() for group in owned]
    days = range(first, last, DAY)
    told = [{"stat_time": day, "data": asdict(company.statistics.of_groups(groups, day, day + DAY))} for day in days]
    return {"items": told}


@call("POST", f"{CC}/get_user_behavior_data")
def behaviour(company: Company, request: Request) -> Answer:
    userids = request.texts("userid", most=100, wrong=40031, too_many=40032)
    parties = _parties(company, request)
    if not userids and not parties:
        raise Refusal(40063)
    people = {follower(company, request.app, userid).userid for userid in userids}
    there = company.directory.in_departments(parties)
    people |= {one.userid for one in there if one.may_contact and request.app.sees(one.userid)}
    first, last = days_asked(company, request.number("start_time"), request.number("end_time"))
    rows = [_row(company.statistics.of_staff(sorted(people), day), day) for day in range(first, last, DAY)]
    return {"behavior_data": rows}


def _parties(company: Company, request: Request) -> list[int]:
    parties = request.fields.get("partyid") or []
    if not isinstance(parties, list) or len(parties) > 100 or not all(isinstance(one, int) for one in parties):
        raise Refusal(40066)
    if any(one not in company.directory.departments for one in parties):
        raise Refusal(60123)
    return parties


def _row(counts: Behaviour, day: int) -> dict[str, Any]:
    """What cannot be worked out is not told."""
    told: dict[str, Any] = {
        "stat_time": day,
        "chat_cnt": counts.chat_cnt,
        "message_cnt": counts.message_cnt,
        "negative_feedback_cnt": counts.negative_feedback_cnt,
        "new_apply_cnt": counts.new_apply_cnt,
        "new_contact_cnt": counts.new_contact_cnt,
    }
    if counts.chat_cnt:
        told["reply_percentage"] = round(100 * counts.replied / counts.chat_cnt, 2)
        told["avg_reply_time"] = round(counts.reply_minutes / counts.chat_cnt)
    return told
