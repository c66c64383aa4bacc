"""Every table and metric on Spark, from the same files, beside DuckDB. Skipped where pyspark is not installed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from huoqun.health import book, runner
from huoqun.health.registry import fill, registry
from huoqun.health.rules import LIMITS
from huoqun.health.spark import in_spark

from .tell import SHANGHAI, Story
from .test_day_book import lively

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: make test-spark compares the engines")
AS_OF = date(2026, 3, 4)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", "2")
    session = builder.config("spark.sql.session.timeZone", "UTC").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


def hand_in(spark: Any, story: Story, folder: Path) -> None:
    table = story.table()
    pq.write_table(table, folder / "history.parquet")
    spark.read.parquet(str(folder / "history.parquet")).createOrReplaceTempView("history")
    spark.createDataFrame(list(story.house.items()), "author_key bigint, house string").createOrReplaceTempView("house")
    spark.createDataFrame(list(story.same_person.items()), "author_key bigint, person_key bigint").createOrReplaceTempView(
        "same_person"
    )
    spark.createDataFrame([(1, None, 20_000)], "group_key bigint, first_day int, last_day int").createOrReplaceTempView(
        "unheard"
    )
    plans = "group_key bigint, lifecycle string, planned_end date, born date"
    spark.createDataFrame(story.plans, plans).createOrReplaceTempView("plans")
    moves = book.COLUMNS["moves"].replace("BIGINT", "bigint").replace("VARCHAR", "string").replace("INTEGER", "int")
    spark.createDataFrame([], moves).createOrReplaceTempView("moves_before")


def rows_of(rows: list[Any]) -> list[tuple[Any, ...]]:
    return sorted((tuple(_comparable(value) for value in row) for row in rows), key=repr)


def _comparable(value: Any) -> Any:
    """Whole numbers are compared exactly; fractions to twelve digits: engines add in different orders."""
    if hasattr(value, "as_tuple"):
        value = float(value)
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.12g}")
    return value


@pytest.mark.slow
def test_every_metric_agrees(spark: Any, tmp_path: Path) -> None:
    story = lively(11)
    con = story.con()
    runner.audit(con, as_of=AS_OF, zone=SHANGHAI)
    question = runner.Question(AS_OF, SHANGHAI)
    (anchor,) = con.execute("SELECT MAX(last_at) FROM group_days").fetchone()
    first = date(2026, 1, 20)
    span = book.Span(first, AS_OF, max(first, question.service_from))
    constants = book._constants(span, SHANGHAI, LIMITS) | question.constants(anchor)
    hand_in(spark, story, tmp_path)
    metrics = list(registry().metrics.values())
    steps = [*registry().book_steps(), *registry().steps_for({need for metric in metrics for need in metric.needs})]
    for step in steps:
        spark.sql(in_spark(fill(step.sql, constants))).localCheckpoint().createOrReplaceTempView(step.name)
    for metric in metrics:
        theirs = rows_of(spark.sql(in_spark(fill(metric.sql, constants))).collect())
        ours = rows_of(con.execute(f"SELECT * FROM {metric.table}").fetchall())
        assert ours, metric.name
        assert theirs == ours, metric.name
