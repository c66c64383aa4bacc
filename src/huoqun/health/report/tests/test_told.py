"""From rows of history to the page, without settings or a database of our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from huoqun.health.report.render import render
from huoqun.health.report.told import told
from huoqun.health.trial import Trial, audit_table
from huoqun.history.schema import SCHEMA

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
LIVELY, SILENT, BOTS_ONLY = 11, 12, 13
LIN, MO, BOT = 1, 2, 9


def said(group: int, author: int, days_ago: int) -> dict[str, object]:
    at = NOW - timedelta(days=days_ago)
    row = {
        "group_key": group,
        "source_id": f"{group}-{author}-{days_ago}",
        "kind": "message",
        "author_key": author,
        "sent_at": at,
    }
    return dict.fromkeys(SCHEMA.names) | row | {"text": "早", "message_id": row["source_id"], "month": f"{at:%Y-%m}"}


@pytest.fixture(scope="module")
def trial() -> Trial:
    rows = [said(LIVELY, author, day) for day in range(60) for author in (LIN, MO)]
    rows += [said(SILENT, LIN, day) for day in range(50, 90)] + [said(BOTS_ONLY, BOT, 3)]
    names = {LIVELY: ("a", "读书会"), SILENT: ("b", "老客群"), BOTS_ONLY: ("c", "播报群")}
    return audit_table(pa.Table.from_pylist(rows, schema=SCHEMA), names=names, zone=ZONE, house=[BOT])


def test_every_judged_group_brings_its_days_and_reasons(trial: Trial) -> None:
    groups = {group["group_name"]: group for group in told(trial)["groups"]}
    assert set(groups) == {"读书会", "老客群"}
    assert groups["读书会"]["daily"] == [0] * 24 + [2] * 60
    assert groups["老客群"]["daily"] == [1] * 34 + [0] * 50
    assert [code for code, _ in groups["老客群"]["reasons"]][:2] == ["talk_silent", "silence_after_daily"]


@pytest.mark.method("A01", "A02", "A04", "L02")
def test_the_page_says_what_the_audit_found(trial: Trial) -> None:
    page = render(told(trial), language="zh-hans")
    assert "<h1>2 个群里，1 个最近 7 天每天都有人说话；1 个 30 天没有动静。</h1>" in page
    assert "另有 1 个群没见到有人说话，不计入比例。" in page
    assert page.count('class="bars"') == 2
    assert "以前几乎天天有人说话，现在已安静 50 天" in page
    assert "播报群" in page


def test_where_nobody_spoke_the_page_says_so() -> None:
    silent = audit_table(pa.Table.from_pylist([], schema=SCHEMA), names={}, zone=ZONE)
    assert "Nobody was seen to speak in any group yet" in render(told(silent), language="en")
