"""How many hours a week there are: kept for each community, asked by the portfolio's page and the next audit's advice."""

from __future__ import annotations

from huoqun.community.models import Community
from huoqun.health.models import WorkingHours


def keep_hours(community: Community, hours: float) -> None:
    WorkingHours.objects.update_or_create(community=community, defaults={"hours_a_week": hours})
