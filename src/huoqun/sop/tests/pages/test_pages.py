"""What each of the cast sees and may do on the pages of playbooks."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huoqun.community.models import Community, Group, Segment
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Line, Playbook, Run, Version
from huoqun.sop.operations import launching
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.counting import count_weeks
from huoqun.sop.operations.keeping import keep
from huoqun.sop.playbooks.reading import read
from huoqun.sop.playbooks.shipped import shipped
from huoqun.sop.rules.states import LineState, RunState
from huoqun.sop.tests.conftest import START, Life

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
SCHEMA = Path(__file__).resolve().parents[5] / "docs" / "playbook.schema.json"

DAILY = """\
name: daily
title: 日常
summary: 早上开场，下午答疑
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - do: post
    key: morning
    title: 早安
    at: {day: 0, time: "09:30", spread: 20m}
    core: help
    why: 一天从有人打招呼开始
    words: {text: "[[早]]，{{群名}}", slots: {早: [早上好, 早呀]}}
  - {do: todo, key: answer, at: {day: 0, time: "14:00"}, task: 看看有没有没回答的问题, core: answers}
  - {do: post, key: evening, at: {day: 0, time: "21:00"}, words: {text: "今天就到这里，{{运营}}"}}
"""

TALK = """\
name: talk
title: 分享
starts: [{when: event, title: 开讲}]
asks: {嘉宾: 谁来分享？}
steps:
  - {do: post, key: soon, at: {offset: -30m, spread: 0m}, words: {text: "{{嘉宾}}半小时后开讲"}}
  - {do: approval, key: well, at: {offset: 1h, spread: 0m}, question: 讲完了吗？, limit: 1d}
  - {do: post, key: thanks, at: {spread: 0m}, words: {text: 谢谢大家}}
"""

PAGES = ("playbooks", "launches", "runs", "waiting", "calendar", "compliance")


def page(client: Client, name: str, *args: object, status: int = 200, **query: object) -> str:
    answer = client.get(reverse(f"sop:{name}", args=args), query)
    assert answer.status_code == status, f"{name}: {answer.status_code}"
    return answer.content.decode()


def post(client: Client, name: str, *args: object, status: int = 302, **said: object) -> str:
    answer = client.post(reverse(f"sop:{name}", args=args), said)
    assert answer.status_code == status, f"{name}: {answer.status_code}"
    return answer.content.decode()


@pytest.fixture(autouse=True)
def one_clock(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages go by the same clock as the worker."""
    monkeypatch.setattr(timezone, "now", lambda: life.now)


@pytest.fixture
def yu(db: None) -> Staff:
    elsewhere = communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=START)
    staff = Staff.objects.create(username="yu", name="于北", role=Role.LEAD)
    communities.seat(staff, elsewhere)
    return staff


@pytest.fixture
def at_work(life: Life) -> Launch:
    launch = life.put_to_work(DAILY)
    life.until(START + 2 * HOUR)
    return launch


def named(native_id: str) -> str:
    """The pretended carrier has names of its own for its rooms."""
    return str(Group.objects.get(native_id=native_id))


def kept(home: Community, text: str = DAILY) -> Playbook:
    return keep(read(text), home, by=None, now=START).playbook


# Writing


@pytest.mark.method("F21", "G01")
def test_an_operator_writes_a_playbook_and_every_fault_is_told_by_line_and_field(client: Client, life: Life, mo: Staff) -> None:
    client.force_login(mo)
    assert "name: my-playbook" in page(client, "new")
    wrong = DAILY.replace("{{群名}}", "{{群明}}").replace('time: "14:00"', 'time: "25:00"')
    told = post(client, "new", text=DAILY.replace("{{群名}}", "{{群明}}"), status=422)
    assert "第 12 行" in told
    assert "steps[0].words.text" in told
    assert "没有变量 {{群明}}" in told
    assert "steps[1].at.time" in post(client, "new", text=wrong, status=422)
    assert "群明" in told.partition("<textarea")[2], "what was written is not lost"
    assert not Playbook.objects.exists()
    post(client, "new", text=DAILY, note="第一版")
    book = Playbook.objects.get()
    assert book.community == life.home
    told = page(client, "playbook", book.pk)
    for words in ("早安", "一天从有人打招呼开始", "每天 09:30", "错开 20 分钟", "早上好 / 早呀", "第一版"):
        assert words in told, words
    assert "短名" in post(client, "new", text=DAILY, status=422), "there is one with this name"


