"""A playbook is written as a form, a text or a file; what it was before is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Staff
from huoqun.sop.models import Launch, Playbook, Run, Version
from huoqun.sop.operations import launching
from huoqun.sop.playbooks.reading import read
from huoqun.sop.playbooks.shipped import shipped
from huoqun.sop.tests.conftest import Life
from huoqun.sop.tests.pages.asking import DAILY, filled_in, kept, page, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_clock")]
SCHEMA = Path(__file__).resolve().parents[5] / "docs" / "playbook.schema.json"


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


def test_a_playbook_is_shared_and_stays_each_ones_own(client: Client, life: Life, lin: Staff, yu: Staff) -> None:
    book, elsewhere = kept(life.home), Community.objects.get(slug="elsewhere")
    client.force_login(lin)
    post(client, "share", book.pk, community="elsewhere", status=404)
    communities.seat(lin, elsewhere)
    post(client, "share", book.pk, community="elsewhere")
    assert Playbook.objects.get(community=elsewhere).versions.get().book == read(DAILY)
    client.force_login(yu)
    post(client, "share", book.pk, community="elsewhere", status=404)
