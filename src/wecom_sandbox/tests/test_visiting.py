"""The visitor's page, printed codes and what lies behind them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from wecom_sandbox.qr_code import matrix
from wecom_sandbox.tests.caller import Caller


def seen(caller: Caller, path: str) -> Any:
    answer = caller.raw("GET", path)
    assert answer.status == 200, answer.body
    return answer


def test_the_page_and_what_it_shows(caller: Caller) -> None:
    assert caller.raw("GET", "/").headers["Location"] == "/sandbox/"
    assert "企业微信沙盒" in seen(caller, "/sandbox/").body.decode()
    chat_id = caller.chat_ids()[1]
    person = caller.do("join_group", chat_id=chat_id, name="陶陶<b>")["members"][0]
    caller.do("speak", by=person, chat_id=chat_id, text="大家好")
    told = json.loads(caller.raw("GET", "/sandbox/view", query={"chat_id": chat_id}).body)
    assert told["chosen"] == chat_id
    assert [(word["name"], word["text"], word["staff"]) for word in told["words"]] == [("陶陶<b>", "大家好", False)]
    assert told["members"][-1] == {"id": person, "name": "陶陶<b>", "type": 2}
    assert told["events"][0]["detail"] == "add_member"
    assert len(told["groups"]) == 5


def test_a_printed_code_leads_into_the_group(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    config_id = caller.ok("groupchat/add_join_way", scene=2, chat_id_list=[chat_id], state="poster-3")["config_id"]
    way = caller.ok("groupchat/get_join_way", config_id=config_id)["join_way"]
    picture = seen(caller, way["qr_code"].removeprefix(caller.company.base_url))
    assert picture.content_type == "image/png"
    assert picture.body.startswith(b"\x89PNG")
    assert "加入群聊" in seen(caller, f"/sandbox/scan/{config_id}").body.decode()
    landed = caller.raw("POST", f"/sandbox/scan/{config_id}", body=b"name=%E9%99%B6%E9%99%B6")
    assert "已加入" in landed.body.decode()
    member = caller.ok("groupchat/get", chat_id=chat_id, need_name=1)["group_chat"]["member_list"][-1]
    assert (member["name"], member["state"]) == ("陶陶", "poster-3")


def test_a_colleagues_code_and_one_that_is_gone(caller: Caller) -> None:
    config_id = caller.ok("add_contact_way", type=1, scene=2, user=["lin"])["config_id"]
    assert "添加到通讯录" in seen(caller, f"/sandbox/scan/{config_id}").body.decode()
    assert "已添加 林知夏" in caller.raw("POST", f"/sandbox/scan/{config_id}", body=b"name=").body.decode()
    caller.ok("del_contact_way", config_id=config_id)
    assert caller.raw("GET", f"/sandbox/qr/{config_id}").status == 400


def test_everybody_has_a_face(caller: Caller) -> None:
    external_userid = caller.get("list", userid="lin")["external_userid"][0]
    avatar = caller.get("get", external_userid=external_userid)["external_contact"]["avatar"]
    assert seen(caller, avatar.removeprefix(caller.company.base_url)).content_type == "image/svg+xml"
    assert "林" in seen(caller, "/sandbox/avatars/lin").body.decode()


DIGESTS = {
    17: "75f92d45b018617b",
    32: "f71d001fbb01524e",
    53: "910bee9a03a5d8b8",
    78: "22994f122a654603",
    106: "4ec1c27b72b18f64",
    134: "85cefbd780fd3adf",
}


@pytest.mark.parametrize(("length", "digest"), DIGESTS.items())
def test_squares_are_those_another_encoder_draws(length: int, digest: str) -> None:
    """Compared once, square by square, with an independent encoder: full codes of each version, mask 0."""
    text = ("https://" + "a1-Z" * 40)[:length]
    squares = "".join("01"[black] for row in matrix(text) for black in row)
    assert hashlib.sha256(squares.encode()).hexdigest()[:16] == digest


def test_too_long_for_a_small_code() -> None:
    with pytest.raises(ValueError, match="too many"):
        matrix("x" * 135)