def test_a_file_is_read_as_a_text_is_and_what_is_taken_away_comes_back(client: Client, life: Life, mo: Staff) -> None:
    client.force_login(mo)
    for name in (book.name for book in shipped("zh")):
        answer = client.get(reverse("sop:shipped_yaml", args=[name]))
        file = SimpleUploadedFile(f"{name}.yaml", answer.content)
        post(client, "new", text="", file=file)
        book = Playbook.objects.get(name=name)
        again = client.get(reverse("sop:yaml", args=[book.pk]))
        assert read(again.content.decode()) == read(answer.content.decode())
        assert "attachment" in again.headers["Content-Disposition"]
    assert "不是 YAML" in post(client, "new", text="", file=SimpleUploadedFile("x.yaml", b"\xff\xfe\x00"), status=422)


@pytest.mark.method("F21", "G01")
def test_the_schema_that_is_served_is_the_one_in_the_docs(client: Client) -> None:
    answer = client.get(reverse("sop:schema"))
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["$schema"].startswith("https://json-schema.org/")
    written = SCHEMA.read_text(encoding="utf-8")
    assert written == answer.content.decode(), "python -m huoqun.sop.playbooks.schema > docs/playbook.schema.json"


def test_titles_texts_and_times_are_changed_in_a_form(client: Client, life: Life, mo: Staff) -> None:
    book = kept(life.home)
    client.force_login(mo)
    said = filled_in(page(client, "form", book.pk))
    assert said["0-words-text"] == "[[早]]，{{群名}}"
    said |= {"0-words-text": "[[早]]，{{社群}}的{{群名}}", "0-time": "08:15", "2-title": "晚安", "note": "早一点"}
    post(client, "form", book.pk, **said)
    latest = Version.objects.order_by("-number").first()
    assert latest is not None
    assert (latest.number, latest.note, latest.made_by) == (2, "早一点", mo)
    assert latest.book.steps[0].at.time == "08:15"
    assert latest.book.steps[2].title == "晚安"
    assert latest.book.steps[1] == read(DAILY).steps[1], "what was not touched is what it was"
    changes = page(client, "changes", book.pk, to=2)
    assert "{{社群}}的{{群名}}" in changes
    wrong = filled_in(page(client, "form", book.pk)) | {"0-time": "8点", "0-offset": "5m"}
    assert "“8点”不是时刻" in post(client, "form", book.pk, status=422, **wrong)
    both = filled_in(page(client, "form", book.pk)) | {"0-offset": "5m"}
    assert "只写一种" in post(client, "form", book.pk, status=422, **both)
    assert Version.objects.count() == 2


def filled_in(html: str) -> dict[str, object]:
    """What a browser would send."""
    found: dict[str, object] = {}
    for name, value in re.findall(r'<input type="(?:text|number)" name="([^"]+)"(?: value="([^"]*)")?', html):
        found[name] = unescape(value)
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        found[name] = unescape(text)
    return found


