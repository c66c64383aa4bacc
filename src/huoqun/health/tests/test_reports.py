# ruff: noqa: F401, F811 -- fixtures of the pages' tests: the same people and groups
"""Reports made by jobs: once however often, planned, cleaned, gone with an erasure."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huoqun.community.models import Community, Erased, Group
from huoqun.console.models import Staff
from huoqun.health import handlers, operations, report_work
from huoqun.health.long_work import FOLDER as HEALTH
from huoqun.health.models import GroupHealth, Report
from huoqun.health.operations import reports
from huoqun.health.report import fonts
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job, State
from huoqun.jobs.run import work_on
from huoqun.vocabulary.facts import PersonErased
from huoqun.vocabulary.log import Batch, Stored

from .pages.conftest import balcony, lin, mo, yu

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)  # Monday, one in the morning in Shanghai


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reports, "FOLDER", tmp_path / "reports")
    return tmp_path / "reports"


def work(now: datetime = NOW) -> int:
    """Does what is due; how many jobs there were."""
    count = 0
    while job := jobs.claim(["report", "weekly_reports"], now=now):
        function = {"report": report_work.run_report, "weekly_reports": report_work.run_weekly_reports}[job.kind]
        work_on(job, function, clock=lambda: now)
        count += 1
    return count


def files(folder: Path) -> list[str]:
    return sorted(path.name for made in folder.iterdir() for path in made.iterdir()) if folder.is_dir() else []


ALL = ["report.html", "report.pdf", "report.png"] if set(fonts.CHINESE) & set(fonts.families()) else ["report.html"]


def test_a_weekly_report_is_made_in_all_formats(balcony: Community, lin: Staff, folder: Path) -> None:
    report_work.ask_weekly(balcony, "zh-hans", by=lin, now=NOW)
    assert work() == 1
    assert Job.objects.get().state == State.DONE
    report = Report.objects.get()
    assert (report.kind, report.group, report.language, report.asked_by) == ("weekly", None, "zh-hans", lin)
    assert files(folder) == ALL
    page = (folder / report.folder / "report.html").read_text(encoding="utf-8")
    assert "番茄群" in page
    assert "阳台种菜" in page
    assert len(report.folder) >= 20


def test_a_check_up_tells_of_its_group_alone(balcony: Community, mo: Staff, folder: Path) -> None:
    tomatoes = Group.objects.get(name="番茄群")
    report_work.ask_check_up(tomatoes, "en", by=mo, now=NOW)
    work()
    report = Report.objects.get()
    assert (report.kind, report.group, report.language) == ("check_up", tomatoes, "en")
    page = (folder / report.folder / "report.html").read_text(encoding="utf-8")
    assert "番茄群" in page
    assert "香草群" not in page
    assert "小陶" in page
    assert "番茄&lt;b&gt;叶子&lt;/b&gt;发黄怎么办？" in page


def test_a_job_done_twice_makes_one_report(balcony: Community, lin: Staff, folder: Path) -> None:
    job = report_work.ask_weekly(balcony, "en", by=lin, now=NOW)
    assert report_work.ask_weekly(balcony, "en", by=lin, now=NOW) == job
    work()
    Job.objects.update(state=State.WAITING)
    assert work() == 1
    assert Report.objects.count() == 1
    assert files(folder) == ALL


def test_without_an_audit_the_job_says_what_to_do(yu: Staff) -> None:
    report_work.ask_weekly(Community.objects.get(slug="elsewhere"), "en", by=yu, now=NOW)
    work()
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert job.error
    assert not Report.objects.exists()


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Shanghai", 23), ("America/New_York", 12)])
def test_the_weekly_plan_asks_once_for_the_morning_of_its_day(balcony: Community, zone: str, hour: int) -> None:
    Community.objects.filter(pk=balcony.pk).update(zone=zone)
    operations.plan_reports(balcony, weekday=0, languages=["en", "zh-hans"])
    for hours in (0, 0, 1):  # a check that was interrupted is done again
        jobs.ask("weekly_reports", {}, key=f"check {hours}", by=None, now=NOW + timedelta(hours=hours))
        work(NOW + timedelta(hours=hours))
    asked = Job.objects.filter(kind="report")
    assert {job.arguments["language"] for job in asked} == {"en", "zh-hans"}
    assert {job.not_before for job in asked} == {datetime(2026, 11, 22 if hour == 23 else 23, hour, tzinfo=UTC)}
    work(NOW + timedelta(hours=20))
    assert Report.objects.count() == 2
    assert set(Report.objects.values_list("asked_by", flat=True)) == {None}
    jobs.ask("weekly_reports", {}, key="the next day", by=None, now=NOW + timedelta(days=1))
    work(NOW + timedelta(days=1))
    assert Report.objects.count() == 2


def test_a_plan_that_was_changed_meanwhile_makes_no_report(balcony: Community) -> None:
    operations.plan_reports(balcony, weekday=0, languages=["en"])
    jobs.ask("weekly_reports", {}, key="check", by=None, now=NOW)
    work()
    operations.plan_reports(balcony, weekday=0, languages=[])
    work(NOW + timedelta(hours=12))
    assert Job.objects.get(kind="report").state == State.DONE
    assert not Report.objects.exists()


def made(community: Community, lin: Staff, now: datetime) -> Report:
    report_work.ask_weekly(community, "en", by=lin, now=now)
    work(now)
    return Report.objects.latest("pk")


def test_old_reports_and_those_beyond_sixty_go_with_their_files(
    balcony: Community,
    lin: Staff,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reports, "MOST", 3)
    old = made(balcony, lin, NOW - timedelta(days=366))
    kept = [made(balcony, lin, NOW + timedelta(minutes=n)).pk for n in range(4)]
    assert set(Report.objects.values_list("pk", flat=True)) == set(kept[1:])
    assert not (folder / old.folder).exists()
    assert len(list(folder.iterdir())) == 3


def test_folders_of_no_report_are_swept_when_they_are_old(balcony: Community, lin: Staff, folder: Path) -> None:
    report = made(balcony, lin, NOW)
    for name, age in (("left-behind", 3), ("just-begun", 0)):
        (folder / name).mkdir()
        past = (NOW - timedelta(days=age)).timestamp()
        os.utime(folder / name, (past, past))
    reports.sweep(now=NOW)
    assert {path.name for path in folder.iterdir()} == {report.folder, "just-begun"}


def test_an_erasure_deletes_every_report_made_before(
    balcony: Community,
    lin: Staff,
    yu: Staff,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("huoqun.health.long_work.FOLDER", tmp_path / HEALTH.name)
    made(balcony, lin, NOW)
    elsewhere = Community.objects.get(slug="elsewhere")
    other = Report.objects.create(community=elsewhere, kind="weekly", language="en", as_of=NOW.date(), made_at=NOW, folder="x")
    batch = Batch((Stored(1, NOW, PersonErased(community="balcony", at=NOW, people=(11,))),), writer="health/0")
    handlers.forget_erased(batch, now=NOW)
    assert list(Report.objects.all()) == [other]
    assert list(folder.iterdir()) == []


def test_a_report_during_which_somebody_was_erased_is_made_again(balcony: Community, lin: Staff) -> None:
    report_work.ask_weekly(balcony, "en", by=lin, now=NOW)
    Erased.objects.create(community=balcony, key=11, at=NOW)
    work()
    assert not Report.objects.exists()
    assert Job.objects.get().state == State.WAITING
    work(NOW + timedelta(minutes=2))
    assert Report.objects.count() == 1


def test_the_second_report_tells_what_changed_since_the_first(balcony: Community, lin: Staff, folder: Path) -> None:
    first = made(balcony, lin, NOW)
    assert "Since" not in (folder / first.folder / "report.html").read_text(encoding="utf-8").split("</header>")[0]
    audits = {audit.as_of: audit for audit in balcony.audits.all()}
    day_before = audits[min(audits)]
    ids = dict(Group.objects.values_list("name", "pk"))
    day_before.states = {"steady": list(ids.values())}
    day_before.save()
    Report.objects.update(as_of=day_before.as_of)
    second = made(balcony, lin, NOW + timedelta(minutes=1))
    page = (folder / second.folder / "report.html").read_text(encoding="utf-8")
    assert f"Since {day_before.as_of}, groups that turned for the worse: 1" in page
    assert GroupHealth.objects.filter(audit__as_of=max(audits), state="declining").count() == 1
