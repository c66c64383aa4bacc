"""A community to play in: the pretended carrier, with groups that talk and answer, connected like any other account."""

from __future__ import annotations

from datetime import datetime, timedelta

from huoqun.carriers import operations as carriers
from huoqun.carriers.models import Connection
from huoqun.carriers.registry import pretended
from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.ownership.operations import reach
from huoqun.vocabulary.ids import Account

CARRIER, NAME = "pretend", "play"

PAST = timedelta(days=7)
"""What its groups have behind them when they are first heard, so that there is something to see."""


def play_in(community: Community, *, staff: Staff | None, now: datetime) -> Connection:
    """Twelve groups of the pretended carrier join this community as soon as a worker hears them; `staff` can be written to
    there. Doing it again changes nothing.
    """
    account = Account(community.slug, CARRIER, NAME)
    _live_up_to(now, account)
    if staff is not None:
        reach(staff, community, carrier=CARRIER, account=NAME, native_id=staff.username)
    return carriers.connect(account, now=now)


def _live_up_to(now: datetime, account: Account) -> None:
    """The world is made as it was then, and lives a day each time it is asked."""
    days = iter([now - PAST + timedelta(days=day) for day in range(PAST.days + 1)])
    player = pretended(account, now=lambda: next(days))
    for _ in range(PAST.days):
        player.receive("")
    player.world.close()