def test_an_earlier_version_is_rolled_back_to_and_launches_follow_when_told(
    client: Client, life: Life, lin: Staff, at_work: Launch
) -> None:
    client.force_login(lin)
    book = at_work.version.playbook
    said = {"text": DAILY.replace("今天就到这里", "晚安")}
    answer = client.post(reverse("sop:edit", args=[book.pk]), said)
    assert answer["Location"] == reverse("sop:going_over", args=[book.pk]), "asked what becomes of what is under way"
    asked = page(client, "going_over", book.pk)
    assert "6 次执行正在进行" in asked
    assert "晚安" in asked, "with what is different"
    post(client, "going_over", book.pk)
    at_work.refresh_from_db()
    assert at_work.version.number == 1, "nothing was said, so nothing changes"
    assert "1 次投用还在用旧版本" in page(client, "playbook", book.pk)
    post(client, "going_over", book.pk, **{f"launch-{at_work.pk}": "stay"})  # type: ignore[arg-type]
    at_work.refresh_from_db()
    assert at_work.version.number == 2
    assert set(Run.objects.values_list("version__number", flat=True)) == {1}, "runs under way end with theirs"
    post(client, "back", book.pk, 1)
    latest = book.versions.order_by("-number").first()
    assert latest is not None
    assert (latest.number, latest.book) == (3, read(DAILY))


def test_the_short_name_of_a_playbook_stays(client: Client, life: Life, mo: Staff) -> None:
    book = kept(life.home)
    client.force_login(mo)
    told = post(client, "edit", book.pk, text=DAILY.replace("name: daily", "name: other"), status=422)
    assert "短名不能改" in told
    post(client, "edit", book.pk, text=DAILY)
    assert Version.objects.count() == 1, "nothing was different"


def test_a_shipped_one_is_taken_into_the_community(client: Client, life: Life, mo: Staff) -> None:
    client.force_login(mo)
    told = page(client, "playbooks")
    for book in shipped("zh"):
        assert book.title in told
        assert book.steps[0].key in page(client, "shipped", book.name)
    page(client, "shipped", "no-such", status=404)
    post(client, "take", "newcomer-week")
    assert Playbook.objects.get().community == life.home


# Looking before it goes


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


def test_a_missing_variable_has_to_be_said_yes_to(client: Client, life: Life, lin: Staff) -> None:
    book = kept(life.home)
    Group.objects.filter(native_id="r1").update(operator=None)
    client.force_login(lin)
    assert "运营 没有值" in post(client, "start", book.pk, status=422, which="all", go="1")
    assert not Launch.objects.exists()
    post(client, "start", book.pk, which="all", anyway="on", go="1")
    assert Launch.objects.exists()


# At work


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


REVIVAL = """\
name: revival
title: 复苏
starts: [{when: hand}]
steps:
  - {do: approval, key: sure, question: 现在就开始问吗？, limit: 1d}
  - {do: post, key: ask, at: {spread: 0m}, words: {text: 大家最近最想聊什么？}}
"""


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


# The calendar


@pytest.mark.method("A12")
def test_the_calendar_shows_what_is_planned_and_what_will_come(client: Client, life: Life, mo: Staff, at_work: Launch) -> None:
    client.force_login(mo)
    for view in ("month", "week", "day"):
        told = page(client, "calendar", view=view, on="2026-03-02")
        assert "早安" in told, view
        assert "3 个群" in told, view
        soon = timezone.now() + timedelta(days=9)
        assert "未到" in page(client, "calendar", view=view, on=soon.date().isoformat()), view
    one = Group.objects.get(native_id="r1")
    assert "1 个群" in page(client, "calendar", view="day", on="2026-03-02", group=one.pk)
    for strange in ("2026-13-40", "x", "9999-12-31", "0001-01-01"):
        page(client, "calendar", view="month", on=strange)
    page(client, "calendar", view="decade", operator="x", group="9" * 30)


def test_the_feed_is_read_without_signing_in_and_ends_with_the_password(
    client: Client, life: Life, mo: Staff, yu: Staff, at_work: Launch
) -> None:
    client.force_login(mo)
    shown = page(client, "calendar")
    found = re.search(r'value="(http[^"]+\.ics)"', shown)
    assert found
    url = found[1].replace("http://testserver", "")
    client.logout()
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert client.get(url[:-8] + "xxxx.ics").status_code == 404
    mo.set_password("another one 42 正确")
    mo.save()
    assert client.get(url).status_code == 404


