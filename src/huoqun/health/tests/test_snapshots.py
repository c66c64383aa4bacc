"""Audits in the database: stored once however often, told once, thinned, forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import translation

from huoqun.community.models import Community, Group, House, Identity, Person
from huoqun.console.models import Role as StaffRole
from huoqun.console.models import Staff
from huoqun.health import handlers, long_work, operations, queries
from huoqun.health.long_work import Desk, audit_community
from huoqun.health.models import Audit, GroupDay, GroupHealth, PersonRole, Unanswered
from huoqun.history.store import Store
from huoqun.inbox.models import Entry
from huoqun.jobs.models import Job
from huoqun.vocabulary.facts import GroupTurned, HistoryImported, HouseChanged, PersonErased
from huoqun.vocabulary.log import Batch, Stored

from .tell import BOT, COFFEE, LIN, MO, TAO, TEA, YU, Story

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 8, 2, tzinfo=UTC)


@pytest.fixture
def tea_house() -> Community:
    return _community("tea-house", {TEA: "茶友会", COFFEE: "咖啡角"}, (LIN, MO, TAO))


def _community(slug: str, groups: dict[int, str], people: tuple[int, ...]) -> Community:
    community = Community.objects.create(slug=slug, name=slug, zone="Asia/Shanghai", created_at=NOW)
    for key, name in groups.items():
        Group.objects.create(community=community, key=key, carrier="wechat", native_id=str(key), name=name)
    for key in people:
        person = Person.objects.create(community=community, name=str(key))
        Identity.objects.create(person=person, community=community, key=key, carrier="wechat", native_id=str(key))
    return community


@pytest.fixture
def story() -> Story:
    """Tea talks daily until 7 March and Tao's question stays open; coffee fell silent in January."""
    told = Story()
    told.daily(TEA, LIN, "02-01", 35)
    told.daily(TEA, MO, "02-03", 33, at="18:00")
    told.say(TEA, TAO, "03-05 12:00", "请问几点开门")
    told.say(TEA, MO, "03-05 12:30", "今天人真多")
    told.daily(COFFEE, TAO, "01-02", 4)
    return told


@pytest.fixture
def desk(tmp_path: Path, story: Story) -> Desk:
    store = Store(tmp_path / "history")
    store.add_new(story.table())
    return Desk(store, tmp_path / "health")


def _facts() -> list[str]:
    return list(Entry.objects.filter(name="GroupTurned").values_list("name", flat=True))


