"""Every event of the reference, by what people do: its fields, in XML a stranger's parser reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from wechatpy.work.parser import parse_message

from wecom_sandbox.archive.store import Archive
from wecom_sandbox.events.builders import ARCHIVE_AGENT
from wecom_sandbox.events.style import Style
from wecom_sandbox.events.writing import plain_text
from wecom_sandbox.tests.caller import NOON, Caller

HEAD = {"ToUserName", "FromUserName", "CreateTime", "MsgType"}
CHAT = "change_external_chat"
CONTACT = "change_external_contact"


def heard(caller: Caller, do: Callable[[Caller], Any]) -> list[ET.Element]:
    """What is told while that happens."""
    told: list[Any] = []
    caller.company.news.on_event(told.append)
    do(caller)
    return [ET.fromstring(plain_text(event, caller.company.corpid, Style())) for event in told]


def staff(caller: Caller, number: int = 0) -> str:
    return caller.company.directory.with_contact()[number].userid


def customer(caller: Caller) -> str:
    return caller.get("list", userid=staff(caller))["external_userid"][0]


def chat(caller: Caller) -> str:
    return caller.chat_ids()[0]


def outsider_in(caller: Caller) -> str:
    group = caller.company.groups.get(chat(caller))
    return next(member.id for member in caller.company.groups.members(group) if member.type == 2)


MEMBERS = {"ChatId", "UpdateDetail", "MemChangeCnt", "MemChangeList", "LastMemVer", "CurMemVer"}
KNOWN = {"UserID", "ExternalUserID"}

CASES: list[tuple[str, str, set[str], dict[str, str], Callable[[Caller], Any]]] = [
    (CHAT, "create", {"ChatId"}, {}, lambda c: c.do("create_group", owner=staff(c), name="新群")),
    (CHAT, "dismiss", {"ChatId"}, {}, lambda c: c.do("dismiss_group", chat_id=chat(c))),
    (CHAT, "update", MEMBERS | {"JoinScene"}, {"JoinScene": "3"}, lambda c: c.do("join_group", chat_id=chat(c), scene=3)),
    (
        CHAT,
        "update",
        MEMBERS | {"QuitScene"},
        {"QuitScene": "0"},
        lambda c: c.do("leave_group", chat_id=chat(c), person=outsider_in(c)),
    ),
    (
        CHAT,
        "update",
        MEMBERS | {"QuitScene"},
        {"QuitScene": "1", "MemChangeCnt": "1"},
        lambda c: c.do("remove_from_group", chat_id=chat(c), people=[outsider_in(c)]),
    ),
    (
        CHAT,
        "update",
        {"ChatId", "UpdateDetail"},
        {"UpdateDetail": "change_name"},
        lambda c: c.do("rename_group", chat_id=chat(c), name="x"),
    ),
    (
        CHAT,
        "update",
        {"ChatId", "UpdateDetail"},
        {"UpdateDetail": "change_notice"},
        lambda c: c.do("change_notice", chat_id=chat(c), notice="x"),
    ),
    (
        CHAT,
        "update",
        {"ChatId", "UpdateDetail"},
        {"UpdateDetail": "change_owner"},
        lambda c: c.do("change_owner", chat_id=chat(c), owner=staff(c, 2)),
    ),
    (
        CONTACT,
        "add_external_contact",
        KNOWN | {"State", "WelcomeCode"},
        {"State": "poster-3"},
        lambda c: c.do("add_contact", userid=staff(c), name="陶", state="poster-3"),
    ),
    (
        CONTACT,
        "add_half_external_contact",
        KNOWN | {"WelcomeCode"},
        {},
        lambda c: c.do("add_contact", userid=staff(c), name="陶", half=True),
    ),
    (
        CONTACT,
        "edit_external_contact",
        KNOWN,
        {},
        lambda c: c.do("edit_contact", userid=staff(c), external_userid=customer(c), remark="x"),
    ),
    (
        CONTACT,
        "del_external_contact",
        KNOWN,
        {},
        lambda c: c.do("drop_contact", userid=staff(c), external_userid=customer(c), by="staff"),
    ),
    (CONTACT, "del_follow_user", KNOWN, {}, lambda c: c.do("drop_contact", userid=staff(c), external_userid=customer(c))),
    (
        CONTACT,
        "msg_audit_approved",
        KNOWN | {"WelcomeCode"},
        {},
        lambda c: c.do("answer_archiving", userid=staff(c), external_userid=customer(c), welcome_code=True),
    ),
    (
        "change_external_tag",
        "create",
        {"Id", "TagType"},
        {"TagType": "tag_group"},
        lambda c: c.do("create_tags", group="第一次听说", names=["展会"]),
    ),
    (
        "change_contact",
        "create_user",
        {"UserID", "Department"},
        {"UserID": "newcomer"},
        lambda c: c.do("hire", userid="newcomer", name="陶"),
    ),
    (
        "change_contact",
        "update_user",
        {"UserID", "NewUserID"},
        {"NewUserID": "moved"},
        lambda c: c.do("change_colleague", userid=staff(c), new_userid="moved"),
    ),
    ("change_contact", "delete_user", {"UserID"}, {}, lambda c: c.do("resign", userid=staff(c))),
    (
        "change_contact",
        "create_party",
        {"Id", "Name", "ParentId", "Order"},
        {"Id": "77", "Name": "新部门"},
        lambda c: c.do("set_department", id=77, name="新部门"),
    ),
    (
        "change_contact",
        "update_tag",
        {"TagId", "AddUserItems"},
        {},
        lambda c: c.do("tag_colleagues", tagid=next(iter(c.company.directory.tags)), add=[staff(c, 1), staff(c, 2)]),
    ),
    (
        "customer_acquisition",
        "quota_expire_soon",
        {"ExpireTime"},
        {"ExpireTime": "1790000000"},
        lambda c: c.do("acquisition_news", change="quota_expire_soon", fields={"ExpireTime": 1790000000}),
    ),
    ("batch_job_result", "", {"BatchJob"}, {}, lambda c: c.do("finish_job", job_id="j1")),
    ("kf_msg_or_event", "", {"Token", "OpenKfId"}, {"OpenKfId": "wk1"}, lambda c: c.do("write_to_service", open_kfid="wk1")),
    ("enter_agent", "", {"EventKey", "AgentID"}, {}, lambda c: c.do("use_app", userid=staff(c))),
    (
        "LOCATION",
        "",
        {"Latitude", "Longitude", "Precision", "AgentID"},
        {"Latitude": "30.28"},
        lambda c: c.do("show_location", userid=staff(c), latitude=30.28, longitude=120.15),
    ),
]


@pytest.mark.parametrize(
    ("name", "change", "fields", "values", "do"), CASES, ids=[f"{case[0]}.{case[1]}.{n}" for n, case in enumerate(CASES)]
)
def test_an_event_has_the_fields_of_the_reference(caller, name, change, fields, values, do):
    found = [one for one in heard(caller, do) if (one.findtext("Event"), one.findtext("ChangeType") or "") == (name, change)]
    assert found
    root = found[0]
    names = {child.tag for child in root}
    assert HEAD | {"Event"} | fields <= names
    assert (root.findtext("ToUserName"), root.findtext("CreateTime"), root.findtext("MsgType")) == (
        caller.company.corpid,
        str(NOON),
        "event",
    )
    assert {tag: root.findtext(tag) for tag in values} == values
    extra = names - HEAD - fields - {"Event", "ChangeType"}
    if change not in {"create_user", "update_user"}:
        assert extra <= {"State"}


def test_numbers_stand_bare_and_text_in_cdata(caller):
    told: list[Any] = []
    caller.company.news.on_event(told.append)
    caller.do("join_group", chat_id=chat(caller), name="陶")
    text = plain_text(told[0], caller.company.corpid, Style())
    assert f"<CreateTime>{NOON}</CreateTime>" in text
    assert "<MemChangeCnt>1</MemChangeCnt>" in text
    assert "<FromUserName><![CDATA[sys]]></FromUserName>" in text
    assert "<MemChangeList><Item><![CDATA[wm" in text


def test_news_of_the_archive_carries_its_own_app_id(caller):
    key = rsa.generate_private_key(65537, 2048).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    archive = caller.company.part(Archive)
    archive.set_key(key.decode())
    archive.license([staff(caller)], 3)
    found = heard(caller, lambda c: c.do("speak", by=customer(c), to=staff(c), text="在吗"))
    assert (found[0].findtext("Event"), found[0].findtext("AgentID")) == ("msgaudit_notify", str(ARCHIVE_AGENT))


def test_a_job_that_ended_reads_as_wechatpy_reads_it(caller):
    told: list[Any] = []
    caller.company.news.on_event(told.append)
    caller.do("finish_job", job_id="j1", errcode=0)
    message = parse_message(plain_text(told[0], caller.company.corpid, Style()))
    assert (message.job_id, message.job_type) == ("j1", "export_user")


def test_ticks_on_a_card_are_nested(caller):
    card = {
        "card_type": "vote_interaction",
        "task_id": "vote-1",
        "main_title": {"title": "周几合适"},
        "checkbox": {"question_key": "day", "option_list": [{"id": "5", "text": "周五"}, {"id": "6", "text": "周六"}]},
        "submit_button": {"text": "好", "key": "ok"},
    }
    agentid = caller.company.apps[0].agentid
    caller.ok("/cgi-bin/message/send", touser=staff(caller), msgtype="template_card", agentid=agentid, template_card=card)
    told: list[Any] = []
    caller.company.news.on_event(told.append)
    caller.do("tap_card", userid=staff(caller), key="ok", chosen={"day": ["5", "6"]})
    root = ET.fromstring(plain_text(told[0], caller.company.corpid, Style()))
    item = root.find("SelectedItems/SelectedItem")
    assert item.findtext("QuestionKey") == "day"
    assert [option.text for option in item.findall("OptionIds/OptionId")] == ["5", "6"]
    assert (root.findtext("FromUserName"), root.findtext("AgentID")) == (staff(caller), str(agentid))


@pytest.mark.parametrize(
    ("kind", "fields", "read"),
    [
        ("text", {"Content": "在吗"}, lambda m: m.content == "在吗"),
        ("image", {"PicUrl": "https://example.org/a.png", "MediaId": "m1"}, lambda m: m.media_id == "m1"),
        ("voice", {"MediaId": "m2", "Format": "amr"}, lambda m: (m.media_id, m.format) == ("m2", "amr")),
        ("video", {"MediaId": "m3", "ThumbMediaId": "t"}, lambda m: m.thumb_media_id == "t"),
        (
            "location",
            {"Location_X": 30.28, "Location_Y": 120.15, "Scale": 15, "Label": "书店", "AppType": "wxwork"},
            lambda m: m.location == ("30.28", "120.15"),
        ),
        ("link", {"Title": "标题", "Description": "", "Url": "https://example.org", "PicUrl": ""}, lambda m: m.title == "标题"),
    ],
)
def test_messages_to_an_app_read_as_wechatpy_reads_them(caller, kind, fields, read):
    told: list[Any] = []
    caller.company.news.on_event(told.append)
    made = caller.do("write_to_app", userid=staff(caller), kind=kind, fields=fields)
    message = parse_message(plain_text(told[0], caller.company.corpid, Style()))
    assert message.id == made["msgid"]
    assert message.source == staff(caller)
    assert message.type == kind
    assert read(message)
