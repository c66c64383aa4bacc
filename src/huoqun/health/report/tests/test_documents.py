"""Every chapter of every report, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from huoqun.health.causes.findings import ACTIONS, CODES
from huoqun.health.life.rules import State
from huoqun.health.report import documents
from huoqun.health.report.blocks import Document, texts
from huoqun.health.report.chapters.week import change
from huoqun.health.report.check_up import Asked, CheckUp, Days, Member, Objected
from huoqun.health.report.html import page
from huoqun.health.report.judged import action_name, cause_name
from huoqun.health.report.result import Group, audit_of, judged_of, outlook_of

from .test_render import LANGUAGES, Outline, group, read, result
from .test_typeset import JUDGED, TRACK

OWN = r"Huoqun|Qiu|van Mierlo|WWW|arXiv|JMIR|BG/BB|Asia/Shanghai|Telegram|lin|mo\b|g_?[a-z_]+|Reads|Balcony"
WEEK = {
    "since": "2026-06-23",
    "turned": [
        {"group_name": "g_down", "before": "steady", "state": "declining"},
        {"group_name": "g_up", "before": "dormant", "state": "bubbling"},
        {"group_name": "g_new", "before": "steady", "state": "thriving"},
    ],
    "figures": [["messages", 90, 120], ["people", 30, None], ["groups", 3, 4], ["joins", 2, 19], ["leaves", 0, 0]],
}
FLOWS = {
    "days": ["2026-04-30", "2026-05-30", "2026-06-30"],
    "moves": [[["steady", "declining", 2], ["", "steady", 3]], [["declining", "dead", 1], ["dead", "bubbling", 1]]],
}
OPERATORS: list[dict[str, Any]] = [
    {
        "operator": "lin",
        "groups": 9,
        "alive_share": 0.7,
        "alive": 0.1,
        "alive_low": 0.01,
        "alive_high": 0.2,
        "talk": 1.4,
        "talk_low": 1.1,
        "talk_high": 1.8,
        "verdict": "better",
        "hours_a_week": 3.5,
    },
    {
        "operator": "mo",
        "groups": 2,
        "alive_share": 0.5,
        "alive": None,
        "alive_low": None,
        "alive_high": None,
        "talk": None,
        "talk_low": None,
        "talk_high": None,
        "verdict": "too_few",
        "hours_a_week": None,
    },
]
ADVICE = {
    "hours": 4.0,
    "asked": 6.5,
    "given": 4.0,
    "rows": [
        {
            "group_name": "g_down",
            "action": "merge",
            "operator": "lin",
            "hours": 2.0,
            "people": 3.2,
            "place": 1,
            "within": True,
            "partner": "g_up",
        }
    ],
    "totals": [{"action": "merge", "groups": 1, "hours": 2.0, "people": 3.2, "groups_within": 1}],
}


def weekly(language: str) -> Document:
    groups = [group(f"g_{state}", state) for state in State] + [group("g_judged", "declining") | JUDGED]
    told = result(*groups) | {
        "community": "Balcony",
        "week": WEEK,
        "flows": FLOWS,
        "operators": OPERATORS,
        "advice": ADVICE,
        "track": TRACK,
    }
    return documents.weekly(audit_of(told), language)


def check_up(language: str) -> Document:
    figures = {
        "speakers_90d": 12,
        "half_holders": 3,
        "pairs_connected": 20,
        "reciprocity": 0.4,
        "ties_from": "inferred",
        "tie_certainty": 0.7,
        "core_k": 3,
        "core_people": 5,
        "bridge_people": 2,
        "largest_component_share": 0.8,
        "house_share_90d": 0.3,
        "house_starts_share": 0.6,
        "talk_kept_without_house": 0.5,
        "house_per_member_message": 0.2,
        "house_silent_days": 1,
        "newcomers_90d": 4,
        "had_a_week": 3,
        "spoke_within_7d": 1,
        "first_words": 2,
        "first_words_answered": 1,
        "questions_30d": 5,
        "answered_by_members": 2,
        "answered_by_staff": 1,
        "unanswered": 2,
        "answer_minutes": 7.0,
        "joins_30d": 3,
        "leaves_30d": 1,
        "members": 40,
        "messages_7d": 9,
        "speakers_7d": 4,
        "days_active_7d": 3,
        "p_alive": 0.9,
        "p_low": 0.8,
        "p_high": 0.95,
        "life_days": 200,
        "changed_on": "2026-06-20",
    }
    row = group("g_one", "declining") | JUDGED | figures
    one = Group(
        "g_one",
        State.DECLINING,
        date(2026, 6, 20),
        row,
        (),
        (("talk_sometimes", {"days": 3, "window": 7}),),
        judged_of(row),
        outlook_of(row),
    )
    at = datetime(2026, 6, 29, 20, tzinfo=UTC)
    told = CheckUp(
        community="Balcony",
        as_of=date(2026, 6, 30),
        window=7,
        zone="Asia/Shanghai",
        group=one,
        days=Days((3, 0, 9), (1, 0, 0)),
        about={"purpose": "Reads", "operator": "lin", "carrier": "Telegram", "capacity": "500"},
        people=(Member("g_tao", "active", "", 9, 3, 0.3),),
        roles={"active": 4, "onlooker": 8},
        questions=(Asked(at, "g_tao", "g_when"),),
        curve=(9, 6, 5),
        ties="inferred",
        certainty=0.7,
        track=TRACK,
        objections=(
            Objected(date(2026, 6, 20), "cause", "g_a", "g_b", "g_note", "mo"),
            Objected(date(2026, 6, 21), "action", "g_a", "", "", "mo"),
        ),
    )
    return documents.check_up(told, language)


@pytest.mark.method("A01", "A16", "A17", "A27", "B32")
def test_the_weekly_report_has_its_chapters_in_order() -> None:
    titles = [section.title for section in weekly("en").sections]
    assert titles[:3] == ["Groups by state", "What changed this week", "Groups that need somebody: 2"] or titles[2].startswith(
        "Look first"
    )
    assert titles[3:6] == ["Where the hours go first", "Operators side by side", "How groups moved over the months"]
    assert titles[-1] == "How it was counted"


def test_the_check_up_has_its_chapters_in_order() -> None:
    titles = [section.title for section in check_up("en").sections]
    assert titles == [
        "How it lives",
        "Why",
        "What to do next",
        "What is ahead",
        "Who is connected with whom",
        "Without the operators",
        "Who is here",
        "Newcomers",
        "Questions and answers",
        "Comings and goings",
        "Not everybody agrees",
        "How it was counted",
    ]


@pytest.mark.parametrize("make", [weekly, check_up])
def test_the_languages_do_not_mix_in_any_chapter(make: Any) -> None:
    english = " ".join(texts(make("en")))
    assert re.findall("[一-鿿]+", english) == []
    chinese = " ".join(re.sub("<[^>]*>", " ", text) for text in texts(make("zh-hans")))
    assert re.findall(r"[A-Za-z]{2,}", re.sub(OWN, "", chinese)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [weekly, check_up])
def test_the_pages_are_whole(make: Any, language: str) -> None:
    assert Outline(page(make(language))).links == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_and_action_has_its_words(language: str) -> None:
    assert all(cause_name(code, language) for code in CODES)
    assert all(action_name(code, language) for code in ACTIONS)


def test_turns_for_the_worse_come_first_and_figures_beside_the_week_before() -> None:
    text = read(page(weekly("en")))
    assert "Since 2026-06-23, groups that turned for the worse: 1; for the better: 1." in text
    assert text.index("g_down") < text.index("g_up") < text.index("g_new")
    assert "Messages (house left out) 90 120 -25 %" in text


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [(90, 120, "-25 %"), (120, 120, "0 %"), (5, 2, "+3"), (0, 0, "0"), (None, 4, "–"), (4, None, "–"), (1199, 1200, "0 %")],
)
def test_a_change_is_in_per_cent_where_that_says_something(now: float | None, before: float | None, words: str) -> None:
    assert change(now, before) == words
