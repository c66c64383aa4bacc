"""Moments: a job, tasks for colleagues, who sees it once it is published."""

from __future__ import annotations

from typing import Any

import pytest

from wecom_sandbox.errors import NoSense
from wecom_sandbox.tests.caller import NOON, Caller

DAY = 86_400
TEXT = {"text": {"content": "春天的第一场共读"}}


def staff_of(caller: Caller) -> list[str]:
    return [one.userid for one in caller.company.directory.with_contact()]


def made(caller: Caller, **more: Any) -> str:
    job = caller.ok("add_moment_task", **{**TEXT, **more})["jobid"]
    return caller.get("get_moment_task_result", jobid=job)["result"]["moment_id"]


def test_colleagues_publish_it_and_their_customers_see_it(caller):
    staff = staff_of(caller)[0]
    moment = made(caller, visible_range={"sender_list": {"user_list": [staff]}})
    assert caller.ok("get_moment_task", moment_id=moment)["task_list"] == [{"userid": staff, "publish_status": 0}]
    assert caller.code("get_moment_send_result", moment_id=moment, userid=staff) == 41062
    caller.do("publish_moment", moment_id=moment, userid=staff)
    assert caller.ok("get_moment_task", moment_id=moment)["task_list"] == [{"userid": staff, "publish_status": 1}]
    seen = caller.pages("get_moment_send_result", "customer_list", moment_id=moment, userid=staff, limit=3)
    assert [one["external_userid"] for one in seen] == caller.get("list", userid=staff)["external_userid"]


def test_tags_narrow_who_sees_it(caller):
    staff = staff_of(caller)[0]
    customers = caller.get("list", userid=staff)["external_userid"]
    tag = caller.ok("add_corp_tag", group_name="来路", tag=[{"name": "海报"}])["tag_group"]["tag"][0]["id"]
    caller.ok("mark_tag", userid=staff, external_userid=customers[1], add_tag=[tag])
    moment = made(
        caller, visible_range={"sender_list": {"user_list": [staff]}, "external_contact_list": {"tag_list": [tag, "etNone"]}}
    )
    told = caller.ok("get_moment_customer_list", moment_id=moment, userid=staff)["customer_list"]
    assert told == [{"userid": staff, "external_userid": customers[1]}]


def test_a_job_takes_its_time_names_whom_it_does_not_know_and_is_forgotten_after_a_day(caller):
    caller.company.settings.change({"moment_preparing": 30})
    job = caller.ok("add_moment_task", **TEXT, visible_range={"sender_list": {"user_list": ["nobody"]}})["jobid"]
    assert caller.get("get_moment_task_result", jobid=job)["status"] == 2
    caller.company.move_clock(advance=31)
    result = caller.get("get_moment_task_result", jobid=job)["result"]
    assert (result["errcode"], result["invalid_sender_list"]["user_list"]) == (81013, ["nobody"])
    assert "moment_id" not in result
    caller.company.move_clock(advance=DAY)
    caller._token = ""
    assert caller.get("get_moment_task_result", jobid=job)["errcode"] == 60136


def test_what_is_cancelled_is_published_by_nobody_else(caller):
    first, second = staff_of(caller)[:2]
    moment = made(caller)
    caller.do("publish_moment", moment_id=moment, userid=first)
    caller.ok("cancel_moment_task", moment_id=moment)
    with pytest.raises(NoSense, match="cancelled"):
        caller.do("publish_moment", moment_id=moment, userid=second)
    listed = caller.ok("get_moment_list", start_time=NOON - DAY, end_time=NOON + DAY)["moment_list"]
    assert [one["moment_id"] for one in listed] == [moment]


def test_only_who_sees_it_likes_it(caller):
    staff, other = staff_of(caller)[:2]
    mine = set(caller.get("list", userid=staff)["external_userid"])
    stranger = next(one for one in caller.get("list", userid=other)["external_userid"] if one not in mine)
    moment = made(caller)
    caller.do("publish_moment", moment_id=moment, userid=staff)
    caller.do("react_to_moment", moment_id=moment, userid=staff, by=min(mine))
    with pytest.raises(NoSense, match="does not see"):
        caller.do("react_to_moment", moment_id=moment, userid=staff, by=stranger)
    told = caller.ok("get_moment_comments", moment_id=moment, userid=staff)
    assert told["like_list"] == [{"external_userid": min(mine), "create_time": NOON}]


LINK = {"msgtype": "link", "link": {"url": "https://example.org"}}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": {"content": ""}}, 41089),
        ({"text": {"content": "字" * 2001}}, 45002),
        ({"text": {"content": "字" * 2000}}, 0),
        ({"attachments": [LINK]}, 0),
        ({"attachments": [LINK, LINK]}, 41065),
        ({"attachments": [{"msgtype": "file", "file": {"media_id": "x"}}]}, 41065),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "never"}}]}, 40007),
    ],
)
def test_what_is_refused(caller, fields, code):
    assert caller.code("add_moment_task", **{**TEXT, **fields}) == code


def test_ten_a_minute(caller):
    assert [caller.code("add_moment_task", **TEXT) for _ in range(11)] == [0] * 10 + [45009]
