"""Damage of any kind: nothing but the named errors comes out, and one wound costs about one record."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoqun.carriers import registry
from huoqun.carriers.base import Unreadable
from huoqun.vocabulary.events import Event

from . import samples
from .memory import SETTING


@st.composite
def wounds(draw: st.DrawFn) -> list[tuple[float, str, bytes]]:
    """Where (as a share of the file), how, and with what."""
    how = st.sampled_from(["cut", "flip", "insert", "drop"])
    place = st.floats(0, 1, exclude_max=True)
    what = st.one_of(
        st.binary(min_size=1, max_size=4), st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"\\", b"\x00"])
    )
    return draw(st.lists(st.tuples(place, how, what), min_size=1, max_size=3))


def wounded(raw: bytes, all_wounds: list[tuple[float, str, bytes]]) -> bytes:
    for place, how, what in all_wounds:
        at = int(place * len(raw))
        if how == "cut":
            raw = raw[: max(1, at)]
        elif how == "drop":
            raw = raw[:at] + raw[at + len(what) :]
        elif how == "insert":
            raw = raw[:at] + what + raw[at:]
        elif at < len(raw):
            raw = raw[:at] + bytes([raw[at] ^ what[0]]) + raw[at + 1 :]
    return raw


def victim(make: samples.Make, folder: Path) -> tuple[Path, Path]:
    """What is handed in, and the file that is damaged."""
    handed_in = make(folder, more=5)
    if handed_in.is_file():
        return handed_in, handed_in
    return handed_in, max((path for path in handed_in.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize("make", samples.ALL)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(all_wounds=wounds())
def test_damage_raises_only_what_has_a_name(make: samples.Make, all_wounds: list[tuple[float, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        handed_in, file = victim(make, Path(folder))
        whole = len(list(registry.read(registry.recognise([handed_in]), SETTING)))
        file.write_bytes(wounded(file.read_bytes(), all_wounds) or b" ")
        try:
            records = list(registry.read(registry.recognise([handed_in]), SETTING))
        except registry.ExportError:
            return
        assert all(isinstance(record, Event | Unreadable) for record in records)
        assert len(records) <= whole + 8 * len(all_wounds)


@pytest.mark.parametrize("make", [samples.telegram, samples.telegram_on_one_line, samples.as_csv, samples.jsonl, samples.irc])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0.4, 0.95), byte=st.integers(1, 255))
def test_one_flipped_byte_costs_at_most_two_records(make: samples.Make, place: float, byte: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        handed_in, file = victim(make, Path(folder))
        whole = [record for record in registry.read(registry.recognise([handed_in]), SETTING) if isinstance(record, Event)]
        raw = bytearray(file.read_bytes())
        raw[int(place * len(raw))] ^= byte
        file.write_bytes(bytes(raw))
        left = [record for record in registry.read(registry.recognise([handed_in]), SETTING) if isinstance(record, Event)]
        assert len(left) >= len(whole) - 2
