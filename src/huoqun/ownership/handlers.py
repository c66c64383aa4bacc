"""What this room does when something happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from huoqun.community.models import Community
from huoqun.outbox.models import State as RequestState
from huoqun.ownership.operations import answered, close_settled, erase, see_done, take_over
from huoqun.ownership.operations.closing import ROOM
from huoqun.ownership.rules.proving import PROVING
from huoqun.vocabulary.events import GroupEvent, StaffAnswered
from huoqun.vocabulary.facts import PersonErased, RequestSettled
from huoqun.vocabulary.log import Batch

HEARS = (RequestSettled, StaffAnswered, *PROVING)


def hear(batch: Batch, *, now: datetime) -> None:
    """What a carrier leaves to people becomes a to-do; what is settled elsewhere, or seen to be done, is closed."""
    outcomes: dict[str, dict[str, str]] = defaultdict(dict)
    for stored in batch:
        if isinstance(stored.what, RequestSettled) and not _is_our_message(stored.what):
            outcomes[stored.what.community][stored.what.request] = stored.what.outcome
    for slug, settled in outcomes.items():
        _take(Community.objects.get(slug=slug), settled, now)
    answered((stored.what for stored in batch if isinstance(stored.what, StaffAnswered)), now=now)
    see_done((stored.what for stored in batch if isinstance(stored.what, GroupEvent)), now=now)


def _is_our_message(settled: RequestSettled) -> bool:
    """What of it cannot be delivered is on the page anyhow: nobody is asked to deliver it by hand."""
    return settled.room == ROOM and settled.action in {"MessageStaff", "CloseCard"}


def _take(community: Community, outcomes: Mapping[str, str], now: datetime) -> None:
    """`outcomes`: by the request's key the last one heard of."""
    close_settled(community, outcomes, now=now)
    handed = [key for key, outcome in outcomes.items() if outcome == RequestState.HANDED]
    take_over(community.slug, handed, now=now)


def forget_people(batch: Batch, *, now: datetime) -> None:
    """Nobody has anything to do about an erased person any more."""
    for stored in batch:
        if isinstance(stored.what, PersonErased):
            erase(stored.what.people, Community.objects.get(slug=stored.what.community), now=now)
