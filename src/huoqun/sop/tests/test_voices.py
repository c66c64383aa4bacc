"""Who speaks as whom is changed while a playbook is at work."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huoqun.community.models import Group
from huoqun.console.models import Role, Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job, State
from huoqun.jobs.run import work_on
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.sop import voice_work
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations import changing, launching, speaking
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.planning import one_at_a_time
from huoqun.sop.pages import voices as page
from huoqun.sop.playbooks.reading import read
from huoqun.sop.playbooks.voices import sounds_different
from huoqun.sop.rules.states import LineState

from .conftest import START, Life

HOUR = timedelta(hours=1)

TALK = """\
name: voices
title: 两种口吻
personas: [大姐, 管家]
starts: [{when: hand}]
steps:
  - {do: post, key: one, at: {offset: 0m, spread: 0m}, words: {text: 大家好, personas: {大姐: 姐妹们好}}}
  - {do: todo, key: ask, at: {offset: 1h, spread: 0m}, task: 问一句, script: {text: 在吗, personas: {大姐: 在不在呀}}}
  - {do: post, key: same, at: {offset: 2h, spread: 0m}, words: {text: 菜价表}}
  - {do: post, key: two, at: {offset: 3h, spread: 0m}, words: {text: 收工了, personas: {大姐: 歇着吧}}}
  - {do: post, key: three, at: {offset: 30h, spread: 0m}, words: {text: 明天见, personas: {大姐: 明儿见}}}
