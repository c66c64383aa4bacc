from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from huoqun.history import schema
from huoqun.history.errors import RowsRefused
from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.vocabulary.events import MemberJoined, MessageRecalled
from huoqun.vocabulary.ids import Account, group_key, person_key

from .conftest import ELSEWHERE, LIN, MO, NOON, SPRING, TAO, rows_in, said, texts


def test_what_goes_in_comes_out(store: Store) -> None:
    events = [
        said(1, "第一条\n两行 'quoted' \"双引号\" \x00 😀", mentions=("lin", "mo"), topic="周三共读"),
        said(2, None, by=LIN),
        said(3, "", by=MO, reply_to="1"),
        MemberJoined(account=SPRING, source_id="j1", at=NOON + timedelta(hours=1), group_id="reading", member=TAO, way="code"),
    ]
    table = rows_of(events, import_id=5)
    assert store.add_new(table) == 4
    expected = table.to_pylist()
    expected[2]["reply_to_author"] = person_key(SPRING, "tao")
    for row in expected:
        row["sent_at"] = row["sent_at"].replace(tzinfo=None)
    assert rows_in(store) == expected


def test_the_relation_has_the_columns_of_the_schema_with_or_without_rows(store: Store) -> None:
    import duckdb

    con = duckdb.connect()
    empty = store.relation(con, community="spring-reading")
    assert empty.fetchall() == []
    store.record(rows_of([said(1)]))
    full = store.relation(con, community="spring-reading")
    assert empty.columns == full.columns == schema.SCHEMA.names
    assert empty.types == full.types
    assert str(full.types[full.columns.index("sent_at")]) == "TIMESTAMP"


def test_adding_twice_changes_nothing(store: Store) -> None:
    table = rows_of([said(number) for number in range(20)])
    assert store.add_new(table) == 20
    before = store.ledger.now().table.version()
    assert store.add_new(table) == 0
    assert store.record(table) == 0
    assert store.ledger.now().table.version() == before
    assert len(rows_in(store)) == 20


def test_a_longer_export_adds_only_what_is_new(store: Store) -> None:
    assert store.add_new(rows_of([said(number) for number in range(10, 20)], import_id=1)) == 10
    assert store.add_new(rows_of([said(number) for number in range(30)], import_id=2)) == 20
    rows = rows_in(store)
    assert [row["source_id"] for row in rows] == [f"m{number}" for number in range(30)]
    assert [row["import_id"] for row in rows] == [2] * 10 + [1] * 10 + [2] * 10


def test_a_row_found_twice_in_one_batch_is_one_row(store: Store) -> None:
    assert store.add_new(rows_of([said(1, "甲"), said(2), said(1, "乙")])) == 2
    assert texts(rows_in(store)) == ["甲", "早上好"]


def test_the_same_source_id_in_another_group_is_another_row(store: Store) -> None:
    assert store.add_new(rows_of([said(1), said(1, group_id="writing"), said(1, account=ELSEWHERE)])) == 3
    assert len(rows_in(store)) == 2
    assert len(rows_in(store, "yu-books")) == 1


@pytest.mark.parametrize("hours", [-14, -8, 8, 14])
def test_a_record_read_again_with_another_zone_is_known(store: Store, hours: int) -> None:
    store.add_new(rows_of([said(1, at=NOON)]))
    assert store.add_new(rows_of([said(1, at=NOON + timedelta(hours=hours))])) == 0


def test_a_writer_enters_a_version_once(store: Store) -> None:
    first, second = rows_of([said(1), said(2)]), rows_of([said(3)])
    assert store.append(first, writer="inbox/3", version=2)
    assert not store.append(first, writer="inbox/3", version=2)
    assert not store.append(second, writer="inbox/3", version=1)
    assert store.append(second, writer="inbox/3", version=3)
    assert store.append(rows_of([said(4)]), writer="inbox/4", version=1)
    assert [row["source_id"] for row in rows_in(store)] == ["m1", "m2", "m3", "m4"]


def test_a_batch_of_known_rows_still_moves_its_writer(store: Store) -> None:
    table = rows_of([said(1)])
    store.add_new(table)
    assert store.append(table, writer="inbox/3", version=2)
    assert not store.append(rows_of([said(2)]), writer="inbox/3", version=2)
    assert len(rows_in(store)) == 1


