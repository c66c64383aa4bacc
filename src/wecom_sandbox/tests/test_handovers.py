from __future__ import annotations

import pytest

from wecom_sandbox.tests.caller import Caller


@pytest.fixture(autouse=True)
def long_tokens(caller: Caller) -> None:
    caller.company.settings.change({"token_life": 10**9})


def mine(caller: Caller, userid: str = "lin") -> list[str]:
    return list(caller.get("list", userid=userid).get("external_userid", []))


def only_lins(caller: Caller) -> list[str]:
    return [one for one in mine(caller) if one not in mine(caller, "mo")]


def test_on_the_job_it_finishes_by_itself_after_a_day(caller: Caller) -> None:
    stays, goes = only_lins(caller)[:2]
    asked = {"handover_userid": "lin", "takeover_userid": "mo"}
    answer = caller.ok("transfer_customer", **asked, external_userid=[stays, goes, "wmX"], transfer_success_msg="您好")
    assert answer["customer"] == [
        {"external_userid": stays, "errcode": 0},
        {"external_userid": goes, "errcode": 0},
        {"external_userid": "wmX", "errcode": 40096},
    ]
    assert caller.ok("transfer_customer", **asked, external_userid=[goes])["customer"][0]["errcode"] == 40129
    result = caller.ok("transfer_result", **asked)
    assert [(one["status"], one["takeover_time"]) for one in result["customer"]] == [(2, 0), (2, 0)]
    caller.do("refuse_transfer", handover_userid="lin", external_userid=stays)
    assert caller.company.news.events[-1].fields["FailReason"] == "customer_refused"
    caller.company.move_clock(advance=86_400)
    assert [one["status"] for one in caller.ok("transfer_result", **asked)["customer"]] == [3, 1]
    assert goes in mine(caller, "mo")
    assert goes not in mine(caller)
    assert stays in mine(caller)
    changes = [event.change for event in caller.company.news.events]
    assert changes == ["transfer_fail", "del_external_contact", "add_external_contact"]
    assert caller.company.news.events[1].fields["Source"] == "DELETE_BY_TRANSFER"
    assert caller.company.news.events[1].at == caller.company.clock.now()


def test_twice_in_ninety_days_is_enough(caller: Caller) -> None:
    person = only_lins(caller)[0]
    for giver, taker in (("lin", "mo"), ("mo", "lin")):
        caller.ok("transfer_customer", handover_userid=giver, takeover_userid=taker, external_userid=[person])
        caller.do("accept_transfer", handover_userid=giver, external_userid=person)
    again = caller.ok("transfer_customer", handover_userid="lin", takeover_userid="mo", external_userid=[person])
    assert again["customer"][0]["errcode"] == 40128


def test_a_full_list_takes_nobody(caller: Caller) -> None:
    person = only_lins(caller)[0]
    caller.ok("transfer_customer", handover_userid="lin", takeover_userid="mo", external_userid=[person])
    caller.company.settings.change({"customers_per_staff": 1})
    caller.company.move_clock(advance=86_400)
    result = caller.ok("transfer_result", handover_userid="lin", takeover_userid="mo")["customer"]
    assert [one["status"] for one in result] == [4]
    assert person in mine(caller)


def test_what_is_refused_at_once(caller: Caller) -> None:
    person = only_lins(caller)[0]
    assert caller.code("transfer_customer", handover_userid="lin", takeover_userid="lin", external_userid=[person]) == 40130
    assert caller.code("transfer_customer", handover_userid="lin", takeover_userid="x", external_userid=[person]) == 60111
    assert caller.code("transfer_customer", handover_userid="lin", takeover_userid="mo", external_userid=[]) == 41035
    assert (
        caller.code("resigned/transfer_customer", handover_userid="lin", takeover_userid="mo", external_userid=[person])
        == 40097
    )
    answer = caller.ok("transfer_customer", handover_userid="mo", takeover_userid="tao", external_userid=[person])
    assert answer["customer"][0]["errcode"] == 40131


def test_after_resignation_everybody_waits_for_a_new_colleague(caller: Caller) -> None:
    before = mine(caller)
    alone = only_lins(caller)
    told = caller.do("resign", userid="lin")
    assert told["customers"] == len(before)
    assert caller.company.news.events[-1].change == "delete_user"
    listed = caller.ok("get_unassigned_list", page_size=1000)
    assert [one["external_userid"] for one in listed["info"]] == before
    assert listed["is_last"] is True
    assert all(isinstance(one["dimission_time"], int) for one in listed["info"])
    asked = {"handover_userid": "lin", "takeover_userid": "mo"}
    caller.ok("resigned/transfer_customer", **asked, external_userid=alone[:1])
    caller.company.move_clock(advance=86_400)
    result = caller.ok("resigned/transfer_result", **asked)["customer"]
    assert [(one["external_userid"], one["status"]) for one in result] == [(alone[0], 1)]
    assert alone[0] in mine(caller, "mo")
    assert alone[0] not in [one["external_userid"] for one in caller.pages("get_unassigned_list", "info", page_size=2)]


def test_unassigned_by_page_and_by_cursor_are_the_same(caller: Caller) -> None:
    caller.do("resign", userid="lin")
    by_cursor = caller.pages("get_unassigned_list", "info", page_size=3)
    by_page = []
    page = 0
    while True:
        answer = caller.ok("get_unassigned_list", page_id=page, page_size=3)
        by_page += answer["info"]
        page += 1
        if answer["is_last"]:
            break
    assert by_page == by_cursor
    assert caller.code("get_unassigned_list", page_id=50, page_size=1000) == 40058
