from __future__ import annotations

import json

import pytest

from wecom_sandbox.tests.caller import CC, Caller


def test_success_is_zero_and_ok(caller: Caller) -> None:
    answer = caller.get("get_follow_user_list")
    assert (answer["errcode"], answer["errmsg"]) == (0, "ok")


def test_a_body_is_json_whatever_its_type_says(caller: Caller) -> None:
    query = {"access_token": caller.token()}
    for kind in ("", "text/plain", "application/x-www-form-urlencoded"):
        answer = caller.raw(
            "POST", f"{CC}/groupchat/list", query=query, body=b'\xef\xbb\xbf{"limit":1}', **{"content-type": kind}
        )
        assert json.loads(answer.body)["errcode"] == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe"])
def test_what_is_no_object_is_47001(caller: Caller, body: bytes) -> None:
    answer = caller.raw("POST", f"{CC}/groupchat/list", query={"access_token": caller.token()}, body=body)
    assert json.loads(answer.body)["errcode"] == 47001


def test_the_wrong_method_and_the_unknown_path(caller: Caller) -> None:
    assert caller.get("groupchat/list")["errcode"] == 43002
    assert caller.call("get_follow_user_list")["errcode"] == 43001
    assert caller.raw("GET", "/cgi-bin/nothing/here").status == 404


def test_an_odd_query_string_is_read(caller: Caller) -> None:
    from wecom_sandbox.front import request_from

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/cgi-bin/ticket/get", "wsgi.input": None}
    environ["QUERY_STRING"] = "&type=agent_config&&access_token=a%2Bb&empty="
    request = request_from(environ, trust_forwarded=True)
    assert request.query == {"type": "agent_config", "access_token": "a+b", "empty": ""}


def test_unknown_fields_are_let_pass_and_null_is_absent(caller: Caller) -> None:
    assert caller.code("groupchat/list", limit=1, cursor=None, owner_filter=None, something="else") == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 40058),
        ({"limit": 0}, 40058),
        ({"limit": 1001}, 40058),
        ({"limit": "many"}, 40058),
        ({"limit": 10, "cursor": 5}, 40058),
    ],
)
def test_fields_of_the_wrong_kind_or_size(caller: Caller, fields: dict[str, object], code: int) -> None:
    assert caller.code("groupchat/list", **fields) == code
