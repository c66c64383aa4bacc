"""A community to play in: the pretended carrier with groups of a sample world, connected like any other account."""

from __future__ import annotations

from datetime import datetime, timedelta

from huoqun.carriers import operations as carriers
from huoqun.carriers.models import Connection
from huoqun.carriers.registry import Script, pretended
from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.ownership.operations import reach
from huoqun.vocabulary.ids import Account

CARRIER, NAME = "pretend", "play"

PAST = timedelta(days=7)
"""What its groups have behind them when they are first heard, so that there is something to see."""

PLAYED = timedelta(days=90)
"""What they have before them; afterwards they only answer."""


def play_in(community: Community, *, staff: Staff | None, now: datetime, speed: float = 1.0) -> Connection:
    """Twelve groups of the pretended carrier join this community as soon as a worker hears them, and live as groups of a sample
    world do, `speed` times as fast as the clock; `staff` can be written to there. Doing it again changes nothing.
    """
    account = Account(community.slug, CARRIER, NAME)
    _live_up_to(now, account, Script(days=(PAST + PLAYED).days, speed=speed))
    if staff is not None:
        reach(staff, community, carrier=CARRIER, account=NAME, native_id=staff.username)
    return carriers.connect(account, now=now)


def _live_up_to(now: datetime, account: Account, script: Script) -> None:
    """The world is made as it was then, and lives a day each time it is asked."""
    days = iter([now - PAST + timedelta(days=day) for day in range(PAST.days + 1)])
    player = pretended(account, plan=script, now=lambda: next(days))
    for _ in range(PAST.days):
        player.receive("")
    player.world.close()
