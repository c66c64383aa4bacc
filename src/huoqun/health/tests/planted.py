"""A company whose weeks are made by hand, with what was planted: the draw, the days and the audits are the real ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Staff
from huoqun.health.models import Audit, GroupDay, GroupHealth
from huoqun.sop.models import Launch, Trial, TrialGroup
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.trials import draw, prepare
from huoqun.sop.playbooks.reading import read
from huoqun.sop.rules.testing import Plan, day_of

FIRST = date(2026, 8, 3)
NOW = datetime(2026, 7, 28, 2, tzinfo=UTC)
PLAN = Plan(FIRST, before=4, waves=4, every=2, held_back=0.0, after=4)
"""Ten weeks: four before, six in which some have started and others not."""

BOOK = """
name: {name}
title: 早安
audience: {{}}
aim: {{measure: {measure}, weeks: 4, by: [connects]}}
starts:
  - {{when: every, rule: FREQ=DAILY, time: "09:00"}}
steps:
  - {{do: post, key: hello, at: {{day: 0, time: "09:00"}}, words: {{text: 早上好}}}}
"""

Odds = Callable[[Group, bool], float]
"""Of a day with talk, by group and whether it has started."""


def company(groups: int = 48) -> Community:
    home = communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)
    born = datetime(2025, 1, 1, tzinfo=UTC)
    Group.objects.bulk_create(
        Group(
            community=home, key=n + 1, carrier="qq", native_id=f"g{n}", name=f"豆苗{n}群", state="steady", born_at=born,
            connects="goods" if n % 2 else "people",
        )
        for n in range(groups)
    )  # fmt: skip
    return home


def launched(home: Community, by: Staff | None, measure: str = "days") -> Launch:
    # A name of its own each time: a version that has been read once is remembered by number and moment.
    name = f"morning-{measure}"
    version = keep(read(BOOK.format(name=name, measure=measure)), home, by=by, now=datetime.now(UTC))
    return prepare(version, home, by=by, now=NOW)


def drawn(launch: Launch, by: Staff | None, plan: Plan = PLAN, seed: int = 5) -> Trial:
    return draw(launch, plan, seed=seed, smallest=0.3, by=by, now=NOW)


def lived(home: Community, since: date, until: date, odds: Odds, *, trial: Trial | None = None, seed: int = 1) -> None:
    """Days of all groups from `since` to before `until`."""
    dice = np.random.default_rng(seed)
    starts = _starts(trial) if trial else {}
    rows = []
    for group in Group.objects.filter(community=home).order_by("pk"):
        level = dice.normal(0, 0.1)
        for number in range((until - since).days):
            day = since + timedelta(days=number)
            start = starts.get(group.pk)
            if dice.random() < odds(group, start is not None and day >= start) + level:
                said = 1 + int(dice.poisson(8))
                rows.append(GroupDay(group=group, day=day, messages=said, speakers=2, house_messages=0, joins=1, leaves=0))
    GroupDay.objects.bulk_create(rows, batch_size=2000)


def _starts(trial: Trial) -> dict[int, date | None]:
    rows = TrialGroup.objects.filter(trial=trial).values_list("group", "unit__week")
    return {group: None if week is None else day_of(week, trial.first_day, trial.before) for group, week in rows}


def audited(home: Community, day: date, *, speakers: Callable[[Group], int] = lambda group: 3, **columns: object) -> Audit:
    at = datetime.combine(day, time(23, 30), ZoneInfo(home.zone)).astimezone(UTC)
    audit = Audit.objects.create(community=home, as_of=day, ran_at=at)
    told = {"talk_seen": True, "joins_30d": 1} | columns
    GroupHealth.objects.bulk_create(
        GroupHealth(audit=audit, group=group, state="steady", speakers_7d=speakers(group), **told)
        for group in Group.objects.filter(community=home)
    )
    return audit
