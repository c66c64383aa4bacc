from __future__ import annotations

from wecom_sandbox.tests.caller import Caller


def test_a_join_way_is_made_read_changed_and_deleted(caller: Caller) -> None:
    groups = caller.chat_ids()[:2]
    made = caller.ok("groupchat/add_join_way", scene=2, remark="春" * 40, chat_id_list=groups, state="poster-3")
    way = caller.ok("groupchat/get_join_way", config_id=made["config_id"])["join_way"]
    assert way["chat_id_list"] == groups
    assert (way["scene"], way["auto_create_room"], way["state"], way["remark"]) == (2, 1, "poster-3", "春" * 30)
    assert way["qr_code"].startswith("http")
    caller.ok("groupchat/update_join_way", config_id=made["config_id"], scene=1, chat_id_list=groups[:1])
    way = caller.ok("groupchat/get_join_way", config_id=made["config_id"])["join_way"]
    assert (way["chat_id_list"], way["remark"], way["state"]) == (groups[:1], "", "")
    assert "qr_code" not in way
    caller.ok("groupchat/del_join_way", config_id=made["config_id"])
    assert caller.code("groupchat/get_join_way", config_id=made["config_id"]) == 41044


def test_what_a_join_way_may_not_be(caller: Caller) -> None:
    groups = caller.chat_ids()
    assert caller.code("groupchat/add_join_way", scene=2, chat_id_list=[*groups, "wrX"]) == 41091
    assert caller.code("groupchat/add_join_way", scene=2, chat_id_list=["wrX"]) == 90501
    assert caller.code("groupchat/add_join_way", scene=2, chat_id_list=[]) == 40063
    assert caller.code("groupchat/add_join_way", scene=3, chat_id_list=groups[:1]) == 40058
    assert caller.code("groupchat/add_join_way", scene=2, chat_id_list=groups[:1], state="s" * 31) == 40058
    assert caller.code("groupchat/get_join_way") == 41043


def test_a_way_belongs_to_the_app_that_made_it(caller: Caller) -> None:
    config_id = caller.ok("groupchat/add_join_way", scene=2, chat_id_list=caller.chat_ids()[:1])["config_id"]
    assert caller.as_app(2).code("groupchat/get_join_way", config_id=config_id) == 41044


def test_who_scans_lands_in_the_first_group_with_room_then_in_a_new_one(caller: Caller) -> None:
    first, second = caller.chat_ids()[:2]
    config_id = caller.ok(
        "groupchat/add_join_way", scene=2, chat_id_list=[first, second], state="p", room_base_name="书友", room_base_id=3
    )["config_id"]
    sizes = [caller.company.groups.size(caller.company.groups.get(one)) for one in (first, second)]
    caller.company.settings.change({"group_capacity": max(sizes) + 1})
    caller.company.groups.own_members(caller.company.groups.get(first)).clear()
    assert caller.do("scan_join_way", config_id=config_id)["chat_id"] == first
    caller.company.settings.change({"group_capacity": 1})
    landed = caller.do("scan_join_way", config_id=config_id, name="陶陶")
    assert landed["chat_id"] not in {first, second}
    assert [event.change for event in caller.company.news.events][-2:] == ["create", "update"]
    group = caller.ok("groupchat/get", chat_id=landed["chat_id"], need_name=1)["group_chat"]
    assert group["name"] == "书友3"
    assert (group["member_list"][-1]["name"], group["member_list"][-1]["state"]) == ("陶陶", "p")


def test_a_contact_way_leads_to_a_colleague(caller: Caller) -> None:
    made = caller.ok("add_contact_way", type=2, scene=2, user=["lin", "mo"], state="poster-3", remark="春季海报")
    assert made["qr_code"].startswith("http")
    way = caller.ok("get_contact_way", config_id=made["config_id"])["contact_way"]
    assert (way["type"], way["user"], way["party"], way["skip_verify"], way["state"]) == (
        2,
        ["lin", "mo"],
        [],
        True,
        "poster-3",
    )
    landed = [caller.do("scan_contact_way", config_id=made["config_id"])["userid"] for _ in range(4)]
    assert landed == ["lin", "mo", "lin", "mo"]
    assert caller.company.news.events[-1].fields["State"] == "poster-3"
    caller.ok("update_contact_way", config_id=made["config_id"], skip_verify=False, user=["mo"])
    caller.do("scan_contact_way", config_id=made["config_id"])
    assert caller.company.news.events[-1].change == "add_half_external_contact"
    assert [one["config_id"] for one in caller.ok("list_contact_way")["contact_way"]] == [made["config_id"]]
    caller.ok("del_contact_way", config_id=made["config_id"])
    assert caller.ok("list_contact_way")["contact_way"] == []


def test_what_a_contact_way_may_not_be(caller: Caller) -> None:
    assert caller.code("add_contact_way", type=1, scene=2, user=["lin", "mo"]) == 40058
    assert caller.code("add_contact_way", type=1, scene=2, user=["nobody"]) == 60111
    assert caller.code("add_contact_way", type=2, scene=2, party=[99]) == 60123
    assert caller.code("add_contact_way", type=2, scene=2) == 40063
    assert caller.code("add_contact_way", type=2, scene=2, user=["lin"], is_temp=True) == 40058
    caller.company.settings.change({"ways_quota": 0})
    assert caller.code("add_contact_way", type=1, scene=2, user=["lin"]) == 41045


def test_a_temporary_chat_ends_when_it_is_closed(caller: Caller) -> None:
    way = {"type": 1, "scene": 2, "user": ["lin"], "is_temp": True, "conclusions": {"text": {"content": "再见"}}}
    config_id = caller.ok("add_contact_way", **way)["config_id"]
    person = caller.do("scan_contact_way", config_id=config_id)["external_userid"]
    caller.ok("close_temp_chat", userid="lin", external_userid=person)
    assert caller.code("close_temp_chat", userid="lin", external_userid=person) == 84061
