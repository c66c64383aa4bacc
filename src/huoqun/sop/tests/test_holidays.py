"""Playbooks over National Day: 1 to 7 October 2026 are off, Saturday the 10th is a working day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation

from huoqun.console.models import Staff
from huoqun.sop.models import Line, Playbook, Run
from huoqun.sop.operations import keeping
from huoqun.sop.operations.calendar import anchors_of, lead_of
from huoqun.sop.playbooks.reading import read

from .conftest import Life

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVE = datetime(2026, 9, 30, 9, tzinfo=SHANGHAI)

OVER = """\
name: week
title: 一周
holidays: skip
starts: [{when: date, date: 2026-09-30, time: "09:30"}]
steps:
  - {do: post, key: eve, at: {day: 0, time: "10:00", spread: 0m}, words: {text: 早}}
  - {do: post, key: national, at: {day: 1, time: "10:00", spread: 0m}, words: {text: 早}}
  - {do: todo, key: look, at: {day: 1, time: "14:00", spread: 0m}, task: 看一眼, holidays: as_usual}
  - {do: post, key: after, at: {day: 8, time: "10:00", spread: 0m}, words: {text: 早}}
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.method("G01")
def test_what_falls_on_a_holiday_is_left_out_and_the_run_page_says_so(life: Life, lin: Staff, client: Client) -> None:
    life.now = EVE.astimezone(UTC)
    life.put_to_work(OVER, only_groups=[life.home.groups.get(native_id="r1").key])
    life.work()
    client.force_login(lin)
    page = client.get(f"/sop/runs/{Run.objects.get().pk}/").content.decode()
    assert page.count("将跳过") == 1, "said before it comes to it"
    life.until(EVE + timedelta(days=8, hours=2), every=timedelta(hours=5))
    told = dict(Line.objects.values_list("step", "reason"))
    assert (told["eve"], told["national"], told["after"]) == ("", "holiday: 国庆节", "")
    assert not told["look"].startswith("holiday"), "this step says for itself that it comes"
    assert [text for _room, text in life.said()] == ["早", "早"]
    page = client.get(f"/sop/runs/{Run.objects.get().pk}/").content.decode()
    assert "法定节假日 (国庆节)" in page


def anchors(holidays: str, rule: str, first: datetime = EVE, days: int = 13) -> list[int]:
    text = OVER.replace("skip", holidays).replace("{when: date, date: 2026-09-30,", f"{{when: every, rule: '{rule}',")
    text = text.replace(", holidays: as_usual", "")
    found = anchors_of(read(text), None, first, first + timedelta(days=days), SHANGHAI, began=first)
    return [at.astimezone(SHANGHAI).day for at in found]


@pytest.mark.parametrize(
    ("holidays", "rule", "days"),
    [
        ("as_usual", "FREQ=WEEKLY;BYDAY=TH,SA", [1, 3, 8, 10]),
        ("skip", "FREQ=WEEKLY;BYDAY=TH,SA", [8, 10]),
        ("move", "FREQ=WEEKLY;BYDAY=TH,SA", [8, 10]),
        ("workdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", [30, 8, 9, 10, 12]),
        ("skip", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", [30, 8, 9, 12]),
        ("next_workday", "FREQ=WEEKLY;BYDAY=SU", [8, 12]),
    ],
)
def test_runs_begin_by_the_calendar_on_days_that_count(holidays: str, rule: str, days: list[int]) -> None:
    assert anchors(holidays, rule) == days


def test_looked_at_day_by_day_a_moved_run_begins_all_the_same_and_once() -> None:
    found = [day for number in range(13) for day in anchors("move", "FREQ=DAILY", EVE + timedelta(days=number), 1)]
    assert found == [30, 8, 9, 10, 11, 12]


def test_the_eve_of_a_talk_after_a_holiday_is_looked_for_before_it() -> None:
    text = OVER.replace("skip", "next_workday").replace('{when: date, date: 2026-09-30, time: "09:30"}', "{when: event}")
    book = read(text.replace("day: 0, time", "day: -2, time").replace(", holidays: as_usual", ""))
    talk = datetime(2026, 10, 9, 20, tzinfo=SHANGHAI)
    assert (talk - lead_of(book, talk, SHANGHAI)).day == 30, "working days before the 9th: the 8th, and 30 September"
    assert list(anchors_of(book, talk, EVE - timedelta(hours=2), EVE + timedelta(hours=2), SHANGHAI)) == [talk]


@pytest.mark.django_db
def test_the_form_and_the_page_of_a_playbook_say_what_happens_on_days_off(life: Life, lin: Staff, client: Client) -> None:
    keeping.keep(read(OVER), life.home, by=lin, now=life.now)
    playbook = Playbook.objects.get(community=life.home)
    client.force_login(lin)
    form = client.get(f"/sop/{playbook.pk}/form/").context["form"]
    data = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    assert (data["head-holidays"], data["2-holidays"], data["1-holidays"]) == ("skip", "as_usual", "")
    answer = client.post(f"/sop/{playbook.pk}/form/", data | {"head-holidays": "next_workday"})
    assert answer.status_code == 422
    assert "顺延是整个流程一起算的" in answer.content.decode()
    client.post(f"/sop/{playbook.pk}/form/", data | {"head-holidays": "next_workday", "2-holidays": "workdays"})
    book = Playbook.objects.get(pk=playbook.pk).versions.first().book
    assert (book.holidays, book.steps[2].holidays) == ("next_workday", "workdays")
    with translation.override("zh-hans"):
        page = client.get(f"/sop/{playbook.pk}/").content.decode()
    assert "顺延到下一个工作日" in page
