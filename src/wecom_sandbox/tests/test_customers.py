from __future__ import annotations

from wecom_sandbox.tests.caller import Caller


def of_lin(caller: Caller) -> list[str]:
    return list(caller.get("list", userid="lin")["external_userid"])


def test_a_customer_and_who_knows_them(caller: Caller) -> None:
    external_userid = of_lin(caller)[0]
    answer = caller.get("get", external_userid=external_userid)
    contact, (follow, *_) = answer["external_contact"], answer["follow_user"]
    assert contact["external_userid"] == external_userid
    assert contact["type"] in {1, 2}
    assert contact["gender"] in {0, 1, 2}
    assert follow["userid"] == "lin"
    assert isinstance(follow["createtime"], int)
    assert isinstance(follow["remark_mobiles"], list)
    for tag in follow["tags"]:
        assert set(tag) == {"group_name", "tag_name", "tag_id", "type"}


def test_one_by_one_and_in_pages_they_are_the_same_people(caller: Caller) -> None:
    paged = caller.pages("batch/get_by_user", "external_contact_list", userid_list=["lin"], limit=7)
    assert [entry["external_contact"]["external_userid"] for entry in paged] == of_lin(caller)
    for entry in paged:
        alone = caller.get("get", external_userid=entry["external_contact"]["external_userid"])
        assert alone["external_contact"] == entry["external_contact"]
        follow = next(one for one in alone["follow_user"] if one["userid"] == "lin")
        assert [tag["tag_id"] for tag in follow["tags"]] == entry["follow_info"]["tag_id"]
        assert follow["remark"] == entry["follow_info"]["remark"]


def test_an_old_client_sends_one_userid_and_a_large_limit_is_cut(caller: Caller) -> None:
    answer = caller.ok("batch/get_by_user", userid="lin", cursor="", limit=5000)
    assert [entry["external_contact"]["external_userid"] for entry in answer["external_contact_list"]] == of_lin(caller)
    assert answer["next_cursor"] == ""


def test_nobody_and_no_relation(caller: Caller) -> None:
    assert caller.get("get", external_userid="wmNobody")["errcode"] == 40096
    assert caller.get("get")["errcode"] == 41035
    stranger = next(
        member["userid"]
        for member in caller.ok("groupchat/get", chat_id=caller.chat_ids()[0])["group_chat"]["member_list"]
        if member["type"] == 2 and not caller.company.customers.follows_of(member["userid"])
    )
    assert caller.get("get", external_userid=stranger)["errcode"] == 84061
    caller.do("hire", userid="new", name="新人")
    assert caller.get("list", userid="new")["errcode"] == 84061
    assert caller.code("batch/get_by_user", userid_list=["new"]) == 84061
    assert caller.get("list", userid="nobody")["errcode"] == 60111


def test_a_remark_lasts_and_makes_no_event(caller: Caller) -> None:
    external_userid = next(one for one in of_lin(caller) if one.startswith("wm"))
    events = len(caller.company.news.events)
    caller.ok(
        "remark",
        userid="lin",
        external_userid=external_userid,
        remark="老友",
        description="常来",
        remark_mobiles=["199", "198"],
    )
    follow = next(one for one in caller.get("get", external_userid=external_userid)["follow_user"] if one["userid"] == "lin")
    assert (follow["remark"], follow["description"], follow["remark_mobiles"]) == ("老友", "常来", ["199", "198"])
    caller.ok("remark", userid="lin", external_userid=external_userid, remark_mobiles=[""], remark_company="书店")
    follow = next(one for one in caller.get("get", external_userid=external_userid)["follow_user"] if one["userid"] == "lin")
    assert (follow["remark_mobiles"], follow["remark_corp_name"]) == ([], "书店")
    assert len(caller.company.news.events) == events


def test_what_a_remark_may_not_be(caller: Caller) -> None:
    external_userid = of_lin(caller)[0]
    ids = {"userid": "lin", "external_userid": external_userid}
    assert caller.code("remark", **ids) == 40063
    assert caller.code("remark", **ids, remark="字" * 21) == 40058
    assert caller.code("remark", **ids, description="字" * 151) == 40058
    assert caller.code("remark", **{**ids, "userid": "tao"}, remark="x") in {84061, 0}


def test_a_new_customer_can_be_welcomed_for_twenty_seconds(caller: Caller) -> None:
    made = caller.do("add_contact", userid="lin", name="陶陶", state="poster-3")
    event = caller.company.news.events[-1]
    assert (event.name, event.change) == ("change_external_contact", "add_external_contact")
    assert event.fields["WelcomeCode"] == made["welcome_code"]
    answer = caller.get("get", external_userid=made["external_userid"])
    assert answer["external_contact"]["name"] == "陶陶"
    assert answer["follow_user"][0]["state"] == "poster-3"
    assert made["external_userid"] in of_lin(caller)


def test_a_customer_goes_and_a_colleague_lets_go(caller: Caller) -> None:
    first, second = of_lin(caller)[:2]
    caller.do("drop_contact", userid="lin", external_userid=first)
    assert caller.company.news.events[-1].change == "del_follow_user"
    caller.do("drop_contact", userid="lin", external_userid=second, by="staff")
    assert caller.company.news.events[-1].change == "del_external_contact"
    assert not {first, second} & set(of_lin(caller))


def test_unionid_and_openid(caller: Caller) -> None:
    external_userid = next(one for one in of_lin(caller) if one.startswith("wm"))
    unionid = caller.get("get", external_userid=external_userid)["external_contact"]["unionid"]
    openid = caller.ok("convert_to_openid", external_userid=external_userid)["openid"]
    found = caller.ok("unionid_to_external_userid", unionid=unionid, openid=openid)
    assert found["external_userid"] == external_userid
    assert caller.code("unionid_to_external_userid", unionid="o6_f", openid="x") == 84061
    caller.company.settings.change({"bound_to_developer": False})
    assert "unionid" not in caller.get("get", external_userid=external_userid)["external_contact"]
