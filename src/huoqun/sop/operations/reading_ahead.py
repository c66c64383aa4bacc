"""History is read before runs are locked: nobody who wants to write waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from huoqun.sop.asked import OF_HISTORY, Lookups
from huoqun.sop.holidays import known
from huoqun.sop.models import Run, Version
from huoqun.sop.rules.days_off import days_of
from huoqun.sop.rules.moments import moment
from huoqun.sop.steps import Branch, Step
from huoqun.sop.steps.branch import Question

T = TypeVar("T")


def read_ahead(due: QuerySet[Run], launches: Sequence[int], *, now: datetime, most: int) -> Lookups:
    """What those of these runs will ask of it that are looked at first. Usually none, and then nothing is read."""
    coming = dict(first_of(due.values_list("pk", "version"), launches, most))
    versions = Version.objects.defer("plain").in_bulk(set(coming.values()))
    asking = {pk for pk, version in versions.items() if any(map(_asks, version.book.steps))}
    runs = list(due.filter(pk__in=[run for run, version in coming.items() if version in asking]) if asking else ())
    prefetch_related_objects(
        runs, "group", "member__person", "launch__community", Prefetch("version", Version.objects.defer("plain"))
    )
    ahead = Lookups(runs, now=now)
    for run in runs:
        for question in _questions(run, now):
            ahead.value(question, run, now)
    return ahead


def first_of(due: QuerySet[Run, T], launches: Sequence[int], most: int) -> Iterator[T]:
    """So many of those that have waited longest, of each launch its share at least: whom one playbook greets does not wait
    until another has been through nine thousand groups.
    """
    share = max(1, most // max(1, len(launches)))
    full = list[int]()
    for launch in launches:
        found = _longest(due, launch)[: min(share, most)]
        yield from found
        most -= len(found)
        if len(found) == share:
            full.append(launch)
    for launch in full:
        found = _longest(due, launch)[share : share + most]
        yield from found
        most -= len(found)


def _longest(due: QuerySet[Run, T], launch: int) -> QuerySet[Run, T]:
    return due.filter(launch=launch).order_by("next_at", "pk")


def _asks(step: Step) -> bool:
    return isinstance(step, Branch) and step.question.about in OF_HISTORY


def _questions(run: Run, now: datetime) -> Iterator[Question]:
    """Those it may come to by now: what lies before a branch can only put it off, and it comes past one only by another."""
    book, zone, passed = run.version.book, ZoneInfo(run.launch.community.zone), False
    days, seed = days_of(book, known()), f"{run.launch_id}/{run.group_id}"
    for step in book.steps[run.place :]:
        if not isinstance(step, Branch):
            continue
        if moment(step, anchor=run.anchor, before=run.before, zone=zone, seed=seed, days=days) <= now:
            passed = True
            if _asks(step):
                yield step.question
        elif not passed:
            return
