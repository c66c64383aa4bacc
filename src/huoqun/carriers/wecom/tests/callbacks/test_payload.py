"""XML and JSON, in every spelling, into fields."""

from __future__ import annotations

import pytest

from huoqun.carriers.wecom.callbacks import kinds, payload
from huoqun.carriers.wecom.callbacks.payload import Garbled

ITEMS = "<MemChangeList><Item><![CDATA[wm1]]></Item><Item>wm2</Item></MemChangeList>"


@pytest.mark.parametrize(
    "body",
    [
        f"<xml><ExternalUserID><![CDATA[wm1]]></ExternalUserID><CreateTime> 17 </CreateTime>{ITEMS}<Empty/></xml>",
        "<xml><external_userid>wm1</external_userid><create_time>17</create_time><MemChangeList><![CDATA[wm1,wm2]]></MemChangeList></xml>",
        '{"external_userid": "wm1", "createtime": 17, "mem_change_list": ["wm1", "wm2"], "empty": null}',
        '{"ExternalUserID": "wm1", "CreateTime": "17", "MemChangeList": {"Item": ["wm1", "wm2"]}}',
    ],
    ids=["xml", "older xml", "json", "json as xml"],
)
def test_the_same_fields_whatever_the_spelling(body: str) -> None:
    fields = payload.read(body)
    assert fields.text("ExternalUserID") == "wm1"
    assert fields.number("CreateTime") == 17
    assert fields.listed("MemChangeList") == ("wm1", "wm2")
    assert fields.text("Empty", "Missing") == ""
    assert fields.listed("Missing") == ()
    assert fields.number("ExternalUserID") is None


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Event>&b;</Event></xml>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml><Event>change</Event></xml>',
    ],
)
def test_a_document_type_is_refused(body: str) -> None:
    with pytest.raises(Garbled, match="document type"):
        payload.read(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml><a></xml>",
        b'{"a": ',
        b"<xml>words</xml>",
        b"\xff\xfe\x00",
        b"<a>" * 200,
        b"[" * 100_000,
        b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}",
        b"<xml>" + b"x" * payload.LONGEST + b"</xml>",
        b"<xml>&nothing;</xml>",
    ],
)
def test_what_is_no_callback_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(Garbled):
        payload.read(body)


def said(**fields: str) -> payload.Fields:
    return payload.read("<xml>" + "".join(f"<{name}>{text}</{name}>" for name, text in fields.items()) + "</xml>")


CHANGE = {"Event": "change_external_chat", "ChangeType": "update", "UpdateDetail": "add_member", "CreateTime": "1760000000"}


def test_what_a_callback_calls_itself() -> None:
    assert kinds.kind_of(said(**CHANGE)) == "change_external_chat/update/add_member"
    assert kinds.kind_of(said(Event="CLICK")) == "click"
    assert kinds.kind_of(said(MsgType="text")) == "message/text"


def test_the_same_happening_has_the_same_key_and_another_another() -> None:
    first = said(**CHANGE, ChatId="wr1", CurMemVer="v2", FromUserName="sys")
    again = said(FromUserName="sys", ChatId="wr1", CurMemVer="v2", **CHANGE)
    same_second = said(**CHANGE, ChatId="wr1", CurMemVer="v3", FromUserName="sys")
    assert kinds.key_of(first) == kinds.key_of(again)
    assert kinds.key_of(first) != kinds.key_of(same_second)


def test_a_message_goes_by_its_number() -> None:
    assert kinds.key_of(said(MsgId="7", Content="a")) == kinds.key_of(said(MsgId="7", Content="b"))
    assert len(kinds.key_of(said(MsgId="7" * 500))) <= kinds.LONGEST
