"""Signing in: whoever visits chooses who they are; codes for five minutes, once; tickets for pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from wecom_sandbox.crypto import page_signature
from wecom_sandbox.errors import Refusal
from wecom_sandbox.tests.caller import Caller
from wecom_sandbox.visitors import Visitors


def a_colleague(caller: Caller) -> str:
    return caller.company.directory.with_contact()[0].userid


def visit(caller: Caller, path: str = "/connect/oauth2/authorize", **query: str) -> Any:
    known = {"appid": caller.company.corpid, "redirect_uri": "https://huoqun.example.org/back", "state": "s1"}
    return caller.raw("GET", path, query=known | query)


def code_from(answer: Any) -> str:
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


@pytest.mark.parametrize("path", ["/connect/oauth2/authorize", "/wwlogin/sso/login", "/wwopen/sso/qrConnect"])
def test_a_page_asks_who_one_is_and_sends_one_back(caller, path):
    staff = a_colleague(caller)
    asked = visit(caller, path)
    assert asked.status == 200
    assert f"as={staff}" in asked.body.decode()
    gone = visit(caller, path, **{"as": staff})
    assert gone.status == 302
    assert gone.headers["Location"].startswith("https://huoqun.example.org/back?code=")
    assert parse_qs(urlsplit(gone.headers["Location"]).query)["state"] == ["s1"]
    assert caller.get("/cgi-bin/auth/getuserinfo", code=code_from(gone))["userid"] == staff


def test_details_only_where_they_were_asked_for(caller):
    staff = a_colleague(caller)
    plain = caller.get("/cgi-bin/auth/getuserinfo", code=code_from(visit(caller, **{"as": staff})))
    assert "user_ticket" not in plain
    asked = code_from(visit(caller, **{"as": staff, "scope": "snsapi_privateinfo"}))
    ticket = caller.get("/cgi-bin/auth/getuserinfo", code=asked)["user_ticket"]
    assert caller.ok("/cgi-bin/auth/getuserdetail", user_ticket=ticket)["userid"] == staff
    assert caller.code("/cgi-bin/auth/getuserdetail", user_ticket="made-up") == 40029


def test_somebody_outside_is_an_openid_and_if_a_customer_known_as_such(caller):
    stranger = caller.get("/cgi-bin/auth/getuserinfo", code=code_from(visit(caller, **{"as": ""})))
    assert set(stranger) == {"errcode", "errmsg", "openid"}
    customer = caller.get("list", userid=a_colleague(caller))["external_userid"][0]
    code = caller.company.part(Visitors).arrive(external_userid=customer).code
    assert caller.get("/cgi-bin/auth/getuserinfo", code=code)["external_userid"] == customer


def test_a_code_is_good_once_and_for_five_minutes(caller):
    visitors = caller.company.part(Visitors)
    first, late = (visitors.arrive(userid=a_colleague(caller)).code for _ in range(2))
    path = "/cgi-bin/auth/getuserinfo"
    assert [caller.get(path, code=first)["errcode"] for _ in range(2)] == [0, 42022]
    caller.company.move_clock(advance=301)
    assert caller.get(path, code=late)["errcode"] == 42003
    assert caller.get(path, code="made-up")["errcode"] == 40029
    assert caller.get(path)["errcode"] == 41008


def test_pages_nobody_trusts_are_refused(caller):
    caller.company.part(Visitors).trusted_domains = {"huoqun.example.org"}
    assert visit(caller).status == 200
    for wrong in ({"redirect_uri": "https://elsewhere.example.org"}, {"redirect_uri": "javascript:alert(1)"}, {"appid": "ww0"}):
        assert visit(caller, **wrong).status == 400
    assert visit(caller, state="s" * 129).status == 400


def test_a_name_cannot_write_into_the_page(caller):
    caller.company.directory.get(a_colleague(caller)).name = "<script>alert(1)</script>"
    assert "<script>" not in visit(caller).body.decode()


def test_a_colleague_outside_the_apps_range_is_not_told(caller):
    staff = a_colleague(caller)
    caller.company.apps[0].visible_to = {"somebody-else"}
    code = caller.company.part(Visitors).arrive(userid=staff).code
    assert caller.get("/cgi-bin/auth/getuserinfo", code=code)["errcode"] == 60021


def test_tickets_stay_for_two_hours_and_each_app_has_its_own(caller):
    corp = caller.get("/cgi-bin/get_jsapi_ticket")
    own = caller.get("/cgi-bin/ticket/get", type="agent_config")
    assert corp["ticket"] != own["ticket"]
    caller.company.move_clock(advance=3600)
    again = caller.get("/cgi-bin/get_jsapi_ticket")
    assert (again["ticket"], again["expires_in"]) == (corp["ticket"], 3600)
    caller.company.move_clock(advance=3601)
    caller._token = ""
    assert caller.get("/cgi-bin/get_jsapi_ticket")["ticket"] != corp["ticket"]
    assert caller.get("/cgi-bin/ticket/get", type="other")["errcode"] == 40058


def test_a_hundred_tickets_an_hour_for_one_app(caller):
    codes = [caller.get("/cgi-bin/get_jsapi_ticket")["errcode"] for _ in range(101)]
    assert codes == [0] * 100 + [45009]


def test_a_page_is_let_in_only_with_its_own_signature(caller):
    visitors = caller.company.part(Visitors)
    about = {"noncestr": "abc", "timestamp": "1790000000", "url": "https://huoqun.example.org/who"}
    with pytest.raises(Refusal) as refused:
        visitors.check_page("corp", signature="0" * 40, **about)
    assert refused.value.errcode == 42012
    ticket = caller.get("/cgi-bin/get_jsapi_ticket")["ticket"]
    signature = page_signature(ticket, about["noncestr"], about["timestamp"], f"{about['url']}#chat")
    visitors.check_page("corp", signature=signature, **about)
    with pytest.raises(Refusal) as refused:
        visitors.check_page("corp", signature=signature, **{**about, "url": "https://huoqun.example.org/other"})
    assert refused.value.errcode == 40093
