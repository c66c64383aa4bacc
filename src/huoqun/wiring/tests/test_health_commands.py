"""`huoqun health forecast` and `huoqun health train`: good and bad input, from the terminal."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from huoqun.community.models import Community
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.own import FILE, chosen_model
from huoqun.health.long_work import Desk
from huoqun.history.schema import SCHEMA
from huoqun.history.store import Store
from huoqun.wiring.command import main
from huoqun.wiring.commands import health_train_
from huoqun.wiring.commands.health_ import COMMANDS

START = datetime(2025, 1, 1, 4, tzinfo=UTC)
COLUMNS = ["carrier", "group_id", "group_name", "message_id", "sent_at", "author_id", "author_name", "kind", "text"]


def typed(*arguments: object, locale: str = "en_GB.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": locale}).invoke(main, [str(each) for each in arguments])


@pytest.fixture
def balcony(tmp_path: Path) -> Path:
    """Tomatoes talk every day of 2025; lilies stopped in June; in roses only a courier bot speaks."""
    path = tmp_path / "balcony.csv"
    talks = [("tomatoes", "tao", day) for day in range(365)] + [("lilies", "mo", day) for day in range(150)]
    talks += [("roses", "courier", day) for day in range(365)]
    with path.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(COLUMNS)
        for number, (group, who, day) in enumerate(talks):
            at = (START + timedelta(days=day)).isoformat()
            rows.writerow(["wechat", group, group.title(), str(number), at, who, who, "message", "红了"])
    return path


@pytest.fixture
def bots(tmp_path: Path) -> Path:
    path = tmp_path / "bots.csv"
    path.write_text("author_id,kind\ncourier,commit_feed\n", encoding="utf-8")
    return path


def told(*arguments: object) -> dict[str, Any]:
    result = typed("health", "forecast", *arguments, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def chances(answer: dict[str, Any]) -> dict[str, float]:
    return {group["group_id"]: group["p_silent_30d"] for group in answer["groups"]}


def test_every_health_command_is_listed() -> None:
    listed = typed("health", "--help").output
    assert all(name in listed for name in COMMANDS)
    assert typed("health", "unheard").exit_code == 2


@pytest.mark.method("A04")
def test_every_group_with_talk_by_the_day_has_its_chance(balcony: Path, bots: Path) -> None:
    answer = told(balcony, "--house", bots, "--as-of", "2025-10-01")
    assert answer["as_of"] == "2025-10-01"
    found = chances(answer)
    assert found.keys() == {"tomatoes", "lilies"}
    assert found["tomatoes"] < 0.02
    assert found["lilies"] > 0.8
    assert [group["group_id"] for group in answer["groups"]] == ["lilies", "tomatoes"]
    assert answer["model"] == "shipped"
    assert answer["track_record"] is None
    assert answer["why_no_track_record"] == "too_few_forecasts"
    assert all(len(group["reasons"]) == 3 for group in answer["groups"])


def test_nothing_after_the_day_is_used(balcony: Path, bots: Path, tmp_path: Path) -> None:
    lines = balcony.read_text(encoding="utf-8").splitlines()
    cut = tmp_path / "cut.csv"
    kept = [line for line in lines if "sent_at" in line or line.split(",")[4] < "2025-05-02"]
    cut.write_text("\n".join(kept) + "\n", encoding="utf-8")
    asked = ("--house", bots, "--as-of", "2025-05-01")
    assert told(balcony, *asked)["groups"] == told(cut, *asked)["groups"]


def test_without_a_day_it_looks_ahead_of_the_last_talk(balcony: Path, bots: Path) -> None:
    assert told(balcony, "--house", bots)["as_of"] == "2025-12-31"
    assert chances(told(balcony))["roses"] < 0.05  # nobody has said that the courier is a bot


@pytest.mark.parametrize(("locale", "words"), [("en_GB.UTF-8", "generated communities"), ("zh_CN.UTF-8", "只用生成的社群训练")])
def test_people_read_chance_reason_model_and_record(balcony: Path, bots: Path, locale: str, words: str) -> None:
    result = typed("health", "forecast", balcony, "--house", bots, "--as-of", "2025-06-10", locale=locale)
    assert result.exit_code == 0, result.output
    assert "Tomatoes" in result.stdout
    assert words in result.stdout
    assert "<1%" in result.stdout
    assert " 0%" not in result.stdout
    assert ("Track record: fewer" if locale.startswith("en") else "过去准不准：能检验的") in result.stdout


def test_a_day_before_the_first_talk_is_refused(balcony: Path) -> None:
    result = typed("health", "forecast", balcony, "--as-of", "2024-12-01", "--json")
    assert result.exit_code == 1
    assert "had said anything by 2024-12-01: name a later day with --as-of" in result.stderr
    assert result.stdout == ""


def test_files_in_which_only_bots_speak_are_refused(balcony: Path, tmp_path: Path) -> None:
    everybody = tmp_path / "all.csv"
    everybody.write_text("author_id\ncourier\ntao\nmo\n", encoding="utf-8")
    result = typed("health", "forecast", balcony, "--house", everybody)
    assert result.exit_code == 1
    assert "nothing to forecast" in result.stderr


def test_a_house_list_without_its_column_is_named(balcony: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name\ncourier\n", encoding="utf-8")
    result = typed("health", "forecast", balcony, "--house", wrong)
    assert result.exit_code == 1
    assert "wrong.csv, line 1: there is no column author_id (found: name)" in result.stderr


def test_a_file_nobody_can_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.bin"
    path.write_bytes(b"\x00\x01\x02")
    result = typed("health", "forecast", path)
    assert result.exit_code == 1
    assert "notes.bin" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options", "day"),
    [
        ("slack_export.zip", (), "2018-02-08"),
        ("zulip_archive.zip", (), "2024-06-30"),
        ("irc_daily_logs.zip", ("--zone", "UTC"), "2023-05-15"),
        ("telegram_result.json", ("--zone", "UTC"), "2025-12-01"),
        ("telegram_channel_result.json", ("--zone", "UTC"), None),
    ],
)
def test_native_exports(name: str, options: tuple[str, ...], day: str | None, shared_data: Path) -> None:
    as_of = ("--as-of", day) if day else ()
    answer = told(shared_data / "native" / name, *options, *as_of)
    assert answer["groups"]
    assert all(0 < group["low"] <= group["p_silent_30d"] <= group["high"] < 1.0001 for group in answer["groups"])
    assert day is None or answer["as_of"] == day


@pytest.mark.slow
def test_a_public_archive_long_before_its_end(shared_data: Path) -> None:
    archive, house = shared_data / "community_zulip_dataverse.parquet", shared_data / "zulip_dataverse_bots.csv"
    answer = told(archive, "--house", house, "--as-of", "2025-09-01")
    assert len(answer["groups"]) == 16
    assert answer["track_record"]["auc"] > 0.8
    assert answer["track_record"]["brier"] < answer["track_record"]["brier_base"]


# huoqun health train

DAYS = 900


def long_history(groups: int = 40, *, slug: str = "lins") -> pa.Table:
    """Groups talk for some weeks, then stop for good; others are opened."""
    dice = np.random.default_rng(5)
    rows = []
    for group in range(1, groups + 1):
        for start in range(int(dice.integers(0, 80)), DAYS, 200):
            last = min(start + int(dice.integers(35, 150)), DAYS)
            rows += [(group, day) for day in range(start, last) if dice.random() < 0.7]
    first = datetime(2023, 6, 1, 4, tzinfo=UTC)
    columns: dict[str, list[Any]] = {name: [None] * len(rows) for name in SCHEMA.names}
    at = [first + timedelta(days=day) for _, day in rows]
    columns |= {
        "community": [slug] * len(rows), "carrier": ["wechat"] * len(rows), "account": ["import-1"] * len(rows),
        "month": [f"{each:%Y-%m}" for each in at], "group_key": [group for group, _ in rows],
        "source_id": [f"m{place}" for place in range(len(rows))], "message_id": [f"m{place}" for place in range(len(rows))],
        "kind": ["message"] * len(rows), "sent_at": at, "author_key": [1000 + group for group, _ in rows],
        "text": ["早"] * len(rows),
    }  # fmt: skip
    return pa.table(columns, schema=SCHEMA)


@pytest.fixture
def lins(db: None) -> Community:
    return Community.objects.create(slug="lins", name="林的社群", zone="Asia/Shanghai", created_at=START)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    at = Desk(Store(tmp_path / "history"), tmp_path / "health")
    monkeypatch.setattr(health_train_, "desk", lambda: at)
    return at


def test_a_long_history_trains_a_model_that_did_better_here(lins: Community, desk: Desk) -> None:
    desk.store.add_new(long_history())
    result = typed("health", "train", "--community", "林的社群")
    assert result.exit_code == 0, result.output
    assert "The own model did better; audits use it from now on" in result.output
    folder = desk.folder / "lins"
    assert chosen_model(folder).name == "own"
    kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
    assert kept["records"]["own"]["brier"] < kept["records"]["shipped"]["brier"]
    assert date(1970, 1, 1) + timedelta(days=kept["as_of"]) == date(2023, 6, 1) + timedelta(days=DAYS - 1)
    before = (folder / FILE).read_bytes()
    typed("health", "train", "--community", "lins")
    assert (folder / FILE).read_bytes() == before
    assert [path.name for path in desk.folder.iterdir()] == ["lins"]  # what was spilled is gone


def test_a_short_history_keeps_the_shipped_model_and_says_what_is_missing(lins: Community, desk: Desk) -> None:
    desk.store.add_new(long_history(groups=3))
    result = typed("health", "train", "--community", "lins", locale="zh_CN.UTF-8")
    assert result.exit_code == 0, result.output
    assert "3 个说过话的群" in result.output
    assert "要有 12 个 30 天、20 个群、30 次安静。继续用随软件提供的模型。" in result.output
    assert chosen_model(desk.folder / "lins") is Model.shipped()


def test_without_history_there_is_nothing_to_train_on(lins: Community, desk: Desk) -> None:
    result = typed("health", "train", "--community", "lins")
    assert result.exit_code == 1
    assert "no history yet: import some first" in result.stderr


def test_an_unknown_community_is_named(lins: Community, desk: Desk) -> None:
    result = typed("health", "train", "--community", "yus")
    assert result.exit_code == 1
    assert "there is no community “yus”; known: 林的社群" in result.stderr


def test_another_communitys_history_teaches_nothing(lins: Community, desk: Desk) -> None:
    desk.store.add_new(long_history(slug="yus"))
    result = typed("health", "train", "--community", "lins")
    assert result.exit_code == 1
    assert "no history yet" in result.stderr


def day_table(folder: Path, rows: list[str], head: str = "group_id,day,messages,bot_messages") -> Path:
    path = folder / "days.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_table_of_groups_by_day_is_enough_for_a_forecast(tmp_path: Path, balcony: Path) -> None:
    """The same talk told by day gives the same forecast; what bots said is part of `messages` and left out."""
    start = START.date()
    rows = [f"tomatoes,{start + timedelta(days=day)},3,2" for day in range(365)]
    rows += [f"lilies,{start + timedelta(days=day)},1,0" for day in range(150)]
    rows += [f"roses,{start + timedelta(days=day)},1,1" for day in range(365)]
    by_day = told(day_table(tmp_path, rows), "--as-of", "2025-07-01")
    chances = {row["group_id"]: row["p_silent_30d"] for row in by_day["groups"]}
    whole = {row["group_id"]: row["p_silent_30d"] for row in told(balcony, "--as-of", "2025-07-01")["groups"]}
    assert set(chances) == {"tomatoes", "lilies"}
    assert chances["tomatoes"] == pytest.approx(whole["tomatoes"], rel=0.05)
    assert chances["lilies"] > 0.5 > chances["tomatoes"]


@pytest.mark.parametrize(
    ("row", "said"), [("tomatoes,2025-13-01,3,0", "2026-03-01"), ("tomatoes,2025-01-01,1,2", "group tomatoes, 2025-01-01")]
)
def test_a_bad_row_in_a_table_of_days_is_named(tmp_path: Path, row: str, said: str) -> None:
    result = typed("health", "forecast", day_table(tmp_path, ["lilies,2025-01-01,3,0", row]))
    assert result.exit_code == 1
    assert "days.csv" in result.output
    assert said in result.output


def test_a_table_of_days_with_nobody_in_it_says_so(tmp_path: Path) -> None:
    result = typed("health", "forecast", day_table(tmp_path, ["roses,2025-01-01,1,1"]))
    assert result.exit_code == 1
    assert "nothing to forecast" in result.output
