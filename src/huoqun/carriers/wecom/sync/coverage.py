"""How much of what there is has been read, and how much of that has no name: counted from what is kept, not remembered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from huoqun.carriers.wecom.models import Chat, Colleague, Corp, Sync


@dataclass(frozen=True, slots=True)
class Covered:
    """None: nobody knows yet."""

    kind: str
    """colleagues, customers, groups or members."""
    fetched: int
    expected: int | None
    nameless: int
    failed: int | None


def latest(corp: Corp) -> Sync | None:
    return Sync.objects.filter(corp=corp).order_by("-pk").first()


def walks(corp: Corp) -> QuerySet[Sync]:
    """Those that are over, the latest first."""
    return Sync.objects.filter(corp=corp, state=Sync.State.DONE).order_by("-pk")


def coverage(walk: Sync) -> list[Covered]:
    return [*_people(walk), *_groups(walk)]


def _people(walk: Sync) -> list[Covered]:
    listed = Colleague.objects.filter(corp=walk.corp, listed_by=walk.pk)
    serving = Q(serves=True)
    sums = listed.aggregate(
        colleagues=Count("pk"),
        anonymous=Count("pk", filter=Q(name="")),
        serving=Count("pk", filter=serving),
        read=Count("pk", filter=serving & Q(read_by=walk.pk)),
        failed=Count("pk", filter=serving & Q(read_by=walk.pk) & ~Q(trouble="")),
        got=Sum("fetched", filter=serving, default=0),
        there=Sum("expected", filter=serving, default=0),
        unnamed=Sum("nameless", filter=serving, default=0),
    )
    everybody = sums["read"] == sums["serving"]
    return [
        Covered("colleagues", sums["colleagues"], sums["colleagues"] or None, sums["anonymous"], 0),
        Covered("customers", sums["got"], sums["there"] if everybody else None, sums["unnamed"], sums["failed"]),
    ]


def _groups(walk: Sync) -> list[Covered]:
    listed = Chat.objects.filter(corp=walk.corp, listed_by=walk.pk)
    read = Q(read_by=walk.pk, trouble="")
    sums = listed.aggregate(
        listed=Count("pk"),
        read=Count("pk", filter=read),
        anonymous=Count("pk", filter=read & Q(name="")),
        failed=Count("pk", filter=Q(read_by=walk.pk) & ~Q(trouble="")),
        places=Sum("members", filter=read, default=0),
        unnamed=Sum("nameless", filter=read, default=0),
    )
    whole = walk.step in {Sync.Step.GROUPS, Sync.Step.ALL}
    all_read = whole and sums["read"] == sums["listed"]
    return [
        Covered("groups", sums["read"], sums["listed"] if whole else None, sums["anonymous"], sums["failed"]),
        Covered("members", sums["places"], sums["places"] if all_read else None, sums["unnamed"], None),
    ]


def not_read(walk: Sync) -> QuerySet[Chat]:
    """Groups that were listed and would not be read."""
    return Chat.objects.filter(corp=walk.corp, listed_by=walk.pk).exclude(trouble="").order_by("name", "chat_id")


def not_told(walk: Sync) -> QuerySet[Colleague]:
    """Colleagues whose customers would not be read."""
    return Colleague.objects.filter(corp=walk.corp, listed_by=walk.pk).exclude(trouble="")


def no_longer_listed(walk: Sync) -> QuerySet[Chat]:
    """Groups an earlier walk found and this one did not: dissolved, or their owner can no longer be seen."""
    gone = Chat.objects.filter(corp=walk.corp, listed_by__gt=0, listed_by__lt=walk.pk)
    return gone.order_by("name", "chat_id") if walk.step in {Sync.Step.GROUPS, Sync.Step.ALL} else gone.none()
