"""Fair tests: drawn by lot, kept as drawn, and groups begin from their wave on only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.console.models import Staff
from huoqun.outbox.models import Pause
from huoqun.sop.effects.waves import NEVER
from huoqun.sop.effects.waves import draw as deal
from huoqun.sop.eligible import Unit, eligible
from huoqun.sop.errors import AlreadyDrawn, CannotDraw, NoDraw
from huoqun.sop.gate import may_begin
from huoqun.sop.models import Launch, Run, Trial, TrialGroup, _book
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.calendar import look
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.launching import launch as put_to_work
from huoqun.sop.operations.starting import turned
from huoqun.sop.operations.trials import draw, prepare
from huoqun.sop.playbooks.reading import read
from huoqun.sop.rules.testing import Plan, coarsened, weeks_before
from huoqun.sop.starts import Turned
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.ids import GroupKey

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday, nine in the morning in Shanghai."""
FIRST = date(2026, 3, 9)
WAVES = Plan(FIRST, before=4, waves=3, every=1, held_back=0.25, after=2)

DAILY = """
name: morning
title: 早上好
audience: {}
aim: {measure: days, weeks: 2, by: [connects]}
starts:
  - {when: every, rule: FREQ=DAILY, time: "09:00"}
steps:
  - {do: post, key: hello, at: {day: 0, time: "09:00"}, words: {text: 早上好}}
"""


@pytest.fixture(autouse=True)
def _nothing_read_before() -> None:
    """Rows of rolled-back tests come again under the same number and moment."""
    _book.cache_clear()


@pytest.fixture
def twelve(home: Community) -> list[Group]:
    return [
        Group.objects.create(
            community=home, key=1000 + n, carrier="pretend", native_id=f"g{n}", name=f"豆苗{n}群", state="steady",
            connects="goods" if n % 2 else "people",
        )
        for n in range(12)
    ]  # fmt: skip


def prepared(home: Community, by: Staff, text: str = DAILY, **more: object) -> Launch:
    return prepare(keep(read(text), home, by=by, now=NOW), home, by=by, now=NOW, **more)  # type: ignore[arg-type]


def drawn(home: Community, by: Staff, plan: Plan = WAVES, seed: int = 7) -> Trial:
    return draw(prepared(home, by), plan, seed=seed, smallest=0.5, by=by, now=NOW)


def share(home: Community, groups: Sequence[Group], people: int, first: int) -> None:
    for number in range(people):
        person = Person.objects.create(community=home, name=f"群友{first + number}")
        identity = Identity.objects.create(
            person=person, community=home, key=first + number, carrier="pretend", native_id=f"p{first + number}"
        )
        Membership.objects.bulk_create(Membership(group=group, identity=identity) for group in groups)


@pytest.mark.method("A12")
def test_a_launch_with_waves_begins_groups_only_from_their_wave_on(home: Community, lin: Staff, twelve: list[Group]) -> None:
    trial = drawn(home, lin)
    week_of = dict(TrialGroup.objects.filter(trial=trial).values_list("group", "unit__week"))
    assert set(week_of.values()) == {4, 5, 6, None}
    assert 2 <= list(week_of.values()).count(None) <= 4
    moment = NOW
    while moment < NOW + timedelta(days=40):
        look(now=moment)
        moment += timedelta(hours=6)
    zone = ZoneInfo("Asia/Shanghai")
    first: dict[int, date] = {}
    for group, anchor in Run.objects.order_by("anchor").values_list("group", "anchor"):
        first.setdefault(group, anchor.astimezone(zone).date())
    assert first == {group: FIRST + timedelta(days=7 * (week - 4)) for group, week in week_of.items() if week is not None}


