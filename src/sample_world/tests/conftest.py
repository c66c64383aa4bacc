"""One world is made once; the tests ask it questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from sample_world import World, make

UNTIL = datetime(2026, 11, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Look:
    """The files of a world, opened."""

    world: World
    truth: dict[str, Any]
    con: duckdb.DuckDBPyConnection

    def ask(self, question: str) -> list[Any]:
        return self.con.sql(question).fetchall()

    def groups(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for organisation in self.truth["organisations"].values():
            yield from organisation["groups"].items()


def look_at(world: World) -> Look:
    con = duckdb.connect()
    con.execute("set TimeZone='UTC'")
    con.execute(
        f"create table talk as select * exclude (filename), filename.parse_path()[-2] organisation "
        f"from read_parquet('{world.folder}/*/talk.parquet', filename=true)"
    )
    con.execute(f"create table house as select * from read_csv('{world.folder}/*/house.csv', all_varchar=true)")
    con.execute("create table truth (group_id varchar, state varchar, since date, off date)")
    look = Look(world, json.loads((world.folder / "truth.json").read_text(encoding="utf-8")), con)
    lines = [(gid, told["state"], told["since"], told["mechanism"].get("off")) for gid, told in look.groups()]
    con.executemany("insert into truth values (?, ?, ?, ?)", lines)
    return look


@pytest.fixture(scope="session")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    return look_at(make(tmp_path_factory.mktemp("world") / "out", seed=11, until=UNTIL))


@pytest.fixture
def small(tmp_path: Path) -> World:
    return make(tmp_path / "small", seed=5, until=UNTIL, groups=24)
