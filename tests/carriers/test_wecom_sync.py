"""A whole company is read through the real client: once, in pieces, over troubles, and again to find what was missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import pytest

from huoqun.carriers.base import Barred, Unreachable
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Chat, Colleague, Corp, Sync
from huoqun.carriers.wecom.operations.versions import keep_version, version_of
from huoqun.carriers.wecom.sync.coverage import coverage, no_longer_listed, not_read
from huoqun.carriers.wecom.sync.roster import WeComRoster
from huoqun.community.models import Community, Contact, Group, Identity, Label, Membership, Person
from huoqun.community.operations import communities, intake
from huoqun.history.store import Store
from huoqun.vocabulary.events import MemberJoined
from huoqun.vocabulary.events import Person as Somebody
from huoqun.vocabulary.roster import Brought
from huoqun.wiring import syncing
from tests.carriers.far_company import BEGAN, FarCompany, at

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def balcony(transactional_db: None) -> Community:
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def corp(balcony: Community) -> Corp:
    return Corp.objects.create(community="balcony", corpid="ww0balcony", api="http://wecom.test", app_secret="s", made_at=NOW)


@pytest.fixture
def far() -> FarCompany:
    company = FarCompany()
    company.populate(groups=30, members=8)
    return company


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "history")


Walk = Callable[..., Brought]


@pytest.fixture
def walk(corp: Corp, far: FarCompany, store: Store, clock: Clock) -> Walk:
    """Reads everything, as a job would: a new roster each time, so that nothing is remembered but what is kept."""

    def walk(report: Callable[[int, int, str], None] = lambda *_: None) -> Brought:
        client = Client(corp, http=far.line(), now=clock, sleep=lambda _: None)
        roster = WeComRoster(corp, client, now=clock)
        return syncing.sync(roster, corp.account, report=report, now=clock, store=store)

    return walk


def known() -> dict[str, list[tuple[object, ...]]]:
    """Everything that is known, without row numbers."""
    return {
        "people": sorted(Identity.objects.values_list("key", "native_id", "name", "person__name", "person__house")),
        "groups": sorted(Group.objects.values_list("key", "name", "born_at", "owner__native_id")),
        "places": sorted(
            Membership.objects.values_list(
                "group__key", "identity__key", "nickname", "joined_at", "way", "source", "inviter__native_id", "left_at"
            )
        ),
        "contacts": sorted(
            Contact.objects.values_list("staff__key", "identity__key", "remark", "way", "source", "added_at", "lost_at")
        ),
        "labels": sorted(Label.objects.values_list("person__name", "house", "source")),
        "chats": sorted(Chat.objects.values_list("chat_id", "version", "members", "nameless", "trouble")),
        "colleagues": sorted(Colleague.objects.values_list("userid", "name", "serves", "expected", "fetched", "trouble")),
    }


def told(store: Store) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        rows = store.relation(con, community="balcony").project("kind, source_id, sent_at, author_key, group_key, text, detail")
        return sorted(rows.fetchall())


@pytest.mark.method("I01", "D05")
def test_a_company_becomes_known_with_everything_it_tells(walk: Walk, store: Store, corp: Corp) -> None:
    brought = walk()
    assert (brought.groups, brought.joined, brought.contacts) == (30, 30 * 9, 13)
    place = Membership.objects.get(group__native_id="wr0000", identity__native_id="wm0001")
    assert (place.nickname, place.way, place.source, place.inviter.native_id) == ("群里1", "code", "poster-3", "lin")
    assert place.joined_at == at(61)
    assert set(Label.objects.values_list("person__name", "house", "source")) == {
        (name, "staff", "carrier") for name in ("林", "莫", "华")
    }
    contact = Contact.objects.get(staff__native_id="mo", identity__native_id="wm0002")
    assert (contact.remark, contact.tags, contact.way, contact.source) == ("备注2", ["老友"], "code", "poster-3")
    assert Colleague.objects.get(userid="hua").departments == ["总部 / 华东"]
    assert {kind for kind, *_ in told(store)} == {"join"}
    assert len(told(store)) == brought.joined
    assert version_of(corp, "wr0000") == "a" * 32


def test_coverage_is_fetched_expected_nameless_and_failed(walk: Walk, far: FarCompany, corp: Corp) -> None:
    far.refusals = {
        ("externalcontact/groupchat/get", "wr0003"): 60011,
        ("externalcontact/groupchat/get", "wr0004"): 90501,
        ("externalcontact/batch/get_by_user", "mo"): 60011,
    }
    walk()
    done = Sync.objects.get()
    people, customers, groups, members = coverage(done)
    assert (people.fetched, people.nameless) == (3, 0)
    assert (customers.fetched, customers.expected, customers.failed) == (10, 13, 1)
    assert (groups.fetched, groups.expected, groups.failed) == (28, 30, 2)
    assert members.fetched == 28 * 9
    assert members.nameless == sum(
        not each["name"]
        for chat in far.chats.values()
        if chat["chat_id"] not in {"wr0003", "wr0004"}
        for each in chat["member_list"]
    )
    assert {chat.chat_id for chat in not_read(done)} == {"wr0003", "wr0004"}
    assert "customer group" in not_read(done).get(chat_id="wr0004").trouble


class Killed(BaseException):
    """The process is gone: nothing that follows happens."""


@pytest.mark.parametrize("pages", [(1, 1), (2, 1), (1, 3), (3, 2)])
def test_a_first_sync_interrupted_twice_ends_as_one_that_was_not(
    walk: Walk, far: FarCompany, store: Store, tmp_path: Path, pages: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huoqun.carriers.wecom.sync.groups.AT_ONCE", 6)
    for count in pages:
        with pytest.raises(Killed):
            walk(_killer(count))
    assert Sync.objects.get().state == Sync.State.RUNNING
    walk()
    assert Sync.objects.get().interruptions == 2
    pieces, pieces_told = known(), told(store)
    for model in (Community, Person, Sync, Chat, Colleague):
        model.objects.all().delete()
    communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)
    fresh = Store(tmp_path / "other")
    corp = Corp.objects.get()
    roster = WeComRoster(corp, Client(corp, http=far.line(), now=lambda: NOW, sleep=lambda _: None), now=lambda: NOW)
    syncing.sync(roster, corp.account, report=lambda *_: None, now=lambda: NOW, store=fresh)
    assert known() == pieces
    assert told(fresh) == pieces_told


def _killer(pages: int) -> Callable[[int, int, str], None]:
    left = [pages]

    def report(*_: object) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise Killed

    return report


def test_a_page_that_was_not_kept_is_read_again(
    walk: Walk, far: FarCompany, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """Dies between taking a page in and marking it: both are one transaction."""
    kept = WeComRoster.kept

    def die(self: WeComRoster, page: object, brought: Brought) -> None:
        if Membership.objects.exists():
            raise Killed
        kept(self, page, brought)  # type: ignore[arg-type]

    monkeypatch.setattr(WeComRoster, "kept", die)
    with pytest.raises(Killed):
        walk()
    assert not Membership.objects.exists()
    monkeypatch.setattr(WeComRoster, "kept", kept)
    walk()
    assert Membership.objects.count() == 270


def test_the_next_walk_finds_what_events_have_missed_and_says_how_much(
    walk: Walk, far: FarCompany, clock: Clock, store: Store
) -> None:
    walk()
    clock.now += timedelta(days=1)
    assert walk() == Brought()
    before = told(store)
    clock.now += timedelta(days=1)
    first = far.chats["wr0000"]["member_list"]
    del first[3:5]
    first.append(far.member(999, join_time=BEGAN + 90_000))
    far.chats["wr0001"] |= {"name": "黄瓜群", "owner": "lin"}
    del far.customers["mo"][0]
    found = walk()
    assert found == Brought(people=1, joined=1, left=2, renamed=1, owners=1, lost=1)
    assert Sync.objects.order_by("-pk")[0].brought["left"] == 2
    news = [row for row in told(store) if row not in before]
    assert sorted(kind for kind, *_ in news) == ["join"]
    clock.now += timedelta(days=1)
    walk()
    news = [row for row in told(store) if row not in before]
    assert sorted(kind for kind, *_ in news) == ["join", "leave", "leave"]


def test_what_an_event_told_is_not_told_to_history_again(walk: Walk, far: FarCompany, store: Store, corp: Corp) -> None:
    from huoqun.history.rows import rows_of

    heard = MemberJoined(
        account=corp.account,
        source_id="callback/1",
        at=at(64),
        group_id="wr0000",
        member=Somebody(id="wm0001"),
        way="code",
    )
    intake.take_in(Community.objects.get(), [heard], now=NOW)
    store.record(rows_of([heard]))
    walk()
    mine = [row for row in told(store) if row[3] == Identity.objects.get(native_id="wm0001").key]
    assert [row[1] for row in mine if row[2] == at(64).replace(tzinfo=None)] == ["callback/1"]
    assert len(mine) == Membership.objects.filter(identity__native_id="wm0001").count()


def test_a_line_that_breaks_puts_the_walk_down_and_nothing_is_lost(walk: Walk, far: FarCompany) -> None:
    def break_off(call: str) -> None:
        if call.endswith("groupchat/get"):
            raise httpx.ConnectError("no route")

    far.before = break_off
    with pytest.raises(Unreachable):
        walk()
    assert Contact.objects.count() == 13
    far.before = None
    calls = far.calls["externalcontact/batch/get_by_user"]
    walk()
    assert Group.objects.count() == 30
    assert far.calls["externalcontact/batch/get_by_user"] == calls


@pytest.mark.parametrize(
    ("call", "code"), [("externalcontact/groupchat/list", 60020), ("externalcontact/groupchat/get", 60020)]
)
def test_what_a_person_has_to_mend_is_said_in_words(walk: Walk, far: FarCompany, call: str, code: int) -> None:
    far.refusals = {(call, ""): code}
    with pytest.raises(Barred, match="trusted IPs"):
        walk()
    far.refusals = {}
    walk()
    assert Group.objects.count() == 30


def test_without_permission_to_the_directory_colleagues_are_known_by_id(walk: Walk, far: FarCompany) -> None:
    far.refusals = {("department/list", ""): 48002}
    walk()
    done = Sync.objects.get()
    assert "customer contact" in done.trouble
    assert coverage(done)[0].nameless == 2
    assert set(Identity.objects.filter(person__house="staff").values_list("native_id", flat=True)) == {"lin", "mo"}


def test_a_company_too_large_for_one_list_is_listed_by_owners(walk: Walk, far: FarCompany) -> None:
    far.refusals = {("owners", ""): 1}
    walk()
    assert Group.objects.count() == 30


def test_a_cursor_that_is_over_begins_that_part_anew(walk: Walk, far: FarCompany) -> None:
    once = [50100]

    def spoil(call: str) -> None:
        far.refusals.pop(("externalcontact/batch/get_by_user", "lin"), None)
        if call == "externalcontact/batch/get_by_user" and far.calls[call] > 2 and once:
            far.refusals["externalcontact/batch/get_by_user", "lin"] = once.pop()

    far.before = spoil
    walk()
    assert Colleague.objects.get(userid="lin").fetched == 10
    assert Contact.objects.count() == 13


def test_groups_that_are_listed_no_more_are_named(walk: Walk, far: FarCompany, clock: Clock) -> None:
    walk()
    clock.now += timedelta(days=1)
    del far.chats["wr0007"]
    walk()
    latest = Sync.objects.order_by("-pk")[0]
    assert [chat.chat_id for chat in no_longer_listed(latest)] == ["wr0007"]
    assert coverage(latest)[2].expected == 29


def test_a_version_kept_by_an_event_is_the_one_that_counts(corp: Corp) -> None:
    assert version_of(corp, "wr1") == ""
    keep_version(corp, "wr1", "b" * 32)
    keep_version(corp, "wr1", "c" * 32)
    assert version_of(corp, "wr1") == "c" * 32


def test_asking_for_a_page_changes_nothing(corp: Corp, far: FarCompany, clock: Clock) -> None:
    far_roster = WeComRoster(corp, Client(corp, http=far.line(), now=clock, sleep=lambda _: None), now=clock)
    cursor, pages = far_roster.open(now=NOW), 0
    while page := far_roster.page(cursor):
        before = Sync.objects.values().get(), list(Chat.objects.values()), list(Colleague.objects.values())
        assert far_roster.page(cursor) == page
        assert (Sync.objects.values().get(), list(Chat.objects.values()), list(Colleague.objects.values())) == before
        far_roster.kept(page, Brought())
        assert Sync.objects.get().cursor == page.cursor
        assert page.done <= page.total
        cursor, pages = page.cursor, pages + 1
    assert pages > 8
    assert Sync.objects.get().state == Sync.State.RUNNING
    far_roster.finish(now=NOW)
    assert Sync.objects.get().state == Sync.State.DONE
