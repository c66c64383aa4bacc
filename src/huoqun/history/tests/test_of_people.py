from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from huoqun.history.of_people import past_of
from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.vocabulary.events import MemberJoined, MessagePosted, OrderPaid, Person
from huoqun.vocabulary.ids import Account, group_key, person_key

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ACCOUNT = Account("balcony", "wecom", "ww1")
TAO, GROUP = person_key(ACCOUNT, "tao"), group_key(ACCOUNT, "g1")


def said(number: int, *, by: str = "tao", group: str = "g1", days: float = 1.0, account: Account = ACCOUNT) -> MessagePosted:
    return MessagePosted(
        account=account,
        source_id=f"{group}-{number}",
        at=NOW - timedelta(days=days),
        group_id=group,
        message_id=str(number),
        author=Person(id=by),
        text=f"第{number}句" * (200 if number == 9 else 1),
    )


def paid(number: int, days: float) -> OrderPaid:
    at = NOW - timedelta(days=days)
    facts = {"account": ACCOUNT, "source_id": f"o{number}", "at": at, "group_id": "g1", "member": Person(id="tao")}
    return OrderPaid(**facts, order_id=str(number), amount=100 * number, items=("苗",))  # type: ignore[arg-type]


def joined() -> MemberJoined:
    return MemberJoined(account=ACCOUNT, source_id="j", at=NOW, group_id="g1", member=Person(id="tao"))


def test_the_latest_come_first_and_others_stay_out(tmp_path: Path) -> None:
    store = Store(tmp_path / "history")
    elsewhere = Account("elsewhere", "wecom", "ww1")
    store.add_new(
        rows_of(
            [said(1, days=3), said(2, days=2), said(3, by="ren"), said(4, group="g2"), said(5, days=400), joined(), paid(1, 9)]
        )
    )
    store.add_new(rows_of([said(6, account=elsewhere)]))
    past = past_of(store, "balcony", [TAO], groups=[GROUP], start=NOW - timedelta(days=180), most=8)
    assert [one.text for one in past.said] == ["第2句", "第1句"]
    assert [(one.amount, one.currency, one.items) for one in past.bought] == [(100, "CNY", ["苗"])]
    assert past.said[0].at == NOW - timedelta(days=2)


def test_no_more_than_asked_for_and_long_words_are_cut(tmp_path: Path) -> None:
    store = Store(tmp_path / "history")
    store.add_new(rows_of([*(said(n, days=10 - n) for n in range(1, 10)), paid(1, 3), paid(2, 2), paid(3, 1)]))
    past = past_of(store, "balcony", [TAO], groups=[GROUP], start=NOW - timedelta(days=180), most=2)
    assert len(past.said) == 2
    assert len(past.said[0].text) == 300
    assert [one.amount for one in past.bought] == [300, 200]


def test_of_nobody_nothing_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "none")
    assert past_of(store, "balcony", [], groups=[GROUP], start=NOW, most=8).said == []
    assert past_of(store, "balcony", [TAO], groups=[], start=NOW, most=8).said == []
    assert past_of(store, "balcony", [TAO], groups=[GROUP], start=NOW, most=8).said == [], "no history yet"
