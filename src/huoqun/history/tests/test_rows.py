from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from huoqun.history import schema
from huoqun.history.errors import RowsRefused
from huoqun.history.rows import rows_of
from huoqun.vocabulary import events as ev
from huoqun.vocabulary.ids import group_key, person_key

from .conftest import LIN, MO, NOON, SPRING, TAO, said

BASE: dict[str, Any] = {"account": SPRING, "source_id": "s1", "at": NOON, "group_id": "reading", "group_name": "读书会"}
EMPTY = dict.fromkeys(
    ("author_key", "message_id", "text", "reply_to", "reply_to_author", "mentions", "topic", "other_key", "detail")
)


def key(person: ev.Person) -> int:
    return person_key(SPRING, person.id)


CASES: list[tuple[ev.GroupEvent, dict[str, Any]]] = [
    (
        ev.MessagePosted(
            **BASE,
            message_id="9",
            author=TAO,
            kind=ev.MessageKind.IMAGE,
            text="看这本",
            reply_to="3",
            reply_to_author="lin",
            mentions=("mo",),
            topic="周三共读",
        ),
        {
            "kind": "image",
            "author_key": key(TAO),
            "message_id": "9",
            "text": "看这本",
            "reply_to": "3",
            "reply_to_author": key(LIN),
            "mentions": [key(MO)],
            "topic": "周三共读",
        },
    ),
    (ev.MessageRecalled(**BASE, message_id="9", by=LIN), {"kind": "recall", "message_id": "9", "other_key": key(LIN)}),
    (
        ev.MemberJoined(**BASE, member=TAO, way="invited", inviter=MO),
        {"kind": "join", "author_key": key(TAO), "other_key": key(MO), "detail": "invited"},
    ),
    (
        ev.MemberJoined(**BASE, member=TAO, way="code", source="poster-3"),
        {"kind": "join", "author_key": key(TAO), "text": "poster-3", "detail": "code"},
    ),
    (ev.MemberJoined(**BASE, member=TAO), {"kind": "join", "author_key": key(TAO)}),
    (
        ev.MemberLeft(**BASE, member=TAO, removed_by=LIN),
        {"kind": "leave", "author_key": key(TAO), "other_key": key(LIN)},
    ),
    (ev.MemberLeft(**BASE, member=TAO, removed=True), {"kind": "leave", "author_key": key(TAO), "detail": "removed"}),
    (ev.MemberRenamed(**BASE, member=TAO, before="涛涛"), {"kind": "rename", "author_key": key(TAO), "detail": "涛涛"}),
    (ev.GroupCreated(**BASE, by=LIN), {"kind": "group_created", "author_key": key(LIN), "detail": "读书会"}),
    (
        ev.GroupRenamed(**BASE, before="旧书会", by=LIN),
        {"kind": "group_renamed", "author_key": key(LIN), "text": "旧书会", "detail": "读书会"},
    ),
    (ev.GroupDissolved(**BASE, by=LIN), {"kind": "group_dissolved", "author_key": key(LIN)}),
    (
        ev.OwnerChanged(**BASE, owner=MO, before=LIN),
        {"kind": "owner", "author_key": key(MO), "other_key": key(LIN)},
    ),
    (
        ev.RedPacketClaimed(**BASE, member=TAO, message_id="8", sender=LIN),
        {"kind": "claim", "author_key": key(TAO), "message_id": "8", "other_key": key(LIN)},
    ),
    (ev.NoticePosted(**BASE, text="全员禁言", by=LIN), {"kind": "notice", "author_key": key(LIN), "text": "全员禁言"}),
    (
        ev.OrderPaid(**BASE, member=TAO, order_id="A-1", amount=9900, items=("《活着》",)),
        {
            "kind": "order",
            "author_key": key(TAO),
            "detail": '{"order_id": "A-1", "amount": 9900, "currency": "CNY", "items": ["《活着》"]}',
        },
    ),
]


@pytest.mark.parametrize(("event", "told"), CASES, ids=lambda value: type(value).__name__)
def test_an_event_becomes_a_row_that_says_who_did_what(event: ev.GroupEvent, told: dict[str, Any]) -> None:
    (row,) = rows_of([event], import_id=7).to_pylist()
    common = {
        "community": "spring-reading",
        "carrier": "qq",
        "account": "import-1",
        "month": "2026-03",
        "group_key": group_key(SPRING, "reading"),
        "source_id": "s1",
        "sent_at": NOON,
        "import_id": 7,
    }
    assert row == common | EMPTY | told


def test_every_event_of_the_vocabulary_has_its_row() -> None:
    assert {type(event) for event, _ in CASES} == set(ev.GROUP_EVENTS.values())
    for event, _ in CASES:
        (row,) = rows_of([event]).to_pylist()
        assert row["kind"] in schema.TALK_KINDS | schema.OTHER_KINDS


def test_an_event_nobody_has_given_a_row_is_not_lost_in_silence() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
    class Applauded(ev.GroupEvent):
        pass

    with pytest.raises(KeyError, match="Applauded"):
        rows_of([Applauded(**BASE)])


def test_talk_is_every_kind_of_message_and_nothing_else() -> None:
    assert {kind.value for kind in ev.MessageKind} == schema.TALK_KINDS
    assert not schema.TALK_KINDS & schema.OTHER_KINDS


def test_rows_keep_the_order_of_events_of_several_accounts() -> None:
    other = dataclasses.replace(SPRING, name="bot-2")
    events = [said(number, account=SPRING if number % 2 else other) for number in range(50)]
    table = rows_of(events)
    assert table["source_id"].to_pylist() == [f"m{number}" for number in range(50)]
    assert table["account"].to_pylist() == ["import-1" if number % 2 else "bot-2" for number in range(50)]
    assert len(set(table["group_key"].to_pylist())) == 1


def test_no_events_make_an_empty_table() -> None:
    assert rows_of([]).schema == schema.SCHEMA
    assert rows_of([]).num_rows == 0


def test_the_month_is_that_of_utc() -> None:
    new_year_in_shanghai = datetime(2026, 1, 1, 7, 30, tzinfo=timezone(timedelta(hours=8)))
    table = rows_of([said(1, at=new_year_in_shanghai), said(2, at=datetime(999, 1, 1, tzinfo=UTC))])
    assert table["month"].to_pylist() == ["2025-12", "0999-01"]
    assert table["sent_at"][0].as_py() == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)


def test_a_time_without_zone_is_refused_with_the_event_named() -> None:
    with pytest.raises(RowsRefused, match=r"'m1' of group 'reading'.*has no zone"):
        rows_of([said(1, at=datetime(2026, 3, 1))])


def test_halves_of_emoji_do_not_lose_the_message() -> None:
    pair, half = "笑\ud83d\ude00", "笑\ud83d"
    assert rows_of([said(1, pair), said(2, half), said(3)])["text"].to_pylist() == ["笑😀", "笑\ufffd", "早上好"]


def test_the_order_can_be_read_back() -> None:
    event = next(event for event, _ in CASES if isinstance(event, ev.OrderPaid))
    assert json.loads(rows_of([event])["detail"][0].as_py())["items"] == ["《活着》"]