@pytest.mark.method("A01", "A25")
def test_the_first_audit_stores_everything_pages_read(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    audit = queries.latest_audit(tea_house)
    assert audit is not None
    assert (audit.as_of, audit.ran_at) == (date(2026, 3, 7), NOW)
    tea = audit.groups.get(group__key=TEA)
    assert (tea.messages_7d, tea.speakers_7d, tea.days_active_7d, tea.rule) == (16, 3, 7, "every_day")
    assert tea.figures["messages_30d"] == tea.messages_30d == 62
    assert tea.reasons
    coffee = audit.groups.get(group__key=COFFEE)
    assert (coffee.messages_7d, coffee.rule, coffee.joins_30d) == (0, "silent", None)
    assert GroupDay.objects.get(group__key=TEA, day=date(2026, 3, 5)).messages == 4
    assert set(PersonRole.objects.filter(group__key=TEA).values_list("identity__key", flat=True)) == {LIN, MO, TAO}
    question = Unanswered.objects.get()
    assert (question.text, question.author.key, question.message_id) == ("请问几点开门", TAO, "m69")
    said = [(entry["author"], entry["asked"]) for entry in question.around]
    assert said == [(TAO, True), (MO, False)]


def test_the_portfolio_is_seen_to_move_from_the_first_day_on(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    days = [moved.as_of for moved in queries.movement([tea_house], since=date(2025, 1, 1))]
    weeks = [date(2026, 3, 7) - timedelta(days=7 * back) for back in range(9, -1, -1)]
    assert days == sorted({*weeks, date(2026, 3, 6)} - {date(2026, 1, 1)}) == sorted(set(days))
    past = Audit.objects.get(community=tea_house, as_of=date(2026, 1, 10))
    assert (past.complete, past.groups.count(), past.portfolio["groups"], past.portfolio["alive_7d"]) == (False, 0, 1, 1.0)


def test_the_same_audit_again_changes_nothing_and_tells_nothing(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    told = len(_facts())
    before = _rows()
    assert told == 2
    audit_community(tea_house, desk, now=NOW)
    assert _rows() == before
    assert len(_facts()) == told


def _rows() -> list[object]:
    healths = GroupHealth.objects.order_by("audit__as_of", "group_id")
    return [
        list(Audit.objects.order_by("as_of").values_list("as_of", "portfolio", "coverage", "complete")),
        [(row.audit.as_of, row.group_id, row.state, row.p_alive, row.figures, row.reasons) for row in healths],
        list(GroupDay.objects.order_by("group_id", "day").values_list("group_id", "day", "messages", "speakers", "joins")),
        list(PersonRole.objects.order_by("group_id", "identity_id").values_list("role", "messages", "days", "last_at")),
        list(Unanswered.objects.order_by("asked_at").values_list("source_id", "text", "around")),
    ]


@pytest.mark.method("A01", "A03")
def test_a_group_that_turns_is_told_with_what_it_was(tea_house: Community, desk: Desk, story: Story) -> None:
    audit_community(tea_house, desk, now=NOW)
    before = GroupHealth.objects.get(audit__as_of=date(2026, 3, 7), group__key=COFFEE).state
    late = Story()
    late.daily(COFFEE, TAO, "03-08", 4)
    for row in late.rows:
        row["source_id"] = row["message_id"] = f"late-{row['source_id']}"
    desk.store.add_new(late.table())
    audit_community(tea_house, desk, now=NOW + timedelta(days=4))
    after = queries.latest_audit(tea_house)
    assert after is not None
    assert after.as_of == date(2026, 3, 11)
    changes = {change.group_id: (change.before, change.state) for change in queries.changes(_admin(), [after])}
    coffee = Group.objects.get(key=COFFEE)
    assert changes[coffee.id] == (before, "bubbling")
    assert GroupDay.objects.filter(group=coffee).count() == 8


def test_an_audit_of_a_day_gone_by_tells_nothing_and_leaves_the_newest(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    told, roles = len(_facts()), list(PersonRole.objects.order_by("id").values_list("id", flat=True))
    audit_community(tea_house, desk, now=NOW, as_of=date(2026, 2, 10))
    past = Audit.objects.get(as_of=date(2026, 2, 10))
    assert past.groups.get(group__key=TEA).messages_7d == 14
    assert len(_facts()) == told
    assert list(PersonRole.objects.order_by("id").values_list("id", flat=True)) == roles


def test_roles_are_written_only_where_they_changed(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    kept = dict(PersonRole.objects.values_list("id", "group__key"))
    more = Story()
    more.daily(COFFEE, MO, "03-08", 1)
    more.rows[0]["source_id"] = "other"
    desk.store.add_new(more.table())
    audit_community(tea_house, desk, now=NOW + timedelta(days=1))
    now = dict(PersonRole.objects.values_list("id", "group__key"))
    assert {key for key in kept if kept[key] == TEA} == {key for key in now if now[key] == TEA}
    assert {key for key in kept if kept[key] == COFFEE}.isdisjoint(now)


@pytest.mark.method("L02")
def test_a_new_label_makes_every_day_anew(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    Person.objects.filter(identities__key=MO).update(house=House.STAFF)
    audit_community(tea_house, desk, now=NOW)
    tea = GroupHealth.objects.get(audit__as_of=date(2026, 3, 7), group__key=TEA)
    assert (tea.messages_7d, tea.speakers_7d, tea.house_messages_30d) == (8, 2, 31)
    day = GroupDay.objects.get(group__key=TEA, day=date(2026, 2, 10))
    assert (day.messages, day.speakers, day.house_messages) == (1, 1, 1)
    assert not PersonRole.objects.filter(identity__key=MO).exists()
    past = Audit.objects.get(as_of=date(2026, 2, 14))
    assert past.portfolio["posters"] == 2


def test_a_community_without_history_is_left_alone(tea_house: Community, tmp_path: Path) -> None:
    assert audit_community(tea_house, Desk(Store(tmp_path / "none"), tmp_path / "health"), now=NOW) is None
    assert not Audit.objects.exists()


def test_figures_by_name_are_kept_for_a_month(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW, as_of=date(2026, 1, 20))
    assert GroupHealth.objects.get(audit__as_of=date(2026, 1, 20), group__key=COFFEE).figures
    audit_community(tea_house, desk, now=NOW)
    old = GroupHealth.objects.get(audit__as_of=date(2026, 1, 20), group__key=COFFEE)
    assert (old.figures, old.messages_ever) == ({}, 4)


def test_erased_people_are_gone_from_snapshots_and_day_book(
    tea_house: Community, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_work, "desk", lambda: desk)
    audit_community(tea_house, desk, now=NOW)
    assert list(desk.folder.rglob("*.parquet"))
    handlers.forget_erased(_batch(PersonErased(community="tea-house", at=NOW, people=(MO,))), now=NOW)
    assert not PersonRole.objects.filter(identity__key=MO).exists()
    assert [entry["author"] for entry in Unanswered.objects.get().around] == [TAO]
    assert not list(desk.folder.rglob("*.parquet"))
    handlers.forget_erased(_batch(PersonErased(community="tea-house", at=NOW, people=(TAO,))), now=NOW)
    assert not Unanswered.objects.exists()


def _batch(*facts: object) -> Batch:
    return Batch(tuple(Stored(place, NOW, fact) for place, fact in enumerate(facts, start=7)), writer="health/0")


def test_what_makes_figures_stale_asks_for_one_audit_a_community(tea_house: Community) -> None:
    imported = HistoryImported(community="tea-house", at=NOW, import_id=1, first_day=None, last_day=None, messages=5)
    labelled = HouseChanged(community="tea-house", at=NOW, people=(BOT,))
    turned = GroupTurned(community="elsewhere", at=NOW, group=TEA, state="dead", before="", since=None, as_of=NOW.date())
    for _ in range(2):
        handlers.audit_again(_batch(imported, labelled, turned), now=NOW)
    (job,) = Job.objects.all()
    assert (job.kind, job.arguments) == ("audit", {"community": "tea-house"})
    handlers.audit_again(_batch(imported, labelled, turned, labelled), now=NOW)
    assert Job.objects.count() == 2


def test_a_job_asked_for_before_the_last_audit_began_is_done_already(
    tea_house: Community, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_work, "desk", lambda: desk)
    asked = _run(NOW)
    long_work.run_audit(asked)
    assert asked.reports[-1] == (100, 100, "")
    early, late = _run(NOW - timedelta(minutes=5)), _run(NOW + timedelta(minutes=5))
    long_work.run_audit(early)
    long_work.run_audit(late)
    assert (early.reports, bool(late.reports)) == ([], True)


def _run(asked_at: datetime) -> SimpleNamespace:
    reports: list[tuple[int, int, str]] = []
    return SimpleNamespace(
        arguments={"community": "tea-house"},
        job=SimpleNamespace(asked_at=asked_at),
        now=lambda: asked_at + timedelta(minutes=1),
        report=lambda *said: reports.append(said),
        reports=reports,
    )


def test_every_community_has_its_daily_audit(tea_house: Community) -> None:
    _community("book-club", {}, ())
    run = SimpleNamespace(now=lambda: NOW)
    long_work.run_daily_audits(run)
    long_work.run_daily_audits(run)
    assert sorted(Job.objects.values_list("key", flat=True)) == ["book-club/2026-03-08", "tea-house/2026-03-08"]


def _admin() -> Staff:
    return Staff.objects.get_or_create(username="lin", defaults={"role": StaffRole.ADMIN})[0]


def test_who_belongs_elsewhere_sees_nothing(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    yu = Staff.objects.create(username="yu", role=StaffRole.OPERATOR)
    audit, group = queries.latest_audit(tea_house), Group.objects.get(key=TEA)
    assert audit is not None
    lin = _admin()
    for visitor, seen in ((lin, True), (yu, False)):
        assert queries.healths(visitor, audit).exists() is seen
        assert queries.audits(visitor).exists() is seen
        assert queries.roles_in(visitor, group).exists() is seen
        assert queries.roles_of(visitor, Person.objects.get(identities__key=LIN)).exists() is seen
        assert queries.unanswered_in(visitor, group).exists() is seen
        assert queries.days_of(visitor, [group], upto=date(2026, 3, 7)).exists() is seen
        assert queries.history_of(visitor, group).exists() is seen


def test_two_communities_do_not_see_each_others_talk(tea_house: Community, desk: Desk) -> None:
    club = _community("book-club", {900: "读书会"}, (YU,))
    other = Story()
    other.daily(900, YU, "03-01", 3)
    for row in other.rows:
        row["community"] = "book-club"
    desk.store.add_new(other.table())
    result = audit_community(club, desk, now=NOW)
    assert result is not None
    assert result.groups["group_key"].to_pylist() == [900]


def test_every_reason_can_be_said_in_both_languages(tea_house: Community) -> None:
    group, identity = Group.objects.get(key=TEA), Identity.objects.get(key=LIN)
    said = set()
    for code in queries._REASONS:
        role = PersonRole(group=group, identity=identity, reason=code, messages=20, days=5, replies=3, share=0.4, last_at=NOW)
        with translation.override("en"):
            said.add(queries.reason_of(role))
    assert len(said) == len(queries._REASONS)
    assert all("20" in sentence for sentence in said)


def test_the_codes_of_roles_are_those_the_metric_gives() -> None:
    from huoqun.health.registry import registry

    sql = registry().metrics["roles"].sql
    assert all(f"'{code}'" in sql for code in queries._REASONS)


def test_forgetting_nobody_touches_nothing(tea_house: Community, desk: Desk) -> None:
    audit_community(tea_house, desk, now=NOW)
    before = _rows()
    operations.forget_people(tea_house, {12345})
    assert _rows() == before