def test_lots_that_fell_for_a_version_before_are_dealt_again(
    home: Community, lin: Staff, twelve: list[Group], monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = prepared(home, lin)
    newer = keep(read(DAILY.replace("早上好}", "早}").replace("by: [connects]", "by: [state]")), home, by=lin, now=NOW)
    asked = []

    def meanwhile(row: Launch, by: Sequence[str]) -> list[Unit]:
        """Somebody keeps another version while it is looked up who shares members with whom."""
        asked.append(list(by))
        Launch.objects.filter(pk=row.pk).update(version=newer)
        return eligible(row, by)

    monkeypatch.setattr("huoqun.sop.operations.trials.eligible", meanwhile)
    trial = draw(launch, WAVES, seed=7, smallest=None, by=lin, now=NOW)
    assert asked == [["connects"], ["state"]]
    assert (trial.version, trial.by, Trial.objects.count()) == (newer, ["state"], 1)


def test_no_way_of_beginning_gets_past_the_lot(home: Community, lin: Staff, twelve: list[Group]) -> None:
    trial = drawn(home, lin)
    held = TrialGroup.objects.filter(unit__week=None).values_list("group", flat=True)[0]
    later = TrialGroup.objects.filter(unit__week=5).values_list("group", flat=True)[0]
    late = NOW + timedelta(days=300)
    assert begin(trial.launch, [Begin(held, late, "hand/1"), Begin(later, NOW, "hand/2")], now=NOW) == 0
    assert begin(trial.launch, [Begin(later, NOW + timedelta(days=15), "hand/3")], now=NOW) == 1
    assert not may_begin(trial.launch, held, late)


def test_groups_that_were_not_drawn_wait_until_the_test_is_over(home: Community, lin: Staff, twelve: list[Group]) -> None:
    trial = drawn(home, lin)
    new = Group.objects.create(community=home, key=99, carrier="pretend", native_id="new", name="新群", state="steady")
    over = datetime(2026, 4, 5, 16, tzinfo=UTC)  # four weeks from the first wave, at midnight in Shanghai
    assert not may_begin(trial.launch, new, over - timedelta(seconds=1))
    assert may_begin(trial.launch, new, over)


def test_a_turned_group_before_its_wave_is_left_alone(home: Community, lin: Staff, twelve: list[Group]) -> None:
    text = DAILY.replace('  - {when: every, rule: FREQ=DAILY, time: "09:00"}', "  - {when: turned, to: [declining]}")
    trial = draw(prepared(home, lin, text), WAVES, seed=7, smallest=None, by=lin, now=NOW)
    assert isinstance(trial.launch.version.book.starts[0], Turned)
    facts = [
        GroupTurned(
            community="balcony",
            at=NOW,
            group=GroupKey(group.key),
            before="steady",
            state="declining",
            since=None,
            as_of=date(2026, 3, 10),
        )
        for group in twelve
    ]
    turned(facts, now=datetime(2026, 3, 11, tzinfo=UTC))
    first_wave = set(TrialGroup.objects.filter(unit__week=4).values_list("group", flat=True))
    assert set(Run.objects.values_list("group", flat=True)) == first_wave


def test_until_it_is_drawn_nothing_begins(home: Community, lin: Staff, twelve: list[Group]) -> None:
    launch = prepared(home, lin)
    look(now=NOW + timedelta(days=1))
    assert launch.state == Launch.State.PAUSED
    assert not Run.objects.exists()
    assert not Pause.objects.exists(), "nobody has to be alarmed: nothing was stopped"
    draw(launch, WAVES, seed=7, smallest=None, by=lin, now=NOW)
    launch.refresh_from_db()
    assert launch.state == Launch.State.GOING


def test_anybody_can_deal_the_lots_again(home: Community, lin: Staff, twelve: list[Group]) -> None:
    trial = drawn(home, lin, seed=4321)
    units = list(trial.units.all())
    again = deal(WAVES.schedule(), [unit.stratum for unit in units], np.random.default_rng(trial.seed))
    assert [NEVER if unit.week is None else unit.week for unit in units] == again.tolist()
    other = drawn(home, lin, seed=4322)
    assert [unit.week for unit in units] != [unit.week for unit in other.units.all()]


def test_a_test_stays_as_it_was_drawn(home: Community, lin: Staff, twelve: list[Group]) -> None:
    trial = drawn(home, lin)
    trial.measure = "messages"
    rows = (trial, trial.units.get(number=0), TrialGroup.objects.filter(trial=trial)[0])
    for row in rows:
        with pytest.raises(AlreadyDrawn):
            row.save()
    with pytest.raises(CannotDraw) as refused:
        draw(trial.launch, WAVES, seed=1, smallest=None, by=lin, now=NOW)
    assert refused.value.reason is NoDraw.DRAWN


@pytest.mark.method("C05")
def test_groups_that_share_many_members_are_drawn_together(home: Community, lin: Staff, twelve: list[Group]) -> None:
    for place, group in enumerate(twelve):
        share(home, [group], 10, 1000 * (place + 1))
    share(home, twelve[:2], 4, 90_000)  # 4 of 14: more than a fifth
    share(home, twelve[2:4], 2, 91_000)  # 2 of 12: less
    house = Person.objects.create(community=home, name="莫", house="staff")
    everywhere = Identity.objects.create(person=house, community=home, key=5, carrier="pretend", native_id="mo", name="莫")
    Membership.objects.bulk_create(Membership(group=group, identity=everywhere) for group in twelve)
    units = eligible(prepared(home, lin), ["connects"])
    assert [len(unit.groups) for unit in units] == [2, *[1] * 10]
    assert {group.pk for group in units[0].groups} == {twelve[0].pk, twelve[1].pk}
    trial = draw(Launch.objects.get(), replace(WAVES, waves=2), seed=3, smallest=None, by=lin, now=NOW)
    assert len(set(TrialGroup.objects.filter(group__in=twelve[:2]).values_list("unit__week", flat=True))) == 1
    assert trial.units.count() == 11


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"first_day": date(2026, 3, 2)}, NoDraw.TOO_SOON),
        ({"waves": 20}, NoDraw.TOO_FEW),
    ],
)
def test_what_cannot_be_drawn_is_said(
    home: Community, lin: Staff, twelve: list[Group], change: dict[str, object], reason: NoDraw
) -> None:
    launch = prepared(home, lin)
    with pytest.raises(CannotDraw) as refused:
        draw(launch, replace(WAVES, **change), seed=1, smallest=None, by=lin, now=NOW)  # type: ignore[arg-type]
    assert refused.value.reason is reason
    launch.refresh_from_db()
    assert launch.state == Launch.State.PAUSED
    assert not Trial.objects.exists()


