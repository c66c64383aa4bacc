"""Every call is made once and its answer held against the reference: each field there, of its type, and none made up."""

from __future__ import annotations

import json
from typing import Any

from wecom_sandbox.apps import Kind
from wecom_sandbox.archive.files import picture
from wecom_sandbox.calls import registry
from wecom_sandbox.tests.caller import CC, NOON, Caller
from wecom_sandbox.tests.shapes import BINARY, SHAPES, faults

DAY = 86_400


class Witness(Caller):
    """Holds every answer against the reference and notes which were seen."""

    def __init__(self) -> None:
        super().__init__(staff=6, groups=5, people=120, customers=60)
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def ask(
        self, method: str, path: str, fields: dict[str, Any], query: dict[str, str], raw: bytes | None = None, **headers: str
    ) -> Any:
        full = path if path.startswith("/") else f"{CC}/{path}"
        self._token = self._token or self.token()
        body = raw if raw is not None else json.dumps(fields, ensure_ascii=False).encode()
        answer = self.raw(method, full, query={"access_token": self._token, **query}, body=body, **headers)
        self.seen.add(full)
        if SHAPES[full] is BINARY:
            assert answer.headers["Content-Disposition"]
            return answer.body
        told = json.loads(answer.body)
        assert told.pop("errcode") == 0, (full, told)
        assert told.pop("errmsg") == "ok"
        self.faults += faults(told, SHAPES[full], full)
        return told

    def see(self, path: str, **fields: Any) -> Any:
        return self.ask("POST", path, fields, {})

    def look(self, path: str, **query: str) -> Any:
        return self.ask("GET", path, {}, query)

    def up(self, path: str, **query: str) -> Any:
        edge = "----edge"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\n\r\n'.encode()
        body = b"--" + edge.encode() + b'\r\nContent-Disposition: form-data; name="x"\r\n\r\nfirst\r\n' + head + picture("a")
        kind = f"multipart/form-data; boundary={edge}"
        return self.ask("POST", path, {}, query, body + f"\r\n--{edge}--\r\n".encode(), **{"content-type": kind})

    def later(self, seconds: float) -> None:
        self.company.move_clock(advance=seconds)
        self._token = ""

    def app_of(self, kind: Kind) -> None:
        self.secret, self._token = self.company.the_app(kind).secret, ""


def staff_of(world: Witness) -> list[str]:
    return [one.userid for one in world.company.directory.with_contact()]


def with_customers(world: Witness) -> tuple[str, str]:
    staff = staff_of(world)[0]
    return staff, world.look("list", userid=staff)["external_userid"][0]


def tokens_and_directory(world: Witness) -> None:
    world.look("/cgi-bin/gettoken", corpid=world.company.corpid, corpsecret=world.secret)
    world.look("/cgi-bin/getcallbackip")
    world.look("/cgi-bin/get_api_domain_ip")
    for sensitive in (False, True):
        world.company.settings.sensitive_directory = sensitive
        world.look("/cgi-bin/user/get", userid=staff_of(world)[0])
    world.look("/cgi-bin/user/simplelist", department_id="1", fetch_child="1")
    world.look("/cgi-bin/user/list", department_id="1", fetch_child="1")
    world.see("/cgi-bin/user/list_id", limit=2)
    world.look("/cgi-bin/department/list")
    world.look("/cgi-bin/department/simplelist")
    world.look("/cgi-bin/department/get", id="1")
    tag = world.look("/cgi-bin/tag/list")["taglist"][0]["tagid"]
    world.look("/cgi-bin/tag/get", tagid=str(tag))


def groups(world: Witness) -> None:
    chats = world.see("groupchat/list", limit=2)["group_chat_list"]
    chat_id = chats[0]["chat_id"]
    way = world.see("groupchat/add_join_way", scene=2, chat_id_list=[chat_id], state="poster-3", remark="x")["config_id"]
    world.see("groupchat/get_join_way", config_id=way)
    world.do("scan_join_way", config_id=way, name="陶")
    for need_name in (0, 1):
        world.see("groupchat/get", chat_id=chat_id, need_name=need_name)
    world.see("groupchat/update_join_way", config_id=way, scene=2, chat_id_list=[chat_id])
    world.see("groupchat/del_join_way", config_id=way)
    yesterday = NOON - DAY
    world.see("groupchat/statistic", day_begin_time=yesterday - 5 * DAY, day_end_time=yesterday)
    world.see("groupchat/statistic_group_by_day", day_begin_time=yesterday - 5 * DAY, day_end_time=yesterday)
    owner = world.company.groups.get(chat_id).owner
    other = next(one for one in staff_of(world) if one != owner)
    world.see("groupchat/onjob_transfer", chat_id_list=[chat_id, "wrNowhere"], new_owner=other)
    world.see("opengid_to_chatid", opengid=f"G{chat_id}")


