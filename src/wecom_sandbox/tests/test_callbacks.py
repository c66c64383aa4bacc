"""Events reach whoever listens: sealed, three times at most, in the order and with the trouble asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from wechatpy.work.crypto import WeChatCrypto
from wechatpy.work.parser import parse_message

from wecom_sandbox.crypto import Lock
from wecom_sandbox.events.mail import Mail

from .rig import Caller, Ear, ear, sandbox


@pytest.fixture
def caller() -> Iterator[Caller]:
    with sandbox() as found:
        found.company.settings.callback_pause = 0.05
        yield found


@pytest.fixture
def listening() -> Iterator[Ear]:
    with ear() as found:
        yield found


def listen(caller: Caller, listening: Ear, **wish: str) -> None:
    assert caller.control("callback", {"url": listening.url, "check": False, **wish}) == {"saved": True, "problem": ""}


def settle(caller: Caller) -> None:
    assert caller.control("events/settle", {"timeout": 20}) == {"settled": True}


def opened(caller: Caller, listening: Ear) -> list[str]:
    """With a library nobody here wrote."""
    company = caller.company
    crypto = WeChatCrypto(company.callback_token, company.encoding_aes_key, company.corpid)
    return [
        crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        for query, body in listening.heard
    ]


def a_group(caller: Caller) -> str:
    return caller.control("groups")["groups"][0]["chat_id"]


def test_an_address_is_kept_once_it_has_opened_an_echo(caller, listening):
    company = caller.company
    crypto = WeChatCrypto(company.callback_token, company.encoding_aes_key, company.corpid)
    listening.on_get = lambda q: crypto.check_signature(q["msg_signature"], q["timestamp"], q["nonce"], q["echostr"]).encode()
    assert caller.control("callback", {"url": listening.url}) == {"saved": True, "problem": ""}
    assert caller.control("deliveries")["receivers"][0]["url"] == listening.url


@pytest.mark.parametrize("answer", [b"", b'"1234"', b"1234\n"])
def test_an_address_that_does_not_answer_the_bare_echo_is_not_kept(caller, listening, answer):
    listening.on_get = lambda query: answer
    told = caller.control("callback", {"url": listening.url})
    assert not told["saved"]
    assert "bare opened text" in told["problem"]
    assert caller.control("deliveries")["receivers"] == []


def test_a_dead_address_is_told_in_words(caller):
    told = caller.control("callback", {"url": "http://127.0.0.1:9/hook"})
    assert not told["saved"]
    assert "does not answer" in told["problem"]


def test_a_new_contact_is_told_with_state_and_welcome_code(caller, listening):
    listen(caller, listening)
    staff = caller.company.directory.with_contact()[0].userid
    added = caller.people("add_contact", userid=staff, name="陶", state="poster-3")
    settle(caller)
    message = parse_message(opened(caller, listening)[0])
    assert (message.event, message.change_type) == ("change_external_contact", "add_external_contact")
    assert (message.user_id, message.external_user_id) == (staff, added["external_userid"])
    assert (message.state, message.welcome_code) == ("poster-3", added["welcome_code"])
    assert message.source == "sys"
    assert message.target == caller.company.corpid


@pytest.mark.parametrize(("lists", "expected"), [("items", "Item"), ("joined", None)])
def test_members_who_joined_are_listed_in_either_spelling(caller, listening, lists, expected):
    listen(caller, listening, lists=lists)
    chat_id = a_group(caller)
    told = caller.people("join_group", chat_id=chat_id, name="陶")
    settle(caller)
    root = ET.fromstring(opened(caller, listening)[0])
    found = root.find("MemChangeList")
    members = [item.text for item in found.findall("Item")] if expected else (found.text or "").split(",")
    assert len(members) == int(root.findtext("MemChangeCnt")) == 1
    assert members[0] in str(told)
    assert (
        root.findtext("CurMemVer")
        == caller.post("externalcontact/groupchat/get", {"chat_id": chat_id})["group_chat"]["member_version"]
    )
    assert root.findtext("LastMemVer") != root.findtext("CurMemVer")


def test_a_receiver_may_want_json(caller, listening):
    listen(caller, listening, shape="json")
    caller.people("rename_group", chat_id=a_group(caller), name="新名字")
    settle(caller)
    import json

    query, body = listening.heard[0]
    company = caller.company
    lock = Lock(company.callback_token, company.encoding_aes_key, company.corpid)
    outer = json.loads(body)
    inner = json.loads(
        lock.open(
            msg_signature=query["msg_signature"], timestamp=query["timestamp"], nonce=query["nonce"], encrypt=outer["encrypt"]
        )
    )
    assert inner["UpdateDetail"] == "change_name"
    assert outer["tousername"] == company.corpid


@pytest.mark.parametrize(("wish", "expected"), [("always", "1000"), ("empty", ""), ("missing", None)])
def test_the_app_id_around_may_be_empty_or_missing(caller, listening, wish, expected):
    listen(caller, listening, agent_id=wish)
    caller.people("rename_group", chat_id=a_group(caller), name="新名字")
    settle(caller)
    found = ET.fromstring(listening.heard[0][1]).find("AgentID")
    assert (found is None) is (expected is None)
    assert found is None or (found.text or "").startswith(expected)


def test_a_refused_event_comes_three_times_and_no_more_and_is_the_same_each_time(caller, listening):
    listening.answer = lambda number: 200 if number == 3 else 500
    listen(caller, listening)
    caller.people("rename_group", chat_id=a_group(caller), name="第一")
    settle(caller)
    assert (listening.calls, len(listening.heard)) == (3, 1)
    listening.answer = lambda number: 503
    caller.people("rename_group", chat_id=a_group(caller), name="第二")
    settle(caller)
    assert listening.calls == 6
    last = caller.control("deliveries")["last"][-1]
    assert (last["state"], [attempt["status"] for attempt in last["attempts"]]) == ("given_up", [503, 503, 503])


def test_who_answers_too_slowly_is_asked_again(caller, listening):
    caller.company.settings.callback_timeout = 0.2

    def answer(number: int) -> int:
        if number == 1:
            time.sleep(0.6)
        return 200

    listening.answer = answer
    listen(caller, listening)
    caller.people("rename_group", chat_id=a_group(caller), name="慢")
    settle(caller)
    attempts = caller.control("deliveries")["last"][-1]["attempts"]
    assert [attempt["status"] for attempt in attempts] == [None, 200]
    assert "timed out" in attempts[0]["trouble"]


def test_who_hangs_up_is_asked_again(caller, listening):
    listening.answer = lambda number: 0 if number == 1 else 200
    listen(caller, listening)
    caller.people("rename_group", chat_id=a_group(caller), name="断")
    settle(caller)
    assert len(listening.heard) == 1
    assert caller.control("deliveries")["counts"]["attempts"] == 2


def renamed(caller: Caller, listening: Ear, count: int) -> None:
    """So many different groups are renamed; the first six are there."""
    for number in range(count):
        caller.control(
            "events/emit", {"name": "change_external_chat", "change": "update", "fields": {"ChatId": f"wr{number:03}"}}
        )


def chats(caller: Caller, listening: Ear) -> list[str]:
    return [ET.fromstring(text).findtext("ChatId") for text in opened(caller, listening)]


def test_one_by_one_keeps_the_order_also_through_refusals(caller, listening):
    listening.answer = lambda number: 500 if number % 3 == 1 else 200
    caller.control("events/order", {"order": "one_by_one"})
    listen(caller, listening)
    renamed(caller, listening, 12)
    settle(caller)
    assert chats(caller, listening) == [f"wr{number:03}" for number in range(12)]


def test_shuffled_tells_everything_in_another_order(caller, listening):
    caller.control("events/order", {"order": "shuffled", "spread": 0.4})
    listen(caller, listening)
    renamed(caller, listening, 30)
    settle(caller)
    heard = chats(caller, listening)
    assert heard != sorted(heard)
    assert sorted(heard) == [f"wr{number:03}" for number in range(30)]


def test_events_are_doubled_lost_late_and_held_back_on_demand(caller, listening):
    listen(caller, listening)
    caller.control("faults", {"kind": "event_duplicate", "path": "change_external_chat.update"})
    renamed(caller, listening, 1)
    settle(caller)
    assert chats(caller, listening) == ["wr000", "wr000"]
    caller.control("faults", {"kind": "event_lost"})
    renamed(caller, listening, 1)
    settle(caller)
    assert len(listening.heard) == 2
    caller.control("faults", {"kind": "event_late", "seconds": 0.3})
    renamed(caller, listening, 2)
    settle(caller)
    assert chats(caller, listening)[2:] == ["wr001", "wr000"]
    caller.control("faults", {"kind": "event_reorder"})
    renamed(caller, listening, 2)
    settle(caller)
    assert chats(caller, listening)[4:] == ["wr001", "wr000"]


def test_what_is_held_sets_out_when_released(caller, listening):
    listen(caller, listening)
    caller.control("events/hold", {})
    renamed(caller, listening, 5)
    assert caller.control("events/settle", {"timeout": 0.2}) == {"settled": False}
    assert listening.heard == []
    caller.control("events/release", {})
    settle(caller)
    assert sorted(chats(caller, listening)) == [f"wr{number:03}" for number in range(5)]


def test_a_dead_receiver_holds_nobody_up(caller):
    """The sandbox answers while nobody takes its events."""
    with ear() as gone:
        url = gone.url
    caller.control("callback", {"url": url, "check": False})
    began = time.monotonic()
    for number in range(20):
        caller.people("rename_group", chat_id=a_group(caller), name=f"第{number}")
    assert caller.post("externalcontact/groupchat/list", {"limit": 10})["errcode"] == 0
    assert time.monotonic() - began < 10
    settle(caller)
    assert caller.control("deliveries")["counts"]["given_up"] == 20


def test_text_that_ends_a_cdata_section_survives(caller, listening):
    listen(caller, listening)
    caller.control(
        "events/emit", {"name": "change_external_contact", "change": "edit_external_contact", "fields": {"State": "a]]>b<&"}}
    )
    settle(caller)
    assert ET.fromstring(opened(caller, listening)[0]).findtext("State") == "a]]>b<&"


def test_changes_made_through_the_interface_tell_nobody(caller, listening):
    listen(caller, listening)
    staff = caller.company.directory.with_contact()[0].userid
    external_userid = caller.get("externalcontact/list", userid=staff)["external_userid"][0]
    changed = caller.post("externalcontact/remark", {"userid": staff, "external_userid": external_userid, "remark": "改"})
    assert changed["errcode"] == 0
    settle(caller)
    assert listening.heard == []


def test_nothing_is_kept_for_nobody(caller):
    caller.people("rename_group", chat_id=a_group(caller), name="无人")
    assert caller.company.part(Mail).waiting() == 0
