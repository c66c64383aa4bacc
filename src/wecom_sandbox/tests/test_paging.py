from __future__ import annotations

import pytest

from wecom_sandbox.tests.caller import Caller


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 1000])
def test_pages_of_any_size_hold_every_group_once(caller: Caller, limit: int) -> None:
    found = [group["chat_id"] for group in caller.pages("groupchat/list", "group_chat_list", limit=limit)]
    assert len(found) == len(set(found)) == 5


def test_a_cursor_says_nothing_and_belongs_to_its_question(caller: Caller) -> None:
    cursor = caller.ok("groupchat/list", limit=2)["next_cursor"]
    assert caller.code("groupchat/list", limit=2, cursor=cursor) == 0
    assert caller.code("groupchat/list", limit=3, cursor=cursor) == 0
    assert caller.code("groupchat/list", limit=2, cursor=cursor, status_filter=1) == 50100
    assert caller.code("list_contact_way", cursor=cursor) == 50100


@pytest.mark.parametrize("bad", ["2", "AAAA", "nonsense!", "A" * 32, "字"])
def test_a_made_up_cursor_is_refused(caller: Caller, bad: str) -> None:
    assert caller.code("groupchat/list", limit=2, cursor=bad) == 50100


def test_a_cursor_expires_and_can_be_forgotten(caller: Caller) -> None:
    cursor = caller.ok("groupchat/list", limit=2)["next_cursor"]
    caller.company.cursors.forget()
    assert caller.code("groupchat/list", limit=2, cursor=cursor) == 50100
    cursor = caller.ok("groupchat/list", limit=2)["next_cursor"]
    caller.company.settings.change({"cursor_life": 60, "token_life": 100_000})
    caller.company.move_clock(advance=61)
    assert caller.code("groupchat/list", limit=2, cursor=cursor) == 50100


def test_a_walk_misses_nobody_while_others_come_and_go(caller: Caller) -> None:
    chat_ids = caller.chat_ids()
    first = caller.ok("groupchat/list", limit=2)
    caller.do("dismiss_group", chat_id=chat_ids[0])
    made = caller.do("create_group", owner="lin", name="新群")["chat_id"]
    rest = caller.ok("groupchat/list", limit=1000, cursor=first["next_cursor"])["group_chat_list"]
    assert [group["chat_id"] for group in rest] == [*chat_ids[2:], made]


def test_a_walk_over_customers_misses_nobody_while_some_leave(caller: Caller) -> None:
    before = [entry["external_contact"]["external_userid"] for entry in _everybody(caller, "lin")]
    page = caller.ok("batch/get_by_user", userid_list=["lin"], limit=3)
    caller.do("drop_contact", userid="lin", external_userid=before[0])
    came = caller.do("add_contact", userid="lin", name="陶陶")["external_userid"]
    cursor, after = page["next_cursor"], []
    while cursor:
        answer = caller.ok("batch/get_by_user", userid_list=["lin"], limit=3, cursor=cursor)
        after += [entry["external_contact"]["external_userid"] for entry in answer["external_contact_list"]]
        cursor = answer["next_cursor"]
    assert after == [*before[3:], came]


def test_who_leaves_and_comes_back_is_told_once(caller: Caller) -> None:
    before = [entry["external_contact"]["external_userid"] for entry in _everybody(caller, "lin")]
    for _ in range(3):
        caller.do("drop_contact", userid="lin", external_userid=before[0])
        caller.do("add_contact", userid="lin", external_userid=before[0])
    after = [entry["external_contact"]["external_userid"] for entry in _everybody(caller, "lin")]
    assert sorted(after) == sorted(before)
    assert caller.company.customers.count_of_staff("lin") == len(before)


def _everybody(caller: Caller, *userids: str) -> list[dict[str, dict[str, object]]]:
    return caller.pages("batch/get_by_user", "external_contact_list", userid_list=list(userids), limit=100)


def test_customers_of_several_colleagues_one_after_the_other(caller: Caller) -> None:
    both = _everybody(caller, "lin", "mo")
    assert [entry["follow_info"]["userid"] for entry in both] == sorted(
        (entry["follow_info"]["userid"] for entry in both), key=["lin", "mo"].index
    )
    assert len(both) == len(_everybody(caller, "lin")) + len(_everybody(caller, "mo"))
