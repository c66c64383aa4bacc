"""A playbook is put to work, paused, taken out again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community, Segment
from huoqun.console.models import Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Pause
from huoqun.sop import queries
from huoqun.sop.errors import CannotLaunch
from huoqun.sop.models import Launch, Playbook, Run, Version
from huoqun.sop.operations.changing import stop_runs
from huoqun.sop.operations.starting import catch_up
from huoqun.sop.rules.states import OPEN
from huoqun.sop.standing import copied
from huoqun.sop.starts import Around


@transaction.atomic
def launch(
    version: Version,
    community: Community,
    *,
    by: Staff | None,
    now: datetime,
    event_at: datetime | None = None,
    only_groups: Collection[int] = (),
    answers: Mapping[str, str] | None = None,
    voices: Mapping[str, str] | None = None,
    views: Collection[Segment] = (),
) -> Launch:
    """From now on its starts begin runs: in the groups it is for, where there are `views` in those that fit them when a run is
    to begin, and for those of their members who do. Raises CannotLaunch.
    """
    book = version.book
    # Whoever archives it at this very moment waits for us, and then finds it at work.
    if Playbook.objects.select_for_update().get(pk=version.playbook_id).archived_at is not None:
        raise CannotLaunch("This playbook is archived: take it out of the archive first.")
    if missing := [question for name, question in book.asks.items() if not (answers or {}).get(name, "").strip()]:
        raise CannotLaunch(f"Not answered yet: {' '.join(missing)}")
    if event_at is None and any(isinstance(start, Around) for start in book.starts):
        raise CannotLaunch("This playbook is about a moment: say when it is.")
    made = Launch(
        version=version,
        community=community,
        event_at=event_at,
        answers=dict(answers or {}),
        voices={who: persona for who, persona in (voices or {}).items() if persona in book.personas},
        only_groups=sorted(only_groups),
        views=copied(views, community, book.audience.about),
        looked_until=now,
        began_at=now,
        began_by=by,
    )
    if not queries.groups_of(made).exists():
        raise CannotLaunch("No group of this community is one this playbook is for.")
    made.save()
    return made


@transaction.atomic
def pause(launch: Launch, *, by: Staff | None, now: datetime) -> None:
    """Nothing of it goes out, and nothing more is planned. Whoever comes in meanwhile begins when it goes on."""
    going = Launch.objects.filter(pk=launch.pk, state=Launch.State.GOING)
    if going.update(state=Launch.State.PAUSED, paused_at=now):
        outbox.pause(Pause.Scope.RUN, _outbox_run(launch), by=by, now=now)


@transaction.atomic
def resume(launch: Launch, *, by: Staff | None, now: datetime) -> None:
    """It goes on; what was missed meanwhile and is past its time is left out, and says so. Groups that turned while it rested,
    and still are what they turned to, begin now.
    """
    row = Launch.objects.select_for_update(of=("self",)).select_related("community", "version").get(pk=launch.pk)
    if row.state != Launch.State.PAUSED:
        return
    since = row.paused_at
    Launch.objects.filter(pk=launch.pk).update(state=Launch.State.GOING, paused_at=None)
    outbox.lift(Pause.Scope.RUN, _outbox_run(launch), by=by, now=now)
    if since is not None:
        catch_up(row, since=since, now=now)


@transaction.atomic
def end(launch: Launch, *, by: Staff | None, now: datetime) -> int:
    """It is over, with all its runs. Returns how many were under way."""
    if not Launch.objects.filter(pk=launch.pk).exclude(state=Launch.State.ENDED).update(state=Launch.State.ENDED, ended_at=now):
        return 0
    stopped = stop_runs(Run.objects.filter(launch=launch, state__in=OPEN), by=by, now=now)
    outbox.lift(Pause.Scope.RUN, _outbox_run(launch), by=by, now=now)
    return stopped


def _outbox_run(launch: Launch) -> str:
    return f"{launch.community.slug}/{launch.run_name}"