def test_batches_cut_differently_after_a_crash_add_each_row_once(store: Store) -> None:
    events = [said(number) for number in range(12)]
    store.record(rows_of(events[:7]))
    assert store.record(rows_of(events[3:10])) == 3
    assert store.record(rows_of(events)) == 2
    assert [row["source_id"] for row in rows_in(store)] == [f"m{number}" for number in range(12)]


def test_two_accounts_in_one_group_report_a_message_once(store: Store) -> None:
    second = Account(community=SPRING.community, carrier=SPRING.carrier, name="bot-2")
    store.record(rows_of([said(1)]))
    assert store.record(rows_of([said(1, account=second), said(2, account=second)])) == 1


def test_months_meet_at_midnight_utc(store: Store) -> None:
    last, first = datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    store.add_new(rows_of([said(1, at=last), said(2, at=first)]))
    folders = sorted(file.parent.name for file in store.path.glob("community=*/month=*/*.parquet"))
    assert folders == ["month=2025-12", "month=2026-01"]
    assert [row["source_id"] for row in rows_in(store, start=first)] == ["m2"]
    assert [row["source_id"] for row in rows_in(store, end=first)] == ["m1"]
    assert [row["source_id"] for row in rows_in(store, start=last, end=first)] == ["m1"]


def test_a_reply_finds_its_author_in_the_batch_and_in_the_table(store: Store) -> None:
    store.record(rows_of([said(1, by=LIN), said(2, by=MO, group_id="writing")]))
    replies = [said(3, by=TAO, reply_to="1"), said(4, by=LIN, reply_to="3"), said(5, reply_to="2"), said(6, reply_to="404")]
    store.record(rows_of(replies))
    # Message 2 was said in another group; 404 was never seen.
    assert [row["reply_to_author"] for row in rows_in(store)[2:]] == [
        person_key(SPRING, "lin"),
        person_key(SPRING, "tao"),
        None,
        None,
    ]


def test_a_reply_keeps_the_author_its_carrier_named(store: Store) -> None:
    store.record(rows_of([said(1, by=LIN), said(2, reply_to="1", reply_to_author="mo")]))
    assert rows_in(store)[1]["reply_to_author"] == person_key(SPRING, "mo")


def test_a_reply_answers_the_message_not_its_recall(store: Store) -> None:
    recall = MessageRecalled(account=SPRING, source_id="r1", at=NOON, group_id="reading", message_id="1", by=LIN)
    store.record(rows_of([recall]))
    store.record(rows_of([said(1, by=MO)]))
    store.record(rows_of([said(2, reply_to="1")]))
    assert rows_in(store)[-1]["reply_to_author"] == person_key(SPRING, "mo")


def test_an_import_answers_across_years_and_the_live_flow_across_a_month(store: Store) -> None:
    store.add_new(rows_of([said(1, by=LIN, at=datetime(2019, 5, 1, tzinfo=UTC)), said(2, by=MO, at=NOON - timedelta(days=20))]))
    late = [said(3, reply_to="1"), said(4, reply_to="2")]
    live = [said(5, reply_to="1"), said(6, reply_to="2")]
    store.add_new(rows_of(late))
    store.record(rows_of(live))
    lin, mo = person_key(SPRING, "lin"), person_key(SPRING, "mo")
    assert [row["reply_to_author"] for row in rows_in(store)[2:]] == [lin, mo, None, mo]


def test_times_long_ago_are_kept_and_found(store: Store) -> None:
    long_ago = datetime(999, 6, 1, tzinfo=UTC)
    store.add_new(rows_of([said(1, at=long_ago), said(2)]))
    assert [row["source_id"] for row in rows_in(store, start=long_ago, end=long_ago + timedelta(days=1))] == ["m1"]
    assert store.add_new(rows_of([said(1, at=long_ago)])) == 0


def test_groups_are_told_apart_in_the_relation(store: Store) -> None:
    store.add_new(rows_of([said(1), said(2, group_id="writing"), said(3, group_id="poems")]))
    asked = [group_key(SPRING, "writing"), group_key(SPRING, "poems")]
    assert [row["source_id"] for row in rows_in(store, groups=asked)] == ["m2", "m3"]
    assert [row["source_id"] for row in rows_in(store, groups=[*asked, *range(9000)])] == ["m2", "m3"]
    assert rows_in(store, groups=[]) == []


