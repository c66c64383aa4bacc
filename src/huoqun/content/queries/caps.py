"""Who has had as many messages as one may get (L14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from huoqun.community.parts import parts
from huoqun.outbox.operations.spending import caps_of, spent_before
from huoqun.outbox.rules.paces import Book, limits_of
from huoqun.vocabulary.actions import Action


def capped(actions: Sequence[Action], *, community: str, at: datetime) -> set[int]:
    """Places in `actions` of those that could not go out at `at` because of the organisation's caps. The carrier's own pace is
    not asked: that is a matter of minutes.
    """
    caps = caps_of([community])[community]
    limits = [limits_of(action, (), caps) for action in actions]
    scopes = {limit.scope for each in limits for limit in each}
    spent: dict[str, dict[int, int]] = {}
    for part in parts(scopes):
        spent |= spent_before(part, now=at)
    book = Book(spent, now=at)
    return {place for place, each in enumerate(limits) if book.blocked_by(each) is not None}
