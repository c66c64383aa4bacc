from __future__ import annotations

from wecom_sandbox.tests.caller import Caller


def get(caller: Caller, path: str, **query: str) -> dict[str, object]:
    return caller.get(f"/cgi-bin/{path}", **query)


def test_a_colleague_with_all_fields(caller: Caller) -> None:
    lin = get(caller, "user/get", userid="LIN")
    assert (lin["userid"], lin["name"], lin["department"], lin["main_department"], lin["status"]) == (
        "lin",
        "林知夏",
        [2],
        2,
        1,
    )
    assert lin["is_leader_in_dept"] == [1]
    assert "mobile" not in lin
    caller.company.settings.change({"sensitive_directory": True})
    told = get(caller, "user/get", userid="lin")
    assert isinstance(told["gender"], str)
    assert told["mobile"]


def test_lists_with_and_without_the_departments_below(caller: Caller) -> None:
    everybody = get(caller, "user/simplelist", department_id="1", fetch_child="1")["userlist"]
    assert len(everybody) == 6
    assert set(everybody[0]) == {"userid", "name", "department"}
    assert get(caller, "user/list", department_id="1", fetch_child="0")["userlist"] == []
    assert get(caller, "user/list", department_id="99")["errcode"] == 60003
    ids = caller.pages("/cgi-bin/user/list_id", "dept_user", limit=4)
    assert [one["userid"] for one in ids] == [one["userid"] for one in everybody]


def test_departments_and_tags(caller: Caller) -> None:
    departments = get(caller, "department/list")["department"]
    assert [one["parentid"] for one in departments] == [0, 1, 1, 1]
    assert len(get(caller, "department/list", id="2")["department"]) == 1
    assert get(caller, "department/get", id="2")["department"]["name"] == "社群运营部"
    tags = get(caller, "tag/list")["taglist"]
    assert [tag["tagid"] for tag in tags] == [1, 2]
    tag = get(caller, "tag/get", tagid="2")
    assert (tag["tagname"], tag["partylist"]) == ("店长", [3])
    assert get(caller, "tag/get", tagid="9")["errcode"] == 40068


def test_who_is_out_of_range_or_gone(caller: Caller) -> None:
    assert get(caller, "user/get", userid="nobody")["errcode"] == 60111
    assert get(caller, "user/get")["errcode"] == 41009
    caller.company.apps[0].visible_to = {"mo"}
    assert get(caller, "user/get", userid="lin")["errcode"] == 60011
    assert caller.get("get_follow_user_list")["follow_user"] == ["mo"]
    caller.company.apps[0].visible_to = None
    caller.do("resign", userid="lin")
    assert get(caller, "user/get", userid="lin")["errcode"] == 60111
    assert "lin" not in caller.get("get_follow_user_list")["follow_user"]


def test_coming_and_changing_are_told(caller: Caller) -> None:
    caller.do("hire", userid="ren", name="任一", department=3)
    assert caller.company.news.events[-1].fields == {"UserID": "ren", "Department": "3"}
    caller.do("change_colleague", userid="ren", new_userid="ren2", position="店长")
    assert caller.company.news.events[-1].fields["NewUserID"] == "ren2"
    assert get(caller, "user/get", userid="ren2")["position"] == "店长"
    count = len(caller.company.news.events)
    caller.do("change_colleague", userid="ren2", licensed=True)
    assert len(caller.company.news.events) == count
