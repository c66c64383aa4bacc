"""Taking in everybody and everything an account lists: the first sync, and every night what events have missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from huoqun.carriers.base import Barred, CutOff, Roster, RosterPage, Unreachable
from huoqun.carriers.models import Connection
from huoqun.carriers.registry import NoCarrier, roster_for
from huoqun.carriers.troubles import UNREACHABLE
from huoqun.community.models import Community
from huoqun.community.operations.filling import many_to_come
from huoqun.community.operations.roster import take_roster
from huoqun.console.models import Staff
from huoqun.history.store import Store, open_store
from huoqun.inbox.operations import announce
from huoqun.jobs import operations as jobs
from huoqun.jobs.errors import Cancelled, CannotGoOn, TryLater
from huoqun.jobs.models import OPEN, Job
from huoqun.jobs.run import Run
from huoqun.vocabulary.facts import RosterTaken
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.roster import Brought
from huoqun.wiring.places_told import tell_history

KIND = "sync"
AGAIN = timedelta(minutes=1)
"""A carrier that did not answer, or asked to slow down, is asked again after so long."""

TRIES = 5

Report = Callable[[int, int, str], None]


def ask(account: Account, *, by: Staff | None, now: datetime) -> Job:
    """Have an account read from end to end; what was begun and not finished is gone on with. Asking twice is asking once."""
    named = {"community": account.community, "carrier": account.carrier, "name": account.name}
    return jobs.ask(KIND, named, key=str(account), by=by, now=now)


def stop(account: Account, *, now: datetime) -> None:
    """What was read stays; asking again goes on from there."""
    for job in Job.objects.filter(kind=KIND, key=str(account), state__in=OPEN):
        jobs.cancel(job, now=now)


def run_sync(run: Run) -> None:
    """Job `sync`: `community`, `carrier`, `name`."""
    account = Account(run.arguments["community"], run.arguments["carrier"], run.arguments["name"])
    try:
        roster = roster_for(account, now=run.now)
    except NoCarrier as nobody:
        raise CannotGoOn(str(nobody)) from nobody
    with _put_down(roster, run):
        sync(roster, account, report=run.report, now=run.now)


def ask_for_all(run: Run) -> None:
    """Job `nightly_syncs`: every live account that can list itself is read once more."""
    for each in Connection.objects.order_by("pk"):
        try:
            roster_for(each.account)
        except NoCarrier:
            continue
        ask(each.account, by=None, now=run.now())


def sync(
    roster: Roster, account: Account, *, report: Report, now: Callable[[], datetime], store: Store | None = None
) -> Brought:
    """Page by page, each in a transaction of its own with the mark that it is kept: whenever the process dies, the next one
    goes on behind the last page that was kept.
    """
    community = Community.objects.get(slug=account.community)
    cursor, brought, done = roster.open(now=now()), Brought(), 0
    with many_to_come(), _ahead(roster) as asking:
        following = asking(cursor)
        while page := following.result():
            if page.settled:
                following = asking(page.cursor)
            fresh = _take_in(community, account, roster, page, now)
            brought, done = brought + fresh, page.done
            if not page.settled:
                following = asking(page.cursor)
            report(page.done, page.total, "")
    tell_history(community, account, store or open_store(), now=now, report=lambda: report(done, done + 1, ""))
    with transaction.atomic():
        roster.finish(now=now())
        announce([_fact(account, brought, now())], now=now())
    return brought


def _take_in(community: Community, account: Account, roster: Roster, page: RosterPage, now: Callable[[], datetime]) -> Brought:
    """Somebody who comes to be known through an event in the same moment stands in our way: then once more, knowing them."""
    for tries_left in reversed(range(TRIES)):
        try:
            return take_roster(
                community, account, page.records, at=page.at, now=now(), then=lambda brought: roster.kept(page, brought)
            )
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("there is at least one try")


@contextmanager
def _ahead(roster: Roster) -> Iterator[Callable[[str], Future[RosterPage | None]]]:
    """Asks for a page while the one before it is being taken in: the carrier's time and ours pass together."""

    def page(cursor: str) -> RosterPage | None:
        try:
            return roster.page(cursor)
        finally:
            connection.close()

    with ThreadPoolExecutor(1, thread_name_prefix="sync") as thread:
        yield lambda cursor: thread.submit(page, cursor)


@contextmanager
def _put_down(roster: Roster, run: Run) -> Iterator[None]:
    """Why the walk stands still is written where staff will look for it."""
    try:
        yield
    except Barred as barred:
        roster.put_down(str(barred), now=run.now())
        raise CannotGoOn(str(barred)) from barred
    except (Unreachable, CutOff) as silent:
        roster.put_down(UNREACHABLE, now=run.now())
        raise TryLater(AGAIN, UNREACHABLE) from silent
    except Cancelled:
        roster.put_down("", now=run.now())
        raise


def _fact(account: Account, brought: Brought, now: datetime) -> RosterTaken:
    return RosterTaken(
        community=account.community,
        at=now,
        carrier=account.carrier,
        name=account.name,
        groups=brought.groups,
        people=brought.people,
        joined=brought.joined,
        left=brought.left,
    )
