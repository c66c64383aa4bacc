from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huoqun.history.operations import erase_people, undo_import
from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.vocabulary.events import MemberJoined, MemberLeft, MessageRecalled
from huoqun.vocabulary.ids import person_key

from .conftest import ELSEWHERE, LIN, MO, NOON, REN, SPRING, TAO, bytes_on_disk, rows_in, said, texts

REN_KEY = person_key(SPRING, "ren")
SECRET = "我的电话是一三八"


def a_group_with_ren(store: Store) -> None:
    store.record(rows_of([said(1, by=LIN), said(2, SECRET, by=REN), said(3, by=MO, reply_to="2", mentions=("ren", "lin"))]))
    store.add_new(
        rows_of(
            [
                said(4, SECRET, by=REN, at=datetime(2024, 1, 1, tzinfo=UTC)),
                said(5, by=TAO, mentions=("ren",), at=datetime(2024, 1, 2, tzinfo=UTC)),
                said(6, "没有关系的一句", by=TAO, at=datetime(2023, 1, 2, tzinfo=UTC)),
                MemberJoined(account=SPRING, source_id="j", at=NOON, group_id="reading", member=TAO, inviter=REN),
                MemberLeft(account=SPRING, source_id="l", at=NOON, group_id="reading", member=REN, removed_by=LIN),
                MessageRecalled(account=SPRING, source_id="r", at=NOON, group_id="reading", message_id="2", by=REN),
            ],
            import_id=1,
        )
    )


def test_an_erased_person_is_gone_from_rows_and_files(store: Store) -> None:
    a_group_with_ren(store)
    assert SECRET.encode() in bytes_on_disk(store)
    assert str(REN_KEY).encode() in bytes_on_disk(store)

    assert erase_people([REN_KEY], community="spring-reading", store=store) == 3

    rows = rows_in(store)
    assert [row["source_id"] for row in rows] == ["m6", "m5", "j", "r", "m1", "m3"]
    assert all(REN_KEY not in (row["author_key"], row["reply_to_author"], row["other_key"]) for row in rows)
    by_id = {row["source_id"]: row for row in rows}
    assert by_id["m3"]["mentions"] == [person_key(SPRING, "lin")]
    assert by_id["m3"]["reply_to"] == "2"
    assert by_id["m5"]["mentions"] is None
    assert by_id["j"]["author_key"] == person_key(SPRING, "tao")
    assert SECRET.encode() not in bytes_on_disk(store)
    assert str(REN_KEY).encode() not in bytes_on_disk(store)


def test_others_stay_as_they_were(store: Store) -> None:
    a_group_with_ren(store)
    before = {row["source_id"]: row for row in rows_in(store)}
    store.erase([REN_KEY], "spring-reading")
    for row in rows_in(store):
        kept = before[row["source_id"]]
        changed = {name for name in row if row[name] != kept[name]}
        assert changed <= {"reply_to_author", "mentions", "other_key"}
    assert "没有关系的一句" in texts(rows_in(store))


def test_text_that_compaction_moved_is_found_in_old_files_too(store: Store) -> None:
    for number in range(5):
        store.record(rows_of([said(number, SECRET, by=REN), said(number + 10, by=LIN)]))
    assert store.compact() == 5
    assert len(list(store.path.glob("community=*/month=*/*.parquet"))) == 6
    assert store.erase([REN_KEY], "spring-reading") == 5
    assert SECRET.encode() not in bytes_on_disk(store)


def test_erasing_again_changes_nothing(store: Store) -> None:
    a_group_with_ren(store)
    store.erase([REN_KEY], "spring-reading")
    before = rows_in(store)
    assert store.erase([REN_KEY], "spring-reading") == 0
    assert store.erase([], "spring-reading") == 0
    assert rows_in(store) == before


def test_erasing_touches_no_other_community(store: Store) -> None:
    store.add_new(rows_of([said(1, by=REN), said(1, by=REN, account=ELSEWHERE)]))
    assert store.erase([REN_KEY], "yu-books") == 0
    assert len(rows_in(store, "yu-books")) == 1
    assert store.erase([REN_KEY], "spring-reading") == 1
    assert len(rows_in(store, "yu-books")) == 1


def test_an_import_can_be_undone_and_done_again(store: Store) -> None:
    store.record(rows_of([said(number) for number in range(5)]))
    imported = rows_of([said(number) for number in range(3, 12)], import_id=4)
    other = rows_of([said(number) for number in range(10, 14)], import_id=5)
    assert (store.add_new(imported), store.add_new(other)) == (7, 2)
    store.compact()
    assert undo_import(4, community="spring-reading", store=store) == 7
    assert [row["source_id"] for row in rows_in(store)] == ["m0", "m1", "m2", "m3", "m4", "m12", "m13"]
    assert undo_import(4, community="spring-reading", store=store) == 0
    assert store.add_new(imported) == 7


def test_undoing_an_import_leaves_the_same_number_in_another_community(store: Store) -> None:
    store.add_new(rows_of([said(1), said(1, account=ELSEWHERE)], import_id=4))
    assert store.remove_import(4, "spring-reading") == 1
    assert len(rows_in(store, "yu-books")) == 1


def test_a_partition_may_become_empty(store: Store) -> None:
    store.add_new(rows_of([said(1, by=REN), said(2, by=LIN, at=NOON + timedelta(days=60))], import_id=1))
    store.erase([REN_KEY], "spring-reading")
    assert [row["source_id"] for row in rows_in(store)] == ["m2"]
    store.remove_import(1, "spring-reading")
    assert rows_in(store) == []