# In time


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


# Who sees what


def test_yu_sees_nothing_of_it_and_a_stranger_has_to_sign_in(client: Client, life: Life, yu: Staff, at_work: Launch) -> None:
    run, book = Run.objects.first(), at_work.version.playbook
    assert run is not None
    line = run.lines.first()
    assert line is not None
    reading = [("playbook", book.pk), ("yaml", book.pk), ("changes", book.pk), ("preview", book.pk), ("edit", book.pk),
               ("form", book.pk), ("start", book.pk), ("launch", at_work.pk), ("run", run.pk)]  # fmt: skip
    writing = [("edit", book.pk), ("form", book.pk), ("back", book.pk, 1), ("going_over", book.pk), ("archive", book.pk),
               ("share", book.pk), ("start", book.pk),
               ("pause", at_work.pk), ("resume", at_work.pk), ("end", at_work.pk), ("begin", at_work.pk), ("shift", run.pk),
               ("change_run", run.pk, "stop"), ("reword", run.pk, "morning"), ("skip", line.pk),
               ("answer_run", run.pk, "yes"), ("answer_step", line.pk, "yes")]  # fmt: skip
    for name in PAGES:
        page(client, name, status=302)
    client.force_login(yu)
    for name in PAGES:
        told = page(client, name)
        assert named("r1") not in told, name
        assert "莫" not in told, name
        assert f"/sop/at-work/{at_work.pk}/" not in told, name
    for name, *args in reading:
        page(client, name, *args, status=404)
    for name, *args in writing:
        post(client, name, *args, status=404)
    assert "早安" not in page(client, "calendar", view="day", on="2026-03-02", operator=Staff.objects.get(username="mo").pk)


def test_an_operator_sees_and_changes_the_runs_of_their_own_groups(
    client: Client, life: Life, lin: Staff, mo: Staff, at_work: Launch
) -> None:
    Group.objects.filter(native_id="r3").update(operator=lin)
    other = Run.objects.filter(group__native_id="r3").first()
    assert other is not None
    client.force_login(mo)
    told = page(client, "runs")
    assert named("r1") in told
    assert named("r3") not in told
    page(client, "run", other.pk, status=404)
    post(client, "change_run", other.pk, "stop", status=404)
    client.force_login(lin)
    assert named("r3") in page(client, "runs")


def test_an_observer_looks_and_changes_nothing(client: Client, life: Life, at_work: Launch) -> None:
    observer = Staff.objects.create(username="tao", name="陶然", role=Role.OBSERVER)
    communities.seat(observer, life.home)
    client.force_login(observer)
    run, book = Run.objects.first(), at_work.version.playbook
    assert run is not None
    for name in PAGES:
        page(client, name)
    assert "<form" not in page(client, "run", run.pk).partition('class="page-head"')[2]
    for name, *args in (("new",), ("edit", book.pk), ("form", book.pk), ("start", book.pk)):
        page(client, name, *args, status=403)
    for name, *args in (("change_run", run.pk, "stop"), ("shift", run.pk), ("take", "revival"), ("end", at_work.pk)):
        post(client, name, *args, status=403)


