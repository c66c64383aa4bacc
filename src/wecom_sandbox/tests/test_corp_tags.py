from __future__ import annotations

from wecom_sandbox.tests.caller import Caller


def groups(caller: Caller, **asked: object) -> list[dict[str, object]]:
    return list(caller.ok("get_corp_tag_list", **asked)["tag_group"])


def test_the_library_as_it_is_in_the_beginning(caller: Caller) -> None:
    found = groups(caller)
    assert [group["group_name"] for group in found] == ["来源", "意向", "等级"]
    assert [group["order"] for group in found] == sorted((group["order"] for group in found), reverse=True)
    for tag in found[0]["tag"]:
        assert set(tag) == {"id", "name", "create_time", "order"}


def test_a_group_is_made_once_and_grows(caller: Caller) -> None:
    made = caller.ok(
        "add_corp_tag", group_name="城市", order=9, tag=[{"name": "北京"}, {"name": "上海", "order": 5}, {"name": "北京"}]
    )
    group = made["tag_group"]
    assert isinstance(group, dict)
    assert [tag["name"] for tag in group["tag"]] == ["上海", "北京"]
    again = caller.ok("add_corp_tag", group_name="城市", tag=[{"name": "杭州"}, {"name": "北京"}])["tag_group"]
    assert again["group_id"] == group["group_id"]
    assert {tag["name"] for tag in again["tag"]} == {"杭州", "北京"}
    whole = groups(caller, group_id=[group["group_id"]])[0]
    assert len(whole["tag"]) == 3


def test_asked_by_id_a_deleted_one_says_so(caller: Caller) -> None:
    tag = groups(caller)[1]["tag"][0]
    caller.ok("del_corp_tag", tag_id=[tag["id"]])
    assert tag["id"] not in [one["id"] for group in groups(caller) for one in group["tag"]]
    (group,) = groups(caller, tag_id=[tag["id"]])
    assert group["tag"][0]["deleted"] is True
    assert "deleted" not in group


def test_a_group_goes_with_its_last_tag(caller: Caller) -> None:
    first = groups(caller)[0]
    caller.ok("del_corp_tag", tag_id=[tag["id"] for tag in first["tag"]])
    assert first["group_id"] not in [group["group_id"] for group in groups(caller)]


def test_renaming_and_what_a_name_may_not_be(caller: Caller) -> None:
    first, second = groups(caller)[:2]
    caller.ok("edit_corp_tag", id=first["group_id"], name="从哪来", order=1)
    caller.ok("edit_corp_tag", id=first["tag"][0]["id"], name="大海报")
    assert caller.code("edit_corp_tag", id=second["group_id"], name="从哪来") == 40071
    assert caller.code("edit_corp_tag", id=first["tag"][1]["id"], name="大海报") == 40071
    assert caller.code("edit_corp_tag", id=first["group_id"], name="字" * 31) == 40072
    assert caller.code("add_corp_tag", group_name="x", tag=[{"name": ""}]) == 41018
    assert caller.code("add_corp_tag", group_id="etX", tag=[{"name": "y"}]) == 40068
    assert caller.code("del_corp_tag") == 41017
    caller.company.settings.change({"corp_tags": 10})
    assert caller.code("add_corp_tag", group_name="x", tag=[{"name": "y"}]) == 40126


def test_a_customer_is_tagged_where_there_is_a_relation(caller: Caller) -> None:
    external_userid = caller.get("list", userid="lin")["external_userid"][0]
    tag_id = groups(caller)[2]["tag"][0]["id"]
    caller.ok("mark_tag", userid="lin", external_userid=external_userid, add_tag=[tag_id])
    follow = next(one for one in caller.get("get", external_userid=external_userid)["follow_user"] if one["userid"] == "lin")
    assert tag_id in [tag["tag_id"] for tag in follow["tags"]]
    caller.ok("mark_tag", userid="lin", external_userid=external_userid, add_tag=[], remove_tag=[tag_id])
    follow = next(one for one in caller.get("get", external_userid=external_userid)["follow_user"] if one["userid"] == "lin")
    assert tag_id not in [tag.get("tag_id") for tag in follow["tags"]]
    assert caller.code("mark_tag", userid="lin", external_userid=external_userid) == 40063
    assert caller.code("mark_tag", userid="lin", external_userid=external_userid, add_tag=["etX"]) == 40068
    others = {one["userid"] for one in caller.get("get", external_userid=external_userid)["follow_user"]}
    stranger = next(one.userid for one in caller.company.directory.present() if one.userid not in others)
    assert caller.code("mark_tag", userid=stranger, external_userid=external_userid, add_tag=[tag_id]) == 84061


def test_rule_groups_have_tags_of_their_own(caller: Caller) -> None:
    made = caller.ok("add_strategy_tag", strategy_id=7, group_name="区域", tag=[{"name": "北区"}])["tag_group"]
    assert made["strategy_id"] == 7
    assert made["group_id"] not in [group["group_id"] for group in groups(caller)]
    assert [group["group_id"] for group in caller.ok("get_strategy_tag_list")["tag_group"]] == [made["group_id"]]
    assert caller.code("edit_corp_tag", id=made["group_id"], name="x") == 81011
    caller.ok("edit_strategy_tag", id=made["group_id"], name="大区")
    caller.ok("del_strategy_tag", group_id=[made["group_id"]])
    assert caller.ok("get_strategy_tag_list", strategy_id=7)["tag_group"] == []
