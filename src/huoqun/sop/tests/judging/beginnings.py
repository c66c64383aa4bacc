"""One run for each moment that was promised, one for each newcomer; none that nobody promised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from huoqun.community.models import Group
from huoqun.sop.models import Launch, Run
from huoqun.sop.tests.judging.record import Record
from huoqun.sop.tests.judging.when import moments


def begun_once(record: Record) -> Iterator[str]:
    """One run for each moment that was promised, one for each newcomer; none that nobody promised."""
    seen: set[tuple[object, ...]] = set()
    for run in record.runs.values():
        kind = run.key.split("/")[0]
        about = (run.launch_id, run.group_id, run.member_id, _beginning(record, run))
        if kind in {"joined", "hand", "first_words", "born"} or kind[:8].isdecimal():
            if about in seen:
                yield f"{run} ({run.key}) began twice"
            seen.add(about)
        if kind[:8].isdecimal() and run.launch_id in record.life.untouched and not _was_promised(record, run):
            yield f"{run} ({run.key}) began, and {run.launch.version.plain['starts']} does not say so"


def _beginning(record: Record, run: Run) -> object:
    kind = run.key.split("/")[0]
    again = any(start.get("again") for start in run.version.plain["starts"])
    return record.life.first_anchor[run.pk] if kind[:8].isdecimal() or again else kind


def _was_promised(record: Record, run: Run) -> bool:
    (start,) = run.launch.version.plain["starts"]
    named = datetime.strptime(run.key.split("/")[0], "%Y%m%dT%H%M").replace(tzinfo=UTC)
    return named in {moment.replace(second=0, microsecond=0) for moment in moments(start, run.launch, record.life.zone)}


def newcomers(record: Record) -> Iterator[str]:
    begun = {(run.launch_id, run.group.native_id, run.member.native_id) for run in record.runs.values() if run.member}
    for launch, room, who in record.life.joined:
        if launch in record.life.untouched and (launch, room, who) not in begun:
            yield f"launch {launch}: nothing began for {who} in {room}"


def days(record: Record) -> Iterator[str]:
    """Daily rules begin on each day, dates and events once, for each group."""
    for launch in Launch.objects.filter(pk__in=record.life.untouched).select_related("version"):
        if launch.version.book.audience.about != "groups":
            continue
        (start,) = launch.version.plain["starts"]
        wanted = {moment for moment in moments(start, launch, record.life.zone) if moment > launch.began_at}
        for group in Group.objects.all():
            begun = set(Run.objects.filter(launch=launch, group=group, key__regex=r"^\d{8}T").values_list("key", flat=True))
            missing = {f"{moment:%Y%m%dT%H%M}/{group.pk}" for moment in wanted} - begun
            if missing:
                yield f"launch {launch.pk} {start}: {sorted(missing)} never began"
