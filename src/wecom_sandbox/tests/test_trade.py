"""Album, intercept rules, acquisition links, bills."""

from __future__ import annotations

import pytest

from wecom_sandbox.acquisitions import Acquisitions
from wecom_sandbox.archive.files import picture
from wecom_sandbox.errors import NoSense
from wecom_sandbox.media_shelf import MediaShelf
from wecom_sandbox.tests.caller import NOON, Caller

DAY = 86_400


def a_colleague(caller: Caller) -> str:
    return caller.company.directory.with_contact()[0].userid


def product(caller: Caller, **changed: object) -> dict:
    media = caller.company.part(MediaShelf).keep("image", "a.png", "image/png", picture("a")).media_id
    shown = [{"type": "image", "image": {"media_id": media}}]
    return {"description": "共读礼盒", "price": 9900, "product_sn": "A1", "attachments": shown} | changed


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"description": "字" * 301}, 41087),
        ({"description": ""}, 41073),
        ({"price": 0}, 41086),
        ({"price": 5_000_001}, 41086),
        ({"product_sn": "有空格 x"}, 41085),
        ({"attachments": []}, 41088),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "x"}}]}, 41065),
    ],
)
def test_products_that_are_refused(caller, changed, code):
    assert caller.code("add_product_album", **product(caller, **changed)) == code


def test_a_product_is_changed_listed_and_deleted(caller):
    made = [caller.ok("add_product_album", **product(caller, product_sn=f"A{n}"))["product_id"] for n in range(5)]
    caller.ok("update_product_album", product_id=made[0], price=100)
    assert caller.code("update_product_album", product_id=made[0], price=1, description="字" * 301) == 41087
    assert caller.ok("get_product_album", product_id=made[0])["product"]["price"] == 100
    caller.ok("delete_product_album", product_id=made[1])
    assert caller.code("get_product_album", product_id=made[1]) == 41074
    assert caller.code("get_product_album", product_id="nothing") == 41075
    listed = caller.pages("get_product_album_list", "product_list", limit=2)
    assert [one["product_id"] for one in listed] == [made[0], *made[2:]]


def rule(caller: Caller, **changed: object) -> dict:
    known = {"rule_name": "手机号", "word_list": ["加我微信"], "semantics_list": [1], "intercept_type": 2}
    return known | {"applicable_range": {"user_list": [a_colleague(caller)]}} | changed


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"rule_name": "名" * 21}, 40058),
        ({"word_list": ["词" * 33]}, 41083),
        ({"word_list": [f"词{n}" for n in range(301)]}, 41068),
        ({"semantics_list": [4]}, 41084),
        ({"intercept_type": 3}, 40058),
        ({"applicable_range": {}}, 40063),
        ({"applicable_range": {"user_list": ["nobody"]}}, 60111),
        ({"word_list": [], "semantics_list": []}, 41083),
    ],
)
def test_rules_that_are_refused(caller, changed, code):
    assert caller.code("add_intercept_rule", **rule(caller, **changed)) == code


def test_a_rule_is_changed_and_deleted(caller):
    made = caller.ok("add_intercept_rule", **rule(caller))["rule_id"]
    assert caller.code("add_intercept_rule", **rule(caller)) == 41077
    caller.ok("update_intercept_rule", rule_id=made, word_list=["私下转账"], add_applicable_range={"department_list": [1]})
    found = caller.ok("get_intercept_rule", rule_id=made)["rule"]
    assert (found["word_list"], found["applicable_range"]["department_list"]) == (["私下转账"], [1])
    caller.ok("del_intercept_rule", rule_id=made)
    assert caller.code("get_intercept_rule", rule_id=made) == 41071
    assert caller.get("get_intercept_rule_list")["rule_list"] == []


def a_link(caller: Caller) -> str:
    wish = {"link_name": "春季", "range": {"user_list": [a_colleague(caller)]}}
    return caller.ok("customer_acquisition/create_link", **wish)["link"]["link_id"]


def test_who_comes_through_a_link_is_counted_and_carries_its_channel(caller):
    link = a_link(caller)
    came = caller.do("use_acquisition_link", link_id=link, name="陶", channel="poster-3", talks=True)
    told = caller.ok("customer_acquisition/customer", link_id=link)["customer_list"]
    assert told == [
        {"external_userid": came["external_userid"], "userid": a_colleague(caller), "chat_status": 1, "state": "poster-3"}
    ]
    known = caller.get("get", external_userid=came["external_userid"])["follow_user"][0]
    assert known["state"] == "poster-3"
    assert caller.company.news.events[-1].change == "customer_start_chat"
    count = caller.ok("customer_acquisition/statistic", link_id=link, start_time=NOON, end_time=NOON)
    assert (count["click_link_customer_cnt"], count["new_customer_cnt"]) == (1, 1)


def test_a_quota_that_runs_out_is_told_and_ends_it(caller):
    link = a_link(caller)
    acquisitions = caller.company.part(Acquisitions)
    acquisitions.total, acquisitions.balance = 10, 2
    for _ in range(2):
        caller.do("use_acquisition_link", link_id=link, name="陶")
    told = [event.change for event in caller.company.news.events if event.name == "customer_acquisition"]
    assert told == ["balance_low", "balance_exhausted"]
    with pytest.raises(NoSense, match="used up"):
        caller.do("use_acquisition_link", link_id=link, name="任")


def test_a_deleted_link_is_gone(caller):
    link = a_link(caller)
    caller.ok("customer_acquisition/delete_link", link_id=link)
    assert caller.code("customer_acquisition/get", link_id=link) == 60136
    assert caller.ok("customer_acquisition/list_link")["link_id_list"] == []
    with pytest.raises(NoSense, match="no acquisition link"):
        caller.do("use_acquisition_link", link_id=link)


def test_bills_and_what_was_given_back(caller):
    staff = a_colleague(caller)
    customer = caller.get("list", userid=staff)["external_userid"][0]
    paid = caller.do("pay", external_userid=customer, userid=staff, fen=9900, goods=["礼盒", "贺卡"])
    caller.do("refund", transaction_id=paid["transaction_id"], by=staff, fen=900)
    month = {"begin_time": NOON - DAY, "end_time": NOON + DAY}
    path = "/cgi-bin/externalpay/get_bill_list"
    bill = caller.ok(path, **month)["bill_list"][0]
    assert (bill["total_fee"], bill["total_refund_fee"], bill["trade_state"]) == (9900, 900, 3)
    assert caller.ok(path, **month, payee_userid="nobody")["bill_list"] == []
    assert caller.code(path, begin_time=NOON - 40 * DAY, end_time=NOON) == 40058
    with pytest.raises(NoSense, match="9900 fen 900 were given back"):
        caller.do("refund", transaction_id=paid["transaction_id"], by=staff, fen=9001)
