"""The calendar: moving steps, and what comes later of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlparse
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from huoqun.community.models import Group
from huoqun.console.models import Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job
from huoqun.jobs.run import work_on
from huoqun.sop import timetable
from huoqun.sop.long_work import run_move
from huoqun.sop.models import DayCount, Launch, Line, Move, Run, Trial, TrialGroup, TrialUnit
from huoqun.sop.operations.counting import count_weeks
from huoqun.sop.pages import moving
from huoqun.sop.tests.conftest import START, Life
from huoqun.sop.tests.pages.asking import HOUR, named, page, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_clock")]

ZONE = ZoneInfo("Asia/Shanghai")


def evenings() -> dict[str, str]:
    rows = Line.objects.filter(step="evening").order_by("group__native_id", "at")
    return {f"{line.group.native_id} {line.day}": f"{line.at.astimezone(ZONE):%d %H:%M}" for line in rows}


def wish(launch: Launch, to_day: str, to_clock: str, **more: object) -> dict[str, object]:
    return {"launch": launch.pk, "step": "evening", "day": "2026-03-02", "clock": "21:00", "to_day": to_day,
            "to_clock": to_clock, **more}  # fmt: skip


def moved(client: Client, said: dict[str, object], *, status: int = 302) -> None:
    answer = client.post(reverse("sop:moved"), said)
    assert answer.status_code == status


def asked(client: Client, said: dict[str, object], *, status: int = 200) -> str:
    answer = client.get(f"{reverse('sop:move')}?{urlencode(said)}")
    assert answer.status_code == status
    return answer.content.decode()


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


@pytest.mark.method("A12")
def test_one_group_is_moved_at_once_and_moved_back(client: Client, life: Life, mo: Staff, at_work: Launch) -> None:
    client.force_login(mo)
    before, one = evenings(), Group.objects.get(native_id="r1")
    moved(client, wish(at_work, "2026-03-02", "22:30", group=one.pk, view="day", on="2026-03-02"))
    life.work()
    after = evenings()
    assert after["r1 2026-03-02"] == shifted(before["r1 2026-03-02"], 90)
    assert after["r2 2026-03-02"] == before["r2 2026-03-02"], "nobody moved these"
    assert "移回原处" in page(client, "calendar", view="day", on="2026-03-02", group=one.pk)
    post(client, "move_back")
    life.work()
    assert evenings() == before
    assert not Move.objects.exists()


def shifted(told: str, minutes: int) -> str:
    return f"{datetime.strptime(told, '%d %H:%M').replace(year=2026, month=3) + timedelta(minutes=minutes):%d %H:%M}"


@pytest.mark.method("A12")
def test_all_groups_are_asked_about_and_each_is_said_once_on_its_new_day(
    client: Client, life: Life, lin: Staff, at_work: Launch
) -> None:
    client.force_login(lin)
    told = asked(client, wish(at_work, "2026-03-03", "21:00"))
    assert "3 个群" in told
    moved(client, wish(at_work, "2026-03-03", "21:00"))
    life.until(START + 20 * HOUR)
    assert not [text for _room, text in life.said() if text.startswith("今天就到这里")], "not on Monday"
    told = page(client, "calendar", view="day", on="2026-03-03")
    assert "今天就到这里" in told
    life.until(START + 40 * HOUR)
    assert len([text for _room, text in life.said("r1") if text.startswith("今天就到这里")]) == 2, "Monday's, and Tuesday's own"
    assert Line.objects.filter(step="evening", group__native_id="r1", day="2026-03-03", state="done").count() == 2


def test_a_step_that_comes_later_is_put_off_before_anything_is_planned(
    client: Client, life: Life, lin: Staff, at_work: Launch
) -> None:
    client.force_login(lin)
    later = wish(at_work, "2026-03-07", "20:00") | {"day": "2026-03-06"}
    assert "放到" not in page(client, "calendar", view="week", on="2026-03-06")
    moved(client, later)
    entries = page(client, "calendar", view="day", on="2026-03-07")
    assert "20:00" in entries
    life.until(START + 24 * 5 * HOUR, every=4 * HOUR)
    said = Line.objects.get(step="evening", group__native_id="r1", run__anchor__date="2026-03-06")
    assert f"{said.at.astimezone(ZONE):%d %H}" == "07 20"
    assert Line.objects.filter(step="morning", day="2026-03-06", state="done").count() == 3, "nothing before it is held up"


def test_what_is_out_or_past_or_elsewhere_cannot_be_moved(
    client: Client, life: Life, lin: Staff, mo: Staff, yu: Staff, at_work: Launch
) -> None:
    client.force_login(lin)
    morning = wish(at_work, "2026-03-02", "23:00") | {"step": "morning", "clock": "09:30"}
    told = client.post("/sop/calendar/moved/", morning, follow=True).content.decode()
    assert "已经发出或已结束" in told
    for to_day, to_clock in (("2026-03-01", "21:00"), ("2026-08-01", "21:00"), ("2026-03-02", "21:00")):
        moved(client, wish(at_work, to_day, to_clock))
    moved(client, wish(at_work, "yesterday", "21:00"))
    moved(client, (wish(at_work, "2026-03-10", "21:00") | {"day": "2026-03-12"}))
    assert not Move.objects.exists()
    assert "data-step=morning" not in page(client, "calendar", view="day", on="2026-03-02")
    client.force_login(yu)
    moved(client, wish(at_work, "2026-03-03", "21:00"), status=404)
    asked(client, wish(at_work, "2026-03-03", "21:00"), status=404)
    # An operator moves the groups they run, and nobody else's.
    Group.objects.filter(native_id="r3").update(operator=None)
    client.force_login(mo)
    before = evenings()
    moved(client, wish(at_work, "2026-03-02", "22:00"))
    life.work()
    assert {key for key, told in evenings().items() if before.get(key) != told} == {"r1 2026-03-02", "r2 2026-03-02"}


def test_many_groups_are_left_to_the_worker(
    client: Client, life: Life, lin: Staff, at_work: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    client.force_login(lin)
    moved(client, wish(at_work, "2026-03-02", "22:00"))
    job = Job.objects.get(kind="move_steps")
    assert job.arguments["groups"] is None
    before = evenings()
    claimed = jobs.claim(["move_steps"], now=life.now)
    assert claimed is not None
    work_on(claimed, run_move, clock=lambda: life.now)
    assert Job.objects.get().state == "done", "it says how it ended"
    life.work()
    assert [shifted(told, 60) for told in before.values()] == list(evenings().values())


def test_the_form_keeps_where_it_came_from(client: Client, life: Life, mo: Staff, at_work: Launch) -> None:
    client.force_login(mo)
    one = Group.objects.get(native_id="r1")
    answer = client.post(
        "/sop/calendar/moved/", wish(at_work, "2026-03-02", "22:00", view="day", on="2026-03-02", group=one.pk)
    )
    back = parse_qs(urlparse(answer["Location"]).query)
    assert back == {"view": ["day"], "on": ["2026-03-02"], "group": [str(one.pk)]}
    assert named("r1") in page(client, "calendar", view="day", on="2026-03-02", group=one.pk)


# Days that are over


def told_of(life: Life, *, operator: int = 0) -> dict[tuple[object, ...], tuple[int, int, int]]:
    launches = Launch.objects.all()
    whole = timetable.Sight(Line.objects.all(), launches, Run.objects.all())
    groups = Group.objects.filter(operator=operator)
    sight = timetable.narrowed(whole, groups, operator=operator, only=False) if operator else whole
    found = timetable.entries(sight, first=START.date(), number=4, now=life.now)
    return {
        (entry.day, entry.key, entry.at): (entry.groups, entry.done, entry.trouble) for day in found.values() for entry in day
    }


@pytest.mark.method("A12", "A27")
def test_counted_days_say_what_the_lines_say_and_are_counted_again_when_something_changes(
    life: Life, mo: Staff, lin: Staff, at_work: Launch
) -> None:
    Group.objects.filter(native_id="r3").update(operator=lin)
    life.until(START + 40 * HOUR, every=2 * HOUR)
    Line.objects.filter(step="morning", group__native_id="r2", day=START.date()).update(state="failed", reason="gone")
    live = [told_of(life), told_of(life, operator=mo.pk), told_of(life, operator=lin.pk)]
    assert live[1] != live[2]
    assert count_weeks(now=life.now) == 1
    assert DayCount.objects.exists()
    with CaptureQueriesContext(connection) as spied:
        assert [told_of(life), told_of(life, operator=mo.pk), told_of(life, operator=lin.pk)] == live
    assert any("sop_daycount" in query["sql"] for query in spied.captured_queries), "or this shows nothing"

    assert count_weeks(now=life.now) == 0, "not again in the same minute"
    life.now += timedelta(days=10)
    count_weeks(now=life.now)
    assert count_weeks(now=life.now + timedelta(minutes=5)) == 1, "the week we are in; what is over stays counted"
    Group.objects.filter(native_id="r3").update(operator=mo)
    assert count_weeks(now=life.now + timedelta(minutes=5)) == 2, "a group went to somebody else"
    assert told_of(life, operator=lin.pk) == {}


def test_what_a_fair_test_does_not_let_in_yet_is_not_shown_to_come(
    client: Client, life: Life, lin: Staff, at_work: Launch
) -> None:
    one, two = Group.objects.filter(native_id__in=("r1", "r2")).order_by("native_id")
    trial = Trial.objects.create(
        launch=at_work, version=at_work.version, measure="talk", first_day=START.date() + timedelta(days=7), before=1,
        waves=[1], weeks=20, seed=1, drawn_at=life.now,
    )  # fmt: skip
    for group, week in ((one, 1), (two, None)):
        unit = TrialUnit.objects.create(trial=trial, number=group.pk, week=week)
        TrialGroup.objects.create(trial=trial, unit=unit, group=group)
    client.force_login(lin)
    soon, later = (START + timedelta(days=4)).date(), (START + timedelta(days=12)).date()
    assert "未到" not in page(client, "calendar", view="day", on=soon, group=one.pk), "its wave is next week"
    assert "未到" in page(client, "calendar", view="day", on=later, group=one.pk)
    assert "未到" not in page(client, "calendar", view="day", on=later, group=two.pk), "held back for good"
