"""Recognising and reading as a whole: what was tried is named, zones are asked for, one bad file does not stop the others."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from huoqun.carriers import registry
from huoqun.carriers.exports import errors
from huoqun.carriers.exports.formats import FORMATS

from . import samples
from .memory import SETTING, events, unreadables


def test_what_nobody_can_read_names_everything_that_was_tried(tmp_path: Path) -> None:
    place = tmp_path / "letter.txt"
    place.write_text("Dear Lin, nothing of this is an export.")
    with pytest.raises(errors.NotRecognised) as caught:
        registry.recognise([place])
    assert caught.value.file == "letter.txt"
    assert [title for title, _ in caught.value.tried] == [form.TITLE for form in FORMATS]
    for form in FORMATS:
        assert form.TITLE in str(caught.value)
        assert form.LOOKS_FOR in str(caught.value)


def test_errors_can_be_translated() -> None:
    error = errors.NotRecognised("a.txt", [("One", "this")])
    assert error.message.format(**error.values) == error.told(str) == str(error)


def test_every_format_is_named_in_the_readers_language(tmp_path: Path) -> None:
    place = tmp_path / "letter.txt"
    place.write_text("Dear Lin, nothing of this is an export.")
    with pytest.raises(errors.NotRecognised) as caught:
        registry.recognise([place])
    told = caught.value.told(_in_angles)
    for form in FORMATS:
        assert f"<{form.TITLE}>" in told
        assert f"<{form.LOOKS_FOR}>" in told
    titles = [form.TITLE for form in FORMATS]
    assert registry.titles_told(", ".join(titles), _in_angles) == ", ".join(f"<{title}>" for title in titles)


def _in_angles(text: str) -> str:
    """A language that puts everything between angles."""
    return f"<{text}>"


@pytest.mark.parametrize(
    "junk", [b"{", b"[", b"\x00" * 99, b"\xff\xfe\xfd", b"PK\x03\x04", b'{"messages"', b"PAR1", b"a,b,c\n1,2", b"[]"]
)
def test_junk_is_not_recognised_and_breaks_nothing(tmp_path: Path, junk: bytes) -> None:
    place = tmp_path / "result.json"
    place.write_bytes(junk)
    with pytest.raises(errors.ExportError):
        list(registry.read(registry.recognise([place]), SETTING))


def test_local_times_need_a_zone_before_anything_is_read(tmp_path: Path) -> None:
    recognised = registry.recognise([samples.irc(tmp_path)])
    assert recognised.needs_zone
    with pytest.raises(errors.ZoneNeeded) as caught:
        registry.read(recognised, registry.Setting(community="garden", zone=None, account="import-1"))
    assert "--zone" in str(caught.value)


def test_several_exports_of_several_formats_are_read_together(tmp_path: Path) -> None:
    paths = [make(tmp_path) for make in (samples.telegram, samples.irc, samples.slack)]
    recognised = registry.recognise(paths)
    assert recognised.names == ["telegram-desktop", "irc-daily", "slack-export"]
    carriers = {event.account.carrier for event in events(registry.read(recognised, SETTING))}
    assert carriers == {"telegram", "irc", "slack"}


def test_two_exports_of_one_format_stay_two(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    recognised = registry.recognise([samples.slack(first), samples.slack(second)])
    assert len(recognised.parts) == 2
    assert recognised.titles == ["Slack export zip"]


@pytest.mark.parametrize("make", samples.ALL)
def test_reading_twice_gives_the_same_ids(tmp_path: Path, make: samples.Make) -> None:
    place = make(tmp_path)
    recognised = registry.recognise([place])
    once = [(event.group_id, event.source_id) for event in events(registry.read(recognised, SETTING))]
    again = [(event.group_id, event.source_id) for event in events(registry.read(registry.recognise([place]), SETTING))]
    assert once == again
    assert len(set(once)) == len(once) > 2


@pytest.mark.parametrize("make", samples.ALL)
def test_a_longer_export_only_adds(tmp_path: Path, make: samples.Make) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    short.mkdir()
    long.mkdir()
    before = events(registry.read(registry.recognise([make(short)]), SETTING))
    after = events(registry.read(registry.recognise([make(long, more=3)]), SETTING))
    ids = {(event.group_id, event.source_id): event for event in after}
    assert len(after) == len(before) + 3
    for event in before:
        twin = ids[event.group_id, event.source_id]
        assert (twin.at, type(twin)) == (event.at, type(event))


@pytest.mark.parametrize("make", samples.ALL)
def test_progress_ends_at_the_end(tmp_path: Path, make: samples.Make) -> None:
    reading = registry.read(registry.recognise([make(tmp_path)]), SETTING)
    assert reading.progress.done == 0
    for _ in reading:
        pass
    # Parquet is not read byte by byte from front to end; every other format is.
    assert reading.progress.done == reading.progress.total or make is samples.parquet


def test_a_damaged_member_costs_that_member(tmp_path: Path) -> None:
    place = samples.slack(tmp_path)
    raw = bytearray(place.read_bytes())
    with zipfile.ZipFile(place) as archive:
        name = next(info for info in archive.infolist() if info.filename.endswith("2024-05-06.json"))
    raw[name.header_offset + 30 + len(name.filename) + 5] ^= 255
    place.write_bytes(bytes(raw))
    records = list(registry.read(registry.recognise([place]), SETTING))
    assert {bad.file for bad in unreadables(records)} == {"garden/2024-05-06.json"}
    assert events(records)


def test_files_beside_the_export_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "ChatExport"
    folder.mkdir()
    samples.telegram(folder)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    reading = registry.read(registry.recognise([folder]), SETTING)
    assert len(events(reading)) > 3
    assert [str(path) for path in reading.recognised.left_out] == ["photo.jpg"]


@pytest.mark.parametrize("indent", [1, None])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, indent: int | None) -> None:
    peaks = []
    for size in (4_000, 16_000):
        place = tmp_path / f"{size}.json"
        place.write_text(json.dumps(samples.chat(*(samples.message(number) for number in range(size))), indent=indent))
        recognised = registry.recognise([place])
        tracemalloc.start()
        assert sum(1 for _ in registry.read(recognised, SETTING)) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
    assert peaks[1] < place.stat().st_size


@pytest.mark.parametrize("nested", [b"[", b'{"a":', b'[{"id":'])
def test_absurd_depth_is_one_bad_record(tmp_path: Path, nested: bytes) -> None:
    place = samples.telegram_on_one_line(tmp_path)
    raw = place.read_bytes()
    place.write_bytes(raw[:-2] + b", " + nested * 200_000)
    records = list(registry.read(registry.recognise([place]), SETTING))
    assert len(events(records)) == 9
    assert 1 <= len(unreadables(records)) <= 2


def test_formats_are_listed_for_pages() -> None:
    names = [form.name for form in registry.formats()]
    assert len(set(names)) == len(names) >= 5
    assert all(form.title for form in registry.formats())
