"""A person erased on request does not come back, neither with a file nor with what happens next."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from django.apps import apps

from huoqun.carriers.models import Import
from huoqun.carriers.operations import ask_import
from huoqun.community import handlers as community_handlers
from huoqun.community import queries
from huoqun.community.models import Community, Erased, Group, Identity, Person
from huoqun.community.operations import communities, people
from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.vocabulary.events import MessagePosted
from huoqun.vocabulary.events import Person as Somebody
from huoqun.vocabulary.ids import Account, person_key
from huoqun.vocabulary.log import Batch, Stored
from huoqun.wiring import importing, recording
from huoqun.wiring.erasing import sweep

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACCOUNT = Account("balcony", "qq", "bot-1")
REN = person_key(ACCOUNT, "ren")


@pytest.fixture
def balcony(db: None) -> Community:
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store(tmp_path / "history")
    monkeypatch.setattr("huoqun.history.handlers.open_store", lambda: store)
    monkeypatch.setattr(recording, "open_store", lambda: store)
    return store


def told(number: int, who: str, kind: str = "message", **more: object) -> dict[str, object]:
    text = "红了" if kind == "message" else None
    return {
        "carrier": "qq", "group_id": "g1", "group_name": "番茄群", "message_id": str(number), "author_id": who,
        "author_name": {"ren": "阿仁", "mo": "莫", "tao": "小陶"}[who], "kind": kind, "text": text,
        "sent_at": (NOW - timedelta(days=9) + timedelta(minutes=number)).isoformat(), **more,
    }  # fmt: skip


ROWS = [
    told(1, "ren", "group_created"),
    told(2, "mo", "join", inviter_id="ren", inviter_name="阿仁", way="invited"),
    told(3, "tao", "join", inviter_id="mo", inviter_name="莫"),
    told(4, "ren"),
    told(5, "mo", reply_to="4", mentions="ren;tao"),
    told(6, "tao", target_id="ren", reply_to="99"),
    told(7, "tao", "claim", target_id="ren"),
    told(8, "ren", "rename", detail="仁"),
    told(9, "mo", "owner", target_id="ren"),
    told(10, "ren", "recall", reply_to="5"),
    told(11, "ren", "leave"),
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "balcony.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def take(balcony: Community, store: Store, export: Path) -> Callable[[], Import]:
    def take() -> Import:
        asked = ask_import("balcony", [export], title=export.name, zone="Asia/Shanghai", by=None, now=NOW)
        importing.read_in(asked, report=lambda *_: None, now=lambda: NOW, store=store)
        asked.refresh_from_db()
        assert (asked.state, asked.bad) == ("done", 0)
        return asked

    return take


def traces(store: Store) -> list[str]:
    """Every row, in history or of the community room, in which Ren's key, id or name stands."""
    with duckdb.connect() as con:
        history = [str(row) for row in store.relation(con, community="balcony").fetchall()]
    models = [model for model in apps.get_app_config("community").get_models() if model is not Erased]
    rows = [f"{model.__name__} {row}" for model in models for row in model._default_manager.values()]
    return [row for row in [*history, *rows] if any(sign in row for sign in (str(REN), "'ren'", "阿仁"))]


def erase(store: Store) -> None:
    people.erase(Person.objects.get(name="阿仁"), now=NOW)
    store.erase([REN], "balcony")


def count(store: Store) -> int:
    return store.extent("balcony")[0]


def test_the_same_file_again_brings_back_nothing_of_them(take: Callable[[], Import], store: Store) -> None:
    take()
    assert len(traces(store)) > 8
    erase(store)
    assert traces(store) == []
    again = take()
    assert traces(store) == []
    assert (again.read, again.people) == (11, 0)
    assert {identity.native_id for identity in Identity.objects.all()} == {"mo", "tao"}
    # The group's birth was taken out together with its author; it is the group's and comes back without them.
    assert (again.added, again.known) == (1, 10)
    assert take().added == 0


def test_a_file_read_first_after_the_erasure_tells_the_rest(
    take: Callable[[], Import], store: Store, balcony: Community
) -> None:
    Erased.objects.create(community=balcony, key=REN, at=NOW)
    first = take()
    assert traces(store) == []
    assert (first.added, first.known, first.people) == (8, 3, 2)
    assert Group.objects.get().born_at is not None
    assert Group.objects.get().owner.native_id == "mo"


def test_others_with_the_same_id_are_not_meant(take: Callable[[], Import], store: Store) -> None:
    take()
    erase(store)
    communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)
    assert queries.erased_keys("balcony") == {REN}
    assert queries.erased_keys("elsewhere") == set()


def heard(*who: str) -> Batch:
    def stored(number: int, author: str) -> Stored:
        event = MessagePosted(
            account=ACCOUNT, source_id=f"live-{number}", at=NOW, group_id="g1", message_id=f"live-{number}",
            author=Somebody(id=author, name="阿仁" if author == "ren" else author), text="还在", mentions=("ren", "tao"),
        )  # fmt: skip
        return Stored(number, NOW, event)

    return Batch(tuple(stored(number, author) for number, author in enumerate(who, 1)), "history")


def test_what_they_say_later_is_not_heard(take: Callable[[], Import], store: Store) -> None:
    take()
    before = count(store)
    recording.record(heard("ren", "mo"), now=NOW)
    assert count(store) == before + 2
    erase(store)
    before = count(store)
    recording.record(heard("ren", "mo", "ren", "tao"), now=NOW)
    community_handlers.take_in(heard("ren", "mo", "ren", "tao"), now=NOW)
    assert traces(store) == []
    assert count(store) == before + 1


def test_an_erasure_in_the_middle_of_an_import_wins(
    take: Callable[[], Import], store: Store, balcony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = store.add_new

    def slowly(table: object) -> int:
        added = add(table)
        Erased.objects.get_or_create(community=balcony, key=REN, defaults={"at": NOW})
        return added

    monkeypatch.setattr(store, "add_new", slowly)
    take()
    assert traces(store) == []


def test_an_erasure_in_the_middle_of_taking_in_wins(balcony: Community, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    Erased.objects.create(community=balcony, key=REN, at=NOW)
    asked, known = [], queries.erased_keys

    def late(*slugs: str) -> set[int]:
        asked.append(slugs)
        return set() if len(asked) == 1 else known(*slugs)

    monkeypatch.setattr(queries, "erased_keys", late)
    community_handlers.take_in(heard("ren", "mo"), now=NOW)
    assert traces(store) == []
    assert [person.native_id for person in Identity.objects.all()] == ["mo"]


def test_a_community_where_nobody_was_erased_is_asked_and_nothing_else(
    balcony: Community, store: Store, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(2):
        recording.record(heard("mo", "tao"), now=NOW)


def test_what_slipped_in_beside_an_erasure_goes_at_night(take: Callable[[], Import], store: Store, balcony: Community) -> None:
    """A process died after it had written history and before it looked again."""
    take()
    erase(store)
    assert sweep(store) == 0
    slipped = [one.what for one in heard("ren", "mo")]
    store.add_new(rows_of([event for event in slipped if isinstance(event, MessagePosted)]))
    assert traces(store) != []
    assert sweep(store) == 1
    assert traces(store) == []
    assert sweep(store) == 0
