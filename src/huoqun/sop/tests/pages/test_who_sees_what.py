"""What each of the cast sees and may do on the pages of playbooks."""

from __future__ import annotations

import pytest
from django.test import Client

from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.sop.models import Launch, Run
from huoqun.sop.tests.conftest import START, Life
from huoqun.sop.tests.pages.asking import DAILY, HOUR, PAGES, REVIVAL, named, page, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_clock")]


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
