"""Public archives whose figures are known."""

from pathlib import Path

import pytest

from huoqun.health import engine
from huoqun.health.trial import Trial, audit_history

from .tell import SHANGHAI

EXPECTED = {
    "irc_raku": ("irc_raku_bots", 32, (18.8, 28.1, 59.4), (60.8, 33.4, 5.9), 1350),
    "zulip_dataverse": ("zulip_dataverse_bots", 17, (35.3, 47.1, 29.4), (64.6, 23.0, 12.5), 838),
}


def audited(folder: Path, name: str, bots: str) -> Trial:
    con = engine.connect(threads=1)
    con.execute(
        f"""CREATE TABLE history AS SELECT (hash(group_id) >> 1)::BIGINT AS group_key,
        COALESCE(message_id, kind || author_id) AS source_id, kind, sent_at, (hash(author_id) >> 1)::BIGINT AS author_key,
        message_id, text, reply_to, NULL::BIGINT AS reply_to_author, NULL::BIGINT[] AS mentions, NULL::BIGINT AS other_key,
        NULL AS detail, group_id, group_name FROM '{folder}/community_{name}.parquet'"""
    )
    house = con.execute(f"SELECT (hash(author_id) >> 1)::BIGINT FROM '{folder}/{bots}.csv'").fetchall()
    names = con.execute("SELECT group_key, ANY_VALUE(group_id), ANY_VALUE(group_name) FROM history GROUP BY 1").fetchall()
    return audit_history(
        con, names={key: (group, title) for key, group, title in names}, zone=SHANGHAI, house=[key for (key,) in house]
    )


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.method("A01", "A04", "A18", "C17", "L02", "L18")
def test_the_known_figures_come_out(shared_data: Path, name: str) -> None:
    bots, groups, alive, shares, life = EXPECTED[name]
    told = audited(shared_data, name, bots).as_json()
    portfolio = told["portfolio"]
    assert portfolio["groups"] == groups == len(told["groups"])
    assert tuple(round(100 * portfolio[key], 1) for key in ("alive_7d", "alive_30d", "silent_90d")) == alive
    assert portfolio["median_life_days"] == life
    found = [portfolio[key] for key in ("top1_share", "next9_share", "rest_share")]
    assert tuple(round(100 * share, 1) for share in found) == shares
    assert sum(found) == pytest.approx(1)
