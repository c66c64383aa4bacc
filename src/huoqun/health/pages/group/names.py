"""Who is behind the person keys of a page: one question for all of them, and only in the group's own community."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from huoqun.community.models import Community, Identity
from huoqun.console.figures import NOTHING


@dataclass(frozen=True, slots=True)
class Known:
    person_id: int
    name: str


class Names:
    """A dash stands for whoever was erased or never had a name."""

    def __init__(self, community: Community, keys: Iterable[int]) -> None:
        rows = Identity.objects.filter(community=community, key__in=set(keys))
        wanted = ("key", "person_id", "person__name", "name", "native_id")
        self._known = {key: Known(pk, first or own or native) for key, pk, first, own, native in rows.values_list(*wanted)}

    def of(self, key: int | None) -> str:
        known = self._known.get(key or 0)
        return known.name if known else NOTHING

    def person_id(self, key: int | None) -> int | None:
        known = self._known.get(key or 0)
        return known.person_id if known else None


def authors(lines: Iterable[dict[str, Any]]) -> set[int]:
    return {line["author"] for line in lines if line.get("author")}