def test_what_has_begun_cannot_be_drawn_any_more(home: Community, lin: Staff, twelve: list[Group]) -> None:
    launch = put_to_work(keep(read(DAILY), home, by=lin, now=NOW), home, by=lin, now=NOW)
    begin(launch, [Begin(twelve[0], NOW, "hand/1")], now=NOW)
    with pytest.raises(CannotDraw) as refused:
        draw(launch, WAVES, seed=1, smallest=None, by=lin, now=NOW)
    assert refused.value.reason is NoDraw.BEGUN


def test_a_playbook_without_a_measure_has_nothing_to_test(home: Community, lin: Staff, twelve: list[Group]) -> None:
    text = DAILY.replace("aim: {measure: days, weeks: 2, by: [connects]}\n", "")
    with pytest.raises(CannotDraw) as refused:
        draw(prepared(home, lin, text), WAVES, seed=1, smallest=None, by=lin, now=NOW)
    assert refused.value.reason is NoDraw.NO_MEASURE


def test_what_is_about_one_moment_holds_groups_back_instead_of_waves(home: Community, lin: Staff, twelve: list[Group]) -> None:
    text = DAILY.replace('  - {when: every, rule: FREQ=DAILY, time: "09:00"}', "  - {when: date, date: 2026-03-12}")
    launch = prepared(home, lin, text)
    for plan, reason in (
        (WAVES, NoDraw.ONE_MOMENT),
        (replace(WAVES, waves=1, first_day=date(2026, 3, 13)), NoDraw.MISSES_IT),
    ):
        with pytest.raises(CannotDraw) as refused:
            draw(launch, plan, seed=1, smallest=None, by=lin, now=NOW)
        assert refused.value.reason is reason
    draw(launch, replace(WAVES, waves=1, held_back=0.5, first_day=date(2026, 3, 12)), seed=1, smallest=None, by=lin, now=NOW)
    look(now=datetime(2026, 3, 11, 12, tzinfo=UTC))
    assert Run.objects.count() == 6


def test_a_run_whose_first_step_comes_before_the_wave_waits_for_the_next_time(
    home: Community, lin: Staff, twelve: list[Group]
) -> None:
    """A weekly talk with a step the day before: on the wave's first day the step would come a day before the wave."""
    text = DAILY.replace("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO").replace('at: {day: 0, time: "09:00"}', "at: {offset: -1d}")
    text = text.replace("steps:", "  - {when: event}\nsteps:")
    launch = prepared(home, lin, text, event_at=NOW + timedelta(days=90))
    draw(launch, replace(WAVES, waves=1), seed=1, smallest=None, by=lin, now=NOW)
    moment = NOW
    while moment < NOW + timedelta(days=20):
        look(now=moment)
        moment += timedelta(hours=6)
    anchors = set(Run.objects.values_list("anchor", flat=True))
    assert min(anchors) == datetime(2026, 3, 16, 1, tzinfo=UTC)


def test_weeks_before_are_as_many_as_nearly_all_are_known_for() -> None:
    assert weeks_before([20] * 9 + [3]) == 8
    assert weeks_before([20] * 8 + [3] * 2) == 3
    assert weeks_before([5] * 10) == 5
    assert weeks_before([]) == weeks_before([0] * 10) == 1


def test_strata_too_small_to_be_spread_are_dealt_together() -> None:
    assert coarsened(["a", "a", "a", "b", "c"], 3) == ("a", "a", "a", "", "")