def customers(world: Witness) -> None:
    staff, customer = with_customers(world)
    world.look("get_follow_user_list")
    tag = world.see("add_corp_tag", group_name="来路", tag=[{"name": "海报"}])["tag_group"]
    one = tag["tag"][0]["id"]
    world.see("mark_tag", userid=staff, external_userid=customer, add_tag=[one])
    world.see("remark", userid=staff, external_userid=customer, remark="林-读书会", remark_mobiles=["13800000000"])
    world.look("get", external_userid=customer)
    world.see("batch/get_by_user", userid_list=[staff], limit=5)
    world.see("convert_to_openid", external_userid=customer)
    person = world.company.customers.get(customer)
    for path in ("unionid_to_external_userid", "/cgi-bin/idconvert/unionid_to_external_userid"):
        world.see(path, unionid=person.unionid, openid=person.openid)
    world.see("get_corp_tag_list")
    world.see("get_corp_tag_list", tag_id=[one])
    world.see("edit_corp_tag", id=one, name="大海报")
    world.see("del_corp_tag", tag_id=[one])
    group = world.see("add_strategy_tag", strategy_id=1, group_name="分区", tag=[{"name": "一区"}])["tag_group"]
    world.see("get_strategy_tag_list", strategy_id=1)
    world.see("edit_strategy_tag", id=group["tag"][0]["id"], name="二区")
    world.see("del_strategy_tag", group_id=[group["group_id"]])
    world.see("get_user_behavior_data", userid=[staff], start_time=NOON - 5 * DAY, end_time=NOON - DAY)


def contact_ways(world: Witness) -> None:
    staff, customer = with_customers(world)
    way = world.see("add_contact_way", type=1, scene=2, remark="春", state="poster-3", user=[staff])["config_id"]
    world.see("get_contact_way", config_id=way)
    world.see("list_contact_way")
    world.see("update_contact_way", config_id=way, remark="夏")
    world.see("del_contact_way", config_id=way)
    person = world.company.customers.get(customer)
    temporary = {"type": 1, "scene": 2, "user": [staff], "is_temp": True, "unionid": person.unionid}
    made = world.see("add_contact_way", **temporary)["config_id"]
    world.see("get_contact_way", config_id=made)
    world.do("scan_contact_way", config_id=made, external_userid=customer)
    world.see("close_temp_chat", userid=staff, external_userid=customer)


def welcomes(world: Witness) -> None:
    added = world.do("add_contact", userid=staff_of(world)[0], name="陶")
    world.see("send_welcome_msg", welcome_code=added["welcome_code"], text={"content": "你好"})
    link = {"title": "群规", "url": "https://example.org"}
    made = world.see("group_welcome_template/add", text={"content": "欢迎 %NICKNAME%"}, link=link)["template_id"]
    world.see("group_welcome_template/get", template_id=made)
    world.see("group_welcome_template/edit", template_id=made, text={"content": "欢迎"})
    world.see("group_welcome_template/del", template_id=made)


def mass_sends(world: Witness) -> None:
    staff, customer = with_customers(world)
    link = {"msgtype": "link", "link": {"title": "笔记", "url": "https://example.org"}}
    told = {"external_userid": [customer, "wmNobody"], "text": {"content": "共读"}, "attachments": [link]}
    single = world.see("add_msg_template", sender=staff, **told)["msgid"]
    owner = world.company.groups.get(world.chat_ids()[0]).owner
    group = world.see("add_msg_template", chat_type="group", sender=owner, text={"content": "共读"})["msgid"]
    for moment in ("before", "after"):
        for msgid, who, kind in ((single, staff, "single"), (group, owner, "group")):
            world.see("get_groupmsg_task", msgid=msgid)
            world.see("get_groupmsg_send_result", msgid=msgid, userid=who)
            world.see("get_group_msg_result", msgid=msgid)
            world.see("get_groupmsg_list_v2", chat_type=kind, start_time=NOON - DAY, end_time=NOON + DAY)
            if moment == "before":
                world.see("remind_groupmsg_send", msgid=msgid)
                world.do("confirm_mass_send", msgid=msgid, userid=who)
    world.see("cancel_groupmsg_send", msgid=single)


