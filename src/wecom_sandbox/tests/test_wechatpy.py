"""wechatpy, which nobody here wrote, works with the sandbox as it stands: only its host is led here."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpy.exceptions import APILimitedException, WeChatClientException
from wechatpy.work import WeChatClient
from wechatpy.work.crypto import WeChatCrypto

from wecom_sandbox.archive.files import picture
from wecom_sandbox.crypto import Lock, page_signature

from .rig import Caller, sandbox

HOST = "https://qyapi.weixin.qq.com"
DAY = 86_400


class Led(HTTPAdapter):
    """Leads what is meant for the platform's host to the sandbox."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self._to = to

    def send(self, request: requests.PreparedRequest, **more: object) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace(HOST, self._to)
        return super().send(request, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with sandbox(staff=5) as found:
        yield found


@pytest.fixture(scope="module")
def client(caller: Caller) -> WeChatClient:
    made = WeChatClient(caller.company.corpid, caller.company.apps[0].secret)
    made._http.trust_env = False
    made._http.mount(HOST, Led(caller.base_url))
    return made


@pytest.fixture
def staff(caller: Caller) -> str:
    return caller.company.directory.with_contact()[0].userid


def customer_of(caller: Caller, userid: str) -> str:
    return caller.control(f"contacts/{userid}")["contacts"][0]["external_userid"]


def code_of(failed: pytest.ExceptionInfo[WeChatClientException]) -> int:
    return failed.value.errcode


# Tokens, addresses, directory


def test_a_token_is_fetched_and_after_early_expiry_fetched_again(caller, client):
    assert client.misc.get_wechat_ips()
    before = client.access_token
    caller.control("tokens", {"do": "expire"})
    assert client.misc.get_wechat_ips()
    assert client.access_token != before


def test_a_wrong_secret_is_refused(caller):
    wrong = WeChatClient(caller.company.corpid, "not-the-secret")
    wrong._http.trust_env = False
    wrong._http.mount(HOST, Led(caller.base_url))
    with pytest.raises(WeChatClientException) as failed:
        wrong.fetch_access_token()
    assert code_of(failed) == 40001


def test_the_directory(caller, client, staff):
    departments = client.department.list()
    assert departments[0]["id"] == 1
    everybody = client.user.list(1, fetch_child=True, simple=True)
    assert staff in {one["userid"] for one in everybody}
    assert client.user.list(1, fetch_child=True)[0]["department"]
    assert client.department.get_users(1, fetch_child=1)
    one = client.user.get(staff)
    assert one["userid"] == staff
    assert isinstance(one["department"][0], int)
    assert isinstance(client.tag.list(), list)
    with pytest.raises(WeChatClientException) as failed:
        client.user.get("nobody-here")
    assert code_of(failed) == 60111


# Customers


def test_customers(caller, client, staff):
    assert staff in client.external_contact.get_follow_user_list()["follow_user"]
    ids = client.external_contact.list(staff)["external_userid"]
    one = client.external_contact.get(ids[0])
    assert one["external_contact"]["external_userid"] == ids[0]
    assert staff in {follow["userid"] for follow in one["follow_user"]}


def test_all_customers_of_a_colleague_page_by_page(client, staff):
    ids = client.external_contact.list(staff)["external_userid"]
    walked = [one["external_contact"]["external_userid"] for one in client.external_contact.gen_all_by_user(staff, 3)]
    assert walked == ids
    assert len(walked) > 3


# Groups and statistics


def test_groups_and_their_members(caller, client):
    groups = client.external_contact_group_chat.list_all(limit=2)
    assert len(groups) == len(caller.company.groups)
    chat = client.external_contact_group_chat.get(groups[0]["chat_id"])["group_chat"]
    assert chat["chat_id"] == groups[0]["chat_id"]
    assert {member["type"] for member in chat["member_list"]} <= {1, 2}
    owned = client.external_contact_group_chat.list_all(owner_userid_list=[chat["owner"]])
    assert groups[0]["chat_id"] in {one["chat_id"] for one in owned}
    with pytest.raises(WeChatClientException) as failed:
        client.external_contact_group_chat.get("wrNowhere")
    assert code_of(failed) == 90501


def test_statistics_of_groups_and_of_colleagues(caller, client, staff):
    yesterday = caller.company.clock.now() - DAY
    told = client.external_contact_group_chat.statistic(yesterday)
    assert told["total"] == len(told["items"])
    assert told["items"][0]["data"]["chat_total"] >= 1
    behaviour = client.external_contact.get_user_behavior_data([staff], yesterday - 3 * DAY, yesterday)
    assert len(behaviour["behavior_data"]) == 4


# Contact ways and tags


def test_a_contact_way_is_made_changed_and_taken_away(client, staff):
    made = client.external_contact.add_contact_way(1, 2, remark="春季海报", state="poster-3", user=[staff])
    assert made["qr_code"].startswith("http")
    way = client.external_contact.get_contact_way(made["config_id"])["contact_way"]
    assert (way["state"], way["user"], way["skip_verify"]) == ("poster-3", [staff], True)
    client.external_contact.update_contact_way(made["config_id"], "夏季海报", state="poster-4")
    assert client.external_contact.get_contact_way(made["config_id"])["contact_way"]["state"] == "poster-4"
    client.external_contact.del_contact_way(made["config_id"])
    with pytest.raises(WeChatClientException) as failed:
        client.external_contact.get_contact_way(made["config_id"])
    assert code_of(failed) == 41044


def test_tags_are_made_put_on_customers_and_taken_away(caller, client, staff):
    made = client.external_contact.add_corp_tag(None, "来路", 1, [{"name": "海报", "order": 1}, {"name": "老友", "order": 2}])
    group = made["tag_group"]
    tag = group["tag"][0]["id"]
    customer = customer_of(caller, staff)
    client.external_contact.mark_tag(staff, customer, [tag])
    known = client.external_contact.get(customer)["follow_user"]
    mine = next(follow for follow in known if follow["userid"] == staff)
    assert tag in {one.get("tag_id") for one in mine["tags"]}
    client.external_contact.edit_corp_tag(tag, "大海报")
    listed = client.external_contact.get_corp_tag_list([tag])["tag_group"]
    assert "大海报" in {one["name"] for one in listed[0]["tag"]}
    client.external_contact.del_corp_tag(group_id=[group["group_id"]])
    left = client.external_contact.get_corp_tag_list()["tag_group"]
    assert group["group_id"] not in {one["group_id"] for one in left}


# Sending


def test_a_mass_send_waits_for_the_colleague_and_then_tells_its_results(caller, client, staff):
    ids = client.external_contact.list(staff)["external_userid"][:3]
    template = {"external_userid": [*ids, "wmNobodyAtAll"], "sender": staff, "text": {"content": "本周五晚八点共读第三章"}}
    made = client.external_contact.add_msg_template(template)
    assert made["fail_list"] == ["wmNobodyAtAll"]
    waiting = client.external_contact.get_group_msg_result(made["msgid"])["detail_list"]
    assert {one["status"] for one in waiting} == {0}
    caller.people("confirm_mass_send", msgid=made["msgid"], userid=staff)
    sent = client.external_contact.get_group_msg_result(made["msgid"])["detail_list"]
    assert {(one["external_userid"], one["userid"], one["status"]) for one in sent} == {(one, staff, 1) for one in ids}


def test_a_welcome_is_sent_once_and_in_time(caller, client, staff):
    added = caller.people("add_contact", userid=staff, name="陶")
    welcome = {"welcome_code": added["welcome_code"], "text": {"content": "你好，陶！"}}
    client.external_contact.send_welcome_msg(welcome)
    with pytest.raises(WeChatClientException) as failed:
        client.external_contact.send_welcome_msg(welcome)
    assert code_of(failed) == 41051
    late = caller.people("add_contact", userid=staff, name="任")
    caller.control("clock", {"advance": 21})
    with pytest.raises(WeChatClientException) as failed:
        client.external_contact.send_welcome_msg({**welcome, "welcome_code": late["welcome_code"]})
    assert code_of(failed) == 41050
    assert caller.control("welcomes")["welcomes"][-1]["text"] == "你好，陶！"


def test_welcome_material_for_groups(client):
    template = {"text": {"content": "欢迎 %NICKNAME%"}, "link": {"title": "群规", "url": "https://example.org/rules"}}
    made = client.external_contact.add_group_welcome_template(template)
    found = client.external_contact.get_group_welcome_template(made["template_id"])
    assert (found["text"]["content"], found["link"]["title"]) == ("欢迎 %NICKNAME%", "群规")
    client.external_contact.update_group_welcome_template({"text": {"content": "欢迎"}}, made["template_id"])
    assert "link" not in client.external_contact.get_group_welcome_template(made["template_id"])
    client.external_contact.del_group_welcome_template(made["template_id"])
    with pytest.raises(WeChatClientException) as failed:
        client.external_contact.get_group_welcome_template(made["template_id"])
    assert code_of(failed) == 40037


def test_messages_to_staff(caller, client, staff):
    agent = caller.company.apps[0].agentid
    sent = client.message.send_text(agent, [staff, "Nobody-Here"], "有 3 件事等你")
    assert sent["invaliduser"] == "nobody-here"
    assert sent["msgid"]
    client.message.send_markdown(agent, staff, "**3** 件事")
    client.message.send_text_card(agent, staff, "待办", "请移出一位成员", "https://example.org/todo")
    client.message.send_articles(
        agent, staff, [{"title": "周报", "description": "", "url": "https://example.org", "image": ""}]
    )
    inbox = caller.control(f"inboxes/{staff}")["messages"]
    assert [one["msgtype"] for one in inbox[-4:]] == ["text", "markdown", "textcard", "news"]
    with pytest.raises(WeChatClientException) as failed:
        client.message.send_text(agent, ["nobody"], "谁在")
    assert code_of(failed) == 81013
    with pytest.raises(WeChatClientException) as failed:
        client.message.send_text(agent + 1, [staff], "别的应用")
    assert code_of(failed) == 40056


def test_a_card_is_tapped_and_then_changed(caller, client, staff):
    agent = caller.company.apps[0].agentid
    card = {
        "card_type": "button_interaction",
        "task_id": "todo-1",
        "main_title": {"title": "请移出一位成员"},
        "button_list": [{"text": "已完成", "style": 1, "key": "done"}, {"text": "不处理", "style": 2, "key": "skip"}],
    }
    sent = client.message.send(agent, staff, msg={"msgtype": "template_card", "template_card": card})
    assert sent["response_code"]
    client.message.update_taskcard(agent, [staff], "todo-1", "处理中")
    tapped = caller.people("tap_card", userid=staff, key="done", task_id="todo-1")
    body = {
        "userids": [staff],
        "agentid": agent,
        "response_code": tapped["response_code"],
        "button": {"replace_name": "已完成"},
    }
    client.post("message/update_template_card", data=body)
    with pytest.raises(WeChatClientException) as failed:
        client.post("message/update_template_card", data=body)
    assert code_of(failed) == 60140
    assert caller.control(f"inboxes/{staff}")["messages"][-1]["shown"] == "已完成"


def test_internal_chats(caller, client):
    two = [one.userid for one in caller.company.directory.present()][:2]
    made = client.appchat.create(name="值班", owner=two[0], user_list=two)
    assert client.appchat.get(made["chatid"])["userlist"] == two
    client.appchat.update(made["chatid"], name="值班二组")
    assert client.appchat.get(made["chatid"])["name"] == "值班二组"
    client.appchat.send_text(made["chatid"], "今晚值班")


# Media, tickets, sign-in


def test_media_goes_up_and_comes_down(caller, client):
    content = picture("poster")
    up = client.media.upload("image", ("海报.png", io.BytesIO(content), "image/png"))
    assert up["type"] == "image"
    assert isinstance(up["created_at"], str)
    url = client.media.get_url(up["media_id"]).replace(HOST, caller.base_url)
    session = requests.Session()
    session.trust_env = False
    down = session.get(url)
    assert down.content == content
    assert "attachment" in down.headers["Content-Disposition"]
    assert session.get(url, headers={"Range": "bytes=0-9"}).content == content[:10]
    shown = client.media.upload_img(("a.png", io.BytesIO(content), "image/png"))["url"]
    assert session.get(shown).content == content
    with pytest.raises(WeChatClientException) as failed:
        client.media.upload("image", ("empty.png", io.BytesIO(b"123"), "image/png"))
    assert code_of(failed) == 44001


def test_tickets_and_signatures(caller, client):
    ticket = client.jsapi.get_jsapi_ticket()
    assert ticket == client.jsapi.get_ticket()["ticket"]
    assert client.jsapi.get_agent_jsapi_ticket() != ticket
    now = str(int(time.time()))
    mine = client.jsapi.get_jsapi_signature("abc", ticket, now, "https://example.org/who?x=1")
    assert mine == page_signature(ticket, "abc", now, "https://example.org/who?x=1#chat")


def test_signing_in(caller, client, staff):
    url = client.oauth.authorize_url("https://huoqun.example.org/back?to=who", "s1")
    session = requests.Session()
    session.trust_env = False
    here = url.replace("https://open.weixin.qq.com", caller.base_url).split("#")[0]
    assert staff in session.get(here).text
    sent_on = session.get(f"{here}&as={staff}", allow_redirects=False)
    query = parse_qs(urlsplit(sent_on.headers["Location"]).query)
    assert (query["state"], query["to"]) == (["s1"], ["who"])
    assert client.oauth.get_user_info(query["code"][0])["UserId"] == staff
    with pytest.raises(WeChatClientException) as failed:
        client.oauth.get_user_info(query["code"][0])
    assert code_of(failed) == 42022


# Trouble


def test_too_many_calls_are_told_as_such(caller, client):
    caller.control("faults", {"kind": "errcode", "errcode": 45009, "path": "*/get_follow_user_list"})
    with pytest.raises(APILimitedException):
        client.external_contact.get_follow_user_list()
    assert client.external_contact.get_follow_user_list()["errcode"] == 0


def test_an_error_reads_like_the_real_one(client):
    with pytest.raises(WeChatClientException) as failed:
        client.external_contact_group_chat.get("wrNowhere")
    text = failed.value.errmsg
    assert text.startswith("chat is not external group chat, hint: [")
    assert "from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=90501" in text


def test_unassigned_customers_of_a_colleague_who_left(caller, client):
    gone = caller.company.directory.with_contact()[-1].userid
    caller.people("resign", userid=gone)
    told = client.external_contact.get_unassigned_list(page_size=100)
    assert {one["handover_userid"] for one in told["info"]} == {gone}
    assert isinstance(told["is_last"], bool)


# Its crypto, both ways


def locks(caller: Caller) -> tuple[Lock, WeChatCrypto]:
    company = caller.company
    mine = Lock(company.callback_token, company.encoding_aes_key, company.corpid)
    return mine, WeChatCrypto(company.callback_token, company.encoding_aes_key, company.corpid)


def test_what_wechatpy_locks_opens_here(caller):
    mine, theirs = locks(caller)
    root = ET.fromstring(theirs.encrypt_message("<xml><Content>群里见</Content></xml>", "nonce-1", "1760000000"))
    sealed = {name: root.findtext(name) or "" for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}
    opened = mine.open(
        msg_signature=sealed["MsgSignature"], timestamp=sealed["TimeStamp"], nonce=sealed["Nonce"], encrypt=sealed["Encrypt"]
    )
    assert opened == "<xml><Content>群里见</Content></xml>"


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 31, 32, 33, 1000])
def test_what_is_locked_here_wechatpy_opens(caller, length):
    mine, theirs = locks(caller)
    text = "群" * length
    sealed = mine.encrypt(text)
    signed = mine.sign("1760000000", "nonce-2", sealed)
    assert theirs.check_signature(signed, "1760000000", "nonce-2", sealed) == text
    assert theirs.decrypt_message({"Encrypt": sealed}, signed, "1760000000", "nonce-2") == text
