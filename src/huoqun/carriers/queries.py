"""Imports, live accounts, and what could not be read of them. The caller says which communities may be seen: here only short
names are known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.db.models import Q, QuerySet

from huoqun.carriers.models import BadRecord, Connection, Import
from huoqun.carriers.rules import LASTING

Tell = Callable[[str, Collection[str]], Mapping[str, object]]
"""`tell(community, native_ids)`: what a carrier's own rows hold about somebody, as plain data."""

_carriers_own: list[Tell] = []


def also_tell(tell: Tell) -> None:
    """A carrier that keeps rows of its own about people says, when it starts, what they are."""
    if tell not in _carriers_own:
        _carriers_own.append(tell)


def all_about(community: str, native_ids: Collection[str]) -> dict[str, object]:
    """What live accounts keep about a person besides what every room does: names of it in English."""
    rows = BadRecord.objects.filter(Q(source__community=community) | Q(connection__community=community))
    unreadable = [raw for each in native_ids for raw in rows.filter(raw__contains=each).values_list("raw", flat=True)]
    told: dict[str, object] = {"unreadable_records": unreadable}
    for tell in _carriers_own:
        told.update(tell(community, native_ids))
    return {name: what for name, what in told.items() if what}


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
