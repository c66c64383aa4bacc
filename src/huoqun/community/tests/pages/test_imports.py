from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huoqun.carriers import registry
from huoqun.carriers.models import BadRecord, Import
from huoqun.carriers.operations import ask_import, fail
from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.community.pages.uploads import harmless
from huoqun.console.models import Role, Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(balcony: Community) -> Staff:
    staff = Staff.objects.create(username="lin", role=Role.LEAD)
    communities.seat(staff, balcony)
    return staff


@pytest.fixture
def observer(balcony: Community) -> Staff:
    staff = Staff.objects.create(username="observer", role=Role.OBSERVER)
    communities.seat(staff, balcony)
    return staff


@pytest.fixture
def asked(balcony: Community, now: datetime) -> Import:
    made = ask_import("balcony", [Path("/nowhere/result.json")], title="夜跑群.json", zone="Asia/Shanghai", by=None, now=now)
    BadRecord.objects.create(source=made, file="result.json", line=7, field="date", problem="no time", raw='=cmd|"x"')
    Import.objects.filter(pk=made.pk).update(state="done", bad=1, added=3)
    return made


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("../../夜跑群.json", json.dumps({"messages": []}).encode(), content_type="text/html")


def test_an_operator_hands_a_file_in_and_the_worker_is_asked(client: Client, mo: Staff, balcony: Community) -> None:
    client.force_login(mo)
    answer = client.post(reverse("community:hand_in"), {"exports": [file()], "community": "balcony", "zone": ""})
    made = Import.objects.get()
    assert answer.headers["Location"] == reverse("community:import", args=[made.pk])
    assert (made.title, made.zone, made.by) == ("夜跑群.json", "Asia/Shanghai", mo)
    assert Path(made.paths[0]).read_bytes() == b'{"messages": []}'
    job = Job.objects.get()
    assert (job.kind, job.arguments) == ("import", {"import_id": made.pk})
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_form_says_what_is_missing(client: Client, mo: Staff, lin: Staff) -> None:
    client.force_login(mo)
    assert client.post(reverse("community:hand_in"), {"community": "balcony"}).status_code == 422
    client.force_login(lin)
    both = {"exports": [file()], "community": "balcony", "new_community": "另一个"}
    assert client.post(reverse("community:hand_in"), both).status_code == 422
    assert not Import.objects.exists()


def test_a_lead_may_found_a_community_by_importing_and_sits_in_it(client: Client, lin: Staff) -> None:
    client.force_login(lin)
    client.post(reverse("community:hand_in"), {"exports": [file()], "new_community": "天台烧烤", "zone": "Asia/Tokyo"})
    made = Community.objects.get(name="天台烧烤")
    assert made.zone == "Asia/Tokyo"
    assert made.seats.get().staff == lin


def test_who_belongs_elsewhere_sees_nothing_and_observers_only_look(
    client: Client, asked: Import, yu: Staff, observer: Staff
) -> None:
    pages = [reverse(f"community:{name}", args=[asked.pk]) for name in ("import", "bad_records")]
    acts = [reverse(f"community:{name}", args=[asked.pk]) for name in ("cancel_import", "undo_import")]
    client.force_login(yu)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert [client.post(act).status_code for act in acts] == [404, 404]
    assert "夜跑群" not in client.get(reverse("community:imports")).content.decode()
    client.force_login(observer)
    assert "夜跑群" in client.get(reverse("community:imports")).content.decode()
    assert client.get(pages[0]).status_code == 200
    assert client.get(pages[1]).status_code == 403
    assert [client.post(act).status_code for act in acts] == [403, 403]
    assert client.post(reverse("community:hand_in"), {"exports": [file()], "community": "balcony"}).status_code == 403


def test_unreadable_records_are_taken_away_without_formulas(client: Client, mo: Staff, asked: Import) -> None:
    client.force_login(mo)
    answer = client.get(reverse("community:bad_records", args=[asked.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "result.json,7,date,no time" in text
    assert "'=cmd" in text


def test_undo_is_a_leads_and_asked_once(client: Client, lin: Staff, mo: Staff, asked: Import) -> None:
    client.force_login(mo)
    assert client.post(reverse("community:undo_import", args=[asked.pk])).status_code == 403
    client.force_login(lin)
    for _ in range(2):
        client.post(reverse("community:undo_import", args=[asked.pk]))
    assert Job.objects.get().kind == "undo_import"
    asked.refresh_from_db()
    assert asked.state == "undoing"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lin\\群聊.txt", "群聊.txt"),
        (".htaccess", "htaccess"),
        ("a\0b\n.json", "a_b_.json"),
        ("", "file"),
        ("../..", "file"),
    ],
)
def test_names_of_uploads_are_made_harmless(given: str, kept: str) -> None:
    assert harmless(given) == kept


def test_an_import_whose_job_broke_says_so_instead_of_waiting_for_ever(
    client: Client, mo: Staff, asked: Import, now: datetime
) -> None:
    Import.objects.filter(pk=asked.pk).update(state="reading")
    jobs.ask("import", {"import_id": asked.pk}, key=str(asked.pk), by=mo, now=now)
    job = jobs.claim(["import"], now=now)
    assert job is not None
    jobs.fail(job, ValueError("SELECT secret"), plain="", now=now)
    client.force_login(mo)
    page = client.get(reverse("community:import", args=[asked.pk])).content.decode()
    assert f'hx-get="{reverse("community:import", args=[asked.pk])}"' not in page
    assert "SELECT" not in page
    assert "form-wrong" in page


def test_formats_and_what_was_looked_for_are_named_in_the_readers_language(
    client: Client, mo: Staff, asked: Import, tmp_path: Path, now: datetime
) -> None:
    client.force_login(mo)
    letter = tmp_path / "letter.txt"
    letter.write_text("只是一封信", encoding="utf-8")
    with pytest.raises(registry.NotRecognised) as caught:
        registry.recognise([letter])
    fail(asked, caught.value.message, caught.value.values, now=now)
    Import.objects.filter(pk=asked.pk).update(format="IRC daily logs, Slack export zip")
    result, imports = reverse("community:import", args=[asked.pk]), reverse("community:imports")
    words = {
        "zh-hans": ("QQ 电脑版文本（.txt）", "IRC 每日日志, Slack 导出压缩包（.zip）", "特征：“消息记录”"),
        "en": ("QQ PC text (.txt)", "IRC daily logs, Slack export zip", "looked for the lines 消息记录"),
    }
    for language, (title, formats, looked_for) in words.items():
        Staff.objects.filter(pk=mo.pk).update(language=language)
        page, listed = client.get(result).content.decode(), client.get(imports).content.decode()
        assert looked_for in page
        for shown in (page, listed):
            assert title in shown
            assert formats in shown
