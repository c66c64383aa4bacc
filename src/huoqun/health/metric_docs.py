"""docs/metrics.md, written from the metrics' headers: `python -m huoqun.health.metric_docs > docs/metrics.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .registry import BOOK, FAMILIES, SHARED, Metric, Registry, registry
from .rules import LIMITS
from .ties.columns import METRICS as NOT_SQL

TITLES = {
    "life": "Life 死活",
    "structure": "Structure 结构",
    "connection": "Connection 连接",
    "dependence": "Dependence 对运营的依赖",
    "symptoms": "Symptoms 症状",
    "newcomers": "Newcomers 新人",
    "service": "Service 服务",
    "growth": "Growth 拉新（与健康分开）",
    "breadth": "Breadth 参与面",
    "value": "Value 说话之外的价值",
    "portfolio": "Portfolio 全部群",
}
_HEAD = """# Metrics 指标

Written by `python -m huoqun.health.metric_docs` from the headers of `src/huoqun/health/metrics/`; a test compares. House
accounts (staff, helpers, bots) are out of every figure and shown beside it. A figure that is not known is empty, never 0:
"not known" below says when. Days are days of the community's zone; only what was knowable on the as-of day counts.

由指标文件的开头自动生成。自己人（员工、托、机器人）不计入任何指标，只在旁边展示。没有数据不等于 0：未知就留空。"""


def document(made: Registry) -> str:
    return "\n".join([_HEAD, *_families(made), *_tables(made), *_numbers()]) + "\n"


def _families(made: Registry) -> Iterator[str]:
    for family in FAMILIES:
        yield f"\n## {TITLES[family]}"
        for metric in (*made.choose(families=[family]), *(each for each in NOT_SQL if each.family == family)):
            yield from _metric(metric)


def _metric(metric: Metric) -> Iterator[str]:
    yield f"\n### {metric.name}: {metric.zh} / {metric.en}"
    yield f"\n{metric.definition_zh}"
    yield f"\n{metric.definition_en}"
    yield f"\n- Formula: {metric.formula}"
    yield f"- Source: {metric.source}"
    yield f"- Method: {', '.join(metric.method)}. One row a {metric.per}. Needs: {', '.join(metric.needs)}"
    yield "\n| figure | 名称 | meaning | unit | without a row |\n| --- | --- | --- | --- | --- |"
    for column in metric.columns:
        empty = "0" if column.empty == "0" else "not known"
        yield f"| `{column.name}` | {column.zh} | {column.en} | {column.unit} | {empty} |"


def _tables(made: Registry) -> Iterator[str]:
    yield "\n## Tables they share"
    yield "\nThe day-book is made from history once a day and kept; the shared tables are made from it at each audit."
    for stage, title in ((BOOK, "Day-book"), (SHARED, "Shared")):
        yield f"\n### {title}\n\n| table | what it holds | needs |\n| --- | --- | --- |"
        for step in made.steps.values():
            if step.stage == stage:
                yield f"| `{step.name}` | {step.about} | {', '.join(step.needs)} |"


def _numbers() -> Iterator[str]:
    yield "\n## Numbers inside\n\n| name | value |\n| --- | --- |"
    for name in LIMITS.__slots__:
        yield f"| `{name}` | {getattr(LIMITS, name)} |"


if __name__ == "__main__":
    sys.stdout.write(document(registry()))
