"""Each carrier's quality.md is complete, and what it calls done is shown by a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huoqun.carriers import registry
from tests.carriers.quality import POINTS, STATES

ROOT = Path(__file__).resolve().parents[2]
CARRIERS = ROOT / "src/huoqun/carriers"
ROW = re.compile(r"^\| ([a-z][a-z-]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows(name: str) -> dict[str, tuple[str, str]]:
    text = (CARRIERS / name / "quality.md").read_text(encoding="utf-8")
    return {point: (state.strip(), shown.strip()) for point, state, shown in ROW.findall(text) if point != "point"}


def known_tests(name: str) -> set[str]:
    files = [*(ROOT / "tests/carriers").glob("test_*.py"), *(CARRIERS / name).rglob("test_*.py")]
    return {
        f"{file.stem}::{test}"
        for file in files
        for test in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize("name", registry.manifests())
def test_it_speaks_to_every_point_and_to_no_other(name: str) -> None:
    assert list(rows(name)) == list(POINTS)


@pytest.mark.parametrize("name", registry.manifests())
def test_done_is_shown_by_tests_and_the_rest_says_why(name: str) -> None:
    there = known_tests(name)
    for point, (state, shown) in rows(name).items():
        assert state in STATES, f"{name}, {point}: '{state}' is none of {STATES}"
        if state == "done":
            named = re.findall(r"`([^`]+)`", shown)
            assert named, f"{name}, {point}: which test shows it?"
            assert set(named) <= there, f"{name}, {point}: no such test: {sorted(set(named) - there)}"
        else:
            assert len(shown) > 15, f"{name}, {point}: why?"


@pytest.mark.parametrize("name", registry.manifests())
def test_its_folder_has_the_files_a_visitor_looks_for(name: str) -> None:
    have = {file.name for file in (CARRIERS / name).iterdir()}
    assert {"manifest.py", "receive.py", "send.py", "errors.py", "quality.md"} <= have
