"""What people do, and what is told of it."""

from __future__ import annotations

import pytest

from wecom_sandbox.errors import NoSense
from wecom_sandbox.tests.caller import Caller


def last(caller: Caller) -> tuple[str, str, dict[str, object]]:
    event = caller.company.news.events[-1]
    return event.name, event.change, dict(event.fields)


def test_leaving_and_being_removed(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    ids = [member["userid"] for member in caller.ok("groupchat/get", chat_id=chat_id)["group_chat"]["member_list"]]
    caller.do("leave_group", chat_id=chat_id, person=ids[-1])
    assert (last(caller)[2]["UpdateDetail"], last(caller)[2]["QuitScene"]) == ("del_member", 0)
    caller.do("remove_from_group", chat_id=chat_id, people=ids[-3:-1])
    name, change, fields = last(caller)
    assert (name, change, fields["QuitScene"], fields["MemChangeCnt"]) == ("change_external_chat", "update", 1, 2)
    assert fields["MemChangeList"] == ids[-3:-1]
    with pytest.raises(NoSense, match="is not in"):
        caller.do("leave_group", chat_id=chat_id, person=ids[-1])
    with pytest.raises(NoSense, match="hand it over first"):
        caller.do("leave_group", chat_id=chat_id, person=ids[0])


def test_what_changes_about_a_group(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    details = []
    for deed, arguments in (
        ("rename_group", {"name": "新名字"}),
        ("change_notice", {"notice": "周五"}),
        ("change_owner", {"owner": "tao"}),
    ):
        caller.do(deed, chat_id=chat_id, **arguments)
        details.append(last(caller)[2]["UpdateDetail"])
    assert details == ["change_name", "change_notice", "change_owner"]
    group = caller.ok("groupchat/get", chat_id=chat_id)["group_chat"]
    assert (group["name"], group["notice"], group["owner"]) == ("新名字", "周五", "tao")
    caller.do("dismiss_group", chat_id=chat_id)
    assert last(caller) == ("change_external_chat", "dismiss", {"ChatId": chat_id})
    made = caller.do("create_group", owner="lin", name="新群", members=["mo"])
    assert last(caller) == ("change_external_chat", "create", {"ChatId": made["chat_id"]})


def test_several_come_at_once_and_a_full_group_takes_nobody(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    people = [caller.do("add_contact", userid="lin", name=f"客{n}")["external_userid"] for n in range(3)]
    caller.do("join_group", chat_id=chat_id, people=people, inviter="lin")
    fields = last(caller)[2]
    assert (fields["JoinScene"], fields["MemChangeCnt"], fields["MemChangeList"]) == (0, 3, people)
    members = caller.ok("groupchat/get", chat_id=chat_id)["group_chat"]["member_list"][-3:]
    assert {(member["join_scene"], member["invitor"]["userid"]) for member in members} == {(1, "lin")}
    with pytest.raises(NoSense, match="already"):
        caller.do("join_group", chat_id=chat_id, people=people)


def test_words_are_heard_in_the_group_and_alone(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    members = caller.ok("groupchat/get", chat_id=chat_id)["group_chat"]["member_list"]
    said = caller.do("speak", by=members[-1]["userid"], chat_id=chat_id, text="几点开始?")
    word = caller.company.news.words[-1]
    assert word.msgid == said["msgid"]
    assert word.msgid.endswith("_external")
    assert set(word.to) == {member["userid"] for member in members[:-1]}
    caller.do("recall", msgid=said["msgid"])
    assert caller.company.news.words[-1].recalls == said["msgid"]
    caller.do("speak", by="lin", to="mo", text="你好")
    assert not caller.company.news.words[-1].msgid.endswith("_external")
    customer = caller.get("list", userid="lin")["external_userid"][0]
    caller.do("speak", by=customer, to="lin", text="在吗")
    assert caller.company.customers.own_follow("lin", customer).chatted
    stranger = caller.do("join_group", chat_id=chat_id)["members"][0]
    with pytest.raises(NoSense, match="no contacts"):
        caller.do("speak", by=stranger, to="lin", text="在吗")
    with pytest.raises(NoSense, match="either chat_id or to"):
        caller.do("speak", by="lin", text="?")


def test_half_a_contact_becomes_a_whole_one(caller: Caller) -> None:
    person = caller.do("add_contact", userid="lin", half=True)["external_userid"]
    assert last(caller)[1] == "add_half_external_contact"
    caller.do("confirm_contact", userid="lin", external_userid=person)
    assert last(caller)[1] == "add_external_contact"
    with pytest.raises(NoSense, match="already"):
        caller.do("confirm_contact", userid="lin", external_userid=person)
    with pytest.raises(NoSense, match="contacts already"):
        caller.do("add_contact", userid="lin", external_userid=person)


def test_editing_is_told_but_not_of_numbers_alone(caller: Caller) -> None:
    person = caller.get("list", userid="lin")["external_userid"][0]
    caller.do("edit_contact", userid="lin", external_userid=person, remark="老友", own_tags=["爱跑步"])
    assert last(caller)[1] == "edit_external_contact"
    count = len(caller.company.news.events)
    assert caller.do("edit_contact", userid="lin", external_userid=person, mobiles=["199"]) == {"told": False}
    assert len(caller.company.news.events) == count
    follow = next(one for one in caller.get("get", external_userid=person)["follow_user"] if one["userid"] == "lin")
    assert {"group_name": "个人标签", "tag_name": "爱跑步", "type": 2} in follow["tags"]


def test_tags_are_changed_by_the_administrator(caller: Caller) -> None:
    made = caller.do("create_tags", group="城市", names=["北京", "上海"])
    kinds = [(event.change, event.fields["TagType"]) for event in caller.company.news.events]
    assert kinds == [("create", "tag_group"), ("create", "tag"), ("create", "tag")]
    caller.do("rename_tag", tag_id=made["tag_ids"][0], name="京")
    caller.do("shuffle_tags", group_id=made["group_id"], order=made["tag_ids"][::-1])
    caller.do("drop_tag", tag_id=made["tag_ids"][1])
    assert [event.change for event in caller.company.news.events][3:] == ["update", "shuffle", "delete"]
    (group,) = caller.ok("get_corp_tag_list", group_id=[made["group_id"]])["tag_group"]
    assert [tag["name"] for tag in group["tag"] if not tag.get("deleted")] == ["京"]


def test_the_sample_world_plays_the_people(caller: Caller) -> None:
    done = caller.do("play", acts=200)["done"]
    assert sum(done.values()) == 200
    assert done["talk"] > 90
    assert len({word.body["content"] for word in caller.company.news.words}) > 60
    again = Caller(staff=6, groups=5, people=120, customers=60)
    again.do("play", acts=200)
    assert [word.body for word in again.company.news.words] == [word.body for word in caller.company.news.words]


def test_play_spread_over_time(caller: Caller) -> None:
    assert caller.do("play", acts=10, seconds=600) == {"planned": 10}
    assert not caller.company.news.words
    caller.company.move_clock(advance=300)
    players = len(caller.company.news.words) + len(caller.company.news.events)
    assert players
    assert len(caller.company.agenda) == 5


def test_what_cannot_be_done_any_more_is_noted_and_the_rest_goes_on(caller: Caller) -> None:
    company, chat_id = caller.company, caller.chat_ids()[0]
    person = caller.do("join_group", chat_id=chat_id)["members"][0]
    for seconds in (10, 20):
        company.agenda.after(seconds, lambda: company.people.do("leave_group", chat_id=chat_id, person=person))
    company.agenda.after(30, lambda: company.people.do("rename_group", chat_id=chat_id, name="新名字"))
    assert company.move_clock(advance=60) == 3
    assert company.groups.get(chat_id).name == "新名字"
    assert [(at - company.clock.now(), "is not in" in reason) for at, reason in company.agenda.failed] == [(-40, True)]


def test_two_who_have_talked_before_need_no_welcome(caller: Caller) -> None:
    person = caller.do("add_contact", userid="lin", name="陶陶")["external_userid"]
    caller.do("drop_contact", userid="lin", external_userid=person)
    assert caller.do("add_contact", userid="lin", external_userid=person)["welcome_code"]
    caller.do("speak", by=person, to="lin", text="你好")
    caller.do("drop_contact", userid="lin", external_userid=person)
    assert caller.do("add_contact", userid="lin", external_userid=person)["welcome_code"] == ""
    assert "WelcomeCode" not in last(caller)[2]


def test_a_welcome_of_the_administrators_own_leaves_no_code(caller: Caller) -> None:
    caller.company.settings.change({"native_welcome": True})
    assert caller.do("add_contact", userid="lin")["welcome_code"] == ""
    assert "WelcomeCode" not in last(caller)[2]


def test_a_colleagues_name_is_todays(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    owner = caller.ok("groupchat/get", chat_id=chat_id)["group_chat"]["owner"]
    caller.do("change_colleague", userid=owner, name="林小满")
    assert caller.ok("groupchat/get", chat_id=chat_id, need_name=1)["group_chat"]["member_list"][0]["name"] == "林小满"


def test_with_another_userid_they_keep_groups_customers_and_codes(caller: Caller) -> None:
    first, second = caller.chat_ids()[:2]
    caller.do("join_group", chat_id=second)
    gone, *rest = caller.get("list", userid="lin")["external_userid"]
    caller.do("drop_contact", userid="lin", external_userid=gone)
    came = caller.do("add_contact", userid="lin")["external_userid"]
    config_id = caller.ok("add_contact_way", type=1, scene=2, user=["lin"])["config_id"]
    mine = [caller.ok("groupchat/get", chat_id=one)["group_chat"]["owner"] == "lin" for one in (first, second)]
    caller.do("change_colleague", userid="lin", new_userid="linyue")
    assert caller.get("list", userid="linyue")["external_userid"] == [*rest, came]
    assert caller.get("list", userid="lin")["errcode"] == 60111
    for one, was_mine in zip((first, second), mine, strict=True):
        group = caller.ok("groupchat/get", chat_id=one)["group_chat"]
        ids = [member["userid"] for member in group["member_list"]]
        assert (group["owner"] == "linyue") is was_mine
        assert "lin" not in ids
    assert caller.do("scan_contact_way", config_id=config_id)["userid"] == "linyue"
    assert len(caller.company.groups.owned_by("linyue")) == 1
    with pytest.raises(NoSense, match="taken"):
        caller.do("change_colleague", userid="linyue", new_userid="mo")