def test_yu_sees_nothing_of_spring_reading_even_with_its_group_keys(store: Store) -> None:
    store.add_new(rows_of([said(1), said(2, account=ELSEWHERE)]))
    assert rows_in(store, "yu-books", groups=[group_key(SPRING, "reading")]) == []


@pytest.mark.parametrize("slug", ["spring' OR '1'='1", "../yu", "", "a/b"])
def test_a_community_that_is_no_slug_is_refused(store: Store, slug: str) -> None:
    with pytest.raises(RowsRefused, match="cannot be a community"):
        rows_in(store, slug)


def test_a_bound_without_zone_is_refused(store: Store) -> None:
    store.record(rows_of([said(1)]))
    with pytest.raises(RowsRefused, match="no zone"):
        rows_in(store, start=datetime(2026, 3, 1))


def test_rows_that_are_no_history_rows_are_refused_and_nothing_is_written(store: Store) -> None:
    good = rows_of([said(1)])
    bad = [
        (good.drop_columns(["kind"]), "need the column.s. kind"),
        (good.set_column(4, "group_key", pa.nulls(1, pa.int64())), "1 history row.s. have no group_key"),
        (good.set_column(0, "community", pa.array(["../up"])), "cannot be a community"),
        (good.set_column(3, "month", pa.array(["soon"])), "cannot be a month"),
        (good.set_column(7, "sent_at", pa.array(["yesterday"])), "wrong types"),
    ]
    for table, complaint in bad:
        with pytest.raises(RowsRefused, match=complaint):
            store.add_new(table)
    assert not list(store.path.rglob("*.parquet"))


def test_no_rows_are_no_work(store: Store) -> None:
    nothing = rows_of([])
    assert store.add_new(nothing) == store.record(nothing) == 0
    assert not store.append(nothing, writer="w", version=1)


def test_the_extent_is_known_without_opening_a_file(store: Store) -> None:
    assert store.extent("spring-reading") == (0, None, None)
    store.add_new(rows_of([said(1), said(50_000)]))
    for file in store.path.glob("community=*/month=*/*.parquet"):
        file.unlink()
    assert store.extent("spring-reading") == (2, NOON + timedelta(minutes=1), NOON + timedelta(minutes=50_000))


def test_the_table_is_an_ordinary_delta_table(store: Store) -> None:
    from deltalake import DeltaTable

    store.record(rows_of([said(number, by=LIN) for number in range(5)]))
    store.add_new(rows_of([said(number, mentions=("mo",)) for number in range(5, 9)], import_id=1))
    store.compact()
    other_reader = DeltaTable(store.path).to_pyarrow_table().sort_by("sent_at").select(schema.SCHEMA.names)
    ours = [row | {"sent_at": row["sent_at"].replace(tzinfo=UTC)} for row in rows_in(store)]
    assert other_reader.to_pylist() == ours


def test_real_archives_go_in_once(store: Store, shared_data: Path) -> None:
    import duckdb

    from huoqun.vocabulary.events import MessagePosted, Person

    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    rows = con.execute(
        "SELECT group_id, message_id, sent_at, author_id, text, reply_to"
        f" FROM '{shared_data}/community_zulip_dataverse.parquet' WHERE kind = 'message'"
    ).fetchall()
    account = Account(community="dataverse", carrier="zulip", name="import-1")
    events = [
        MessagePosted(
            account=account,
            source_id=mid,
            at=at,
            group_id=gid,
            message_id=mid,
            author=Person(id=who),
            text=text,
            reply_to=reply,
        )
        for gid, mid, at, who, text, reply in rows
    ]
    added = sum(store.add_new(rows_of(events[start : start + 4000], import_id=1)) for start in range(0, len(events), 4000))
    assert added == len({(row[0], row[1]) for row in rows})
    assert store.add_new(rows_of(events, import_id=2)) == 0
    answered = [row for row in rows_in(store, "dataverse") if row["reply_to"]]
    assert sum(row["reply_to_author"] is not None for row in answered) > 0.9 * len(answered) > 0
