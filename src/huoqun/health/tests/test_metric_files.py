"""The metrics' files: headers, order, documents, Spark."""

import re
from pathlib import Path

import pytest
import sqlglot

from huoqun.health import book, runner
from huoqun.health.metric_docs import document
from huoqun.health.registry import BadMetric, fill, load, registry
from huoqun.health.rules import LIMITS, QUESTION_PATTERN
from huoqun.health.spark import in_spark

from .tell import LIN, SHANGHAI, TEA, Story

DOCS = Path(__file__).resolve().parents[4] / "docs" / "metrics.md"
EVERY_FILE = [*registry().steps.values(), *registry().metrics.values()]


def constants() -> dict[str, str]:
    from datetime import date

    question = runner.Question(date(2026, 3, 1), SHANGHAI)
    span = book.Span(date(2026, 2, 1), date(2026, 3, 1), date(2026, 2, 1))
    return book._constants(span, SHANGHAI, LIMITS) | question.constants(anchor=1)


@pytest.mark.parametrize("each", EVERY_FILE, ids=lambda each: each.name)
def test_every_file_can_be_said_in_sparks_dialect(each) -> None:
    said = in_spark(fill(each.sql, constants()))
    tree = sqlglot.parse_one(said, read="spark")
    strange = {node.name.upper() for node in tree.find_all(sqlglot.exp.Anonymous)} - {"UNIX_MICROS", "BROUND"}
    assert not strange, f"functions Spark may not know: {strange}"


def test_question_words_read_alike_in_both_engines() -> None:
    # Java's and RE2's patterns differ in look-around, possessive quantifiers, named classes: none of these stands in ours.
    assert not re.search(r"\(\?|\[\[:|\\[a-zA-Z]|[*+?]\+", QUESTION_PATTERN)


def test_docs_are_in_step() -> None:
    assert DOCS.read_text(encoding="utf-8") == document(registry()), "write docs/metrics.md anew: see its first line"


def test_every_column_of_a_metric_is_described() -> None:
    story = Story()
    story.say(TEA, LIN, "03-01 10:00")
    con = story.con()
    runner.audit(con, as_of=None, zone=SHANGHAI)
    for metric in registry().metrics.values():
        made = [row[0] for row in con.execute(f"DESCRIBE {metric.table}").fetchall()]
        described = [column.name for column in metric.columns]
        assert made == (["group_key"] if metric.per != "portfolio" else []) + described, metric.name


def test_method_ids_are_ids() -> None:
    for metric in registry().metrics.values():
        assert metric.method
        assert all(re.fullmatch(r"[A-L]\d\d", item) for item in metric.method), metric.name


def _file(folder: Path, name: str, text: str) -> None:
    (folder / "life").mkdir(parents=True, exist_ok=True)
    (folder / "life" / name).write_text(text, encoding="utf-8")


GOOD = """-- name: smiles
-- zh: 笑容
-- en: Smiles
-- per: group
-- method: A01
-- source: history
-- formula: count
-- definition_en: How many.
-- definition_zh: 多少。
-- column: smiles | smiles | 0 | 笑容 | smiles
SELECT group_key, 1 AS smiles FROM history
"""


def test_a_good_file_is_read(tmp_path: Path) -> None:
    _file(tmp_path, "smiles.sql", GOOD)
    (metric,) = load(tmp_path).metrics.values()
    assert (metric.name, metric.family, metric.columns[0].unit) == ("smiles", "life", "smiles")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("-- per: group", "-- per: planet"), "write one of group, portfolio, person, question"),
        (("-- zh: 笑容\n", ""), "no `-- zh:` line"),
        (("-- en: Smiles", "-- english: Smiles"), "line 3: write `-- key: value`"),
        (("| 0 | 笑容", "| none | 笑容"), "write `-- column: name | unit | 0 or unknown"),
        (("-- method: A01", "-- method: A01\n-- needs: moon"), "needs moon, which no file makes"),
        (("SELECT group_key, 1 AS smiles FROM history\n", ""), "no SQL after the header"),
    ],
)
def test_a_bad_file_is_refused_with_the_remedy(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    _file(tmp_path, "smiles.sql", GOOD.replace(*change))
    with pytest.raises(BadMetric, match=re.escape(said)):
        load(tmp_path)


def test_two_figures_of_one_name_are_refused(tmp_path: Path) -> None:
    _file(tmp_path, "smiles.sql", GOOD)
    _file(tmp_path, "grins.sql", GOOD.replace("name: smiles", "name: grins"))
    with pytest.raises(BadMetric, match="has a column smiles already"):
        load(tmp_path)


def test_tables_that_need_one_another_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    for name, other in (("hen", "egg"), ("egg", "hen")):
        text = f"-- name: {name}\n-- as: table\n-- needs: {other}\n-- about: x\nSELECT 1\n"
        (tmp_path / "shared" / f"{name}.sql").write_text(text)
    with pytest.raises(BadMetric, match="in a circle"):
        load(tmp_path)
