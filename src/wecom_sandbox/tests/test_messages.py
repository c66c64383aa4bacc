"""Messages of apps to staff: who gets them, what is cut, how often, and cards whose buttons are tapped."""

from __future__ import annotations

import pytest

from wecom_sandbox.errors import NoSense
from wecom_sandbox.inboxes import Inboxes
from wecom_sandbox.tests.caller import Caller

SEND = "/cgi-bin/message/send"
CARD = {
    "card_type": "button_interaction",
    "task_id": "todo-1",
    "main_title": {"title": "请移出一位成员", "desc": "读书会 A"},
    "button_list": [{"text": "已完成", "style": 1, "key": "done"}, {"text": "不处理", "style": 2, "key": "skip"}],
}


def agent(caller: Caller) -> int:
    found = caller.company.apps[0].agentid
    assert found is not None
    return found


def a_colleague(caller: Caller) -> str:
    return caller.company.directory.with_contact()[0].userid


def text(caller: Caller, to: str, content: str = "有事", **more: object) -> dict:
    return caller.call(SEND, touser=to, msgtype="text", agentid=agent(caller), text={"content": content}, **more)


def inbox(caller: Caller, userid: str) -> list:
    return caller.company.part(Inboxes).inbox(userid)


def test_it_arrives_and_names_who_is_unknown_in_small_letters(caller):
    staff = a_colleague(caller)
    told = text(caller, f"{staff}|Nobody", toparty="1|999", totag="77")
    assert (told["errcode"], told["invaliduser"], told["invalidparty"], told["invalidtag"]) == (0, "nobody", "999", "77")
    assert [one.body["content"] for one in inbox(caller, staff)] == ["有事"]
    assert "response_code" not in told


def test_everybody_of_a_department_and_all(caller):
    everybody = {one.userid for one in caller.company.directory.present()}
    text(caller, "@all")
    assert all(inbox(caller, userid) for userid in everybody)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"touser": ""}, 82001),
        ({"touser": "nobody"}, 81013),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
        ({"agentid": None}, 41011),
        ({"agentid": 1}, 40056),
        ({"msgtype": "song"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"msgtype": "image", "image": {"media_id": "never"}}, 40007),
        ({"msgtype": "news", "news": {"articles": [{"title": "x", "url": "https://example.org"}] * 9}}, 45008),
        ({"msgtype": "textcard", "textcard": {"title": "x", "description": "y"}}, 40063),
        ({"msgtype": "template_card", "template_card": {**CARD, "task_id": ""}}, 42027),
        ({"msgtype": "template_card", "template_card": {**CARD, "button_list": []}}, 42027),
        ({"msgtype": "template_card", "template_card": {**CARD, "card_type": "dance"}}, 42027),
    ],
)
def test_what_is_refused(caller, fields, code):
    known = {"touser": a_colleague(caller), "msgtype": "text", "agentid": agent(caller), "text": {"content": "x"}}
    assert caller.code(SEND, **{**known, **fields}) == code


def test_what_is_too_long_is_cut_and_no_character_halved(caller):
    staff = a_colleague(caller)
    text(caller, staff, "群" * 700)
    found = inbox(caller, staff)[-1].body["content"]
    assert found == "群" * 682
    card = {"title": "标" * 60, "description": "述" * 300, "url": "https://example.org"}
    caller.ok(SEND, touser=staff, msgtype="textcard", agentid=agent(caller), textcard=card)
    cut = inbox(caller, staff)[-1].body
    assert (len(cut["title"].encode()), len(cut["description"].encode())) == (126, 510)


def test_more_than_thirty_a_minute_to_one_colleague_vanish_unsaid(caller):
    staff = a_colleague(caller)
    assert {text(caller, staff, f"第 {n}")["errcode"] for n in range(35)} == {0}
    assert len(inbox(caller, staff)) == 30
    caller.company.move_clock(advance=61)
    text(caller, staff, "一分钟后")
    assert inbox(caller, staff)[-1].body["content"] == "一分钟后"


