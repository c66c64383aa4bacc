"""Mass sends: nothing goes out before a colleague presses send; who got it, who did not and why; reminders and their limit."""

from __future__ import annotations

import pytest

from wecom_sandbox.errors import NoSense
from wecom_sandbox.tests.caller import NOON, Caller

DAY = 86_400
WORDS = {"text": {"content": "本周五晚八点共读第三章"}}


def owner_with_groups(caller: Caller) -> tuple[str, list[str]]:
    owners = {group.owner for _, group in caller.company.groups.walk()}
    most = max(owners, key=lambda one: (len(caller.company.groups.owned_by(one)), one))
    return most, [group.chat_id for group in caller.company.groups.owned_by(most)]


def staff_with_customers(caller: Caller) -> tuple[str, list[str]]:
    staff = caller.company.directory.with_contact()[0].userid
    return staff, caller.get("list", userid=staff)["external_userid"]


def statuses(caller: Caller, msgid: str, userid: str) -> dict[str, int]:
    rows = caller.ok("get_groupmsg_send_result", msgid=msgid, userid=userid)["send_list"]
    return {row.get("chat_id") or row["external_userid"]: row["status"] for row in rows}


def said_in(caller: Caller, chat_id: str) -> list[str]:
    return [word.body.get("content", word.kind) for word in caller.company.news.words if word.chat_id == chat_id]


def test_a_message_to_groups_waits_for_its_owner(caller):
    owner, chats = owner_with_groups(caller)
    link = {"msgtype": "link", "link": {"title": "第三章笔记", "url": "https://example.org/ch3"}}
    made = caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=chats, attachments=[link], **WORDS)
    assert made["fail_list"] == []
    assert caller.ok("get_groupmsg_task", msgid=made["msgid"])["task_list"] == [{"userid": owner, "status": 0}]
    assert statuses(caller, made["msgid"], owner) == {}
    assert said_in(caller, chats[0]) == []
    told = caller.do("confirm_mass_send", msgid=made["msgid"], userid=owner)
    assert told == {"sent": len(chats), "no_contact": 0, "had_another": 0}
    task = caller.ok("get_groupmsg_task", msgid=made["msgid"])["task_list"][0]
    assert (task["status"], task["send_time"]) == (2, NOON)
    assert statuses(caller, made["msgid"], owner) == dict.fromkeys(chats, 1)
    assert said_in(caller, chats[0]) == ["本周五晚八点共读第三章", "link"]


def test_only_groups_the_sender_owns_are_taken(caller):
    owner, chats = owner_with_groups(caller)
    other = next(group.chat_id for _, group in caller.company.groups.walk() if group.owner != owner)
    made = caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=[*chats, other], **WORDS)
    assert made["fail_list"] == [other]
    refused = caller.call("add_msg_template", chat_type="group", sender=owner, chat_id_list=[other], **WORDS)
    assert (refused["errcode"], refused["fail_list"]) == (41048, [other])


def test_a_second_one_the_same_day_reaches_nobody(caller):
    owner, chats = owner_with_groups(caller)
    first, second = (
        caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=chats[:1], **WORDS)["msgid"]
        for _ in range(2)
    )
    caller.do("confirm_mass_send", msgid=first, userid=owner)
    assert caller.do("confirm_mass_send", msgid=second, userid=owner)["had_another"] == 1
    assert statuses(caller, second, owner) == {chats[0]: 3}
    caller.company.move_clock(advance=DAY)
    caller._token = ""
    third = caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=chats[:1], **WORDS)["msgid"]
    assert caller.do("confirm_mass_send", msgid=third, userid=owner)["sent"] == 1


def test_the_volume_rule_can_be_loosened(caller):
    caller.company.settings.change({"mass_sends_a_day": 2})
    owner, chats = owner_with_groups(caller)
    for _ in range(2):
        msgid = caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=chats[:1], **WORDS)["msgid"]
        assert caller.do("confirm_mass_send", msgid=msgid, userid=owner)["sent"] == 1


