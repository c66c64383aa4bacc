from __future__ import annotations

import json

import pytest

from wecom_sandbox.tests.caller import Caller


def errcode(answer: object) -> int:
    return int(json.loads(answer.body)["errcode"])  # type: ignore[attr-defined]


def ask(caller: Caller, **query: str) -> dict[str, object]:
    return dict(json.loads(caller.raw("GET", "/cgi-bin/gettoken", query=query).body))


def test_the_same_token_until_it_expires_and_then_another(caller: Caller) -> None:
    first = caller.token()
    caller.company.move_clock(advance=7199)
    assert caller.token() == first
    caller.company.move_clock(advance=1)
    assert caller.token() != first


def test_a_repeated_answer_tells_the_seconds_that_are_left_unless_told_otherwise(caller: Caller) -> None:
    asked = {"corpid": caller.company.corpid, "corpsecret": caller.secret}
    assert ask(caller, **asked)["expires_in"] == 7200
    caller.company.move_clock(advance=7000)
    assert ask(caller, **asked)["expires_in"] == 200
    caller.company.settings.change({"repeated_token_says_full_life": True})
    assert ask(caller, **asked)["expires_in"] == 7200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 41002),
        ({"corpid": "ww0"}, 41004),
        ({"corpid": "ww0", "corpsecret": "x"}, 40013),
        ({"corpid": "mine", "corpsecret": "x"}, 40001),
    ],
)
def test_what_is_wrong_with_a_question_for_a_token(caller: Caller, query: dict[str, str], code: int) -> None:
    if query.get("corpid") == "mine":
        query = {**query, "corpid": caller.company.corpid}
    answer = ask(caller, **query)
    assert answer["errcode"] == code
    assert f"more info at https://open.work.weixin.qq.com/devtool/query?e={code}" in str(answer["errmsg"])


def test_many_wrong_questions_shut_the_caller_out_for_an_hour(caller: Caller) -> None:
    caller.company.settings.change({"wrong_gettoken_an_hour": 3})
    for _ in range(3):
        assert ask(caller, corpid="ww0", corpsecret="x")["errcode"] == 40013
    assert ask(caller, corpid="ww0", corpsecret="x")["errcode"] == 45009


def test_a_token_is_missing_wrong_or_expired(caller: Caller) -> None:
    path = "/cgi-bin/externalcontact/get_follow_user_list"
    assert errcode(caller.raw("GET", path)) == 41001
    assert errcode(caller.raw("GET", path, query={"access_token": "made up"})) == 40014
    token = caller.token()
    assert errcode(caller.raw("GET", path, query={"access_token": token})) == 0
    caller.company.move_clock(advance=7200)
    assert errcode(caller.raw("GET", path, query={"access_token": token})) == 42001


@pytest.mark.parametrize(("how", "code"), [("expire", 42001), ("forget", 40014), ("reject", 40001)])
def test_tokens_are_spoilt_on_demand_and_a_new_one_is_good(caller: Caller, how: str, code: int) -> None:
    path, token = "/cgi-bin/getcallbackip", caller.token()
    answer = caller.raw("POST", "/sandbox/tokens", body=json.dumps({"do": how, "secret": caller.secret}).encode())
    assert json.loads(answer.body) == {"spoilt": 1}
    assert errcode(caller.raw("GET", path, query={"access_token": token})) == code
    assert errcode(caller.raw("GET", path, query={"access_token": caller.token()})) == 0


def test_only_tokens_of_the_app_that_is_meant_are_spoilt(caller: Caller) -> None:
    mine = caller.token()
    caller.raw("POST", "/sandbox/tokens", body=json.dumps({"do": "forget", "agentid": 1_000_008}).encode())
    assert errcode(caller.raw("GET", "/cgi-bin/getcallbackip", query={"access_token": mine})) == 0


def test_who_may_call_what(caller: Caller) -> None:
    customers, staff = "/cgi-bin/externalcontact/get_follow_user_list", "/cgi-bin/department/list"
    assert caller.get(customers)["errcode"] == 0
    assert caller.as_app(1).get(customers)["errcode"] == 48002
    assert caller.get(staff)["errcode"] == 0
    assert caller.as_app(2).get(customers)["errcode"] == 0
    assert caller.as_app(3).get(customers)["errcode"] == 48002
    assert caller.get(staff)["errcode"] == 48002


def test_an_address_that_is_not_listed_is_named(caller: Caller) -> None:
    caller.company.apps[0].allowed_ips = {"203.0.113.9"}
    token = caller.token()
    caller.ip = "198.51.100.7"
    answer = json.loads(caller.raw("GET", "/cgi-bin/getcallbackip", query={"access_token": token}).body)
    assert answer["errcode"] == 60020
    assert "from ip: 198.51.100.7" in answer["errmsg"]
    caller.ip = "203.0.113.9"
    assert errcode(caller.raw("GET", "/cgi-bin/getcallbackip", query={"access_token": token})) == 0