def test_hostile_names_stay_text(client: Client, life: Life, lin: Staff) -> None:
    evil = "<script>alert(1)</script>"
    Group.objects.update(name=evil)
    Staff.objects.filter(username="mo").update(name=evil)
    Community.objects.update(name=evil)
    text = (
        DAILY.replace("title: 日常", f"title: {evil}").replace("title: 早安", f"title: {evil}")
        .replace("一天从有人打招呼开始", evil).replace("task: 看看有没有没回答的问题", f"task: {evil}")
        .replace("[早上好, 早呀]", f'["{evil}"]')
    )  # fmt: skip
    launch = life.put_to_work(text)
    life.until(START + 10 * HOUR)
    client.force_login(lin)
    book, run = launch.version.playbook, Run.objects.first()
    assert run is not None
    post(client, "edit", book.pk, text=text.replace("21:00", "21:30"), note=evil)
    of_book = [(name, book.pk) for name in ("playbook", "changes", "preview", "start", "form", "edit")]
    for name, *args in [*((name,) for name in PAGES), *of_book, ("launch", launch.pk), ("run", run.pk)]:
        assert evil not in page(client, name, *args), name
    assert evil not in page(client, "compliance", week="2026-03-02")
    assert evil not in page(client, "calendar", view="day", on="2026-03-02")
    assert evil not in post(client, "start", book.pk, status=200, which="all", look="1")
    assert evil not in post(client, "edit", book.pk, text=f"{evil}: [", status=422)


def test_no_page_asks_the_database_more_with_more_rows(
    client: Client, life: Life, lin: Staff, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        life.put_to_work(DAILY.replace("name: daily", f"name: daily-{number}"))
    life.put_to_work(REVIVAL)
    life.until(START + 6 * HOUR)
    client.force_login(lin)
    launch, run = Launch.objects.first(), Run.objects.exclude(lines=None).first()
    assert launch is not None
    assert run is not None
    book = launch.version.playbook
    of_book = [(name, book.pk) for name in ("playbook", "preview", "start", "form", "edit")]
    for name, *args in [*((name,) for name in PAGES), *of_book, ("launch", launch.pk), ("run", run.pk)]:
        page(client, name, *args)
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            page(client, name, *args)
    for view in ("month", "week", "day"):
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            page(client, "calendar", view=view, on="2026-03-02")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        page(client, "compliance", week="2026-03-02")


def test_a_paused_launch_says_so(client: Client, life: Life, lin: Staff, at_work: Launch) -> None:
    launching.pause(at_work, by=lin, now=life.now)
    client.force_login(lin)
    assert "暂停" in page(client, "launches")
    assert reverse("sop:resume", args=[at_work.pk]) in page(client, "launch", at_work.pk)


# Editing what is under way, archives, members by hand, evidence


@pytest.mark.method("G01")
def test_a_playbook_that_is_at_work_is_not_archived_and_an_archived_one_is_found_again(
    client: Client, life: Life, lin: Staff, at_work: Launch
) -> None:
    client.force_login(lin)
    book = at_work.version.playbook
    post(client, "archive", book.pk)
    assert "还有 1 处正在投用" in page(client, "playbook", book.pk)
    launching.end(at_work, by=lin, now=life.now)
    post(client, "archive", book.pk)
    assert "已归档" in page(client, "playbook", book.pk)
    for name in ("edit", "form", "start"):
        page(client, name, book.pk, status=404)
    link = reverse("sop:playbook", args=[book.pk])
    assert link not in page(client, "playbooks")
    assert link in page(client, "playbooks", archived="only")
    post(client, "unarchive", book.pk)
    page(client, "start", book.pk)


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


def test_a_playbook_is_shared_and_stays_each_ones_own(client: Client, life: Life, lin: Staff, yu: Staff) -> None:
    book, elsewhere = kept(life.home), Community.objects.get(slug="elsewhere")
    client.force_login(lin)
    post(client, "share", book.pk, community="elsewhere", status=404)
    communities.seat(lin, elsewhere)
    post(client, "share", book.pk, community="elsewhere")
    assert Playbook.objects.get(community=elsewhere).versions.get().book == read(DAILY)
    client.force_login(yu)
    post(client, "share", book.pk, community="elsewhere", status=404)


WALK = """\
name: walk
title: 单独照顾
audience: {about: members}
starts: [{when: hand}]
steps:
  - {do: message, key: hello, at: {spread: 0m}, words: {text: "{{昵称}}，最近怎么样"}}
"""


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


# For a saved view, standing


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
