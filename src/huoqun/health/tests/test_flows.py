"""Flows between states, worked out by hand on three audits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from huoqun.community.models import Community
from huoqun.health import queries
from huoqun.health.flows import ABSENT, flows, marks, standing
from huoqun.health.models import Audit

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 20), date(2026, 10, 20), date(2026, 11, 20)
THREE = {
    SEPTEMBER: {1: "steady", 2: "steady", 3: "declining", 4: "dormant"},
    OCTOBER: {1: "steady", 2: "declining", 3: "dormant", 4: "dormant", 5: "bubbling"},
    NOVEMBER: {1: "steady", 2: "dormant", 3: "steady", 4: "dead", 5: "bubbling"},
}


def test_three_audits_by_hand() -> None:
    first, second = flows([THREE], [SEPTEMBER, OCTOBER, NOVEMBER])
    assert first.moved == {
        ("steady", "steady"): 1,
        ("steady", "declining"): 1,
        ("declining", "dormant"): 1,
        ("dormant", "dormant"): 1,
        (ABSENT, "bubbling"): 1,
    }
    assert (first.fell_silent, first.woke_up, first.began) == (1, 0, 1)
    assert second.moved == {
        ("steady", "steady"): 1,
        ("declining", "dormant"): 1,
        ("dormant", "steady"): 1,
        ("dormant", "dead"): 1,
        ("bubbling", "bubbling"): 1,
    }
    assert (second.fell_silent, second.woke_up, second.began) == (1, 1, 0)


def test_a_community_counts_between_months_it_was_audited_in() -> None:
    """One that joins later brings no groups from nowhere, and a month without audits is no month of deaths."""
    late = {OCTOBER: {9: "thriving"}, NOVEMBER: {9: "thriving"}}
    first, second = flows([THREE, late], [SEPTEMBER, OCTOBER, NOVEMBER])
    assert ("thriving", "thriving") not in first.moved
    assert first.began == 1
    assert second.moved["thriving", "thriving"] == 1
    assert flows([{SEPTEMBER: {1: "steady"}, NOVEMBER: {1: "dead"}}], [SEPTEMBER, OCTOBER, NOVEMBER]) == []


def test_months_end_on_the_day_looked_at_and_short_months_on_their_last() -> None:
    assert marks(date(2026, 5, 31), 3) == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


@pytest.mark.parametrize(
    ("audited", "found"),
    [
        ([date(2026, 10, 13), date(2026, 10, 19), date(2026, 10, 21)], date(2026, 10, 19)),
        ([date(2026, 10, 10)], date(2026, 10, 10)),
        ([date(2026, 10, 9)], None),
        ([], None),
    ],
)
def test_the_newest_audit_up_to_a_day_stands_for_it_if_near(audited: list[date], found: date | None) -> None:
    assert standing(OCTOBER, audited) == found


@pytest.mark.django_db
@pytest.mark.method("A03")
def test_flows_are_read_from_audits_that_hold_the_portfolio_only() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    home = Community.objects.create(slug="balcony", name="阳台种菜", zone="Asia/Shanghai", created_at=now)
    other = Community.objects.create(slug="roof", name="屋顶", zone="Asia/Shanghai", created_at=now)
    for day, kept in THREE.items():
        states: dict[str, list[int]] = {}
        for group, state in kept.items():
            states.setdefault(state, []).append(group)
        Audit.objects.create(community=home, as_of=day, ran_at=now, states=states, complete=day == NOVEMBER)
    Audit.objects.create(community=other, as_of=OCTOBER, ran_at=now, states={"dead": [77]})
    Audit.objects.create(community=home, as_of=date(2026, 10, 15), ran_at=now)
    assert queries.flows([home, other], upto=NOVEMBER, months=2) == flows([THREE], [SEPTEMBER, OCTOBER, NOVEMBER])
    assert queries.flows([other], upto=NOVEMBER) == []
