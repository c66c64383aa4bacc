"""What happened while nobody waited for it yet, or has not been heard: looked up in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from huoqun.inbox import codec
from huoqun.inbox.models import Cursor, Entry
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.laying import LATE
from huoqun.sop.operations.waiting import WAITED_FOR, came_at
from huoqun.sop.rules.states import LineState, RunState
from huoqun.vocabulary.events import GroupEvent

NAMES = [kind.__name__ for kind in WAITED_FOR]
SKEW = timedelta(minutes=10)
"""So far a carrier's clock may be ahead of ours."""

AT_ONCE = 200
SUBSCRIBER = "sop"


def came_unheard(lines: Sequence[Line]) -> dict[Line, datetime]:
    """Of waits whose time is over: those for which it came in time, and is in the log without having been heard."""
    if not lines:
        return {}
    heard = Cursor.objects.filter(subscriber=SUBSCRIBER).values_list("position", flat=True).first() or 0
    rows = Line.objects.filter(pk__in=[line.pk for line in lines]).select_related("run__version", "run__group", "run__member")
    own = {line.pk: line for line in lines}
    events = _events(Entry.objects.filter(position__gt=heard), lines)
    found = came_at(rows.defer("run__version__plain"), events) if events else {}
    for line in found:
        own[line.pk].text = line.text
    return {own[line.pk]: at for line, at in found.items()}


def look_back(*, now: datetime) -> int:
    """Waits that were laid after their moment: had it come already when they were written down? Returns how many it was."""
    late = Line.objects.filter(kind="wait", state=LineState.WAITING, way=LATE)
    if not late.exists():
        return 0
    with transaction.atomic():
        rows = late.select_for_update(of=("self",), skip_locked=True).order_by("pk")
        lines = list(rows.select_related("run__version", "run__group", "run__member").defer("run__version__plain")[:AT_ONCE])
        if lines:
            _look(lines, now)
    return len(lines)


def _look(lines: Sequence[Line], now: datetime) -> None:
    first = _position(min(line.at for line in lines) - SKEW)
    found = came_at(lines, _events(Entry.objects.filter(position__gte=first), lines))
    for line in lines:
        line.way = ""
        if line in found:
            line.state, line.way, line.settled_at = LineState.DONE, "came", found[line]
    Line.objects.bulk_update(lines, ["state", "way", "text", "settled_at"], batch_size=AT_ONCE)
    Run.objects.filter(pk__in={line.run_id for line in lines}, state=RunState.GOING).update(next_at=now)


def _events(entries: QuerySet[Entry], lines: Iterable[Line]) -> list[GroupEvent]:
    """What happened in the communities of these lines since the first of them waits."""
    lines = list(lines)
    homes = Run.objects.filter(pk__in={line.run_id for line in lines}).values("launch__community__slug").distinct()
    told = entries.filter(community__in=homes, name__in=NAMES, at__gte=min(line.at for line in lines)).order_by("position")
    read = (codec.read(name, payload) for name, payload in told.values_list("name", "payload").iterator())
    return [event for event in read if isinstance(event, GroupEvent)]


def _position(moment: datetime) -> int:
    """Of the first entry that was kept at that moment or later; positions grow with time, so it is found in a few steps."""
    low, high = 0, Entry.objects.order_by("-position").values_list("position", flat=True).first() or 0
    while low < high:
        middle = (low + high) // 2
        entry = Entry.objects.filter(position__gt=middle).order_by("position").only("position", "stored_at").first()
        if entry is None or entry.stored_at >= moment:
            high = middle
        else:
            low = entry.position
    return low
