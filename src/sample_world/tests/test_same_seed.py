"""The same seed writes the same bytes; another seed another world."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sample_world import World, make
from sample_world.__main__ import main

from .conftest import UNTIL


def fingerprints(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_writes_the_same_bytes(small: World, tmp_path: Path) -> None:
    again = make(tmp_path / "again", seed=5, until=UNTIL, groups=24)
    first = fingerprints(small.folder)
    assert first == fingerprints(again.folder)
    assert len(first) == 3 * 4 + 1


def test_another_seed_writes_another_world(small: World, tmp_path: Path) -> None:
    other = fingerprints(make(tmp_path / "other", seed=6, until=UNTIL, groups=24).folder)
    same = {name for name, mark in fingerprints(small.folder).items() if other[name] == mark}
    assert same <= {f"{slug}/{name}" for slug in ("zhiye", "qirishu", "tonghaoli") for name in ("community.json", "house.csv")}


def test_the_command_writes_the_same_world_as_the_function(
    small: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "cli"), "--seed", "5", "--until", "2026-11-20", "--groups", "24"]) == 0
    assert fingerprints(tmp_path / "cli") == fingerprints(small.folder)
    assert f"{small.messages} messages" in capsys.readouterr().out


def test_nothing_happens_at_or_after_until_even_in_the_middle_of_a_day(tmp_path: Path) -> None:
    until = UNTIL.replace(hour=15, minute=30)
    world = make(tmp_path / "noon", seed=5, until=until, groups=24)
    last = max(pq.read_table(part.folder / "talk.parquet")["sent_at"].to_pylist()[-1] for part in world.organisations)
    assert UNTIL.replace(hour=8) < last < until


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"until": UNTIL.replace(tzinfo=None)}, "time zone"),
        ({"days": 60}, "at least 120"),
        ({"groups": 2}, "at least one group"),
    ],
)
def test_a_world_that_cannot_be_is_refused_by_name(arguments: dict[str, object], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=complaint):
        make(tmp_path, **{"seed": 1, "until": UNTIL, **arguments})  # type: ignore[arg-type]


def test_the_command_says_what_a_date_looks_like(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--until", "yesterday"])
    assert "2026-11-20" in capsys.readouterr().err
