"""What was handed in is walked safely: hostile archives are refused, nothing is believed before it is counted."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import pytest

from huoqun.carriers.exports import errors, source
from huoqun.carriers.exports.limits import Limits, Meter
from huoqun.carriers.exports.reading import recognise

SMALL = Limits(bytes=1 << 20, files=5, depth=3, ratio=50, ratio_from=1 << 12)


def walk(path: Path, limits: Limits = SMALL) -> list[source.SourceEntry]:
    return source.entries(path, Meter(limits))


def zipped(place: Path, members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(place, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return place


def test_a_file_a_folder_and_a_zip_give_the_same_entries(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "one.json").write_bytes(b"[1]")
    (folder / "two.json").write_bytes(b"[2]")
    (folder / ".DS_Store").write_bytes(b"x")
    archive = zipped(tmp_path / "export.zip", {"a/one.json": b"[1]", "two.json": b"[2]", "__MACOSX/x": b"x", "a/._one": b"x"})
    for handed_in in (folder, archive):
        assert {str(entry.path): entry.open().read() for entry in walk(handed_in)} == {"a/one.json": b"[1]", "two.json": b"[2]"}
    assert [(str(entry.path), entry.head(2)) for entry in walk(folder / "two.json")] == [("two.json", b"[2")]


@pytest.mark.parametrize(
    "name", ["../up.json", "/etc/passwd", "a/../../b", "C:/x.json", "..\\up.json", "\\\\host\\x", "a\\..\\b"]
)
def test_an_archive_whose_member_wants_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.UnsafeArchive) as caught:
        walk(zipped(tmp_path / "bad.zip", {name: b"[]", "good.json": b"[]"}))
    assert "bad.zip" in str(caught.value)


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"big.json": b"[" + b" " * 900_000})
    (entry,) = walk(bomb)
    with entry.open() as stream, pytest.raises(errors.UnsafeArchive) as caught:
        b"".join(iter(lambda: stream.read(4096), b""))
    assert "zip bomb" in str(caught.value)


def test_a_bomb_is_stopped_when_only_its_head_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(errors.UnsafeArchive):
        recognise([zipped(tmp_path / "bomb.zip", {"big.json": b"[" + b" " * 900_000})], SMALL)


def test_small_files_may_pack_well(tmp_path: Path) -> None:
    (entry,) = walk(zipped(tmp_path / "fine.zip", {"a.json": b" " * 4000}))
    assert len(entry.open().read()) == 4000


def test_members_that_share_their_bytes_are_stopped_together(tmp_path: Path) -> None:
    place = tmp_path / "overlap.zip"
    zipped(place, {"a.json": os.urandom(60) + b" " * 100_000})
    raw = place.read_bytes()
    directory, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    one = raw[directory:end]
    many = b"".join(one.replace(b"a.json", f"{letter}.json".encode()) for letter in "abcde")
    tail = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 5, 5, len(many), directory, 0)
    place.write_bytes(raw[:directory] + many + tail)
    loose = Limits(bytes=1 << 20, files=5, ratio=600, ratio_from=1 << 12)
    found = walk(place, loose)
    assert len(found) == 5
    found[0].open().read()
    with pytest.raises((errors.UnsafeArchive, errors.FileUnreadable)):
        b"".join(entry.open().read() for entry in found)


def test_a_header_that_lies_about_the_size_lets_nothing_more_through(tmp_path: Path) -> None:
    place = zipped(tmp_path / "lie.zip", {"a.json": b" " * 300_000})
    raw = bytearray(place.read_bytes())
    at = raw.index(b"PK\x01\x02") + 20
    raw[at : at + 4] = struct.pack("<L", 1 << 30)  # "packed into a gigabyte": the ratio would look harmless
    place.write_bytes(bytes(raw))
    (entry,) = walk(place)
    with pytest.raises((errors.UnsafeArchive, errors.FileUnreadable)):
        entry.open().read()


def test_too_many_files_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    many = zipped(tmp_path / "many.zip", {f"{number}.json": b"[]" for number in range(6)})
    with pytest.raises(errors.TooLarge) as caught:
        walk(many)
    assert "more than 5 files" in str(caught.value)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(6):
        (folder / str(number)).write_bytes(b"x")
    with pytest.raises(errors.TooLarge):
        walk(folder)


def test_too_deep_and_too_much_are_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.UnsafeArchive):
        walk(zipped(tmp_path / "deep.zip", {"a/b/c/d.json": b"[]"}))
    big = tmp_path / "big.json"
    big.write_bytes(os.urandom((1 << 20) + 1))
    with pytest.raises(errors.TooLarge):
        walk(big)[0].open().read()


def test_an_archive_inside_an_archive_is_not_opened_and_is_named(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"channels.json": b"[]"})
    outer = zipped(tmp_path / "outer.zip", {"inner.zip": inner.read_bytes()})
    assert [str(entry.path) for entry in walk(outer)] == ["inner.zip"]
    with pytest.raises(errors.NotRecognised) as caught:
        recognise([outer])
    assert "inner.zip" in str(caught.value)
    assert "unpack" in str(caught.value)


def test_links_inside_a_folder_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.json").write_bytes(b"[]")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "mine.json").write_bytes(b"[]")
    (folder / "link.json").symlink_to(tmp_path / "secret" / "key.json")
    (folder / "linked").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    assert [str(entry.path) for entry in walk(folder)] == ["mine.json"]


def test_links_inside_a_zip_are_no_files(tmp_path: Path) -> None:
    place = tmp_path / "link.zip"
    with zipfile.ZipFile(place, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("mine.json", "[]")
    assert [str(entry.path) for entry in walk(place)] == ["mine.json"]


def test_chinese_names_in_the_code_page_of_windows_are_read(tmp_path: Path) -> None:
    place = zipped(tmp_path / "win.zip", {"zz/result.json": b"[]"})
    name = "群".encode("gb18030")
    place.write_bytes(place.read_bytes().replace(b"zz/", name + b"/"))
    assert [str(entry.path) for entry in walk(place)] == ["群/result.json"]


def test_a_damaged_or_locked_member_is_an_error_that_names_it(tmp_path: Path) -> None:
    place = zipped(tmp_path / "torn.zip", {"a.json": os.urandom(5000)}, zipfile.ZIP_STORED)
    raw = bytearray(place.read_bytes())
    raw[100] ^= 255
    place.write_bytes(bytes(raw))
    with pytest.raises(errors.FileUnreadable) as caught:
        walk(place)[0].open().read()
    assert "a.json" in str(caught.value)
    locked = zipped(tmp_path / "locked.zip", {"a.json": b"[]"})
    raw = bytearray(locked.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(bytes(raw))
    with pytest.raises(errors.FileUnreadable) as caught:
        walk(locked)[0].open()
    assert "password" in str(caught.value)


def test_a_cut_off_zip_is_named(tmp_path: Path) -> None:
    place = zipped(tmp_path / "cut.zip", {"a.json": os.urandom(5000)})
    place.write_bytes(place.read_bytes()[:2000])
    with pytest.raises(errors.FileUnreadable) as caught:
        walk(place)
    assert "cut.zip" in str(caught.value)


def test_a_zip_of_a_kind_nobody_knows_is_named(tmp_path: Path) -> None:
    place = zipped(tmp_path / "strange.zip", {"a.json": b"[]"})
    raw = bytearray(place.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 6] = 84
    place.write_bytes(bytes(raw))
    with pytest.raises(errors.FileUnreadable) as caught:
        walk(place)
    assert "strange.zip" in str(caught.value)


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(errors.NothingToRead):
        walk(tmp_path / "absent.json")
    (tmp_path / "empty.json").write_bytes(b"")
    with pytest.raises(errors.NothingToRead) as caught:
        walk(tmp_path / "empty.json")
    assert "empty" in str(caught.value)


def test_progress_counts_each_byte_once(tmp_path: Path) -> None:
    place = tmp_path / "a.json"
    place.write_bytes(b"x" * 1000)
    meter = Meter(Limits())
    (entry,) = source.entries(place, meter)
    entry.head()
    assert (meter.done, meter.total) == (0, 1000)
    entry.look_through().read()
    assert meter.done == 0
    entry.open().read()
    entry.open().read()
    assert meter.done == 1000
