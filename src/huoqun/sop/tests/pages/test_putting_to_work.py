"""Looking at what a playbook would say, and putting it to work for some groups or people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huoqun.community.models import Community, Group, Segment
from huoqun.console.models import Role, Staff
from huoqun.sop.models import Launch
from huoqun.sop.operations.keeping import keep
from huoqun.sop.playbooks.shipped import shipped
from huoqun.sop.tests.conftest import START, Life
from huoqun.sop.tests.pages.asking import DAILY, TALK, WALK, kept, page, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_clock")]


@pytest.mark.method("F24")
def test_every_text_is_previewed_over_real_groups_and_what_is_missing_stands_first(
    client: Client, life: Life, lin: Staff
) -> None:
    book = kept(life.home)
    Group.objects.filter(native_id="r1").update(operator=None)
    client.force_login(lin)
    told = page(client, "preview", book.pk)
    for words in ("番茄1群", "番茄2群", "今天就到这里，莫", "1 个群", "运营 没有值"):
        assert words in told, words
    assert "番茄2群" not in page(client, "preview", book.pk, q="番茄1").partition('class="sop-groups"')[2]


def test_a_preview_says_whom_a_message_is_for_and_which_way_it_would_go(client: Client, life: Life, lin: Staff) -> None:
    text = (
        WALK.replace("about: members", "about: groups").split("steps:")[0]
        + """\
steps:
  - {do: message, key: back, to: newcomers, days: 30, most: 2, words: {text: "{{昵称}}，好久不见"}}
  - {do: message, key: enrolled, to: enrolled, tags: [报名], words: {text: 明天见}}
  - {do: branch, key: big, question: {about: members, at_least: 100}, yes: over}
  - {do: end, key: over}
