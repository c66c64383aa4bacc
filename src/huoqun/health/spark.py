"""The same SQL in Spark's dialect, for installations that have outgrown one machine."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

# What DuckDB calls one thing and Spark another, and sqlglot does not know.
_SPARK_NAMES = {"EPOCH_US": "UNIX_MICROS", "ROUND_EVEN": "BROUND"}


def in_spark(sql: str) -> str:
    """The query in Spark's dialect; raises sqlglot's UnsupportedError for what Spark cannot do."""
    tree = sqlglot.parse_one(sql, read="duckdb").transform(_renamed)
    return tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def _renamed(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Anonymous) and node.name.upper() in _SPARK_NAMES:
        return exp.Anonymous(this=_SPARK_NAMES[node.name.upper()], expressions=node.expressions)
    return node
