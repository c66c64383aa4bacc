"""Welcomes: twenty seconds, once, whoever is first; not where the two have talked already. Material for groups."""

from __future__ import annotations

from wecom_sandbox.tests.caller import Caller
from wecom_sandbox.welcomes import Welcomes

WORDS = {"text": {"content": "你好，欢迎来到读书会"}}


def a_colleague(caller: Caller) -> str:
    return caller.company.directory.with_contact()[0].userid


def code(caller: Caller) -> dict:
    return caller.do("add_contact", userid=a_colleague(caller), name="陶")


def test_the_customer_hears_it_and_it_is_measured(caller):
    added = code(caller)
    caller.company.move_clock(advance=3)
    caller.ok("send_welcome_msg", welcome_code=added["welcome_code"], **WORDS)
    word = caller.company.news.words[-1]
    assert (word.speaker, word.to, word.body["content"]) == (
        a_colleague(caller),
        (added["external_userid"],),
        WORDS["text"]["content"],
    )
    assert [one.seconds for one in caller.company.part(Welcomes).sent] == [3.0]


def test_at_twenty_seconds_it_goes_and_after_that_no_more(caller):
    in_time, late = code(caller)["welcome_code"], code(caller)["welcome_code"]
    caller.company.move_clock(advance=20)
    assert caller.code("send_welcome_msg", welcome_code=in_time, **WORDS) == 0
    caller.company.move_clock(advance=1)
    assert caller.code("send_welcome_msg", welcome_code=late, **WORDS) == 41050


def test_once_and_not_after_they_have_talked(caller):
    added = code(caller)
    assert [caller.code("send_welcome_msg", welcome_code=added["welcome_code"], **WORDS) for _ in range(2)] == [0, 41051]
    other = code(caller)
    caller.do("speak", by=other["external_userid"], to=other["userid"], text="你好")
    assert caller.code("send_welcome_msg", welcome_code=other["welcome_code"], **WORDS) == 41051


def test_a_refused_welcome_leaves_the_code_good(caller):
    added = code(caller)["welcome_code"]
    assert caller.code("send_welcome_msg", welcome_code=added) == 44004
    assert caller.code("send_welcome_msg", welcome_code=added, text={"content": "字" * 1334}) == 45002
    assert caller.code("send_welcome_msg", welcome_code=added, **WORDS) == 0
    assert caller.code("send_welcome_msg", **WORDS) == 41049
    assert caller.code("send_welcome_msg", welcome_code="made-up", **WORDS) == 41050


def test_a_welcome_set_by_the_administrator_leaves_no_code(caller):
    added = caller.do("add_contact", userid=a_colleague(caller), name="任", welcome_code=False)
    assert added["welcome_code"] == ""
    assert "WelcomeCode" not in caller.company.news.events[-1].fields


def test_of_several_media_the_first_kind_wins(caller):
    link = {"title": "群规", "url": "https://example.org"}
    file = {"media_id": "x"}
    made = caller.ok("group_welcome_template/add", **WORDS, file=file, link=link)["template_id"]
    found = caller.ok("group_welcome_template/get", template_id=made)
    assert found["link"] == link
    assert "file" not in found


def test_material_belongs_to_the_app_that_made_it_and_there_are_a_hundred(caller):
    made = [caller.ok("group_welcome_template/add", **WORDS)["template_id"] for _ in range(100)]
    assert caller.code("group_welcome_template/add", **WORDS) == 41055
    other = next(number for number, app in enumerate(caller.company.apps) if app.kind.value == "contact")
    caller.as_app(other)
    assert caller.code("group_welcome_template/edit", template_id=made[0], **WORDS) == 41058
    assert caller.code("group_welcome_template/get", template_id="nothing") == 40037
