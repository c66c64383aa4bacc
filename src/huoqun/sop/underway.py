"""What is under way of a launch, and what another version would do to it: figures for whoever decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.rules.states import OPEN, LineState, RunState

SAYS = ("post", "topic", "notice", "message")
WITH_PEOPLE = (LineState.HAND, LineState.WAITING)


@dataclass(frozen=True, slots=True)
class UnderWay:
    runs: int
    asked: int
    """Of these: wait for a yes, and have done nothing yet."""
    planned: int
    """Steps that are planned and would be planned anew."""
    dropped: int
    """Steps somebody has or waits for, and which are no more in the new version."""
    with_people: int
    """To-dos and waits that would be taken back where everything begins anew."""
    said: int
    """Things said which a new beginning would say again."""


def under_way(launch: Launch, version: Version) -> UnderWay:
    runs = Run.objects.filter(launch=launch, state__in=OPEN, ended_at__isnull=True).exclude(version=version)
    counted = runs.aggregate(all=Count("pk"), asked=Count("pk", filter=Q(state=RunState.ASKED)))
    here = Q(step__in=[step.key for step in version.book.steps])
    lines = Line.objects.filter(run__in=runs.order_by().values("pk")).aggregate(
        planned=Count("pk", filter=Q(state=LineState.PLANNED)),
        dropped=Count("pk", filter=Q(state__in=WITH_PEOPLE) & ~here),
        with_people=Count("pk", filter=Q(state__in=WITH_PEOPLE)),
        said=Count("pk", filter=Q(state=LineState.DONE, kind__in=SAYS) & here),
    )
    return UnderWay(runs=counted["all"], asked=counted["asked"], **lines)


def behind(version: Version) -> QuerySet[Launch]:
    """Launches of its playbook that have not ended and are at work with another version."""
    rows = Launch.objects.filter(version__playbook=version.playbook_id).exclude(state=Launch.State.ENDED)
    return rows.exclude(version=version)
