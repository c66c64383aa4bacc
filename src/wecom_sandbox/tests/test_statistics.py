from __future__ import annotations

import pytest

from wecom_sandbox.clock import DAY, day_of
from wecom_sandbox.tests.caller import NOON, Caller

YESTERDAY = day_of(NOON) - DAY
FIELDS = {
    "new_chat_cnt",
    "chat_total",
    "chat_has_msg",
    "new_member_cnt",
    "member_total",
    "member_has_msg",
    "msg_total",
    "migrate_trainee_chat_cnt",
}


@pytest.fixture(autouse=True)
def long_tokens(caller: Caller) -> None:
    caller.company.settings.change({"token_life": 10**9})


def test_totals_are_those_of_the_groups(caller: Caller) -> None:
    answer = caller.ok("groupchat/statistic", day_begin_time=YESTERDAY + 5000)
    assert sum(item["data"]["chat_total"] for item in answer["items"]) == 5
    assert sum(item["data"]["member_total"] for item in answer["items"]) == 120
    assert answer["total"] == answer["next_offset"] == len(answer["items"])
    assert all(set(item["data"]) == FIELDS and isinstance(item["owner"], str) for item in answer["items"])


def test_sorted_and_in_pages(caller: Caller) -> None:
    asked = {"day_begin_time": YESTERDAY, "order_by": 4}
    falling = caller.ok("groupchat/statistic", **asked)["items"]
    totals = [item["data"]["member_total"] for item in falling]
    assert totals == sorted(totals, reverse=True)
    rising = caller.ok("groupchat/statistic", **asked, order_asc=1)["items"]
    assert [item["data"]["member_total"] for item in rising] == sorted(totals)
    page = caller.ok("groupchat/statistic", **asked, offset=1, limit=2)
    assert page["items"] == falling[1:3]
    assert page["next_offset"] == 3


def test_who_joins_speaks_and_leaves_today_is_counted_tomorrow(caller: Caller) -> None:
    chat_id = caller.chat_ids()[0]
    owner = caller.ok("groupchat/get", chat_id=chat_id)["group_chat"]["owner"]
    person = caller.do("join_group", chat_id=chat_id)["members"][0]
    caller.do("speak", by=person, chat_id=chat_id, text="大家好")
    caller.do("speak", by=person, chat_id=chat_id, text="第一次来")
    caller.do("speak", by=owner, chat_id=chat_id, text="欢迎")
    caller.company.move_clock(advance=DAY)
    asked = {"day_begin_time": NOON, "owner_filter": {"userid_list": [owner]}}
    data = caller.ok("groupchat/statistic", **asked)["items"][0]["data"]
    assert (data["msg_total"], data["member_has_msg"], data["chat_has_msg"], data["new_member_cnt"]) == (3, 2, 1, 1)
    before = data["member_total"]
    caller.do("leave_group", chat_id=chat_id, person=person)
    caller.company.move_clock(advance=DAY)
    again = caller.ok("groupchat/statistic", **asked)["items"][0]["data"]
    assert (again["member_total"], again["new_member_cnt"]) == (before, 1), "yesterday stays what it was"
    later = caller.ok("groupchat/statistic", **{**asked, "day_begin_time": NOON + DAY})["items"][0]["data"]
    assert later["member_total"] == before - 1


def test_by_day_adds_up_to_the_whole(caller: Caller) -> None:
    asked = {"day_begin_time": YESTERDAY - 6 * DAY, "day_end_time": YESTERDAY}
    days = caller.ok("groupchat/statistic_group_by_day", **asked)["items"]
    assert [item["stat_time"] for item in days] == [YESTERDAY - n * DAY for n in range(6, -1, -1)]
    whole = caller.ok("groupchat/statistic", **asked)["items"]
    for name in ("msg_total", "new_member_cnt", "new_chat_cnt"):
        assert sum(item["data"][name] for item in days) == sum(item["data"][name] for item in whole)


@pytest.mark.parametrize(
    ("begin", "end"),
    [(YESTERDAY + DAY, None), (YESTERDAY - 30 * DAY, YESTERDAY), (YESTERDAY - 180 * DAY, None), (YESTERDAY, YESTERDAY - DAY)],
)
def test_days_that_cannot_be_asked_for(caller: Caller, begin: int, end: int | None) -> None:
    for path in ("groupchat/statistic", "groupchat/statistic_group_by_day"):
        assert caller.code(path, day_begin_time=begin, **({"day_end_time": end} if end else {})) == 40058


def test_behaviour_of_colleagues(caller: Caller) -> None:
    asked = {"userid": ["lin", "mo"], "start_time": YESTERDAY - 2 * DAY, "end_time": YESTERDAY}
    rows = caller.ok("get_user_behavior_data", **asked)["behavior_data"]
    assert [row["stat_time"] for row in rows] == [YESTERDAY - n * DAY for n in (2, 1, 0)]
    for row in rows:
        assert ("reply_percentage" in row) is (row["chat_cnt"] > 0)
    assert caller.code("get_user_behavior_data", start_time=YESTERDAY, end_time=YESTERDAY) == 40063
    assert caller.code("get_user_behavior_data", userid=["x"], start_time=YESTERDAY, end_time=YESTERDAY) == 60111
    caller.do("add_contact", userid="tao", name="陶陶")
    caller.company.move_clock(advance=DAY)
    row = caller.ok("get_user_behavior_data", userid=["tao"], start_time=NOON, end_time=NOON)["behavior_data"][0]
    assert (row["new_apply_cnt"], row["new_contact_cnt"], row["chat_cnt"]) == (1, 1, 0)
    by_department = caller.ok("get_user_behavior_data", partyid=[1], start_time=NOON, end_time=NOON)["behavior_data"]
    assert by_department[0]["new_contact_cnt"] == 1
