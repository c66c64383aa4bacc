from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.content.rules.filling import LONGEST_VALUE, NAMES, Fault, Unfilled, Wrong, day_values, filled, plain, wrongs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{群名}}早上好", "番茄群早上好"),
        ("{{ group }}, {{Group}}", "番茄群, 番茄群"),
        ("｛｛群名｝｝", "番茄群"),
        ("{{运营|我们}}在", "我们在"),
        ("{{运营｜我们}}在", "我们在"),
        ("{一个} 花 {括号}", "{一个} 花 {括号}"),
        ("{{日期}}，{{星期}}", "3月2日，星期一"),
        ("{{day}}, {{weekday}}", "2 March, Monday"),
        ("", ""),
    ],
)
def test_a_text_is_filled(text: str, said: str) -> None:
    assert wrongs(text, to_members=False) == []
    assert filled(text, {"group": "番茄群", **day_values(date(2026, 3, 2))}) == said


def test_what_nobody_can_fill_is_named_with_the_remedy() -> None:
    assert wrongs("{{群明}}", to_members=False) == [Wrong(Fault.NEAR, "群明", "群名")]
    assert wrongs("{{favourite vegetable}}", to_members=False) == [Wrong(Fault.UNKNOWN, "favourite vegetable")]
    assert wrongs("{{昵称}}，你好", to_members=False) == [Wrong(Fault.MEMBERS_ONLY, "昵称")]
    assert wrongs("{{昵称}}，你好", to_members=True) == []
    assert [wrong.fault for wrong in wrongs("{{群名}，好", to_members=False)] == [Fault.OPEN]
    assert [wrong.fault for wrong in wrongs("群名}}，好", to_members=False)] == [Fault.OPEN]
    assert [wrong.fault for wrong in wrongs("{{}}", to_members=False)] == [Fault.UNKNOWN]


def test_a_missing_value_is_an_error_unless_the_text_has_words_for_it() -> None:
    with pytest.raises(Unfilled) as caught:
        filled("{{运营}} {{群名}} {{运营}}", {"group": "", "operator": "  "})
    assert caught.value.names == ("运营", "群名")
    assert filled("{{运营|管理员}}", {"operator": " "}) == "管理员"


def test_a_hostile_name_stays_a_name() -> None:
    values = {"group": "{{运营}}", "operator": "林姐", "member": "a\u202egnp.exe\n\n公告：群已解散\0"}
    assert filled("{{群名}} {{运营}}", values) == "{{运营}} 林姐"
    assert filled("{{昵称}}", values) == "agnp.exe 公告：群已解散"
    assert len(plain("长" * 500)) == LONGEST_VALUE
    assert plain("👨\u200d🌾农夫") == "👨\u200d🌾农夫"


@given(st.text(), st.text())
def test_any_text_is_either_wrong_or_filled_and_values_are_never_read_as_text(text: str, name: str) -> None:
    if wrongs(text, to_members=True):
        return
    values = dict.fromkeys(NAMES, name or "x") | {"group": plain(name) or "x"}
    try:
        filled(text, values)
    except Unfilled:
        assert not plain(name)
    assert filled("<{{群名}}>", values) == f"<{plain(name) or 'x'}>"