def test_customers_who_left_meanwhile_are_told_apart(caller):
    staff, customers = staff_with_customers(caller)
    made = caller.ok("add_msg_template", external_userid=[*customers[:3], "wmNobody"], sender=staff, **WORDS)
    assert made["fail_list"] == ["wmNobody"]
    assert statuses(caller, made["msgid"], staff) == dict.fromkeys(customers[:3], 0)
    caller.do("drop_contact", userid=staff, external_userid=customers[0])
    caller.do("confirm_mass_send", msgid=made["msgid"], userid=staff)
    assert statuses(caller, made["msgid"], staff) == {customers[0]: 2, customers[1]: 1, customers[2]: 1}


def test_without_a_list_all_customers_of_the_sender_are_meant(caller):
    staff, customers = staff_with_customers(caller)
    made = caller.ok("add_msg_template", sender=staff, **WORDS)
    assert set(statuses(caller, made["msgid"], staff)) == set(customers)


def test_tags_narrow_it_or_within_and_between(caller):
    staff, customers = staff_with_customers(caller)
    first = caller.ok("add_corp_tag", group_name="来路", tag=[{"name": "海报"}, {"name": "老友"}])["tag_group"]["tag"]
    second = caller.ok("add_corp_tag", group_name="城市", tag=[{"name": "杭州"}])["tag_group"]["tag"]
    poster, friend, city = first[0]["id"], first[1]["id"], second[0]["id"]
    for customer, tags in ((customers[0], [poster, city]), (customers[1], [friend, city]), (customers[2], [poster])):
        caller.ok("mark_tag", userid=staff, external_userid=customer, add_tag=tags)
    wanted = {"group_list": [{"tag_list": [poster, friend]}, {"tag_list": [city]}]}
    made = caller.ok("add_msg_template", sender=staff, tag_filter=wanted, **WORDS)
    assert set(statuses(caller, made["msgid"], staff)) == set(customers[:2])
    assert (
        caller.code("add_msg_template", sender=staff, tag_filter={"group_list": [{"tag_list": ["etNone"]}]}, **WORDS) == 40068
    )


def test_three_reminders_in_a_day_and_no_more(caller):
    owner, chats = owner_with_groups(caller)
    msgid = caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=chats, **WORDS)["msgid"]
    assert [caller.code("remind_groupmsg_send", msgid=msgid) for _ in range(4)] == [0, 0, 0, 41094]
    caller.company.move_clock(advance=DAY + 1)
    caller._token = ""
    assert caller.code("remind_groupmsg_send", msgid=msgid) == 0
    assert caller.code("remind_groupmsg_send") == 41046
    assert caller.code("remind_groupmsg_send", msgid="nothing") == 41047


def test_what_is_cancelled_is_never_sent_and_what_was_sent_stays(caller):
    owner, chats = owner_with_groups(caller)
    msgid = caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=chats, **WORDS)["msgid"]
    caller.ok("cancel_groupmsg_send", msgid=msgid)
    assert caller.code("cancel_groupmsg_send", msgid=msgid) == 41093
    assert caller.code("remind_groupmsg_send", msgid=msgid) == 41093
    with pytest.raises(NoSense, match="cancelled"):
        caller.do("confirm_mass_send", msgid=msgid, userid=owner)
    assert statuses(caller, msgid, owner) == {}


def test_staff_may_leave_some_out_if_that_was_allowed(caller):
    staff, customers = staff_with_customers(caller)
    fields = {"sender": staff, "external_userid": customers[:3], **WORDS}
    strict = caller.ok("add_msg_template", **fields)["msgid"]
    with pytest.raises(NoSense, match="allow_select"):
        caller.do("confirm_mass_send", msgid=strict, userid=staff, skip=customers[:1])
    loose = caller.ok("add_msg_template", **fields, allow_select=True)["msgid"]
    assert caller.do("confirm_mass_send", msgid=loose, userid=staff, skip=customers[:1])["sent"] == 2


def test_a_new_one_may_still_be_dispatched(caller):
    caller.company.settings.change({"mass_send_preparing": 10})
    owner, _ = owner_with_groups(caller)
    msgid = caller.ok("add_msg_template", chat_type="group", sender=owner, **WORDS)["msgid"]
    assert caller.code("get_groupmsg_task", msgid=msgid) == 41063
    assert caller.code("remind_groupmsg_send", msgid=msgid) == 41063
    caller.company.move_clock(advance=11)
    assert caller.code("get_groupmsg_task", msgid=msgid) == 0


