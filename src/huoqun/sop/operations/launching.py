"""A playbook is put to work, paused, taken out again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Pause
from huoqun.sop import queries
from huoqun.sop.errors import CannotLaunch
from huoqun.sop.models import Launch, Run, Version
from huoqun.sop.operations.changing import stop_runs
from huoqun.sop.rules.states import OPEN
from huoqun.sop.starts import Around


def launch(
    version: Version,
    community: Community,
    *,
    by: Staff | None,
    now: datetime,
    event_at: datetime | None = None,
    only_groups: Collection[int] = (),
    answers: Mapping[str, str] | None = None,
) -> Launch:
    """From now on its starts begin runs. Raises CannotLaunch."""
    book = version.book
    if missing := [question for name, question in book.asks.items() if not (answers or {}).get(name, "").strip()]:
        raise CannotLaunch(f"Not answered yet: {' '.join(missing)}")
    if event_at is None and any(isinstance(start, Around) for start in book.starts):
        raise CannotLaunch("This playbook is about a moment: say when it is.")
    if not queries.audience(community, book.audience, only=list(only_groups)).exists():
        raise CannotLaunch("No group of this community is one this playbook is for.")
    return Launch.objects.create(
        version=version,
        community=community,
        event_at=event_at,
        answers=dict(answers or {}),
        only_groups=sorted(only_groups),
        looked_until=now,
        began_at=now,
        began_by=by,
    )


@transaction.atomic
def pause(launch: Launch, *, by: Staff | None, now: datetime) -> None:
    """Nothing of it goes out, and nothing more is planned."""
    if Launch.objects.filter(pk=launch.pk, state=Launch.State.GOING).update(state=Launch.State.PAUSED):
        outbox.pause(Pause.Scope.RUN, _outbox_run(launch), by=by, now=now)


@transaction.atomic
def resume(launch: Launch, *, by: Staff | None, now: datetime) -> None:
    """It goes on; what was missed meanwhile and is past its time is left out."""
    if Launch.objects.filter(pk=launch.pk, state=Launch.State.PAUSED).update(state=Launch.State.GOING):
        outbox.lift(Pause.Scope.RUN, _outbox_run(launch), by=by, now=now)


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
