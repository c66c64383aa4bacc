"""Which groups are heard at all, as their carriers say: learned before each audit, so that none takes deafness for silence."""

from __future__ import annotations

from datetime import datetime

from huoqun.carriers.models import Connection
from huoqun.carriers.registry import heard_in
from huoqun.community.models import Community
from huoqun.community.operations.groups import keep_heard
from huoqun.health.long_work import run_audit
from huoqun.jobs.run import Run


def learn(community: Community, *, now: datetime) -> int:
    """Ask every live account of the community. Returns of how many groups something else is known than before."""
    accounts = [each.account for each in Connection.objects.filter(community=community.slug).order_by("pk")]
    return sum(keep_heard(community, account.carrier, heard_in(account, now=now)) for account in accounts)


def audit(run: Run) -> None:
    """Job `audit`, of groups that are known to be heard or not."""
    learn(Community.objects.get(slug=run.arguments["community"]), now=run.now())
    run_audit(run)