"""
    )
    book = kept(life.home, text)
    client.force_login(lin)
    told = page(client, "preview", book.pk)
    assert re.search("发给群友p\\d+、群友p\\d+；另外 2 人不发：每个群最多 2 人", told)
    assert "这个群里没有要发的人" in told
    assert "按现在的情况：否" in told


def test_a_lead_puts_it_to_work_after_seeing_what_it_would_say(client: Client, life: Life, lin: Staff) -> None:
    book = kept(life.home, TALK)
    client.force_login(lin)
    page(client, "start", book.pk)
    opening = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT19:30")
    said = {"event_at": opening, "ask-0": "老园丁", "which": "all"}
    for missing in ({"ask-0": ""}, {"event_at": ""}, {"event_at": "2020-01-01T10:00"}, {"event_at": "soon"}, {"which": "some"}):
        post(client, "start", book.pk, status=422, **said | missing, go="1")
    looked = post(client, "start", book.pk, status=200, **said, look="1")
    assert "3 个群" in looked
    assert "老园丁半小时后开讲" in looked
    assert not Launch.objects.exists()
    post(client, "start", book.pk, **said, go="1")
    launch = Launch.objects.get()
    assert (launch.answers, launch.only_groups, launch.began_by) == ({"嘉宾": "老园丁"}, [], lin)
    told = page(client, "launch", launch.pk)
    assert "老园丁" in told
    assert "谁来分享？" in told


def test_before_it_begins_a_fair_test_is_offered(client: Client, life: Life, lin: Staff) -> None:
    book = kept(life.home)
    client.force_login(lin)
    assert 'name="test"' in post(client, "start", book.pk, status=200, which="all", look="1")
    answer = client.post(reverse("sop:start", args=[book.pk]), {"which": "all", "test": "1"})
    launch = Launch.objects.get()
    assert launch.state == Launch.State.PAUSED, "nothing begins before the lots are drawn"
    assert answer.headers["Location"] == reverse("health:trial_offer", args=[launch.pk])
    assert reverse("health:trial", args=[launch.pk]) in page(client, "launch", launch.pk)


def test_only_some_groups_are_chosen_by_tick_or_by_name(client: Client, life: Life, lin: Staff) -> None:
    book = kept(life.home)
    client.force_login(lin)
    one, two = Group.objects.order_by("native_id")[:2]
    post(client, "start", book.pk, which="chosen", groups=[one.pk], q="番茄2", go="1")
    assert Launch.objects.latest("pk").only_groups == [one.key]
    post(client, "start", book.pk, which="chosen", q="番茄2", go="1")
    assert Launch.objects.latest("pk").only_groups == [two.key]
    assert "没有一个群" in post(client, "start", book.pk, status=422, which="chosen", q="没有", go="1")


def test_who_speaks_as_whom_is_folded_away_where_many_run_groups(client: Client, life: Life, lin: Staff) -> None:
    version = keep(next(book for book in shipped("zh") if book.personas), life.home, by=lin, now=START)
    client.force_login(lin)
    folded = '<details class="table-more">\n        <summary>谁用哪种口吻</summary>'
    shown = folded.replace('more"', 'more" open')
    assert shown in page(client, "start", version.playbook_id)
    for number in range(4):
        staff = Staff.objects.create(username=f"s{number}", name=f"运营{number}", role=Role.OPERATOR)
        Group.objects.create(
            community=life.home, key=number, carrier="pretend", native_id=f"s{number}", state="steady", operator=staff,
            lifecycle="permanent",
        )  # fmt: skip
    told = page(client, "start", version.playbook_id)
    assert folded in told
    assert "运营3" in told
    chosen: dict[str, object] = {f"voice-{staff.pk}": version.book.personas[0]}
    assert shown in post(client, "start", version.playbook_id, status=200, which="all", anyway="on", look="1", **chosen)


def test_a_missing_variable_has_to_be_said_yes_to(client: Client, life: Life, lin: Staff) -> None:
    book = kept(life.home)
    Group.objects.filter(native_id="r1").update(operator=None)
    client.force_login(lin)
    assert "运营 没有值" in post(client, "start", book.pk, status=422, which="all", go="1")
    assert not Launch.objects.exists()
    post(client, "start", book.pk, which="all", anyway="on", go="1")
    assert Launch.objects.exists()


def test_a_saved_view_says_which_groups(client: Client, life: Life, lin: Staff) -> None:
    book = kept(life.home)
    Segment.objects.create(staff=lin, about="groups", name="走下坡的", filters={"state": ["declining"]}, community=life.home)
    chart = Segment.objects.create(staff=lin, about="groups", name="看图的", filters={"health_from": ["9"]})
    Group.objects.filter(native_id="r2").update(state="declining")
    client.force_login(lin)
    view = Segment.objects.get(name="走下坡的").pk
    assert "health_from" in post(client, "start", book.pk, which="all", view=chart.pk, status=422)
    post(client, "start", book.pk, which="all", view=view, go="1")
    assert Launch.objects.get().only_groups == [Group.objects.get(native_id="r2").key]


@pytest.mark.method("A12", "G01")
def test_it_is_put_to_work_for_a_saved_view_and_says_what_that_asks(client: Client, life: Life, lin: Staff, yu: Staff) -> None:
    book = kept(life.home, WALK)
    down = Segment.objects.create(staff=lin, about="groups", name="走下坡的", filters={"state": ["declining"], "page": ["2"]})
    ones = Segment.objects.create(staff=lin, about="people", name="叫p1的", filters={"q": ["群友p1"], "house": [""]})
    chart = Segment.objects.create(staff=lin, about="groups", name="看图的", filters={"chance_from": ["50"]})
    fans = Segment.objects.create(staff=lin, about="people", name="铁粉", filters={"role": ["fan"]})
    elsewhere = Community.objects.get(slug="elsewhere")
    theirs = [
        Segment.objects.create(staff=yu, about=about, name=f"于北的{about}", shared=True, community=elsewhere)
        for about in ("groups", "people")
    ]
    Group.objects.filter(native_id="r3").update(state="declining")
    client.force_login(lin)
    told = page(client, "start", book.pk)
    assert "走下坡的" in told
    assert "叫p1的" in told
    assert "于北的" not in told
    said = {"which": "all", "standing": down.pk, "people": ones.pk}
    assert "chance_from" in post(client, "start", book.pk, status=422, **said | {"standing": chart.pk}, go="1")
    assert "给这些人打上标签" in post(client, "start", book.pk, status=422, **said | {"people": fans.pk}, go="1")
    for field, view in zip(("standing", "people"), theirs, strict=True):
        post(client, "start", book.pk, status=422, **said | {field: view.pk}, go="1")
    assert not Launch.objects.exists()
    looked = post(client, "start", book.pk, status=200, **said, look="1")
    assert "这些群里现在有 3 名成员符合" in looked
    assert "番茄3群" in looked
    assert "番茄1群" not in looked.partition('id="looked"')[2].partition("</section>")[0]
    post(client, "start", book.pk, **said, go="1")
    launch = Launch.objects.get()
    assert launch.only_groups == [], "groups that come into the view are in"
    told = page(client, "launch", launch.pk)
    for words in ("走下坡的", "状态: 走下坡", "叫p1的", "名称或 ID 包含: 群友p1", "之后再改这个视图，这里也不变"):
        assert words in told, words
    assert "不再开始" not in told
    client.force_login(yu)
    page(client, "launch", launch.pk, status=404)


def test_a_view_that_cannot_be_answered_any_more_is_told_on_the_page(client: Client, life: Life, lin: Staff) -> None:
    launch = life.put_to_work(DAILY)
    Launch.objects.update(views={"groups": {"name": "老视图", "filters": {"mood": ["好"], "state": ["steady"]}}})
    client.force_login(lin)
    told = page(client, "launch", launch.pk)
    assert "不再开始任何新的执行：保存的视图“老视图”要按 mood 筛选" in told