def moments(world: Witness) -> None:
    staff, customer = with_customers(world)
    media = world.up("/cgi-bin/media/upload_attachment", media_type="image", attachment_type="1")["media_id"]
    picture_of = {"msgtype": "image", "image": {"media_id": media}}
    who = {"sender_list": {"user_list": [staff, "nobody"]}, "external_contact_list": {"tag_list": ["etNone"]}}
    world.company.settings.moment_preparing = 60
    job = world.see("add_moment_task", text={"content": "春天"}, attachments=[picture_of], visible_range=who)["jobid"]
    world.look("get_moment_task_result", jobid=job)
    world.later(61)
    moment = world.look("get_moment_task_result", jobid=job)["result"]["moment_id"]
    world.see("get_moment_list", start_time=NOON - DAY, end_time=NOON + DAY)
    world.see("get_moment_task", moment_id=moment)
    world.see("get_moment_customer_list", moment_id=moment, userid=staff)
    world.do("publish_moment", moment_id=moment, userid=staff)
    world.do("react_to_moment", moment_id=moment, userid=staff, by=customer)
    world.do("react_to_moment", moment_id=moment, userid=staff, by=staff, comment=True)
    world.see("get_moment_send_result", moment_id=moment, userid=staff)
    told = world.see("get_moment_comments", moment_id=moment, userid=staff)
    assert (len(told["like_list"]), len(told["comment_list"])) == (1, 1)
    world.see("cancel_moment_task", moment_id=moment)


def handovers(world: Witness) -> None:
    giver, taker, third = staff_of(world)[:3]
    mine = world.look("list", userid=giver)["external_userid"]
    fields = {"handover_userid": giver, "takeover_userid": taker}
    world.see("transfer_customer", **fields, external_userid=[mine[0], "wmNobody"])
    world.later(DAY + 60)
    world.see("transfer_result", **fields)
    owned = [group.chat_id for group in world.company.groups.owned_by(third)]
    world.do("resign", userid=third)
    left = world.see("get_unassigned_list", page_size=10)["info"]
    fields = {"handover_userid": third, "takeover_userid": taker}
    world.see("resigned/transfer_customer", **fields, external_userid=[left[0]["external_userid"]])
    world.later(DAY + 60)
    world.see("resigned/transfer_result", **fields)
    world.see("groupchat/transfer", chat_id_list=[*owned, "wrNowhere"], new_owner=taker)


def album_and_rules(world: Witness) -> None:
    staff = staff_of(world)[0]
    media = world.up("/cgi-bin/media/upload_attachment", media_type="image", attachment_type="2")["media_id"]
    product = {
        "description": "礼盒",
        "price": 9900,
        "product_sn": "A1",
        "attachments": [{"type": "image", "image": {"media_id": media}}],
    }
    made = world.see("add_product_album", **product)["product_id"]
    world.see("get_product_album", product_id=made)
    world.see("get_product_album_list", limit=10)
    world.see("update_product_album", product_id=made, price=8900)
    world.see("delete_product_album", product_id=made)
    rule = world.see(
        "add_intercept_rule",
        rule_name="手机号",
        word_list=["加我微信"],
        semantics_list=[1],
        intercept_type=2,
        applicable_range={"user_list": [staff], "department_list": [1]},
    )["rule_id"]
    world.look("get_intercept_rule_list")
    world.see("get_intercept_rule", rule_id=rule)
    world.see(
        "update_intercept_rule",
        rule_id=rule,
        extra_rule={"semantics_list": [2]},
        remove_applicable_range={"user_list": [staff]},
    )
    world.see("del_intercept_rule", rule_id=rule)


def acquisition_and_bills(world: Witness) -> None:
    staff, customer = with_customers(world)
    made = world.see("customer_acquisition/create_link", link_name="春季", range={"user_list": [staff]})["link"]["link_id"]
    world.do("use_acquisition_link", link_id=made, name="陶", channel="poster-3")
    world.see("customer_acquisition/list_link", limit=10)
    world.see("customer_acquisition/get", link_id=made)
    assert world.see("customer_acquisition/customer", link_id=made)["customer_list"][0]["state"] == "poster-3"
    world.see("customer_acquisition/statistic", link_id=made, start_time=NOON, end_time=NOON)
    assert world.look("customer_acquisition_quota")["balance"] == 999
    world.see("customer_acquisition/update_link", link_id=made, link_name="夏季")
    world.see("customer_acquisition/delete_link", link_id=made)
    paid = world.do("pay", external_userid=customer, userid=staff, fen=9900, goods=["礼盒"], contact={"name": "陶"})
    world.do("refund", transaction_id=paid["transaction_id"], by=staff, fen=100, comment="少发一件")
    world.see("/cgi-bin/externalpay/get_bill_list", begin_time=NOON - DAY, end_time=NOON + DAY, limit=10)


