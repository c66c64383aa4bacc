from __future__ import annotations

from wecom_sandbox.tests.caller import Caller


def group_of(caller: Caller, chat_id: str, **more: object) -> dict[str, object]:
    return dict(caller.ok("groupchat/get", chat_id=chat_id, **more)["group_chat"])


def test_a_group_has_all_its_fields_in_their_types(caller: Caller) -> None:
    for chat_id in caller.chat_ids():
        group = group_of(caller, chat_id, need_name=1)
        assert chat_id.startswith("wr")
        assert isinstance(group["create_time"], int)
        assert isinstance(group["member_version"], str)
        assert len(group["member_version"]) == 32
        assert all(isinstance(admin["userid"], str) for admin in group["admin_list"])
        for member in group["member_list"]:
            assert member["type"] in {1, 2}
            assert member["join_scene"] in {1, 2, 3}
            assert isinstance(member["join_time"], int)
            assert isinstance(member["group_nickname"], str)
            assert (member["type"] == 1) is (not member["userid"].startswith(("wm", "wo")))
            assert member["type"] == 1 or ("unionid" in member) is member["userid"].startswith("wm")


def test_names_come_only_when_asked_for(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    assert not any("name" in member for member in group_of(caller, chat_id)["member_list"])
    assert any(member.get("name") for member in group_of(caller, chat_id, need_name=1)["member_list"])


def test_what_is_no_customer_group(caller: Caller) -> None:
    assert caller.code("groupchat/get") == 40050
    assert caller.code("groupchat/get", chat_id="wrNobody") == 90501
    chat_id = caller.chat_ids()[0]
    caller.do("dismiss_group", chat_id=chat_id)
    assert caller.code("groupchat/get", chat_id=chat_id) == 90501


def test_only_groups_of_colleagues_in_range(caller: Caller) -> None:
    owners = {chat_id: group_of(caller, chat_id)["owner"] for chat_id in caller.chat_ids()}
    caller.company.apps[0].visible_to = {"lin"}
    assert {owners[chat_id] for chat_id in caller.chat_ids()} == {"lin"}
    hidden = next(chat_id for chat_id, owner in owners.items() if owner != "lin")
    assert caller.code("groupchat/get", chat_id=hidden) == 50002


def test_groups_of_certain_owners_and_too_many_in_range(caller: Caller) -> None:
    mine = caller.ok("groupchat/list", limit=1000, owner_filter={"userid_list": ["lin"]})["group_chat_list"]
    assert [group_of(caller, group["chat_id"])["owner"] for group in mine] == ["lin"] * len(mine)
    assert mine
    caller.company.settings.change({"most_owners_unfiltered": 3})
    assert caller.code("groupchat/list", limit=1000) == 81017
    assert caller.code("groupchat/list", limit=1000, owner_filter={"userid_list": ["lin"]}) == 0
    assert caller.code("groupchat/list", limit=1000, owner_filter={"userid_list": [f"u{n}" for n in range(101)]}) == 40032


def test_versions_step_with_the_events(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    before = group_of(caller, chat_id)
    joined = caller.do("join_group", chat_id=chat_id, name="陶陶", state="poster-9")
    event = caller.company.news.events[-1]
    after = group_of(caller, chat_id, need_name=1)
    assert event.fields["LastMemVer"] == before["member_version"]
    assert event.fields["CurMemVer"] == after["member_version"] == joined["member_version"]
    assert event.fields["MemChangeList"] == joined["members"]
    came = after["member_list"][-1]
    assert (came["userid"], came["name"], came["state"], came["join_scene"]) == (joined["members"][0], "陶陶", "poster-9", 3)


def test_handing_over_on_the_job_twice_in_ninety_days(caller: Caller) -> None:
    chat_id = next(one for one in caller.chat_ids() if group_of(caller, one)["owner"] == "lin")
    events = len(caller.company.news.events)
    assert caller.ok("groupchat/onjob_transfer", chat_id_list=[chat_id], new_owner="mo")["failed_chat_list"] == []
    group = group_of(caller, chat_id)
    assert group["owner"] == "mo"
    assert "mo" in [member["userid"] for member in group["member_list"]]
    assert len(caller.company.news.events) == events, "changes made through the interface cause no events"
    caller.ok("groupchat/onjob_transfer", chat_id_list=[chat_id], new_owner="lin")
    failed = caller.ok("groupchat/onjob_transfer", chat_id_list=[chat_id, "wrX"], new_owner="mo")["failed_chat_list"]
    assert [(one["chat_id"], one["errcode"]) for one in failed] == [(chat_id, 90506), ("wrX", 90501)]
    assert all(isinstance(one["errmsg"], str) for one in failed)
    caller.company.settings.change({"token_life": 10**9})
    caller.company.tokens.spoil("forget")
    caller._token = ""
    caller.company.move_clock(advance=91 * 86_400)
    assert caller.ok("groupchat/onjob_transfer", chat_id_list=[chat_id], new_owner="mo")["failed_chat_list"] == []


def test_handing_over_after_resignation(caller: Caller) -> None:
    mine = caller.ok("groupchat/list", limit=10, owner_filter={"userid_list": ["lin"]})["group_chat_list"]
    chat_id = mine[0]["chat_id"]
    failed = caller.ok("groupchat/transfer", chat_id_list=[chat_id], new_owner="mo")["failed_chat_list"]
    assert [one["errcode"] for one in failed] == [90500]
    caller.do("resign", userid="lin")
    waiting = caller.ok("groupchat/list", limit=10, status_filter=1)["group_chat_list"]
    assert [group["chat_id"] for group in waiting] == [group["chat_id"] for group in mine]
    assert caller.ok("groupchat/transfer", chat_id_list=[chat_id], new_owner="mo")["failed_chat_list"] == []
    done = caller.ok("groupchat/list", limit=10, status_filter=3)["group_chat_list"]
    assert done == [{"chat_id": chat_id, "status": 3}]
    group = group_of(caller, chat_id)
    assert group["owner"] == "mo"
    assert "lin" not in [member["userid"] for member in group["member_list"]]


def test_a_new_owner_must_be_able_to(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    caller.do("change_colleague", userid="mo", real_named=False)
    assert caller.code("groupchat/onjob_transfer", chat_id_list=[chat_id], new_owner="mo") == 40098
    caller.do("change_colleague", userid="mo", may_contact=False)
    assert caller.code("groupchat/onjob_transfer", chat_id_list=[chat_id], new_owner="mo") == 84074
    assert caller.code("groupchat/onjob_transfer", chat_id_list=[chat_id], new_owner="nobody") == 60111
    assert (
        caller.code("groupchat/onjob_transfer", chat_id_list=["x"] * 3 + [f"y{n}" for n in range(101)], new_owner="mo") == 40063
    )


def test_opengid(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    assert caller.ok("opengid_to_chatid", opengid=f"G{chat_id}")["chat_id"] == chat_id
