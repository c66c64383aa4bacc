"""What this room does when something happened."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from huoqun.community.models import Community
from huoqun.community.operations import groups, intake
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.log import Batch


def take_in(batch: Batch, *, now: datetime) -> None:
    """Live events make groups, people and memberships known."""
    by_community: dict[str, list[Event]] = defaultdict(list)
    for stored in batch:
        if isinstance(stored.what, Event):
            by_community[stored.what.account.community].append(stored.what)
    for slug, happened in by_community.items():
        intake.take_in(Community.objects.get(slug=slug), happened, now=now)


def keep_states(batch: Batch, *, now: datetime) -> None:
    """The audit's word on each group, for every room to read."""
    turned = [stored.what for stored in batch if isinstance(stored.what, GroupTurned)]
    groups.turn({fact.group: (fact.state, fact.since) for fact in turned})
