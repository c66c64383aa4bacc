"""Imports and what they could not read. The caller says which communities may be seen: here only short names are known."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from huoqun.carriers.models import BadRecord, Import


def imports(communities: Collection[str]) -> QuerySet[Import]:
    return Import.objects.filter(community__in=communities)


def bad_records(asked: Import) -> QuerySet[BadRecord]:
    return BadRecord.objects.filter(source=asked)
