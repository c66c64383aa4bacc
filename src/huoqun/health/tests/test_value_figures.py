"""Value beyond talk: buyers among the silent, and plans."""

from __future__ import annotations

from datetime import date

import pytest

from .tell import BEI, LIN, MO, TAO, TEA, Story, group

BOUGHT = ("buyers_90d", "silent_buyers_90d", "orders_90d", "order_amount_90d", "buyers_share", "buyers_silent_share")


def tea(story: Story, as_of: str | None = None) -> dict[str, object]:
    return group(story.audit(as_of), TEA)


@pytest.mark.method("A21", "L15")
def test_who_says_nothing_may_buy() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "03-01", 3)
    story.say(TEA, TAO, "03-01 11:00")
    story.join(TEA, BEI, "03-01 12:00")
    story.order(TEA, MO, "03-02 10:00", "a1", 2990)
    story.order(TEA, BEI, "03-02 11:00", "a2", 5000)
    story.order(TEA, BEI, "03-03 11:00", "a3", 1000)
    story.order(TEA, BEI, "03-03 11:00", "a3", 1000)
    story.order(TEA, LIN, "03-03 12:00", "a4", 9900)
    figures = tea(story, "03-10")
    assert [figures[name] for name in BOUGHT] == [2, 1, 3, 8990, pytest.approx(2 / 3), 0.5]


@pytest.mark.method("A21")
def test_a_silent_group_still_buys() -> None:
    story = Story()
    story.say(TEA, MO, "01-05 10:00")
    story.order(TEA, MO, "06-01 10:00", "a1", 100)
    figures = tea(story, "06-10")
    assert [figures[name] for name in BOUGHT] == [1, 1, 1, 100, 1, 1]


def test_orders_of_long_ago_are_none_now_and_orders_never_seen_are_not_known() -> None:
    story = Story()
    story.say(TEA, MO, "01-05 10:00")
    assert [tea(story, "06-10")[name] for name in BOUGHT] == [None] * 6
    story.order(TEA, MO, "01-06 10:00", "a1", 100)
    assert [tea(story, "06-10")[name] for name in BOUGHT] == [0, 0, 0, 0, 0, None]


@pytest.mark.method("A22")
@pytest.mark.parametrize(
    ("end", "as_of", "result"),
    [
        ((3, 10), "03-20", "kept"),
        ((3, 13), "03-20", "kept"),
        ((3, 14), "03-20", "early"),
        ((3, 7), "03-20", "kept"),
        ((3, 6), "03-20", "overrun"),
        ((4, 20), "03-12", "running"),
        ((4, 20), "03-20", "early"),
        ((3, 10), "03-10", "running"),
    ],
)
def test_a_seasonal_group_is_judged_by_its_plan(end: tuple[int, int], as_of: str, result: str) -> None:
    """Talk from 1 to 10 March."""
    story = Story(plans=[(TEA, "seasonal", date(2026, *end), date(2026, 3, 1))])
    story.daily(TEA, MO, "03-01", 10)
    assert tea(story, as_of)["plan_result"] == result


@pytest.mark.parametrize("plan", [(TEA, "permanent", date(2026, 3, 10), None), (TEA, "flash", None, None)])
def test_without_a_plan_nothing_is_judged_by_it(plan: tuple[int, str, date | None, date | None]) -> None:
    story = Story(plans=[plan])
    story.daily(TEA, MO, "03-01", 10)
    assert tea(story)["plan_result"] is None
