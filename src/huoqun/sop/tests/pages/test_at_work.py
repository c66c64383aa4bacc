"""Runs on their pages: followed, changed, answered, shown, and on Friday looked at."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huoqun.community.models import Group
from huoqun.console.models import Staff
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations import launching
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.counting import count_weeks
from huoqun.sop.rules.states import LineState, RunState
from huoqun.sop.tests.conftest import START, Life
from huoqun.sop.tests.pages.asking import DAILY, HOUR, REVIVAL, WALK, named, page, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_clock")]


@pytest.mark.method("G01", "A27")
def test_runs_are_followed_and_changed_group_by_group(client: Client, life: Life, mo: Staff, at_work: Launch) -> None:
    client.force_login(mo)
    assert named("r1") in page(client, "launch", at_work.pk)
    assert "3" in page(client, "launches")
    one, two, three = Run.objects.filter(anchor__lt=life.now).order_by("group__native_id")
    told = page(client, "run", one.pk)
    assert "早安" in told
    assert "已完成" in told
    post(client, "reword", one.pk, "evening", text="番茄们晚安，{{运营}}")
    post(client, "skip", two.lines.get(step="evening").pk)
    post(client, "change_run", three.pk, "pause")
    post(client, "shift", one.pk, lapse="1h")
    life.until(START + 14 * HOUR)
    assert ("r1", "番茄们晚安，莫") in life.said("r1")
    assert not [text for _room, text in life.said("r2") if "今天就到这里" in text]
    assert not [text for _room, text in life.said("r3") if "今天就到这里" in text]
    assert "有人让它跳过" in page(client, "run", two.pk)
    post(client, "change_run", three.pk, "resume")
    post(client, "change_run", three.pk, "stop")
    three.refresh_from_db()
    assert three.state == RunState.STOPPED
    post(client, "change_run", three.pk, "resume")
    three.refresh_from_db()
    assert three.state == RunState.STOPPED


def test_own_words_have_to_be_sayable_and_may_be_given_before_a_step_is_planned(client: Client, life: Life, mo: Staff) -> None:
    life.put_to_work(DAILY)
    life.work()
    run = Run.objects.filter(group__native_id="r1").get()
    run.lines.filter(step="evening").delete()
    client.force_login(mo)
    post(client, "reword", run.pk, "evening", text="{{群明}}")
    post(client, "reword", run.pk, "evening", text="  ")
    post(client, "reword", run.pk, "answer", text="什么")
    run.refresh_from_db()
    assert run.own_words == {}
    post(client, "reword", run.pk, "evening", text="提前写好的晚安")
    run.refresh_from_db()
    assert run.own_words == {"evening": "提前写好的晚安"}
    assert "提前写好的晚安" in page(client, "run", run.pk)


def test_leads_pause_and_end_a_whole_playbook(client: Client, life: Life, lin: Staff, mo: Staff, at_work: Launch) -> None:
    client.force_login(mo)
    for name in ("pause", "resume", "end"):
        post(client, name, at_work.pk, status=403)
    page(client, "start", at_work.version.playbook_id, status=403)
    post(client, "going_over", at_work.version.playbook_id, status=403)
    post(client, "archive", at_work.version.playbook_id, status=403)
    client.force_login(lin)
    for name, state in (("pause", "paused"), ("resume", "going"), ("end", "ended"), ("resume", "ended")):
        post(client, name, at_work.pk)
        at_work.refresh_from_db()
        assert at_work.state == state
    assert not Run.objects.filter(state=RunState.GOING).exists()


def test_a_paused_launch_says_so(client: Client, life: Life, lin: Staff, at_work: Launch) -> None:
    launching.pause(at_work, by=lin, now=life.now)
    client.force_login(lin)
    assert "暂停" in page(client, "launches")
    assert reverse("sop:resume", args=[at_work.pk]) in page(client, "launch", at_work.pk)


def test_what_begins_by_hand_begins_once_and_goes_on_after_a_yes(client: Client, life: Life, lin: Staff, mo: Staff) -> None:
    launch = life.put_to_work(REVIVAL)
    one, two, three = Group.objects.order_by("native_id")
    client.force_login(mo)
    for _again in range(2):
        post(client, "begin", launch.pk, groups=[one.pk, two.pk])
    assert Run.objects.count() == 2
    Group.objects.filter(pk=three.pk).update(operator=lin)
    post(client, "begin", launch.pk, groups=[three.pk])
    assert Run.objects.count() == 2, "another operator's group"
    life.until(life.now + HOUR)
    told = page(client, "waiting")
    assert told.count("现在就开始问吗？") == 2
    first, second = Line.objects.filter(kind="approval").order_by("run__group__native_id")
    post(client, "answer_step", first.pk, "yes")
    post(client, "answer_step", second.pk, "no")
    post(client, "answer_step", first.pk, "no")
    first.refresh_from_db()
    second.run.refresh_from_db()
    assert (first.state, first.way) == (LineState.DONE, "came")
    assert second.run.state == RunState.STOPPED
    assert "现在就开始问吗？" not in page(client, "waiting")
    life.until(life.now + HOUR)
    assert life.said() == [("r1", "大家最近最想聊什么？")]


def test_a_run_that_asks_first_begins_or_does_not(client: Client, life: Life, lin: Staff) -> None:
    launch = life.put_to_work(DAILY)
    one, two = Group.objects.order_by("native_id")[:2]
    begin(launch, [Begin(one, START, "a", asks=True), Begin(two, START, "b", asks=True)], now=START)
    client.force_login(lin)
    told = page(client, "waiting")
    assert "番茄1群" in told
    first, second = Run.objects.order_by("key")
    post(client, "answer_run", first.pk, "yes")
    post(client, "answer_run", second.pk, "no")
    post(client, "answer_run", first.pk, "no")
    states = dict(Run.objects.filter(key__in="ab").values_list("key", "state"))
    assert states == {"a": RunState.GOING, "b": RunState.STOPPED}


def test_members_are_chosen_looked_over_and_begun_by_hand(client: Client, life: Life, lin: Staff, mo: Staff, yu: Staff) -> None:
    launch = life.put_to_work(WALK)
    Group.objects.filter(native_id="r3").update(operator=None)
    client.force_login(mo)
    assert "给成员手动开始" in page(client, "launch", launch.pk)
    looked = page(client, "people", launch.pk, q="群友p1", view="", tag="", group="")
    assert "会给 1 人开始" in looked, "p10 to p12 are in a group Mo does not run"
    tick = re.findall(r'name="people" value="(\d+)" checked', looked)
    post(client, "people", launch.pk, q="群友p1", which="ticked", status=422)
    post(client, "people", launch.pk, q="群友p1", which="ticked", people=tick)
    assert [str(run.member) for run in Run.objects.all()] == ["群友p1"]
    again = page(client, "people", launch.pk, q="群友p1", view="", tag="", group="")
    assert "正在走这套流程 1" in again
    client.force_login(lin)
    assert "会给 3 人开始" in page(client, "people", launch.pk, q="群友p1", view="", tag="", group="")
    post(client, "people", launch.pk, which="all")
    assert Run.objects.count() == 12, "everybody once"
    client.force_login(yu)
    page(client, "people", launch.pk, status=404)


def test_what_shows_it_stands_on_the_line_and_its_picture_is_for_those_who_may_see_it(
    client: Client, life: Life, mo: Staff, yu: Staff, settings: object, tmp_path: object
) -> None:
    settings.UPLOADS = tmp_path  # type: ignore[attr-defined]
    text = WALK.replace("about: members", "about: groups").split("steps:")[0]
    put = life.put_to_work(text + "steps:\n  - {do: todo, key: pic, at: {spread: 0m}, evidence: picture, task: 拍照}\n")
    begin(put, [Begin(Group.objects.get(native_id="r1"), life.now, "hand/1")], now=life.now)
    life.work()
    run = Run.objects.get()
    todo = Todo.objects.get(title="拍照")
    client.force_login(mo)
    assert "要交凭据才算完成" in page(client, "run", run.pk)
    do, seen_at = reverse("ownership:do", args=[todo.pk]), reverse("ownership:evidence", args=[todo.pk])
    client.post(do)
    todo.refresh_from_db()
    assert todo.state == "open"
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    client.post(do, {"picture": SimpleUploadedFile("a.png", png)})
    life.until(life.now + HOUR)
    assert seen_at in page(client, "run", run.pk)
    answer = client.get(seen_at)
    assert (answer["Content-Type"], b"".join(answer)) == ("image/png", png)
    client.force_login(yu)
    assert client.get(seen_at).status_code == 404


@pytest.mark.method("G03", "A27")
def test_a_lead_sees_what_ran_late_and_why_and_the_five_cores(client: Client, life: Life, lin: Staff) -> None:
    life.put_to_work(DAILY)
    life.until(START + 24 * HOUR, every=timedelta(minutes=5))
    count_weeks(now=life.now)
    client.force_login(lin)
    told = page(client, "compliance", week="2026-03-04")
    assert "看看有没有没回答的问题" in told, "nobody did these"
    assert "时间已过" in told
    assert "莫" in told
    # In three groups morning and evening were said, and three to-dos nobody did.
    assert "66.7%" in told
    assert named("r1") in told.partition('id="cores"')[2]
    page(client, "compliance", week="never")
