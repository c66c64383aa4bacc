from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huoqun.health import engine
from huoqun.health.operators.effort import efforts
from huoqun.health.registry import registry

from .tell import BOT, COFFEE, LIN, MO, TAO, TEA, Story

SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 15, tzinfo=UTC)


@pytest.mark.method("A12", "I12")
def test_hours_are_half_hours_with_words_once_for_each_person() -> None:
    story = Story(house={LIN: "staff", MO: "helper", BOT: "bot"})
    for group, who, when in [
        (TEA, LIN, "03-02 10:01"),
        (TEA, LIN, "03-02 10:02"),
        (COFFEE, LIN, "03-02 10:03"),
        (TEA, LIN, "03-02 10:40"),
        (TEA, MO, "03-02 10:01"),
        (TEA, BOT, "03-02 12:00"),
        (TEA, TAO, "03-02 13:00"),
        (TEA, LIN, "04-02 10:01"),
    ]:
        story.say(group, who, when)
    con = story.con()
    con.execute("DELETE FROM plans")
    con.execute("INSERT INTO plans (group_key, operator) VALUES (?, 'lin'), (?, 'lin')", [TEA, COFFEE])
    engine.make(con, registry().steps_for({"house_people"}), {})
    found = efforts(con, since=SINCE, until=UNTIL)
    assert set(found) == {"lin"}
    assert (found["lin"].messages, found["lin"].half_hours, found["lin"].people, found["lin"].days) == (5, 3, 2, 14)
    assert found["lin"].hours_a_week == 0.75