def test_colleagues_confirm_by_habit_forget_or_wait_for_a_reminder(caller):
    owner, chats = owner_with_groups(caller)
    other = next(one.userid for one in caller.company.directory.with_contact() if one.userid != owner)
    caller.do("mass_send_habit", confirms=1.0, after=60)
    caller.do("mass_send_habit", userid=owner, confirms=0.0, after=30, when_reminded=1.0)
    slow = caller.ok("add_msg_template", chat_type="group", sender=owner, chat_id_list=chats, **WORDS)["msgid"]
    quick = caller.ok("add_msg_template", sender=other, **WORDS)["msgid"]
    caller.company.move_clock(advance=61)
    assert caller.ok("get_groupmsg_task", msgid=quick)["task_list"][0]["status"] == 2
    assert caller.ok("get_groupmsg_task", msgid=slow)["task_list"][0]["status"] == 0
    caller.ok("remind_groupmsg_send", msgid=slow)
    caller.company.move_clock(advance=31)
    assert caller.ok("get_groupmsg_task", msgid=slow)["task_list"][0]["status"] == 2


def test_who_resigned_confirms_nothing(caller):
    owner, _ = owner_with_groups(caller)
    caller.do("mass_send_habit", confirms=1.0, after=60)
    msgid = caller.ok("add_msg_template", chat_type="group", sender=owner, **WORDS)["msgid"]
    caller.do("resign", userid=owner)
    caller.company.move_clock(advance=61)
    assert caller.ok("get_groupmsg_task", msgid=msgid)["task_list"][0]["status"] == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"chat_type": "crowd"}, 40058),
        ({"text": {"content": "字" * 1334}}, 45002),
        ({"text": {"content": ""}}, 44004),
        ({"attachments": [{"msgtype": "link", "link": {"title": "x", "url": "https://example.org"}}] * 10}, 41064),
        ({"attachments": [{"msgtype": "voice", "voice": {"media_id": "x"}}]}, 41065),
        ({"attachments": [{"msgtype": "link", "link": {"title": "没有地址"}}]}, 40063),
        ({"attachments": [{"msgtype": "link", "link": {"title": "长" * 43, "url": "https://example.org"}}]}, 45002),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "never"}}]}, 40007),
        ({"attachments": [{"msgtype": "image", "image": {"pic_url": "https://example.org/a.png"}}]}, 0),
        ({"sender": "nobody"}, 60111),
        ({"external_userid": [f"wm{n}" for n in range(10_001)]}, 40032),
    ],
)
def test_what_is_refused(caller, fields, code):
    staff, customers = staff_with_customers(caller)
    known = {"sender": staff, "external_userid": customers[:1], **WORDS}
    assert caller.code("add_msg_template", **{**known, **fields}) == code


def test_without_receiver_sender_or_tags_it_is_refused(caller):
    assert caller.code("add_msg_template", **WORDS) == 40063
    assert caller.code("add_msg_template", chat_type="group", **WORDS) == 41009


def test_lists_are_paged_and_a_made_up_cursor_is_refused(caller):
    staff, customers = staff_with_customers(caller)
    caller.company.settings.change({"mass_sends_a_day": 9})
    for _ in range(5):
        caller.ok("add_msg_template", sender=staff, external_userid=customers[:5], **WORDS)
    month = {"chat_type": "single", "start_time": NOON - DAY, "end_time": NOON + DAY}
    found = caller.pages("get_groupmsg_list_v2", "group_msg_list", **month, limit=2)
    assert len(found) == len({one["msgid"] for one in found}) == 5
    assert caller.code("get_groupmsg_list_v2", **month, cursor="made up") == 50100
    assert caller.code("get_groupmsg_list_v2", **{**month, "start_time": NOON - 40 * DAY}) == 40058
    assert caller.ok("get_groupmsg_list_v2", **{**month, "chat_type": "group"})["group_msg_list"] == []
    rows = caller.pages("get_groupmsg_send_result", "send_list", msgid=found[0]["msgid"], userid=staff, limit=2)
    assert {row["external_userid"] for row in rows} == set(customers[:5])
