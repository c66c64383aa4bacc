"""The pages of reports: who may ask, who may take away, who sees nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from huoqun.community.models import Community, Group
from huoqun.console.models import Export, Role, Staff
from huoqun.health.models import Report, ReportPlan
from huoqun.health.operations import reports as kept
from huoqun.health.pages import reports as pages
from huoqun.jobs.models import Job

from .conftest import AS_OF, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (kept, pages):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def both(balcony: Community, folder: Path) -> dict[str, Report]:
    """A weekly report and a check-up, with their pages."""
    tomatoes = Group.objects.get(name="番茄群")
    made = {}
    for kind, group in (("weekly", None), ("check_up", tomatoes)):
        (folder / kind).mkdir()
        (folder / kind / "report.html").write_text(f"<!doctype html><p>{kind}</p>", encoding="utf-8")
        made[kind] = Report.objects.create(
            community=balcony, group=group, kind=kind, language="en", as_of=AS_OF, made_at=NOW, folder=kind, formats=["html"],
            missing="no_chinese_font",
        )  # fmt: skip
    return made


def get(client: Client, report: Report, form: str = "html") -> int:
    return client.get(reverse("health:report_file", args=[report.pk, form])).status_code


def test_a_file_is_handed_out_as_an_attachment_and_written_down(client: Client, lin: Staff, both: dict[str, Report]) -> None:
    client.force_login(lin)
    answer = client.get(reverse("health:report_file", args=[both["weekly"].pk, "html"]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="huoqun-balcony-weekly-2026-11-20-en.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert b"weekly" in b"".join(answer.streaming_content)
    assert Export.objects.get().by == lin


def test_an_operator_takes_check_ups_and_no_weekly_report(as_mo: Client, both: dict[str, Report]) -> None:
    assert get(as_mo, both["check_up"]) == 200
    assert get(as_mo, both["weekly"]) == 404
    page = as_mo.get(reverse("health:reports")).content.decode()
    assert "番茄群" in page
    assert reverse("health:make_report") not in page
    assert as_mo.post(reverse("health:make_report"), {"community": "balcony", "language": "en"}).status_code == 403


def test_yu_belongs_elsewhere_and_gets_nothing(client: Client, yu: Staff, both: dict[str, Report], balcony: Community) -> None:
    client.force_login(yu)
    assert [get(client, report) for report in both.values()] == [404, 404]
    assert "番茄群" not in client.get(reverse("health:reports")).content.decode()
    group = both["check_up"].group
    assert group is not None
    for method in (client.get, client.post):
        assert method(reverse("health:report_group", args=[group.pk]), {"language": "en"}).status_code == 404
    assert client.post(reverse("health:plan_reports", args=[balcony.pk]), {"weekday": 1}).status_code == 404
    client.post(reverse("health:make_report"), {"community": "balcony", "language": "en"})
    client.get(reverse("health:reports_underway"), {"group": group.pk})
    assert not Job.objects.exists()
    assert not ReportPlan.objects.exists()


def test_a_stranger_is_sent_to_the_sign_in(client: Client, both: dict[str, Report]) -> None:
    assert get(client, both["weekly"]) == 302


def test_an_observer_takes_a_check_up_and_asks_for_none(client: Client, both: dict[str, Report], mo: Staff) -> None:
    Staff.objects.filter(pk=mo.pk).update(role=Role.OBSERVER)
    client.force_login(Staff.objects.get(pk=mo.pk))
    group = both["check_up"].group
    assert group is not None
    here = reverse("health:report_group", args=[group.pk])
    assert get(client, both["check_up"]) == 200
    assert '<form method="post">' not in client.get(here).content.decode()
    assert client.post(here, {"language": "en"}).status_code == 403


@pytest.mark.parametrize("form", ["pdf", "exe", "html/../../secrets"])
def test_only_files_that_are_there_and_known(client: Client, lin: Staff, both: dict[str, Report], form: str) -> None:
    client.force_login(lin)
    address = reverse("health:report_file", args=[both["weekly"].pk, "html"]).replace("html", form)
    assert client.get(address).status_code == 404


def test_asking_puts_a_job_on_the_list_once(client: Client, lin: Staff, balcony: Community) -> None:
    client.force_login(lin)
    for _ in range(2):
        answer = client.post(reverse("health:make_report"), {"community": "balcony", "language": "en"}, follow=True)
    assert Job.objects.get().arguments["kind"] == "weekly"
    assert reverse("health:reports_underway") in answer.content.decode()
    part = client.get(reverse("health:reports_underway"))
    assert "HX-Refresh" not in part
    Job.objects.update(state="done")
    assert client.get(reverse("health:reports_underway"))["HX-Refresh"] == "true"


def test_an_operator_sees_no_weekly_report_being_made(as_mo: Client, client: Client, lin: Staff, balcony: Community) -> None:
    Job.objects.create(
        kind="report", key="k", arguments={"community": "balcony", "kind": "weekly"}, asked_by=lin, asked_at=NOW, not_before=NOW
    )
    assert "hx-get" not in as_mo.get(reverse("health:reports_underway")).content.decode()


def test_the_button_of_a_group_asks_for_its_check_up(as_mo: Client, balcony: Community) -> None:
    group = Group.objects.get(name="番茄群")
    here = reverse("health:report_group", args=[group.pk])
    assert as_mo.post(here, {"language": "zh-hans"}).status_code == 302
    assert Job.objects.get().arguments["group"] == group.pk
    assert "hx-get" in as_mo.get(here).content.decode()
    assert as_mo.post(here, {"language": "klingon"}).status_code == 302
    assert Job.objects.count() == 1


def test_the_weekly_plan_is_kept_and_shown(client: Client, lin: Staff, balcony: Community) -> None:
    client.force_login(lin)
    address = reverse("health:plan_reports", args=[balcony.pk])
    client.post(address, {"weekday": 4, "languages": ["en", "zh-hans"]})
    plan = ReportPlan.objects.get()
    assert (plan.weekday, plan.languages) == (4, ["zh-hans", "en"])
    page = client.get(reverse("health:reports")).content.decode()
    assert '<option value="4" selected>' in page
    client.post(address, {"weekday": 9, "languages": ["en"]})
    client.post(address, {"weekday": 2})
    plan.refresh_from_db()
    assert (plan.weekday, plan.languages) == (2, [])


def test_a_format_that_could_not_be_made_says_why(client: Client, lin: Staff, both: dict[str, Report]) -> None:
    client.force_login(lin)
    assert "fonts-noto-cjk" in client.get(reverse("health:reports")).content.decode()