"""


def test_only_what_is_said_with_other_words_sounds_different() -> None:
    book = read(TALK)
    assert sounds_different(book, "", "大姐") == {"one", "ask", "two", "three"}
    assert sounds_different(book, "", "管家") == frozenset(), "it has no words of its own anywhere"
    assert sounds_different(book, "大姐", "大姐") == frozenset()


@pytest.fixture
def put(life: Life) -> Launch:
    """Under way in two groups, Mo's and Lin's; the first post is out."""
    Group.objects.filter(native_id="r2").update(operator=life.lin)
    launch = life.put_to_work(TALK)
    groups = Group.objects.filter(native_id__in=("r1", "r2"))
    begin(launch, [Begin(group, life.now, f"hand/{group.pk}") for group in groups], now=life.now)
    life.until(START + HOUR / 2)
    return launch


def mo() -> Staff:
    return Staff.objects.get(username="mo")


def texts(room: str) -> dict[str, str]:
    return dict(Line.objects.filter(group__native_id=room).values_list("step", "text"))


def change(life: Life, launch: Launch, **voices: str) -> int:
    chosen = {str(Staff.objects.get(username=name).pk): persona for name, persona in voices.items()}
    return speaking.say_anew(launch, speaking.speak(launch, chosen), by=life.lin, now=life.now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.method("F21", "F24")
def test_what_is_planned_is_said_in_the_new_voice_and_what_is_out_stays(life: Life, put: Launch) -> None:
    planned = dict(Line.objects.filter(group__native_id="r1").values_list("step", "at"))
    assert change(life, put, mo="大姐") == 1, "Mo's group alone"
    life.work()
    assert texts("r1") == {"one": "大家好", "ask": "在不在呀", "same": "菜价表", "two": "歇着吧"}
    assert texts("r2")["two"] == "收工了"
    assert dict(Line.objects.filter(group__native_id="r1").values_list("step", "at")) == planned, "at the same time"
    life.until(START + 31 * HOUR, every=HOUR)
    assert [text for _, text in life.said("r1")] == ["大家好", "菜价表", "歇着吧", "明儿见"], "each once"
    assert [text for _, text in life.said("r2")] == ["大家好", "菜价表", "收工了", "明天见"]


@pytest.mark.django_db(transaction=True)
def test_what_sounds_the_same_and_what_a_group_says_itself_is_not_touched(life: Life, put: Launch) -> None:
    changing.reword(Line.objects.get(group__native_id="r1", step="two"), "我自己说", by=life.lin, now=life.now)
    life.work()
    kept = Line.objects.filter(group__native_id="r1", step__in=("same", "two")).order_by("pk")
    before = list(kept.values_list("pk", flat=True))
    change(life, put, mo="大姐")
    life.work()
    assert texts("r1")["two"] == "我自己说"
    assert list(kept.values_list("pk", flat=True)) == before
    assert change(life, put, mo="大姐") == 0, "asked twice changes nothing"
    assert change(life, put, mo="谁也不是") == 0
    assert Launch.objects.get(pk=put.pk).voices == {str(mo().pk): "大姐"}
    assert change(life, put, mo="") == 1, "and back to the plain text"
    life.work()
    assert texts("r1")["ask"] == "在吗"
    live = Request.objects.filter(key__contains="/same").exclude(state=RequestState.CANCELLED)
    assert live.count() == 2, "one a group, as before"


@pytest.mark.django_db(transaction=True)
def test_a_paused_run_and_an_ended_launch(life: Life, put: Launch) -> None:
    run = Run.objects.get(group__native_id="r1")
    changing.pause(run, by=life.lin, now=life.now)
    change(life, put, mo="大姐")
    life.until(START + HOUR)
    changing.resume(run, by=life.lin, now=life.now)
    life.until(START + 4 * HOUR)
    assert ("r1", "歇着吧") in life.said()
    launching.end(put, by=life.lin, now=life.now)
    with pytest.raises(NotOpen):
        speaking.speak(put, {str(mo().pk): ""})
    assert Launch.objects.get(pk=put.pk).voices == {str(mo().pk): "大姐"}


@pytest.mark.django_db(transaction=True)
def test_many_groups_are_seen_to_by_the_worker_and_a_second_go_changes_nothing(life: Life, put: Launch) -> None:
    before = speaking.speak(put, {str(mo().pk): "大姐"})
    voice_work.ask(put, before, by=life.lin, now=life.now)
    job = jobs.claim([voice_work.JOB], now=life.now)
    assert job is not None
    work_on(job, voice_work.take_new_voices, clock=lambda: life.now)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (State.DONE, 1, 1)
    life.work()
    assert texts("r1")["two"] == "歇着吧"
    jobs.ask(job.kind, job.arguments, key=job.key, by=None, now=life.now)
    again = jobs.claim([voice_work.JOB], now=life.now)
    assert again is not None
    work_on(again, voice_work.take_new_voices, clock=lambda: life.now)
    life.until(START + 4 * HOUR)
    assert [text for _, text in life.said("r1")] == ["大家好", "菜价表", "歇着吧"]


@pytest.mark.django_db(transaction=True)
def test_voices_change_when_what_is_just_being_planned_is_written_down(life: Life, put: Launch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time anyway")

    def choose() -> None:
        speaking.speak(put, {str(mo().pk): "大姐"})
        connection.close()

    with transaction.atomic():
        one_at_a_time()
        other = Thread(target=choose)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "somebody plans: it waits"
    other.join(20)
    assert Launch.objects.get(pk=put.pk).voices == {str(mo().pk): "大姐"}


# The page


@pytest.mark.django_db(transaction=True)
def test_a_lead_changes_who_speaks_as_whom(life: Life, put: Launch, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: life.now)
    address, shown = reverse("sop:voices", args=[put.pk]), reverse("sop:launch", args=[put.pk])
    client.force_login(mo())
    assert client.get(address).status_code == 403
    assert address not in client.get(shown).content.decode()
    client.force_login(life.lin)
    assert address in client.get(shown).content.decode()
    field = f"voice-{mo().pk}"
    assert f'name="{field}"' in client.get(address).content.decode()
    assert client.post(address, {field: "谁也不是"}).status_code == 422
    assert client.post(address, {field: "大姐"}).status_code == 302
    life.work()
    assert texts("r1")["two"] == "歇着吧"
    assert 'value="大姐" selected' in client.get(address).content.decode()
    monkeypatch.setattr(page, "FEW", 0)
    client.post(address, {field: ""})
    assert Job.objects.get(kind=voice_work.JOB).arguments["before"] == {str(mo().pk): "大姐"}
    client.post(address, {field: ""})
    assert Job.objects.count() == 1, "nothing changed, nothing asked"
    launching.end(put, by=life.lin, now=life.now)
    assert client.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_yu_does_not_see_the_voices_of_others_and_without_personas_there_is_no_page(
    life: Life, put: Launch, client: Client
) -> None:
    yu = Staff.objects.create(username="yu", name="于北", role=Role.LEAD)
    client.force_login(yu)
    assert client.get(reverse("sop:voices", args=[put.pk])).status_code == 404
    plain = life.put_to_work("name: p\ntitle: p\nstarts: [{when: hand}]\nsteps:\n  - {do: post, key: a, words: {text: 好}}\n")
    client.force_login(life.lin)
    assert client.get(reverse("sop:voices", args=[plain.pk])).status_code == 404
    assert reverse("sop:voices", args=[plain.pk]) not in client.get(reverse("sop:launch", args=[plain.pk])).content.decode()
    assert Line.objects.filter(state=LineState.PLANNED).exists()
