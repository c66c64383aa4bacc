"""What the audit's second half leaves in a snapshot, made by hand: causes, action, forecast, ties."""

from __future__ import annotations

from typing import Any

from huoqun.community.models import Community, Group, Identity, Person
from huoqun.health.models import Audit, GroupGraph, GroupHealth

SAID_AT = 1_790_000_000_000
TRACK: dict[str, Any] = {
    "groups": 40, "forecasts": 300, "silences": 60, "windows": 11, "first_day": 20_400, "last_day": 20_700,
    "auc": 0.91, "auc_low": 0.88, "auc_high": 0.94, "calibration_error": 0.03, "brier": 0.08, "brier_base": 0.16,
    "bins": [
        {"low": 0.0, "high": 0.6, "forecasts": 250, "said": 0.1, "happened": 0.08},
        {"low": 0.6, "high": 0.8, "forecasts": 50, "said": 0.7, "happened": 0.66},
    ],
    "ended": 40, "warned": 12, "lead_days": 13,
}  # fmt: skip


def told_why(health: GroupHealth, *, author: int, text: str = "有人吗？") -> None:
    """Two causes with figures and a message, and one action."""
    line = {"at": SAID_AT, "author": author, "kind": "message", "text": text, "source_id": "m:1"}
    health.causes = [
        {
            "code": "newcomers_ignored",
            "strength": 0.82,
            "figures": {"newcomers_90d": 23, "first_words": 9, "first_words_answered": 2},
            "messages": [line],
        },
        {"code": "operator_dependent", "strength": 0.4, "figures": {"house_starts_share": 0.64}, "messages": []},
    ]
    health.main_cause, health.action = "newcomers_ignored", "welcome_and_answer"
    health.advice = {
        "figures": {"first_words": 9, "first_words_answered": 2},
        "effort": 2.0,
        "first_step": "answer_newcomers",
        "watch": ["first_words_answered", "unanswered"],
        "watch_days": 28,
        "with_group": None,
    }
    health.save()


def not_enough(health: GroupHealth) -> None:
    health.causes, health.enough, health.action = [], False, "revive"
    health.advice = {"figures": {}, "effort": 3.0, "first_step": "ask_regulars", "watch": [], "unseen": ["ad_fatigue"]}
    health.save()


def to_be_merged(health: GroupHealth, partner: Group) -> None:
    told_why(health, author=0)
    health.action = "merge"
    health.advice = {"figures": {"shared": 7}, "effort": 2.0, "first_step": "ask_both_groups", "with_group": partner.key}
    health.save()


def foreseen(health: GroupHealth, p: float = 0.7) -> None:
    health.p_silent, health.p_silent_low, health.p_silent_high = p, p - 0.1, p + 0.1
    health.outlook = {
        "reasons": [
            ["few_days", 1.2, {"known_90": 90, "days_90": 7}],
            ["few_voices", 0.5, {"voices": 1.8}],
            ["grown", -0.4, {"age": 400}],
        ],
        "lead_days": 13,
        "model": "shipped",
    }
    health.save()


def record(audit: Audit, *, track: dict[str, Any] | None = None, why_none: str = "") -> None:
    audit.outlook = {"track": track, "why_none": why_none, "model": "shipped"}
    audit.save()


def figures(health: GroupHealth, **known: Any) -> None:
    health.figures = health.figures | known
    health.save()


def members(community: Community, count: int, *, first: int = 500, prefix: str = "邻居") -> list[Identity]:
    people = Person.objects.bulk_create([Person(community=community, name=f"{prefix}{n}") for n in range(count)])
    return Identity.objects.bulk_create(
        [
            Identity(person=person, community=community, key=first + n, carrier="qq", native_id=f"x{first + n}")
            for n, person in enumerate(people)
        ]
    )


def graph(group: Group, identities: list[Identity], *, house: tuple[int, ...] = ()) -> GroupGraph:
    """A ring, with the first person answering everybody; `house` are places of house accounts."""
    count = len(identities)
    ring = [[n, (n + 1) % count, 2, 1, 1.0] for n in range(1, count - 1)]
    star = [[0, n, 5, 0, 0.5] for n in range(1, count)]
    people = [
        {
            "key": one.key,
            "role": "co_builder" if n == 0 else "active",
            "house": "staff" if n in house else "",
            "messages": 40 - n % 30,
        }
        for n, one in enumerate(identities)
    ]
    return GroupGraph.objects.create(
        group=group,
        as_of="2026-11-20",
        people=people,
        ties=ring + star,
        curve=[count, count // 2, 4],
        source="replies",
        left_out=3,
    )


CONNECTED: dict[str, Any] = {
    "pairs_connected": 30, "ties_from": "replies", "tie_density": 0.2, "reciprocity": 0.41, "largest_component_share": 0.5,
    "component_share_with_staff": 0.9, "top_answerer_share": 0.3, "bridge_people": 2, "newcomers_reached": 3,
    "newcomers_reached_by_staff": 1,
}  # fmt: skip
LEANING: dict[str, Any] = {
    "house_share_90d": 0.4, "house_starts_share": 0.64, "conversation_starts": 73, "talk_kept_without_house": 0.34,
    "after_house_share": 0.57, "self_excitation": 0.46, "house_per_member_message": 0.61, "house_silent_days": 3,
}  # fmt: skip
SIGNS: dict[str, Any] = {
    "packets_90d": 5, "packet_life": 2.6, "event_series": 1, "event_trend": 0.55, "event_occurrences": 9, "checkins_90d": 140,
    "checkin_people": 17, "checkin_top3_share": 0.44, "ads_90d": 58, "ads_share": 0.22, "ads_by_house": 50, "ads_by_members": 8,
    "leavers_after_broadcast": 2.4, "fakes_share": 0.12, "fakes_people": 14, "new_faces_share": 0.06, "core_kept": 0.6,
    "key_left": 2, "key_left_share": 0.31,
}  # fmt: skip
WORTH: dict[str, Any] = {
    "buyers_90d": 11, "silent_buyers_90d": 6, "buyers_silent_share": 0.55, "orders_90d": 19, "plan_result": "kept",
}  # fmt: skip
