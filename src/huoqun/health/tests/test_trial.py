"""Files alone: one JSON object."""

import json

import pytest

from huoqun.health.trial import audit_table

from .tell import BOT, COFFEE, LIN, MO, QUIET, SHANGHAI, TEA, Story

NAMES = {TEA: ("g1", "茶友会"), COFFEE: ("g2", "")}


@pytest.mark.method("A01", "L02")
def test_one_object_with_portfolio_and_groups() -> None:
    story = Story()
    story.daily(TEA, LIN, "03-01", 7)
    story.daily(TEA, BOT, "03-01", 9, at="09:00")
    story.say(COFFEE, MO, "02-01 10:00")
    story.say(QUIET, BOT, "03-01 10:00")
    told = json.loads(json.dumps(audit_table(story.table(), names=NAMES, zone=SHANGHAI, house=[BOT]).as_json()))
    assert told["as_of"] == "2026-03-07"
    assert (told["portfolio"]["groups"], told["portfolio"]["alive_7d"], told["portfolio"]["alive_30d"]) == (2, 0.5, 0.5)
    tea, coffee = told["groups"]
    assert (tea["group_id"], tea["group_name"], tea["messages"], tea["messages_7d"]) == ("g1", "茶友会", 7, 7)
    assert (tea["speakers_7d"], tea["days_active_7d"], tea["rule"]) == (1, 7, "every_day")
    assert (coffee["group_name"], coffee["rule"]) == ("g2", "silent")
    assert {"state", "since", "p_alive"} <= tea.keys()
    assert told["no_talk_seen"] == [{"group_id": str(QUIET), "group_name": str(QUIET)}]


def test_nothing_but_house_is_said_plainly() -> None:
    story = Story()
    story.say(QUIET, BOT, "03-01 10:00")
    told = audit_table(story.table(), names=NAMES, zone=SHANGHAI, house={BOT: "bot"}).as_json()
    assert (told["as_of"], told["portfolio"], told["groups"]) == (None, {"groups": 0}, [])
