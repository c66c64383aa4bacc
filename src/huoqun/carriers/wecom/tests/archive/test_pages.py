"""What an administrator sees of the archive, and who sees nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import include, path, reverse
from django.utils import timezone

from huoqun.carriers.models import Connection
from huoqun.carriers.wecom.archive import operations
from huoqun.carriers.wecom.models import (
    Archive,
    ArchiveCoverage,
    ArchiveFile,
    ArchiveGap,
    ArchiveHeld,
    ArchiveKey,
    ArchiveRaw,
    Corp,
)
from huoqun.carriers.wecom.tests.archive.far_side import FIRST, ROOM, SECOND
from huoqun.console.models import Export, Role, Staff


def balcony_only(request: HttpRequest) -> list[str]:
    """Yu belongs elsewhere."""
    return ["balcony"] if request.user.is_authenticated and request.user.get_username() != "yu" else []


def called(request: HttpRequest) -> dict[str, str]:
    return dict.fromkeys(balcony_only(request), "阳台花园")


wired = {"communities_of": balcony_only, "called_of": called, "ask_sync": None, "stop_sync": None}
handler403 = "huoqun.console.pages.front.refused"
handler404 = "huoqun.console.pages.front.not_found"
urlpatterns = [path("wecom/", include("huoqun.carriers.wecom.pages.urls"), wired), path("", include("huoqun.config.urls"))]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings: Any, tmp_path: Path) -> object:
    settings.UPLOADS = tmp_path
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def corp() -> Corp:
    return Corp.objects.create(community="balcony", corpid="wwcorp", archive_secret="a1", made_at=timezone.now())


@pytest.fixture
def enter(client: Client) -> Callable[..., Client]:
    def go(role: str = Role.ADMIN, name: str = "") -> Client:
        client.force_login(Staff.objects.get_or_create(username=name or role, role=role, language="en")[0])
        return client

    return go


def words(client: Client, corp: Corp) -> str:
    answer = client.get(reverse("wecom:archive", args=[corp.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def reading(corp: Corp, **changes: object) -> Archive:
    archive = operations.begin(corp)
    Connection.objects.get_or_create(
        community="balcony", carrier="wecom", name="wwcorp/archive", made_at=timezone.now(), next_at=timezone.now()
    )
    for name, value in changes.items():
        setattr(archive, name, value)
    archive.save()
    return archive


def test_before_anything_is_set_up_it_says_what_to_do(enter: Callable[..., Client], corp: Corp) -> None:
    Corp.objects.update(archive_secret="")
    corp.refresh_from_db()
    said = words(enter(), corp)
    assert "The archive is not read yet: its secret is missing." in said
    assert "archive library is not installed" in said
    assert "There is no key yet." in said
    assert "Nobody has looked yet which groups the archive hears." in said


@pytest.mark.parametrize(
    ("changes", "sentence", "state"),
    [
        ({}, "The archive has not answered yet.", "not read"),
        ({"asked_at": timedelta(seconds=5)}, "Everything in the archive is read.", "up to date"),
        (
            {"asked_at": timedelta(hours=3)},
            "Everything was read 3 hours ago; since then the archive has not answered.",
            "behind",
        ),
        (
            {"asked_at": timedelta(0), "newest_at": timedelta(hours=2), "more": True},
            "Reading is 2 hours behind.",
            "behind",
        ),
        (
            {
                "asked_at": timedelta(0),
                "newest_at": timedelta(hours=2),
                "more": True,
                "behind_since": timedelta(hours=1),
                "behind_from": timedelta(hours=5),
            },
            "Reading is 2 hours behind, and will have caught up in 1 hour.",
            "behind",
        ),
        (
            {"asked_at": timedelta(0), "newest_at": timedelta(days=4), "more": True},
            "WeCom keeps records for a few days only.",
            "about to lose records",
        ),
    ],
)
def test_it_says_how_far_behind_reading_is(
    enter: Callable[..., Client], corp: Corp, changes: dict[str, Any], sentence: str, state: str
) -> None:
    now = timezone.now()
    reading(corp, **{name: value if value is True else now - value for name, value in changes.items()})
    said = words(enter(), corp)
    assert sentence in said
    assert f"</svg>{state}</span>" in said


def test_why_it_is_not_heard_is_said(enter: Callable[..., Client], corp: Corp) -> None:
    reading(corp)
    Connection.objects.update(
        trouble="The archive secret is missing. Copy it from the WeCom console, and enter it at the connection."
    )
    assert "The archive secret is missing." in words(enter(), corp)


def test_times_of_which_nothing_was_read_are_shown(enter: Callable[..., Client], corp: Corp) -> None:
    now = timezone.now()
    ArchiveGap.objects.create(corp=corp, begins_at=now - timedelta(days=9), ends_at=now - timedelta(days=5), found_at=now)
    assert "nothing may have been read" in words(enter(), corp)


def test_the_secret_begins_reading_and_is_never_shown_again(enter: Callable[..., Client], corp: Corp) -> None:
    Corp.objects.update(archive_secret="")
    answer = enter().post(
        reverse("wecom:archive_set_up", args=[corp.pk]),
        {"archive_secret": " new-secret ", "file_limit_mb": "5", "proxy": "socks5://p:1", "proxy_password": "n:pass-word"},
    )
    assert answer.status_code == 302
    corp.refresh_from_db()
    archive = Archive.objects.get(corp=corp)
    assert (corp.archive_secret, archive.file_limit_mb, archive.proxy_password) == ("new-secret", 5, "n:pass-word")
    assert Connection.objects.get().account == corp.archive_account
    said = words(enter(), corp)
    assert "new-secret" not in said
    assert "pass-word" not in said
    enter().post(reverse("wecom:archive_set_up", args=[corp.pk]), {"file_limit_mb": "6", "proxy": "socks5://p:1"})
    corp.refresh_from_db()
    archive.refresh_from_db()
    assert (corp.archive_secret, archive.file_limit_mb, archive.proxy_password) == ("new-secret", 6, "n:pass-word")


def test_a_limit_that_is_none_is_refused_where_it_was_typed(enter: Callable[..., Client], corp: Corp) -> None:
    answer = enter().post(reverse("wecom:archive_set_up", args=[corp.pk]), {"file_limit_mb": "-1"})
    assert answer.status_code == 422
    assert not Archive.objects.exists()


def test_a_pair_is_made_and_only_its_public_half_is_shown(enter: Callable[..., Client], corp: Corp) -> None:
    enter().post(reverse("wecom:archive_make_key", args=[corp.pk]))
    key = ArchiveKey.objects.get()
    assert key.version is None
    assert str(key.by) == "admin"
    answer = enter().get(reverse("wecom:archive", args=[corp.pk])).content.decode()
    assert key.public.split("\n")[1] in answer
    assert "PRIVATE" not in answer
    named = reverse("wecom:archive_name_key", args=[corp.pk, key.pk])
    enter().post(named, {"version": "4"})
    key.refresh_from_db()
    assert key.version == 4
    enter().post(named, {"version": "5"})
    key.refresh_from_db()
    assert key.version == 4


def test_a_key_made_elsewhere_is_supplied_once_a_version(enter: Callable[..., Client], corp: Corp) -> None:
    supply = reverse("wecom:archive_supply_key", args=[corp.pk])
    assert enter().post(supply, {"private": FIRST.private, "version": "1"}).status_code == 302
    assert enter().post(supply, {"private": FIRST.private, "version": "1"}).status_code == 302
    refused = enter().post(supply, {"private": SECOND.private, "version": "1"})
    assert refused.status_code == 422
    assert "another key of this version" in refused.content.decode()
    nonsense = enter().post(supply, {"private": FIRST.public, "version": "2"})
    assert "This is no private key." in nonsense.content.decode()
    assert list(ArchiveKey.objects.values_list("version", flat=True)) == [1]


def test_a_refused_form_does_not_give_the_private_key_back(enter: Callable[..., Client], corp: Corp) -> None:
    operations.keep_key(corp, FIRST, version=1, by=None, now=timezone.now())
    refused = (
        enter()
        .post(reverse("wecom:archive_supply_key", args=[corp.pk]), {"private": SECOND.private, "version": "1"})
        .content.decode()
    )
    assert SECOND.private.split("\n")[1] not in refused


def held(corp: Corp, number: int, version: int, why: str) -> None:
    ArchiveHeld.objects.create(
        corp=corp, seq=number, msgid=str(number), version=version, why=why, tried_with="", found_at=timezone.now()
    )


def test_what_waits_for_a_key_says_for_which(enter: Callable[..., Client], corp: Corp) -> None:
    for number in range(3):
        held(corp, number, 2, "no_key")
    held(corp, 4, 1, "wrong_key")
    held(corp, 5, 3, "damaged")
    said = words(enter(), corp)
    assert "3 records wait for the key of version 2. Supply it, and they are read." in said
    assert "1 record of version 1 does not open with its key." in said
    assert "cannot open 1 record of version 3" in said


def covered(corp: Corp, number: int, **changes: object) -> None:
    told = {"name": f"花园 {number}", "customers": 10 + number, "checked_at": timezone.now(), "check_at": timezone.now()}
    ArchiveCoverage.objects.create(corp=corp, group_id=f"wr{number}", **{**told, **changes})


def test_coverage_is_told_in_one_sentence_and_group_by_group(enter: Callable[..., Client], corp: Corp) -> None:
    for number in range(4):
        covered(corp, number, licensed=int(number > 0), colleagues=1)
    covered(corp, 9, checked_at=None, refused=0)
    said = words(enter(), corp)
    assert "75.0% (3 of 4) groups" in said
    assert "1 group is still to be looked at." in said
    assert "花园 0" in said
    listed = enter().get(reverse("wecom:archive_groups", args=[corp.pk]), {"heard": "no"})
    assert [row.name for row in listed.context["list"].ordered] == ["花园 0"]
    everything = enter().get(reverse("wecom:archive_groups", args=[corp.pk]))
    assert everything.context["list"].ordered[0].name == "花园 0"
    sheet = enter().get(reverse("wecom:archive_groups", args=[corp.pk]), {"export": "csv"})
    assert b"".join(sheet.streaming_content).decode().count("花园") == 5  # type: ignore[attr-defined]
    assert Export.objects.get().what == "archive-coverage"


def test_looking_again_is_asked_for_all_groups(enter: Callable[..., Client], corp: Corp) -> None:
    later = timezone.now() + timedelta(days=1)
    reading(corp, groups_listed_at=timezone.now(), chores_at=later)
    covered(corp, 1, check_at=later)
    enter(Role.LEAD).post(reverse("wecom:archive_check", args=[corp.pk]))
    assert ArchiveCoverage.objects.get().check_at <= timezone.now()
    archive = Archive.objects.get()
    assert archive.groups_listed_at is None
    assert archive.chores_at <= timezone.now()


def kept_file(corp: Corp, tmp_path: Path, **changes: object) -> ArchiveFile:
    told = {
        "msgid": "1", "number": 0, "group_id": ROOM, "author_id": "wmTao", "at": timezone.now(), "kind": "file", "file_id": "f",
        "name": "报价.html", "state": "kept", "stored": "1.file", "got": 4, "next_at": timezone.now(), **changes,
    }  # fmt: skip
    place = tmp_path / "archive" / str(corp.pk)
    place.mkdir(parents=True, exist_ok=True)
    (place / "1.file").write_bytes(b"<b>!")
    return ArchiveFile.objects.create(corp=corp, **told)


def test_files_are_saved_never_shown(enter: Callable[..., Client], corp: Corp, tmp_path: Path) -> None:
    file = kept_file(corp, tmp_path)
    assert "报价.html" in enter().get(reverse("wecom:archive_files", args=[corp.pk])).content.decode()
    answer = enter(Role.OPERATOR).get(reverse("wecom:archive_file", args=[corp.pk, file.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content) == b"<b>!"  # type: ignore[attr-defined]
    file.state = ArchiveFile.State.GONE
    file.save()
    assert enter().get(reverse("wecom:archive_file", args=[corp.pk, file.pk])).status_code == 404


def test_kinds_nobody_knows_are_counted(enter: Callable[..., Client], corp: Corp) -> None:
    ArchiveRaw.objects.create(corp=corp, msgid="1", msgtype="chain_list", group_id=ROOM, at=timezone.now(), raw="{}")
    assert "chain_list: 1" in words(enter(), corp)


def test_yu_from_elsewhere_sees_nothing_and_changes_nothing(enter: Callable[..., Client], corp: Corp, tmp_path: Path) -> None:
    file = kept_file(corp, tmp_path)
    key = operations.make_key(corp, by=None, now=timezone.now())
    yu = enter(Role.ADMIN, "yu")
    for name in ("archive", "archive_groups", "archive_files"):
        assert yu.get(reverse(f"wecom:{name}", args=[corp.pk])).status_code == 404
    assert yu.get(reverse("wecom:archive_file", args=[corp.pk, file.pk])).status_code == 404
    for name in ("archive_set_up", "archive_check", "archive_make_key", "archive_supply_key"):
        assert yu.post(reverse(f"wecom:{name}", args=[corp.pk]), {"file_limit_mb": "1"}).status_code == 404
    assert yu.post(reverse("wecom:archive_name_key", args=[corp.pk, key.pk]), {"version": "1"}).status_code == 404
    assert ArchiveKey.objects.get().version is None


def test_a_key_of_another_company_is_not_named_through_this_one(enter: Callable[..., Client], corp: Corp) -> None:
    other = Corp.objects.create(community="elsewhere", corpid="wwother", made_at=timezone.now())
    theirs = operations.make_key(other, by=None, now=timezone.now())
    enter().post(reverse("wecom:archive_name_key", args=[corp.pk, theirs.pk]), {"version": "1"})
    assert ArchiveKey.objects.get().version is None


@pytest.mark.parametrize("name", ["archive_set_up", "archive_make_key", "archive_supply_key"])
def test_only_administrators_touch_secrets_and_keys(enter: Callable[..., Client], corp: Corp, name: str) -> None:
    assert enter(Role.LEAD).post(reverse(f"wecom:{name}", args=[corp.pk]), {"file_limit_mb": "1"}).status_code == 403
    said = words(enter(Role.LEAD), corp)
    assert reverse(f"wecom:{name}", args=[corp.pk]) not in said
    assert enter(Role.OPERATOR).get(reverse("wecom:archive", args=[corp.pk])).status_code == 403


def test_the_page_takes_few_questions_however_much_there_is(
    enter: Callable[..., Client], corp: Corp, django_assert_max_num_queries: Any
) -> None:
    reading(corp, asked_at=timezone.now())
    for number in range(60):
        covered(corp, number)
        held(corp, number, number % 7, "no_key")
    client = enter()
    words(client, corp)
    with django_assert_max_num_queries(25):
        words(client, corp)
    with django_assert_max_num_queries(15):
        client.get(reverse("wecom:archive_groups", args=[corp.pk]))
