"""Reads of the archive's rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from huoqun.carriers.wecom.models import (
    Archive,
    ArchiveCoverage,
    ArchiveFile,
    ArchiveForgotten,
    ArchiveGap,
    ArchiveHeld,
    ArchiveKey,
    ArchiveRaw,
    Chat,
    Corp,
)
from huoqun.vocabulary.heard import Deaf, HeardIn

from . import rules
from .keys import KeptKey, mark_of

AT_ONCE = 500
"""Locked records that are tried again in one go."""


def archive_of(corp: Corp) -> Archive:
    """Where nothing has been read yet: one that says so, not saved."""
    return Archive.objects.filter(corp=corp).first() or Archive(corp=corp)


def keys(corp: Corp) -> QuerySet[ArchiveKey]:
    """The newest version first, those without one before them."""
    return ArchiveKey.objects.filter(corp=corp).select_related("by")


def kept_keys(corp: Corp) -> list[KeptKey]:
    rows = ArchiveKey.objects.filter(corp=corp).order_by("pk").only("pk", "version", "private")
    return [KeptKey(row.pk, row.version, row.private) for row in rows]


def keys_mark(corp: Corp) -> str:
    """What `Ring.mark` will be, without unsealing a key."""
    return mark_of(ArchiveKey.objects.filter(corp=corp).values_list("pk", "version"))


def openable(corp: Corp, mark: str) -> list[ArchiveHeld]:
    """Locked records that have not been tried with the present keys, in the order in which they were said."""
    held = ArchiveHeld.objects.filter(corp=corp, given_at=None).exclude(tried_with=mark)
    return list(held.order_by("seq")[:AT_ONCE])


def held_by_version(corp: Corp) -> list[tuple[int, str, int]]:
    """(version, why, how many) of the records that wait for a key."""
    rows = ArchiveHeld.objects.filter(corp=corp, given_at=None).values_list("version", "why")
    return list(rows.annotate(number=Count("pk")).order_by("version", "why"))


def raw_by_kind(corp: Corp) -> list[tuple[str, str, int]]:
    """(kind, what of it was not understood, how many), the most frequent first."""
    rows = ArchiveRaw.objects.filter(corp=corp).values_list("msgtype", "field")
    return list(rows.annotate(number=Count("pk")).order_by("-number")[:20])


def files_by_state(corp: Corp) -> Mapping[str, tuple[int, int]]:
    """How many files are in each state, and their bytes."""
    rows = ArchiveFile.objects.filter(corp=corp).values_list("state").annotate(Count("pk"), Sum("got"))
    return {state: (number, size or 0) for state, number, size in rows}


def gaps(corp: Corp) -> QuerySet[ArchiveGap]:
    return ArchiveGap.objects.filter(corp=corp).order_by("-begins_at")


def coverage(corp: Corp) -> QuerySet[ArchiveCoverage]:
    """Groups, those whose talk does not reach the archive first."""
    return ArchiveCoverage.objects.filter(corp=corp).order_by("licensed", "-customers", "group_id")


def heard(corp: Corp, *, now: datetime) -> Iterator[HeardIn]:
    """Of each group known of the company, whether what is said there reaches us. Groups nobody has looked at are left out
    where others are heard.
    """
    archive = archive_of(corp)
    silent = rules.not_read_since(archive.asked_at, archive.newest_at, more=archive.more, now=now)
    if not corp.archive_secret or archive.asked_at is None or silent:
        deaf = Deaf.NOT_READ if corp.archive_secret else Deaf.NO_ARCHIVE
        chats = Chat.objects.filter(corp=corp).order_by("pk").values_list("chat_id", flat=True)
        for chat_id in dict.fromkeys([*chats, *coverage(corp).values_list("group_id", flat=True)]):
            yield HeardIn(group_id=chat_id, deaf=deaf, since=silent)
        return
    for row in ArchiveCoverage.objects.filter(corp=corp, checked_at__isnull=False).order_by("pk"):
        deaf_here = rules.deaf_to(licensed=row.licensed, customers=row.customers, refused=row.refused)
        yield HeardIn(group_id=row.group_id, deaf=deaf_here, since=row.turned_at)


def coverage_counts(corp: Corp) -> dict[str, int]:
    """Of all groups known: how many were looked at, reach the archive, and have somebody who refused."""
    return ArchiveCoverage.objects.filter(corp=corp).aggregate(
        known=Count("pk"),
        checked=Count("pk", filter=Q(checked_at__isnull=False)),
        reached=Count("pk", filter=Q(checked_at__isnull=False, licensed__gt=0)),
        refusing=Count("pk", filter=Q(refused__gt=0)),
    )


def files(corp: Corp) -> QuerySet[ArchiveFile]:
    return ArchiveFile.objects.filter(corp=corp)


def file_of(corp: Corp, pk: int) -> ArchiveFile | None:
    return ArchiveFile.objects.filter(corp=corp, pk=pk, state=ArchiveFile.State.KEPT).first()


def due_files(now: datetime, *, most: int = 10) -> list[ArchiveFile]:
    """Of all companies, the longest waiting first."""
    due = ArchiveFile.objects.filter(state=ArchiveFile.State.WAITING, next_at__lte=now)
    return list(due.select_related("corp", "corp__archive").order_by("next_at", "pk")[:most])


def due_archives(now: datetime) -> list[Archive]:
    """Whose coverage is to be looked after, the longest waiting first."""
    able = Archive.objects.exclude(corp__archive_secret="").filter(chores_at__lte=now)
    return list(able.select_related("corp").order_by("chores_at", "pk")[:5])


def due_groups(corp: Corp, now: datetime, *, most: int) -> list[ArchiveCoverage]:
    return list(ArchiveCoverage.objects.filter(corp=corp, check_at__lte=now).order_by("check_at", "pk")[:most])


def forgotten(corp: Corp) -> frozenset[int]:
    """Keys of the people who were erased here."""
    return frozenset(ArchiveForgotten.objects.filter(community=corp.community).values_list("key", flat=True))
