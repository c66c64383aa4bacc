"""Imports, live accounts, and what could not be read of them. The caller says which communities may be seen: here only short
names are known.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from huoqun.carriers.models import BadRecord, Connection, Import
from huoqun.carriers.rules import LASTING


def imports(communities: Collection[str]) -> QuerySet[Import]:
    return Import.objects.filter(community__in=communities)


def bad_records(asked: Import) -> QuerySet[BadRecord]:
    return BadRecord.objects.filter(source=asked)


def connections(communities: Collection[str]) -> QuerySet[Connection]:
    return Connection.objects.filter(community__in=communities)


def unheard() -> QuerySet[Connection]:
    """Of all communities: the live accounts that have failed for a while."""
    return Connection.objects.exclude(trouble="").filter(failures__gte=LASTING)


def strange_records(connection: Connection) -> QuerySet[BadRecord]:
    """The latest first."""
    return BadRecord.objects.filter(connection=connection).order_by("-id")
