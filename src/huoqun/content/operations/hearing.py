"""Ways to groups, from what live accounts hear."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from huoqun.community.parts import parts
from huoqun.content.models import Way
from huoqun.vocabulary.events import GroupEvent
from huoqun.vocabulary.ids import group_key

OFTEN_ENOUGH = timedelta(days=1)
"""A way that stays the same is written down again so often at most."""


def keep_ways(events: Iterable[GroupEvent]) -> None:
    """The account each group was last heard through. What is older than what is known changes nothing."""
    heard: dict[int, GroupEvent] = {}
    for event in events:
        key = group_key(event.account, event.group_id)
        if key not in heard or heard[key].at <= event.at:
            heard[key] = event
    for keys in parts(sorted(heard), 500):
        known = {way.group_key: way for way in Way.objects.filter(group_key__in=keys)}
        changed = [_way(key, heard[key]) for key in keys if _is_news(known.get(key), heard[key])]
        Way.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["group_key"],
            update_fields=["community", "carrier", "account", "heard_at"],
        )


def _is_news(known: Way | None, event: GroupEvent) -> bool:
    if known is None:
        return True
    if event.account != known.through:
        return event.at >= known.heard_at
    return event.at - known.heard_at >= OFTEN_ENOUGH


def _way(key: int, event: GroupEvent) -> Way:
    account = event.account
    return Way(group_key=key, community=account.community, carrier=account.carrier, account=account.name, heard_at=event.at)
