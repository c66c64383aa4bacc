"""Files come piece by piece, are taken up where they were put down, and are kept only whole."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huoqun.carriers.operations import forget_mentions
from huoqun.carriers.wecom.archive import codes, files, operations, rules
from huoqun.carriers.wecom.archive.files import Fetcher, delete_files, path_of
from huoqun.carriers.wecom.models import ArchiveFile, Corp
from huoqun.carriers.wecom.operations.companies import leave
from huoqun.carriers.wecom.tests.archive.far_side import NOW, ROOM, SAID_AT, Clock, FarSide

pytestmark = pytest.mark.django_db

CONTENT = b"0123456789"


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: object) -> Path:
    settings.UPLOADS = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def corp() -> Corp:
    return Corp.objects.create(community="balcony", corpid="wwcorp", archive_secret="a1", made_at=NOW)


@pytest.fixture
def far() -> FarSide:
    return FarSide(files={"f1": CONTENT})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(far: FarSide, clock: Clock) -> Fetcher:
    return Fetcher(libraries=far.library, clock=clock)


def waiting(corp: Corp, **changes: object) -> ArchiveFile:
    operations.begin(corp)
    told = {
        "msgid": "1_external",
        "number": 0,
        "group_id": ROOM,
        "author_id": "wmTao",
        "at": SAID_AT,
        "kind": "image",
        "size": len(CONTENT),
        "md5": hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(),
        "file_id": "f1",
        "next_at": NOW,
        **changes,
    }
    return ArchiveFile.objects.create(corp=corp, **told)


def seen(file: ArchiveFile) -> ArchiveFile:
    file.refresh_from_db()
    return file


def test_a_file_comes_in_pieces_and_is_kept_whole(corp: Corp, far: FarSide, fetcher: Fetcher) -> None:
    file = waiting(corp)
    assert fetcher.round()
    assert (seen(file).state, file.got) == ("kept", 10)
    assert path_of(file).read_bytes() == CONTENT
    assert path_of(file).stat().st_mode & 0o077 == 0
    assert [each[2] for each in far.asked] == ["", "4", "8"]
    assert not fetcher.round()


def test_an_empty_file_is_a_file(corp: Corp, far: FarSide, fetcher: Fetcher) -> None:
    far.files["f1"] = b""
    file = waiting(corp, size=0, md5="")
    fetcher.round()
    assert (seen(file).state, path_of(file).read_bytes()) == ("kept", b"")


def test_what_was_broken_off_goes_on_where_it_was(corp: Corp, far: FarSide, fetcher: Fetcher, clock: Clock) -> None:
    file = waiting(corp)
    far.refusals = [0, codes.NETWORK]
    far.refusals = []
    original = far.library

    class Breaking:
        def __init__(self) -> None:
            self.pieces = 0

        def __call__(self, access: object) -> object:
            library = original(access)  # type: ignore[arg-type]
            whole = library.piece

            def piece(file_id: str, at: str) -> object:
                self.pieces += 1
                if self.pieces == 3:
                    raise codes.LibraryError(codes.NETWORK, "fetch a file")
                return whole(file_id, at)

            library.piece = piece  # type: ignore[method-assign, assignment]
            return library

    Fetcher(libraries=Breaking(), clock=clock).round()  # type: ignore[arg-type]
    assert (seen(file).state, file.got, file.index, file.tries) == ("waiting", 8, "8", 1)
    assert not fetcher.round()
    clock.advance(rules.wait_for_file(0))
    far.asked.clear()
    assert fetcher.round()
    assert seen(file).state == "kept"
    assert far.asked == [("piece", "f1", "8")]


def test_what_a_crash_wrote_beyond_the_row_is_written_again(corp: Corp, far: FarSide, fetcher: Fetcher, uploads: Path) -> None:
    file = waiting(corp, got=4, index="4")
    part = files.folder(corp.pk) / f"{file.pk}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"0123garbage")
    fetcher.round()
    assert path_of(seen(file)).read_bytes() == CONTENT


def test_where_the_disk_has_less_than_the_row_it_begins_again(corp: Corp, far: FarSide, fetcher: Fetcher) -> None:
    file = waiting(corp, got=8, index="8")
    fetcher.round()
    assert path_of(seen(file)).read_bytes() == CONTENT
    assert far.asked[0] == ("piece", "f1", "")


def test_where_the_disk_has_lost_a_piece_it_begins_again(corp: Corp, far: FarSide, fetcher: Fetcher) -> None:
    file = waiting(corp, got=8, index="8")
    part = files.folder(corp.pk) / f"{file.pk}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"0123")
    fetcher.round()
    assert far.asked[0] == ("piece", "f1", "")
    assert path_of(seen(file)).read_bytes() == CONTENT


def test_what_is_not_as_announced_is_fetched_afresh_and_in_the_end_given_up(
    corp: Corp, far: FarSide, fetcher: Fetcher, clock: Clock
) -> None:
    file = waiting(corp, md5="f" * 32)
    for _try in range(rules.FILE_TRIES):
        assert seen(file).state == "waiting"
        assert fetcher.round()
        clock.advance(timedelta(hours=4))
    assert (seen(file).state, file.tries) == ("failed", rules.FILE_TRIES - 1)
    assert not list(files.folder(corp.pk).iterdir())


def test_one_that_was_damaged_on_the_way_once_is_whole_the_next_time(
    corp: Corp, far: FarSide, fetcher: Fetcher, clock: Clock
) -> None:
    file = waiting(corp)
    far.files["f1"] = b"0123x56789"
    fetcher.round()
    assert (seen(file).state, file.got) == ("waiting", 0)
    far.files["f1"] = CONTENT
    clock.advance(timedelta(hours=1))
    fetcher.round()
    assert seen(file).state == "kept"


@pytest.mark.parametrize("code", [codes.FILE_ID, codes.EXPIRED, 301048])
def test_what_is_no_longer_there_is_not_asked_for_again(corp: Corp, far: FarSide, fetcher: Fetcher, code: int) -> None:
    file = waiting(corp)
    far.refusals = [code]
    fetcher.round()
    assert (seen(file).state, file.code) == ("gone", code)


@pytest.mark.parametrize("code", [codes.KEY, codes.ADDRESS])
def test_where_the_archive_lets_nobody_in_the_file_loses_no_try(
    corp: Corp, far: FarSide, fetcher: Fetcher, clock: Clock, code: int
) -> None:
    file = waiting(corp)
    far.refusals = [code]
    fetcher.round()
    assert (seen(file).state, file.tries) == ("waiting", 0)
    assert not fetcher.round()
    clock.advance(files.NOT_NOW)
    fetcher.round()
    assert seen(file).state == "kept"


def test_without_a_library_files_wait(corp: Corp, clock: Clock) -> None:
    file = waiting(corp)
    assert Fetcher(clock=clock).round()
    assert (seen(file).state, file.next_at) == ("waiting", NOW + files.NOT_NOW)


@pytest.mark.parametrize(("limit_mb", "announced"), [(0, 10), (1, 2 << 20)])
def test_what_is_too_large_by_now_is_not_fetched(
    corp: Corp, far: FarSide, fetcher: Fetcher, limit_mb: int, announced: int
) -> None:
    file = waiting(corp, size=announced)
    operations.set_up(corp, proxy="", proxy_password="", file_limit_mb=limit_mb)
    fetcher.round()
    assert seen(file).state == "too_large"
    assert far.asked == []


def test_a_file_larger_than_it_was_announced_is_stopped_at_the_limit(corp: Corp, far: FarSide, fetcher: Fetcher) -> None:
    far.files["f1"], far.piece_size = bytes(3 << 20), 1 << 19
    file = waiting(corp, size=0, md5="")
    operations.set_up(corp, proxy="", proxy_password="", file_limit_mb=1)
    fetcher.round()
    assert seen(file).state == "too_large"
    assert len(far.asked) == 3
    assert not list(files.folder(corp.pk).iterdir())


def test_a_long_file_lets_others_have_their_turn(
    corp: Corp, far: FarSide, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PIECES", 2)
    file = waiting(corp)
    assert fetcher.round()
    assert (seen(file).state, file.got) == ("waiting", 8)
    assert fetcher.round()
    assert seen(file).state == "kept"


def test_two_workers_never_fetch_one_file(corp: Corp, far: FarSide, clock: Clock) -> None:
    file = waiting(corp)
    assert operations.take_file(ArchiveFile.objects.get(pk=file.pk), until=NOW + rules.FILE_TURN)
    assert not operations.take_file(file, until=NOW + rules.FILE_TURN)
    assert not Fetcher(libraries=far.library, clock=clock).round()


def test_files_nobody_names_any_more_go(corp: Corp, fetcher: Fetcher) -> None:
    file = waiting(corp)
    fetcher.round()
    lies = path_of(seen(file))
    delete_files([f"{corp.pk}/{file.stored}", f"{corp.pk}/never-there.file"])
    assert not lies.exists()


def test_an_erased_person_takes_their_files_with_them(
    corp: Corp, fetcher: Fetcher, django_capture_on_commit_callbacks: Any
) -> None:
    file = waiting(corp)
    fetcher.round()
    lies = path_of(seen(file))
    with django_capture_on_commit_callbacks(execute=True):
        forget_mentions("balcony", ["wmTao"])
        assert lies.exists()
    assert not lies.exists()
    assert not ArchiveFile.objects.exists()


def test_a_company_that_is_disconnected_leaves_no_files(
    corp: Corp, fetcher: Fetcher, django_capture_on_commit_callbacks: Any
) -> None:
    waiting(corp)
    fetcher.round()
    place = files.folder(corp.pk)
    with django_capture_on_commit_callbacks(execute=True):
        leave(corp)
    assert not place.exists()
