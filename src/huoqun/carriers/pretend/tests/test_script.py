"""Groups of a sample world, played through the carrier."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sample_world
from huoqun.carriers.pretend.world.life import LONGEST
from huoqun.carriers.pretend.world.script import PLAYED, SAID, Script, _liveliest
from huoqun.carriers.pretend.world.world import World

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
AT = round(BEGINS.timestamp() * 1000)
DAY = 86_400_000


def played(days: int, script: Script) -> list[dict[str, Any]]:
    world = World(":memory:")
    world.settle(script, at=AT)
    told: list[tuple[int, str]] = []
    for day in range(1, days + 1):
        while page := world.news(told[-1][0] if told else 0, at=AT + day * DAY):
            told += page
    return [json.loads(payload) for _, payload in told]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the same sample world writes into its files, from the beginning of the play on."""
    folder = tmp_path_factory.mktemp("sample")
    sample_world.make(folder, seed=1, until=BEGINS + timedelta(days=10), groups=20, days=120)
    rows = [row for talk in folder.glob("*/talk.parquet") for row in pq.read_table(talk).to_pylist()]
    there = {row["group_id"] for row in rows if row["sent_at"] < BEGINS}
    return [row for row in rows if row["sent_at"] >= BEGINS and row["kind"] in PLAYED and row["group_id"] in there]


def test_everything_written_happens_once_and_at_its_time(written: list[dict[str, Any]]) -> None:
    told = played(11, Script(groups=20, among=20, days=10))
    said = Counter((news["room"]["id"], news["at"], news["who"]["id"], news["text"]) for news in told if news["what"] == "said")
    expected = Counter(
        (row["group_id"], round(row["sent_at"].timestamp() * 1000), row["author_id"], row["text"] or row["group_name"] or "")
        for row in written
        if row["kind"] in SAID
    )
    assert said == expected
    assert len(said) > 50
    joined = [news for news in told if news["what"] == "joined"]
    lively = {row["group_id"] for row in written if row["kind"] in SAID}
    assert len(joined) == sum(row["kind"] == "join" and row["group_id"] in lively for row in written)
    assert [news["at"] for news in told] == sorted(news["at"] for news in told)


def test_an_answer_names_the_post_it_answers(written: list[dict[str, Any]]) -> None:
    told = played(11, Script(groups=20, among=20, days=10))
    posts = {news["post"] for news in told if news["what"] == "said"}
    answers = [news for news in told if news.get("answering")]
    assert len(answers) > 5
    assert all(str(news["answering"]) in posts for news in answers)


def test_twice_as_fast_takes_half_the_time() -> None:
    slow, fast = played(10, Script(groups=5, among=20, days=10)), played(5, Script(groups=5, among=20, days=10, speed=2))
    assert [news["what"] for news in fast] == [news["what"] for news in slow]
    assert max(news["at"] for news in fast) - AT <= 5 * DAY + 1


def test_asked_seldom_it_is_caught_up_a_day_at_a_time() -> None:
    assert LONGEST == 1440
    world = World(":memory:")
    world.settle(Script(groups=3, among=20, days=5), at=AT)
    world.news(0, at=AT + 5 * DAY)
    assert all(json.loads(payload)["at"] <= AT + DAY for _, payload in world.news(0, at=AT))


@pytest.mark.parametrize("wrong", [{"days": 0}, {"speed": 0}, {"speed": -1}])
def test_a_play_that_cannot_be_played_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="forward"):
        Script(**wrong)


def test_the_file_remembers_how_far_it_has_played(tmp_path: Path) -> None:
    script = Script(groups=3, among=20, days=5)
    first = World(tmp_path / "world.sqlite3")
    first.settle(script, at=AT)
    first.news(0, at=AT + DAY)
    first.close()
    again = World(tmp_path / "world.sqlite3")
    again.settle(script, at=AT + DAY)
    posts = [json.loads(payload)["at"] for _, payload in again.news(0, at=AT + DAY)]
    assert len(posts) == len(set(enumerate(posts)))
    assert all(at <= AT + DAY for at in posts)


def test_a_group_that_is_born_later_is_none_of_those_that_are_played() -> None:
    """Whoever was promised twelve finds twelve at once."""
    before, after = BEGINS - timedelta(days=1), BEGINS + timedelta(days=1)
    said = [("old", "message", before), ("old", "message", after), ("silent", "join", before)]
    said += [("new", "group_created", after), *[("new", "message", after)] * 9]
    ids, kinds, times = zip(*said, strict=True)
    talk = pa.table({"group_id": ids, "kind": kinds, "sent_at": pa.array(times, pa.timestamp("us", "UTC"))})
    assert _liveliest(talk, BEGINS, 2) == ["old"]