def test_the_days_volume_of_an_app_has_an_end(caller):
    staff = a_colleague(caller)
    day = 200 * len(caller.company.directory.present())
    inboxes = caller.company.part(Inboxes)
    for _ in range(day):
        inboxes.send(agentid=agent(caller), kind="text", body={"content": "x"}, to=[staff])
    assert text(caller, staff)["errcode"] == 45009
    caller.company.move_clock(advance=86_400)
    caller._token = ""
    assert text(caller, staff)["errcode"] == 0


def test_the_same_again_within_the_interval_is_dropped_if_asked(caller):
    staff = a_colleague(caller)
    for _ in range(3):
        assert text(caller, staff, enable_duplicate_check=1, duplicate_check_interval=600)["errcode"] == 0
    assert len(inbox(caller, staff)) == 1
    caller.company.move_clock(advance=601)
    text(caller, staff, enable_duplicate_check=1, duplicate_check_interval=600)
    assert len(inbox(caller, staff)) == 2


def test_a_message_can_be_taken_back_for_a_day(caller):
    staff = a_colleague(caller)
    early, late = text(caller, staff)["msgid"], text(caller, staff, "二")["msgid"]
    caller.ok("/cgi-bin/message/recall", msgid=early)
    assert [one.msgid for one in inbox(caller, staff)] == [late]
    assert caller.code("/cgi-bin/message/recall", msgid="nothing") == 41047
    caller.company.move_clock(advance=86_401)
    caller._token = ""
    assert caller.code("/cgi-bin/message/recall", msgid=late) == 42052


def card(caller: Caller, staff: str) -> dict:
    return caller.ok(SEND, touser=staff, msgtype="template_card", agentid=agent(caller), template_card=CARD)


def test_a_tap_is_told_with_a_code_good_once(caller):
    staff = a_colleague(caller)
    sent = card(caller, staff)
    tapped = caller.do("tap_card", userid=staff, key="done", task_id="todo-1")
    event = caller.company.news.events[-1]
    assert (event.name, event.by, event.agentid) == ("template_card_event", staff, agent(caller))
    assert (event.fields["EventKey"], event.fields["TaskId"], event.fields["CardType"]) == (
        "done",
        "todo-1",
        "button_interaction",
    )
    assert event.fields["ResponseCode"] == tapped["response_code"] != sent["response_code"]
    update = {"agentid": agent(caller), "userids": [staff], "button": {"replace_name": "已完成"}}
    path = "/cgi-bin/message/update_template_card"
    assert caller.code(path, **update, response_code=tapped["response_code"]) == 0
    assert caller.code(path, **update, response_code=tapped["response_code"]) == 60140
    caller.company.move_clock(advance=72 * 3600 + 1)
    caller._token = ""
    assert caller.code(path, **update, response_code=sent["response_code"]) == 60140


def test_nobody_taps_twice_nor_what_is_not_there(caller):
    staff = a_colleague(caller)
    with pytest.raises(NoSense, match="no such card"):
        caller.do("tap_card", userid=staff, key="done")
    card(caller, staff)
    with pytest.raises(NoSense, match="it has: done, skip"):
        caller.do("tap_card", userid=staff, key="dance")
    caller.do("tap_card", userid=staff, key="skip")
    with pytest.raises(NoSense, match="already"):
        caller.do("tap_card", userid=staff, key="done")


def test_what_staff_write_to_an_app_is_told(caller):
    staff = a_colleague(caller)
    caller.do("write_to_app", userid=staff, text="在吗")
    message = caller.company.news.events[-1]
    assert (message.kind, message.by, message.fields["Content"]) == ("text", staff, "在吗")
    with pytest.raises(NoSense, match="one of text"):
        caller.do("write_to_app", userid=staff, kind="dance")


def test_robots_speak_twenty_times_a_minute(caller):
    path = "/cgi-bin/webhook/send"
    body = b'{"msgtype":"text","text":{"content":"x"}}'
    import json

    codes = [json.loads(caller.raw("POST", path, query={"key": "k"}, body=body).body)["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009]
