"""The scorer of planted truth: who knows everything gets everything right, who says nothing finds nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from bench import planted
from bench.planted import Organisation, Said, Verdict


@dataclass
class Action:
    code: str
    with_group: int | None = None


@dataclass
class Cause:
    code: str


@dataclass
class Diagnosis:
    causes: tuple[Cause, ...]
    action: Action
    enough: bool = True


@dataclass
class Forecast:
    p_silent_30d: float


@dataclass
class Result:
    """What the scorer reads of an audit."""

    as_of: date
    groups: pa.Table
    persons: pa.Table
    diagnoses: dict[int, Diagnosis]
    forecasts: dict[int, Forecast] = field(default_factory=dict)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return next(planted.worlds([4], "development", 45, tmp_path_factory.mktemp("planted")))


def truth_of(place: Organisation) -> dict[str, Any]:
    told = json.loads((place.folder.parent / "truth.json").read_text(encoding="utf-8"))
    groups: dict[str, Any] = told["organisations"][place.folder.name]["groups"]
    return groups


Detector = Callable[[duckdb.DuckDBPyConnection, Organisation], Any]


def detector(say: Callable[[dict[str, Any], dict[str, int]], tuple[str, Diagnosis, float]]) -> Detector:
    def audit(con: duckdb.DuckDBPyConnection, place: Organisation) -> Result:
        keys = dict(con.execute("SELECT group_id, group_key FROM listed").fetchall())
        people = dict(con.execute("SELECT DISTINCT author_id, author_key FROM history WHERE author_id IS NOT NULL").fetchall())
        truth = truth_of(place)
        said = {group: say(told, keys) for group, told in truth.items()}
        rows = [
            (keys[group], people[person], planted.PLANTED_ROLES[role])
            for group, told in truth.items()
            for role, members in told["roles"].items()
            if role in planted.PLANTED_ROLES
            for person in members
            if person in people
        ]
        columns = list(zip(*rows, strict=True))
        return Result(
            place.as_of,
            pa.table({"group_key": [keys[group] for group in said], "state": [state for state, _, _ in said.values()]}),
            pa.table({"group_key": columns[0], "person_key": columns[1], "role": columns[2]}),
            {keys[group]: diagnosis for group, (_, diagnosis, _) in said.items()},
            {keys[group]: Forecast(p) for group, (_, _, p) in said.items()},
        )

    return audit


def knows(told: dict[str, Any], keys: dict[str, int]) -> tuple[str, Diagnosis, float]:
    partner = keys[told["merge_with"][0]] if told["action"] == "merge" and told["merge_with"] else None
    causes = tuple(Cause(code) for code in told["causes"])
    return told["state"], Diagnosis(causes, Action(told["action"], partner)), float(told["silent_within_30d"]["silent"])


def shrugs(told: dict[str, Any], keys: dict[str, int]) -> tuple[str, Diagnosis, float]:
    return "steady", Diagnosis((), Action("leave_alone"), enough=False), 0.1


def measured(found: list[Verdict]) -> dict[str, float]:
    return {name: measure(found) for name, measure, _ in planted.MEASURES}


def test_who_knows_everything_is_right_about_everything(world: Path) -> None:
    found = list(planted.verdicts(world, detector(knows)))
    assert len(found) == 45
    values = measured(found)
    assert values["false causes per healthy group"] == 0
    assert values["silent within 30 days: AUC"] == 1
    assert values["Brier score"] == 0
    assert values["roles, macro-F1"] > 0.99
    for name, _, unit in planted.MEASURES:
        if unit == "%" and not name.startswith("merge"):
            assert values[name] == 1, name


def test_who_says_nothing_finds_nothing(world: Path) -> None:
    values = measured(list(planted.verdicts(world, detector(shrugs))))
    assert values["main cause said first"] == 0
    assert values["false causes per healthy group"] == 0
    assert values["healthy groups without a cause"] == 1
    assert values["the best action, of groups not well"] < 0.4
    assert values["silent within 30 days: AUC"] == 0.5
    assert math.isnan(values["merge with a fitting group, where merge was said"])


def test_the_tables_hold_every_row_of_the_file(world: Path) -> None:
    told = json.loads((world / "truth.json").read_text(encoding="utf-8"))
    place = Organisation(world / "zhiye", planted.UNTIL, planted.UNTIL.tzinfo)
    with duckdb.connect() as con:
        planted.load(con, place)
        rows = con.execute(f"SELECT count(*) FROM '{world / 'zhiye' / 'talk.parquet'}'").fetchall()
        assert con.execute("SELECT count(*) FROM history").fetchall() == rows
        unanswered = "SELECT count(*) FROM history WHERE reply_to IS NOT NULL AND reply_to_author IS NULL"
        assert con.execute(unanswered).fetchall()[0][0] == 0
        twice = "SELECT group_key, source_id FROM history GROUP BY ALL HAVING count(*) > 1"
        assert con.execute(twice).fetchall() == []
        assert con.execute("SELECT count(*) FROM plans").fetchall()[0][0] == len(told["organisations"]["zhiye"]["groups"])


def verdict(*, causes: tuple[str, ...], said: tuple[str, ...], p: float = 0.5, silent: bool = False) -> Verdict:
    truth = {
        "causes": list(causes),
        "well": not causes,
        "state": "declining" if causes else "steady",
        "recorded_until": None,
        "silent_within_30d": {"silent": silent, "chance": 0.5},
    }
    return Verdict("x/1", truth, Said("steady", said, "leave_alone", None, True, p), 3, ())


def test_top_two_counts_the_second_place_and_false_causes_count_each() -> None:
    found = [
        verdict(causes=("ad_fatigue",), said=("too_large", "ad_fatigue")),
        verdict(causes=(), said=("too_small", "too_large")),
    ]
    assert planted.top(1)(found) == 0
    assert planted.top(2)(found) == 1
    assert planted.false_causes(found) == 2


def test_an_interval_holds_its_value_and_narrows_with_more_groups() -> None:
    some = [verdict(causes=("ad_fatigue",), said=("ad_fatigue",) if place % 3 else ()) for place in range(30)]
    value, low, high = planted.interval(some, planted.top(1), draws=200)
    assert low < value < high
    _, narrow, wide = planted.interval(some * 10, planted.top(1), draws=200)
    assert wide - narrow < high - low


def test_auc_counts_ties_half() -> None:
    assert planted.auc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(0.875)


def test_a_group_that_talks_must_have_a_forecast() -> None:
    missing = verdict(causes=(), said=())
    missing = Verdict(missing.group, missing.truth, Said("steady", (), "leave_alone", None, True, None), 3, ())
    with pytest.raises(ValueError, match="no forecast for 1 groups"):
        planted.forecast_auc([missing])
