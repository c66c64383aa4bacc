from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.health.models import Audit, GroupDay, GroupHealth, PersonRole, Unanswered

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
AS_OF = date(2026, 11, 20)


def person(community: Community, key: int, name: str) -> Identity:
    made = Person.objects.create(community=community, name=name)
    return Identity.objects.create(person=made, community=community, key=key, carrier="qq", native_id=f"q{key}", name=name)


def group(community: Community, key: int, name: str) -> Group:
    return Group.objects.create(community=community, key=key, carrier="qq", native_id=f"g{key}", name=name)


@pytest.fixture
def balcony(db: None) -> Community:
    """Two groups, one falling and one steady, as of a day and the day before."""
    home = communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)
    falling, steady = group(home, 1, "番茄群"), group(home, 2, "香草群")
    tao = person(home, 11, "小陶")
    Membership.objects.create(group=falling, identity=tao, joined_at=NOW - timedelta(days=40), way="link")
    for day, state in ((AS_OF - timedelta(days=1), "steady"), (AS_OF, "declining")):
        audit = Audit.objects.create(community=home, as_of=day, ran_at=NOW, portfolio=portfolio())
        health(audit, falling, state, since=AS_OF - timedelta(days=3))
        health(audit, steady, "steady", since=AS_OF - timedelta(days=90))
    for back in range(30):
        GroupDay.objects.create(
            group=falling, day=AS_OF - timedelta(days=back), messages=back, speakers=2, house_messages=1, joins=0, leaves=0
        )
    PersonRole.objects.create(
        group=falling, identity=tao, role="active", reason="says_more_than_most", messages=44, days=12, replies=3, share=0.4,
        last_at=NOW,
    )  # fmt: skip
    Unanswered.objects.create(
        group=falling, source_id="m:7", message_id="7", asked_at=NOW, author=tao, text="番茄<b>叶子</b>发黄怎么办？",
        around=[{"at": int(NOW.timestamp() * 1000), "author": 11, "kind": "message", "text": "怎么办？", "asked": True}],
    )  # fmt: skip
    return home


def portfolio() -> dict[str, object]:
    return {
        "groups": 2, "no_talk_seen": 0, "every_day": 1, "sometimes": 1, "silent": 0, "alive_7d_groups": 2,
        "alive_30d_groups": 2, "silent_90d_groups": 0, "posters": 12, "top1_share": 0.4, "next9_share": 0.3, "rest_share": 0.3,
        "median_life_days": 120, "old_enough": 2, "silent_in_a_week": 0.0, "outlived_a_month": 1.0,
        "states": {"declining": 1, "steady": 1},
    }  # fmt: skip


def health(audit: Audit, of: Group, state: str, *, since: date) -> GroupHealth:
    return GroupHealth.objects.create(
        audit=audit, group=of, state=state, since=since, rule="sometimes", p_alive=0.9, p_low=0.8, p_high=0.95,
        messages_7d=21, speakers_7d=5, days_active_7d=4, messages_30d=80, members=40, joins_30d=2, leaves_30d=1,
        questions_30d=3, unanswered=1, last_message_at=NOW, life_days=200,
        reasons=[["talk_sometimes", {"days": 4, "window": 7}],
                 ["level_fell", {"on": "2026-11-17", "before": 40.0, "now": 15.0}]],
        changed_on=date(2026, 11, 17), level_before=40.0, level_now=15.0,
        figures={"speakers_90d": 12, "half_holders": 2, "top1_share": 0.4, "next9_share": 0.2, "rest_share": 0.4,
                 "top_people": 1, "next_people": 1, "newcomers_90d": 3, "had_a_week": 2, "spoke_within_7d": 1,
                 "first_words": 2, "first_words_answered": 1, "answered_by_members": 1, "answered_by_staff": 1,
                 "answer_minutes": 12.0},
    )  # fmt: skip


@pytest.fixture
def mo(balcony: Community) -> Staff:
    staff = Staff.objects.create(username="mo", role=Role.OPERATOR, language="zh-hans")
    communities.seat(staff, balcony)
    return staff


@pytest.fixture
def lin(balcony: Community) -> Staff:
    staff = Staff.objects.create(username="lin", role=Role.LEAD, language="en")
    communities.seat(staff, balcony)
    return staff


@pytest.fixture
def yu(db: None) -> Staff:
    staff = Staff.objects.create(username="yu", role=Role.LEAD)
    communities.seat(staff, communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW))
    return staff


@pytest.fixture
def as_mo(client: Client, mo: Staff) -> Client:
    client.force_login(mo)
    return client
