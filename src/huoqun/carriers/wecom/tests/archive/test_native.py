"""The C functions through ctypes: the stand-in library, built here with the machine's compiler, and its twin in Python."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.bindings import _rust

from huoqun.carriers.base import Barred, Unreachable, Unreadable
from huoqun.carriers.wecom.archive import codes, operations, queries
from huoqun.carriers.wecom.archive.bodies import READERS
from huoqun.carriers.wecom.archive.codes import LibraryError, LibraryMissing
from huoqun.carriers.wecom.archive.files import Fetcher, path_of
from huoqun.carriers.wecom.archive.library import Access, Library, open_library
from huoqun.carriers.wecom.archive.pull import Pull
from huoqun.carriers.wecom.models import Archive, ArchiveConsent, ArchiveFile, ArchiveHeld, ArchiveRaw, Corp
from huoqun.carriers.wecom.tests.archive.far_side import SECOND
from huoqun.carriers.wecom.tests.sandbox import Sandbox
from huoqun.vocabulary.events import MessagePosted, MessageRecalled
from wecom_sandbox.archive.build import NoCompiler, built_library

pytestmark = pytest.mark.django_db(transaction=True)

TWIN = "wecom_sandbox.archive.twin:Twin"
ROOM = "wrInvented0001"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(params=["compiled", "twin"])
def named(
    request: pytest.FixtureRequest, settings: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> str:
    """The library the installation names."""
    monkeypatch.setenv("WEWORK_SANDBOX", sandbox.base_url)
    settings.UPLOADS = tmp_path
    try:
        settings.WECOM_ARCHIVE_LIBRARY = TWIN if request.param == "twin" else str(built_library())
    except NoCompiler as none:
        pytest.skip(str(none))
    return str(settings.WECOM_ARCHIVE_LIBRARY)


@pytest.fixture
def corp(sandbox: Sandbox) -> Corp:
    corp = sandbox.corp("balcony")
    corp.save()
    return corp


@pytest.fixture
def library(named: str, corp: Corp) -> Library:
    return open_library(Access(corpid=corp.corpid, secret=corp.archive_secret))


@pytest.fixture
def keyed(sandbox: Sandbox, corp: Corp, named: str) -> None:
    key = operations.make_key(corp, by=None, now=now())
    assert sandbox.control("archive/key", {"public_key": key.public}) == {"version": 1}


def say(sandbox: Sandbox, *words: str, **fields: Any) -> None:
    common = {"action": "send", "from": "wmTao", "tolist": ["mo"], "roomid": ROOM, "msgtype": "text"}
    messages = [{**common, "text": {"content": each}, **fields} for each in words]
    sandbox.control("archive/write", {"messages": messages})


def pulled(corp: Corp, since: str = "") -> tuple[list[Any], str]:
    """Everything there is, and the cursor behind it."""
    ear, told, cursor, more = Pull(corp.archive_account, now=now), [], since, True
    while more:
        received = ear.receive(cursor)
        told += received.records
        cursor, more = received.cursor, received.more
    return told, cursor


def texts(told: list[Any]) -> list[str | None]:
    return [each.text for each in told if isinstance(each, MessagePosted)]


@pytest.mark.usefixtures("keyed")
def test_what_is_said_arrives_through_the_library(sandbox: Sandbox, corp: Corp) -> None:
    say(sandbox, "早", "今晚几点?")
    sandbox.control("archive/skip", {"count": 40})
    say(sandbox, "八点\x01")
    told, cursor = pulled(corp)
    assert texts(told) == ["早", "今晚几点?", "八点"]
    assert cursor == "43"
    assert pulled(corp, cursor) == ([], "43")
    say(sandbox, "好")
    assert texts(pulled(corp, cursor)[0]) == ["好"]


@pytest.mark.usefixtures("keyed")
def test_every_kind_the_far_side_can_say_is_read_but_the_one_nobody_knows(sandbox: Sandbox, corp: Corp) -> None:
    written = sandbox.control("archive/samples", {"from": "wmTao", "to": ["mo"], "roomid": ROOM})["written"]
    told, _cursor = pulled(corp)
    assert not [each for each in told if isinstance(each, Unreadable)]
    assert any(isinstance(each, MessageRecalled) for each in told)
    strange = set(ArchiveRaw.objects.values_list("msgtype", flat=True))
    assert strange == {each["msgtype"] for each in written if each["msgtype"]} - READERS.keys() - {
        "revoke",
        "agree",
        "disagree",
    }
    assert len(strange) == 1
    assert ArchiveConsent.objects.exists()


@pytest.mark.usefixtures("keyed")
def test_a_long_history_comes_page_by_page(sandbox: Sandbox, corp: Corp) -> None:
    sandbox.control("archive/fill", {"count": 2300, "from": "wmTao", "to": ["mo"], "roomid": ROOM})
    told, cursor = pulled(corp)
    assert (len(told), cursor) == (2300, "2300")
    assert len({each.source_id for each in told}) == 2300
    archive = Archive.objects.get(corp=corp)
    assert (archive.records, archive.more) == (2300, False)


@pytest.mark.usefixtures("keyed")
def test_a_version_nobody_has_waits_until_its_key_is_supplied(sandbox: Sandbox, corp: Corp) -> None:
    say(sandbox, "一")
    sandbox.control("archive/key", {"public_key": SECOND.public})
    say(sandbox, "二", "三")
    told, cursor = pulled(corp)
    assert texts(told) == ["一"]
    assert queries.held_by_version(corp) == [(2, "no_key", 2)]
    assert operations.keep_key(corp, SECOND, version=2, by=None, now=now())
    assert texts(pulled(corp, cursor)[0]) == ["二", "三"]
    assert not ArchiveHeld.objects.exists()


@pytest.mark.usefixtures("keyed")
def test_files_come_whole_through_the_library(sandbox: Sandbox, corp: Corp) -> None:
    file = sandbox.control("archive/file", {"size": 1_300_000, "seed": "a"})
    body = {name: file[name] for name in ("md5sum", "filesize", "sdkfileid")}
    say(sandbox, "图", msgtype="image", image=body)
    pulled(corp)
    fetcher = Fetcher(clock=now)
    sandbox.control("archive/trouble", {"code": codes.NETWORK, "times": 1, "of": "files"})
    assert fetcher.round()
    row = ArchiveFile.objects.get()
    assert (row.state, row.tries) == ("waiting", 1)
    ArchiveFile.objects.update(next_at=now())
    assert fetcher.round()
    row.refresh_from_db()
    assert (row.state, row.got) == ("kept", 1_300_000)
    content = path_of(row).read_bytes()
    assert hashlib.md5(content, usedforsecurity=False).hexdigest() == file["md5sum"]


@pytest.mark.usefixtures("keyed")
def test_pieces_are_of_512_kb_and_the_index_is_the_librarys(sandbox: Sandbox, library: Library) -> None:
    file = sandbox.control("archive/file", {"size": 600_000, "seed": "b"})
    first = library.piece(file["sdkfileid"], "")
    assert (len(first.data), first.next, first.last) == (524_288, "Range:bytes=524288-1048575", False)
    second = library.piece(file["sdkfileid"], first.next)
    assert (len(second.data), second.last) == (600_000 - 524_288, True)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda library: library.piece("never-there", ""), codes.FILE_ID),
        (lambda library: library.records(0, 1001), codes.PARAMETER),
        (lambda library: library.open("no key", "A" * 64), codes.WRONG_KEY),
        (lambda library: library.open("0" * 64, "A" * 64), codes.DECRYPTION),
    ],
)
def test_the_librarys_numbers_come_through(library: Library, ask: Callable[[Library], object], code: int) -> None:
    with pytest.raises(LibraryError) as error:
        ask(library)
    assert error.value.code == code


@pytest.mark.usefixtures("keyed")
def test_outages_are_waited_out_and_refusals_told(sandbox: Sandbox, corp: Corp) -> None:
    say(sandbox, "早")
    ear = Pull(corp.archive_account, now=now)
    for code in (codes.NETWORK, codes.SYSTEM, 45009, -1):
        sandbox.control("archive/trouble", {"code": code, "times": 1})
        with pytest.raises(Unreachable):
            ear.receive("")
    for code, words in ((301042, "trusted addresses"), (codes.CERTIFICATE, "certificate")):
        sandbox.control("archive/trouble", {"code": code, "times": 1})
        with pytest.raises(Barred, match=words):
            ear.receive("")
    assert texts(list(ear.receive("").records)) == ["早"]


def test_a_wrong_secret_is_told_and_is_in_no_words(sandbox: Sandbox, corp: Corp, named: str) -> None:
    corp.archive_secret = "not-the-secret"
    corp.save()
    with pytest.raises(Barred, match="archive secret") as barred:
        Pull(corp.archive_account, now=now).receive("")
    assert "not-the-secret" not in f"{barred.value!r} {barred.value.__cause__!r}"
    assert "not-the-secret" not in repr(Access(corpid="c", secret="not-the-secret"))


def test_a_file_that_is_no_library_or_not_there_is_said_to_be_none(tmp_path: Path, settings: Any) -> None:
    access = Access(corpid="c", secret="s")
    for name, words in (("", "not installed"), (str(tmp_path / "none.so"), "not installed")):
        settings.WECOM_ARCHIVE_LIBRARY = name
        with pytest.raises(LibraryMissing, match=words):
            open_library(access)
    wrong = tmp_path / "wrong.so"
    wrong.write_bytes(b"no library")
    settings.WECOM_ARCHIVE_LIBRARY = str(wrong)
    with pytest.raises(LibraryMissing, match="not WeCom's"):
        open_library(access)
    settings.WECOM_ARCHIVE_LIBRARY = _rust.__file__
    with pytest.raises(LibraryMissing, match="not WeCom's"):
        open_library(access)


def test_the_library_may_be_made_and_given_up_over_and_over(library: Library, named: str, corp: Corp) -> None:
    """Leaks or double frees of the far side's memory end the process sooner or later."""
    for _again in range(200):
        each = open_library(Access(corpid=corp.corpid, secret=corp.archive_secret))
        with pytest.raises(LibraryError):
            each.open("x", "y")
        each.close()
        each.close()
