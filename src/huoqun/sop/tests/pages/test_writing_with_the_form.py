"""A playbook is begun and filled in without a line of YAML."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.sop.models import Playbook, Version
from huoqun.sop.pages import step_changes
from huoqun.sop.playbooks.checks import faults
from huoqun.sop.playbooks.plain import of_plain, plain
from huoqun.sop.playbooks.shipped import shipped
from huoqun.sop.starts import Every, Joined

pytestmark = pytest.mark.django_db


def sent(client: Client, address: str) -> dict[str, object]:
    """What a browser would send of the form there."""
    form = client.get(address).context["form"]
    return {name: "" if (value := form[name].value()) is None else value for name in form.fields}


@pytest.mark.method("G01", "G14")
def test_a_playbook_is_begun_and_its_steps_are_added_and_moved(client: Client, home: Community, mo: Staff) -> None:
    client.force_login(mo)
    new = f"{reverse('sop:new')}?community={home.slug}"
    begin = {"begin": "1", "title": "晚间答疑", "start": "weekly", "weekday": "FR", "time": "19:30"}
    assert "09:30 这样的时间" in client.post(new, begin | {"time": "25:70"}).content.decode()
    form = client.post(new, begin).headers["Location"]
    said = sent(client, form) | {"0-words-text": "{{群名}}的朋友，今天有什么没弄明白的？"}
    more = client.post(form, said | {"change": "add", "kind": "todo"})
    said = {name: more.context["form"][name].value() or "" for name in more.context["form"].fields}
    assert said["0-words-text"] == "{{群名}}的朋友，今天有什么没弄明白的？", "what was written is still there"
    assert said["1-time"] == "20:30"
    said |= {"1-task": "没人回答的问题逐个回", "change": "up-1"}
    moved = client.post(form, said).context["form"]
    assert [step.key for step in moved.book.steps] == ["todo-1", "first"]
    assert Version.objects.count() == 1, "nothing is kept before somebody keeps it"
    said = {name: moved[name].value() or "" for name in moved.fields}
    assert client.post(form, said).status_code == 302
    book = Version.objects.get(number=2).book
    assert [(step.key, step.at.time) for step in book.steps] == [("todo-1", "20:30"), ("first", "19:30")]
    assert isinstance(book.starts[0], Every)
    assert book.starts[0].rule == "FREQ=WEEKLY;BYDAY=FR"


@pytest.mark.method("F21")
def test_a_slot_that_is_written_into_a_text_asks_for_its_wordings(client: Client, home: Community, mo: Staff) -> None:
    client.force_login(mo)
    begin = {"begin": "1", "title": "欢迎", "start": "joined"}
    form = client.post(f"{reverse('sop:new')}?community={home.slug}", begin).headers["Location"]
    said = sent(client, form) | {"0-words-text": "[[问候]]，{{昵称}}"}
    asked = client.post(form, said)
    assert asked.status_code == 422
    assert "[[问候]] 的说法" in asked.content.decode()
    again = {name: asked.context["form"][name].value() or "" for name in asked.context["form"].fields}
    assert client.post(form, again | {"0-words-slot-0": "你好\n早呀"}).status_code == 302
    book = Version.objects.get(number=2).book
    assert book.steps[0].words.slots == {"问候": ("你好", "早呀")}  # type: ignore[union-attr]
    assert isinstance(book.starts[0], Joined)
    assert sent(client, form)["0-words-slot-0"] == "你好\n早呀"
    assert Playbook.objects.get().name == "playbook-1"


def test_every_kind_that_is_offered_can_be_kept_as_it_is_added() -> None:
    for book in shipped("zh"):
        for kind in step_changes.offered(book.audience.about):
            draft, place = step_changes.changed(plain(book), "add-0", kind)
            assert draft["steps"][place]["do"] == kind
            assert not list(faults(of_plain(draft))), (book.name, kind)


def test_buttons_nobody_made_change_nothing() -> None:
    book = plain(next(iter(shipped("zh"))))
    last = len(book["steps"]) - 1
    for wish in ("", "up", "up-0", f"down-{last}", f"out-{last + 1}", "up-x", "up--1", "add-0", "away-1"):
        with pytest.raises(ValueError, match=r".*"):
            step_changes.changed(book, wish, "no such kind")


def test_a_shape_that_was_tampered_with_is_left_aside(client: Client, home: Community, mo: Staff) -> None:
    client.force_login(mo)
    begin = {"begin": "1", "title": "早安", "start": "daily"}
    form = client.post(f"{reverse('sop:new')}?community={home.slug}", begin).headers["Location"]
    said = sent(client, form) | {"0-words-text": "早上好"}
    for shape in ("", "{", "[]", '{"name": "other", "title": "别的", "starts": [], "steps": []}'):
        assert client.post(form, said | {"shape": shape, "head-title": f"早安{len(shape)}"}).status_code == 302
    assert {version.book.name for version in Version.objects.all()} == {"playbook-1"}
    assert Version.objects.count() == 5
