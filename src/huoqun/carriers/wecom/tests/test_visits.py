from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huoqun.carriers.wecom.models import Corp, Visit
from huoqun.carriers.wecom.operations import visits

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def corp() -> Corp:
    return Corp.objects.create(community="garden", corpid="ww1", agentid=1, made_at=NOW)


def test_one_comes_back_once(corp: Corp) -> None:
    state = visits.set_out(corp, onward="/todos/", staff=None, now=NOW)
    assert visits.come_back(state, now=NOW + timedelta(minutes=1)).onward == "/todos/"
    with pytest.raises(visits.VisitOver):
        visits.come_back(state, now=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("late", [visits.GOOD_FOR, -timedelta(minutes=1)])
def test_not_too_late_and_not_before_setting_out(corp: Corp, late: timedelta) -> None:
    state = visits.set_out(corp, onward="/", staff=None, now=NOW)
    with pytest.raises(visits.VisitOver):
        visits.come_back(state, now=NOW + late)


def test_a_state_nobody_set_out_with_is_refused_and_none_is_kept_as_it_is(corp: Corp) -> None:
    state = visits.set_out(corp, onward="/", staff=None, now=NOW)
    assert state not in {value for row in Visit.objects.values_list() for value in row}
    with pytest.raises(visits.VisitOver):
        visits.come_back("made-up", now=NOW)


def test_old_visits_are_swept(corp: Corp) -> None:
    visits.set_out(corp, onward="/", staff=None, now=NOW - timedelta(days=2))
    visits.set_out(corp, onward="/", staff=None, now=NOW)
    assert Visit.objects.count() == 1
