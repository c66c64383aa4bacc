from __future__ import annotations

import json

from wecom_sandbox.quotas import DAY, Limit
from wecom_sandbox.tests.caller import NOON, Caller


def test_over_the_minute_is_shut_out_for_a_minute(caller: Caller) -> None:
    caller.company.quotas.path_limits = (Limit(3, 60),)
    codes = [caller.get("get_follow_user_list")["errcode"] for _ in range(5)]
    assert codes == [0, 0, 0, 45009, 45009]
    assert caller.ok("groupchat/list", limit=1), "another path is not concerned"
    caller.company.move_clock(advance=59)
    assert caller.get("get_follow_user_list")["errcode"] == 45009
    caller.company.move_clock(advance=1)
    assert caller.get("get_follow_user_list")["errcode"] == 0


def test_a_new_window_begins_when_the_last_is_over(caller: Caller) -> None:
    caller.company.quotas.path_limits = (Limit(2, 60),)
    for _ in range(3):
        assert [caller.get("get_follow_user_list")["errcode"] for _ in range(2)] == [0, 0]
        caller.company.move_clock(advance=60)


def test_one_address_over_all_paths(caller: Caller) -> None:
    token = caller.token()
    caller.company.quotas.address_limits = (Limit(4, 60),)
    caller.company.quotas.forget()
    paths = ["/cgi-bin/getcallbackip", "/cgi-bin/department/list", "/cgi-bin/tag/list"] * 2
    codes = [json.loads(caller.raw("GET", path, query={"access_token": token}).body)["errcode"] for path in paths]
    assert codes == [0, 0, 0, 0, 45009, 45009]
    caller.ip = "203.0.113.77"
    assert json.loads(caller.raw("GET", paths[0], query={"access_token": token}).body)["errcode"] == 0


def test_over_the_day_is_shut_out_until_the_day_ends_in_china(caller: Caller) -> None:
    caller.company.settings.change({"token_life": 10**9})
    caller.company.quotas.own_limits["/cgi-bin/tag/list"] = (Limit(1, DAY),)
    assert [caller.get("/cgi-bin/tag/list")["errcode"] for _ in range(2)] == [0, 45009]
    caller.company.move_clock(now=NOON + DAY // 2 - 1)
    assert caller.get("/cgi-bin/tag/list")["errcode"] == 45009
    caller.company.move_clock(now=NOON + DAY // 2)
    assert caller.get("/cgi-bin/tag/list")["errcode"] == 0


def test_quotas_are_turned_off_and_on(caller: Caller) -> None:
    wish = {"enabled": False, "path": [[1, 60]]}
    caller.raw("POST", "/sandbox/quotas", body=json.dumps(wish).encode())
    assert [caller.get("/cgi-bin/tag/list")["errcode"] for _ in range(3)] == [0, 0, 0]
    caller.raw("POST", "/sandbox/quotas", body=b'{"enabled": true}')
    assert [caller.get("/cgi-bin/tag/list")["errcode"] for _ in range(3)] == [0, 45009, 45009]


def test_a_wish_that_makes_no_sense_is_answered_with_a_sentence(caller: Caller) -> None:
    answer = caller.raw("POST", "/sandbox/quotas", body=b'{"path": "many"}')
    assert answer.status == 400
    assert "list of [calls, seconds]" in json.loads(answer.body)["error"]
    answer = caller.raw("POST", "/sandbox/settings", body=b'{"token_lief": 5}')
    assert answer.status == 400
    assert "there is no setting 'token_lief'" in json.loads(answer.body)["error"]
    answer = caller.raw("POST", "/sandbox/people/fly", body=b"{}")
    assert "nobody can 'fly'" in json.loads(answer.body)["error"]
    answer = caller.raw("POST", "/sandbox/people/join_group", body=b'{"chat": 1}')
    assert "join_group" in json.loads(answer.body)["error"]