def messages_and_media(world: Witness) -> None:
    staff, agentid = staff_of(world)[0], world.company.apps[0].agentid
    card = {
        "card_type": "button_interaction",
        "task_id": "t1",
        "main_title": {"title": "待办"},
        "button_list": [{"text": "好", "key": "ok"}],
    }
    sent = world.see("/cgi-bin/message/send", touser=f"{staff}|x", msgtype="template_card", agentid=agentid, template_card=card)
    button = {"replace_name": "好了"}
    world.see(
        "/cgi-bin/message/update_template_card",
        agentid=agentid,
        userids=[staff],
        response_code=sent["response_code"],
        button=button,
    )
    world.see("/cgi-bin/message/update_taskcard", agentid=agentid, userids=[staff], task_id="t1", replace_name="好了")
    world.see("/cgi-bin/message/recall", msgid=sent["msgid"])
    two = [one.userid for one in world.company.directory.present()][:2]
    chat = world.see("/cgi-bin/appchat/create", name="值班", userlist=two)["chatid"]
    world.see("/cgi-bin/appchat/update", chatid=chat, name="值班二组")
    world.look("/cgi-bin/appchat/get", chatid=chat)
    world.see("/cgi-bin/appchat/send", chatid=chat, msgtype="text", text={"content": "好"})
    world.ask("POST", "/cgi-bin/webhook/send", {"msgtype": "text", "text": {"content": "好"}}, {"key": "k1"})
    media = world.up("/cgi-bin/media/upload", type="image")["media_id"]
    world.up("/cgi-bin/media/uploadimg")
    assert world.look("/cgi-bin/media/get", media_id=media) == picture("a")
    assert world.look("/cgi-bin/media/get/jssdk", media_id=media) == picture("a")


def signing_in(world: Witness) -> None:
    from wecom_sandbox.visitors import Visitors

    visitors = world.company.part(Visitors)
    staff, customer = with_customers(world)
    inside = visitors.arrive(userid=staff, scope="snsapi_privateinfo").code
    ticket = world.look("/cgi-bin/auth/getuserinfo", code=inside)["user_ticket"]
    world.see("/cgi-bin/auth/getuserdetail", user_ticket=ticket)
    outside = world.look("/cgi-bin/auth/getuserinfo", code=visitors.arrive(external_userid=customer).code)
    assert outside["external_userid"] == customer
    world.look("/cgi-bin/user/getuserinfo", code=visitors.arrive(userid=staff).code)
    world.look("/cgi-bin/user/getuserinfo", code=visitors.arrive().code)
    world.look("/cgi-bin/get_jsapi_ticket")
    world.look("/cgi-bin/ticket/get", type="agent_config")


def archive(world: Witness) -> None:
    from wecom_sandbox.archive.store import Archive

    staff, customer = with_customers(world)
    chat_id = world.chat_ids()[0]
    kept = world.company.part(Archive)
    kept.license([staff], 2)
    kept.internal_rooms["wrInside"] = {
        "roomname": "内部",
        "creator": staff,
        "room_create_time": NOON,
        "notice": "",
        "members": [{"memberid": staff, "jointime": NOON}],
    }
    kept.robots["wbOne"] = {"robot_id": "wbOne", "name": "小助手", "creator_userid": staff}
    world.app_of(Kind.ARCHIVE)
    world.see("/cgi-bin/msgaudit/get_permit_user_list", type=2)
    world.see("/cgi-bin/msgaudit/check_single_agree", info=[{"userid": staff, "exteranalopenid": customer}])
    world.see("/cgi-bin/msgaudit/check_room_agree", roomid=chat_id)
    world.see("/cgi-bin/msgaudit/groupchat/get", roomid="wrInside")
    world.look("/cgi-bin/msgaudit/get_robot_info", robot_id="wbOne")


SECTIONS = [
    tokens_and_directory,
    groups,
    customers,
    contact_ways,
    welcomes,
    mass_sends,
    moments,
    handovers,
    album_and_rules,
    acquisition_and_bills,
    messages_and_media,
    signing_in,
    archive,
]


def test_every_call_is_answered_with_the_fields_and_types_of_the_reference():
    registry.load()
    assert set(SHAPES) == set(registry.CALLS)
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for section in SECTIONS:
        world = Witness()
        section(world)
        seen |= world.seen
        if world.faults:
            found[section.__name__] = world.faults
    assert found == {}
    assert set(registry.CALLS) - seen == set()


def test_a_wrong_type_an_unknown_field_and_a_missing_one_are_found():
    """The measure itself measures."""
    shape = {"a": int, "b?": [str]}
    assert faults({"a": 1}, shape) == []
    assert faults({"a": True, "b": [1], "c": 0}, shape) == [
        ".c: not in the reference",
        ".a: int, not True",
        ".b[0]: str, not 1",
    ]
    assert faults({}, shape) == [".a: missing"]
