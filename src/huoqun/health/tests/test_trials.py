"""What a fair test shows of effects that were planted, through draw, days, audits and the reading that is kept."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from huoqun.community.models import Community, Group
from huoqun.health.models import Audit, GroupDay, GroupHealth, TrialReading
from huoqun.health.operations.readings import reading_of
from huoqun.health.tests.planted import FIRST, NOW, PLAN, audited, company, drawn, launched, lived
from huoqun.health.trials import Went, foresee, past, taking_part
from huoqun.health.week_figures import figures
from huoqun.sop.effects.reading import Effect, Verdict, read
from huoqun.sop.effects.reading import Trial as Played
from huoqun.sop.effects.waves import draw as deal
from huoqun.sop.models import Trial, TrialGroup, _book
from huoqun.sop.operations.launching import end
from huoqun.sop.rules.testing import Plan, day_of

pytestmark = pytest.mark.django_db

SINCE = date(2026, 7, 6)
OVER = PLAN.over_on
LATER = datetime(2026, 9, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_read_before() -> None:
    _book.cache_clear()


@pytest.fixture
def home(db: None) -> Community:
    return company()


def went_through(home: Community, better: float, *, only: str = "", measure: str = "days") -> Trial:
    trial = drawn(launched(home, None, measure), None)
    lived(
        home, SINCE, OVER, lambda group, started: 0.4 + better * started * (not only or group.connects == only), trial=trial
    )  # fmt: skip
    return trial


def showed(trial: Trial) -> dict[str, Any]:
    found = reading_of(trial, now=LATER)
    assert found is not None
    return dict(found.showed)


@pytest.mark.method("A12")
def test_a_planted_effect_is_found_in_the_measures_own_unit(home: Community) -> None:
    trial = went_through(home, 0.2)
    audited(home, OVER - timedelta(days=1))
    told = showed(trial)
    effect = told["effect"]
    assert effect["verdict"] == "helps"
    assert effect["low"] < 7 * 0.2 < effect["high"]
    assert effect["units"] == told["all_units"] == 48
    assert (told["gone_units"], told["gone_weeks"]) == (0, 0)
    assert effect["placebo_p"] > 0.05


@pytest.mark.parametrize("measure", ["messages", "days", "joins", "alive"])
def test_where_nothing_was_planted_nothing_is_claimed(home: Community, measure: str) -> None:
    trial = went_through(home, 0.0, measure=measure)
    audited(home, OVER - timedelta(days=1))
    effect = showed(trial)["effect"]
    assert effect["verdict"] == "cannot_tell"
    assert effect["low"] < 0 < effect["high"]


def test_the_effect_by_kind_is_read_where_it_was_asked_for(home: Community) -> None:
    trial = went_through(home, 0.35, only="goods")
    audited(home, OVER - timedelta(days=1))
    by = showed(trial)["by"]
    assert set(by) == {"connects"}
    assert by["connects"]["goods"]["verdict"] == "helps"
    assert by["connects"]["people"]["verdict"] == "cannot_tell"


def test_nothing_is_read_before_the_test_is_over_and_audited(home: Community) -> None:
    trial = went_through(home, 0.2)
    audited(home, OVER - timedelta(days=2))
    assert reading_of(trial, now=LATER) is None
    assert not TrialReading.objects.exists()
    audited(home, OVER - timedelta(days=1))
    assert reading_of(trial, now=LATER) is not None


def test_reading_it_again_on_another_day_changes_nothing(home: Community) -> None:
    trial = went_through(home, 0.2)
    audited(home, OVER - timedelta(days=1))
    first = showed(trial)
    # Weeks go by, other things happen, old days are no longer kept.
    lived(home, OVER, OVER + timedelta(days=60), lambda group, started: 0.05, seed=9)
    audited(home, OVER + timedelta(days=50))
    from_scratch = TrialReading.objects.all().delete()
    assert from_scratch[0] == 1
    assert showed(trial) == first
    GroupDay.objects.all().delete()
    Audit.objects.all().delete()
    assert showed(trial) == first


def test_weeks_nobody_heard_of_are_not_zeros(home: Community) -> None:
    """A third of the groups came under watch only after the test had begun; for another no talk is seen any more."""
    trial = went_through(home, 0.2)
    late = list(Group.objects.order_by("pk")[:10])
    Group.objects.filter(pk__in=[group.pk for group in late]).update(born_at=datetime(2026, 7, 20, tzinfo=UTC))
    GroupDay.objects.filter(group__in=late, day__lt=date(2026, 7, 20)).delete()
    audited(home, OVER - timedelta(days=1))
    unseen = Group.objects.order_by("pk").last()
    GroupHealth.objects.filter(group=unseen).update(talk_seen=False)
    told = showed(trial)
    assert told["gone_units"] == 11
    assert told["effect"]["units"] == 37
    assert told["effect"]["low"] < 1.4 < told["effect"]["high"]


def test_a_group_that_died_long_ago_counts_with_zeros(home: Community) -> None:
    dead = Group.objects.order_by("pk")[0]
    drawn(launched(home, None), None)
    audited(home, OVER - timedelta(days=1))
    Group.objects.filter(pk=dead.pk).update(born_at=None)
    assert figures(home, [dead.pk], "days", [FIRST]) == {dead.pk: [None]}
    GroupHealth.objects.filter(group=dead).update(last_message_at=datetime(2024, 5, 1, tzinfo=UTC), life_days=30)
    assert figures(home, [dead.pk], "days", [FIRST]) == {dead.pk: [0.0]}


def test_a_weeks_figures_by_hand(home: Community) -> None:
    group = Group.objects.order_by("pk")[0]
    for day, said in ((3, 4), (5, 0), (9, 6)):
        GroupDay.objects.create(
            group=group, day=date(2026, 8, day), messages=said, speakers=1, house_messages=9, joins=2, leaves=1
        )
    audited(home, date(2026, 8, 9), speakers=lambda group: 7, leaves_30d=None)
    weeks = [date(2026, 8, 3), date(2026, 8, 10)]

    def week(measure: str) -> float | None:
        first, second = figures(home, [group.pk], measure, weeks)[group.pk]
        assert second is None, "not audited yet"
        return first

    assert week("messages") == pytest.approx(math.log1p(10))
    assert week("days") == 2
    assert week("joins") == 6
    assert week("alive") == 1
    assert week("speakers") == 7
    assert week("leaves") is None, "this carrier does not report who leaves"


def test_different_speakers_are_known_where_the_weeks_last_day_was_audited(home: Community) -> None:
    trial = drawn(launched(home, None, "speakers"), None)
    for week in range(PLAN.weeks):
        if week != 2:
            day = day_of(week, FIRST, 4)
            started = set(TrialGroup.objects.filter(unit__week__lte=week).values_list("group", flat=True))
            audited(home, day + timedelta(days=6), speakers=lambda group, on=started: 5 + group.pk % 3 + 2 * (group.pk in on))  # type: ignore[misc]
    told = showed(trial)
    assert told["gone_weeks"] == 1
    assert told["effect"]["estimate"] == pytest.approx(2.0, abs=0.1)


def test_ended_early_it_is_read_up_to_there(home: Community) -> None:
    trial = went_through(home, 0.2)
    end(trial.launch, by=None, now=datetime(2026, 8, 26, 4, tzinfo=UTC))
    trial = Trial.objects.get()
    assert Went(trial).last_day == date(2026, 8, 23)
    audited(home, date(2026, 8, 23))
    assert showed(trial)["last_day"] == "2026-08-23"


def test_ended_before_it_began_it_shows_nothing(home: Community) -> None:
    trial = went_through(home, 0.2)
    end(trial.launch, by=None, now=NOW + timedelta(days=1))
    audited(home, OVER)
    assert showed(Trial.objects.get())["effect"] == {"no": "too_short"}


def test_the_smallest_effect_comes_from_this_companys_own_past(home: Community) -> None:
    launch = launched(home, None)
    lived(home, date(2026, 3, 1), date(2026, 7, 28), lambda group, started: 0.4)
    audited(home, date(2026, 7, 27))
    known = past(launch, taking_part(launch), 20)
    assert known.before == 8
    four = foresee(known, PLAN, seed=1)
    assert four.smallest is not None
    assert four.plan.before == 8
    assert four.plan.weeks == four.smallest.weeks == 14
    assert four.level == pytest.approx(7 * 0.4, abs=0.4)
    # 48 groups, six weeks with both, a standard deviation of about 1.3 days: seen from a third of a day on or so.
    assert 0.2 < four.smallest.effect < 1.0
    two = foresee(known, replace(PLAN, waves=2, every=1), seed=1)
    assert two.smallest is not None
    assert two.smallest.effect > four.smallest.effect, "fewer weeks see less"
    assert times_seen(four.plan, four.smallest.effect) >= 5, "of eight tests of an effect of that size, six or so see it"


def times_seen(plan: Plan, effect: float) -> int:
    """How many of eight played tests see an effect of this size, at the noise of this company's weeks."""
    seen = 0
    for number in range(8):
        dice = np.random.default_rng(number)
        level = np.clip(0.4 + dice.normal(0, 0.1, 48), 0, 1)
        outcome = dice.binomial(7, level[:, None], (48, plan.weeks)).astype(float)
        schedule = plan.schedule()
        starts = deal(schedule, [0] * 48, dice)
        treated = starts[:, None] <= np.arange(outcome.shape[1])
        found = read(Played(schedule, starts, (0,) * 48, outcome + effect * treated), dice, count=499)
        seen += isinstance(found, Effect) and found.verdict is Verdict.HELPS
    return seen


def test_without_a_past_nothing_is_foreseen(home: Community) -> None:
    launch = launched(home, None)
    known = past(launch, taking_part(launch), 20)
    assert known.before == 1
    assert foresee(known, PLAN, seed=1).smallest is None
    assert foresee(known, PLAN, seed=1).level is None
