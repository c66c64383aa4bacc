"""The benchmark generator: exact in number, right in kind."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import duckdb
import pytest

from sample_world.scale import generate
from sample_world.scale.__main__ import main
from sample_world.scale.days import SCHEMA


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("scale")
    made = generate(folder, groups=120, people=20_000, messages=100_000, days=90, seed=3, until=date(2026, 11, 20))
    assert made.messages == 100_000
    con = duckdb.connect()
    con.execute("set TimeZone='UTC'")
    con.execute(f"create view history as select * from '{folder}/history/*.parquet'")
    con.execute(f"create view groups as select * from '{folder}/groups.parquet'")
    con.execute(f"create view house as select * from '{folder}/house.csv'")
    return con


def value(con: duckdb.DuckDBPyConnection, question: str) -> object:
    return con.sql(question).fetchall()[0][0]


def test_exactly_as_many_messages_as_asked_for(history: duckdb.DuckDBPyConnection) -> None:
    assert value(history, "select count(*) from history where kind not in ('join', 'leave')") == 100_000
    assert value(history, "select count(distinct (group_key, source_id)) = count(*) from history") is True


def test_the_columns_are_those_of_the_history_table(history: duckdb.DuckDBPyConnection) -> None:
    names = [name for name, *_ in history.sql("describe history").fetchall()]
    assert names == SCHEMA.names
    assert value(history, "select typeof(sent_at) from history limit 1") == "TIMESTAMP WITH TIME ZONE"
    assert value(history, "select bool_and(strftime(sent_at, '%Y-%m') = month) from history") is True


def test_replies_name_an_earlier_message_of_the_group_and_its_author(history: duckdb.DuckDBPyConnection) -> None:
    wrong = """select count(*) from history a left join history b on a.group_key = b.group_key and a.reply_to = b.message_id
               where a.reply_to is not null
                 and (b.sent_at is null or b.sent_at > a.sent_at or a.reply_to_author != b.author_key)"""
    assert value(history, wrong) == 0
    share = value(history, "select count(reply_to) / 1e5 from history")
    assert isinstance(share, float)
    assert 0.2 < share < 0.35


def test_nobody_speaks_before_joining_or_after_leaving(history: duckdb.DuckDBPyConnection) -> None:
    wrong = """select count(*) from history t join history e using (group_key, author_key)
               where t.kind = 'message'
                 and ((e.kind = 'join' and e.sent_at > t.sent_at) or (e.kind = 'leave' and e.sent_at < t.sent_at))"""
    doubles = value(history, wrong)
    assert isinstance(doubles, int)
    # A person drawn into the same group twice may leave one of the two places.
    assert doubles <= 20


def test_dead_groups_are_silent_and_living_ones_are_not(history: duckdb.DuckDBPyConnection) -> None:
    last = dict(
        history.sql("""select state, count(*) from history join groups using (group_key)
                       where kind = 'message' and sent_at >= '2026-11-13' group by 1""").fetchall()
    )
    assert "dead" not in last
    assert last["thriving"] > 1_000


def test_sizes_and_talk_are_heavy_tailed(history: duckdb.DuckDBPyConnection) -> None:
    assert value(history, "select max(members) > 3 * median(members) from groups") is True
    top = value(
        history,
        """select sum(n) filter (r <= 0.1) / sum(n) from
           (select count(*) n, percent_rank() over (order by count(*) desc) r
            from history where kind = 'message' group by author_key)""",
    )
    assert isinstance(top, float)
    assert top > 0.4


def test_some_ask_and_staff_post_everywhere(history: duckdb.DuckDBPyConnection) -> None:
    assert value(history, "select count(*) > 5000 from history where text like '%？'") is True
    assert value(history, "select count(*) > 2000 from history where author_key in (select author_key from house)") is True


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    def mark(name: str, seed: str) -> str:
        arguments = ["--groups", "20", "--people", "600", "--messages", "3000", "--days", "60", "--seed", seed]
        assert main([str(tmp_path / name), *arguments]) == 0
        return hashlib.sha256(b"".join(p.read_bytes() for p in sorted((tmp_path / name).rglob("*.parquet")))).hexdigest()

    first = mark("a", "1")
    assert first == mark("b", "1")
    assert first != mark("c", "2")


def test_too_few_people_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 400 for 100 groups"):
        generate(tmp_path, groups=100, people=50, messages=10, days=90, seed=1, until=date(2026, 11, 20))
