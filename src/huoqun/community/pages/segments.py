"""Saved views of list pages are segments."""

from __future__ import annotations

from django.http import QueryDict

from huoqun.community import queries
from huoqun.community.models import Segment
from huoqun.community.operations import groups
from huoqun.console.lists import SavedView
from huoqun.console.models import Staff


class Segments:
    """`console.lists.ViewStore` over this room's segments."""

    def __init__(self, about: str) -> None:
        self.about = about

    def list(self, staff: Staff) -> list[SavedView]:
        return [_view(segment, staff) for segment in queries.segments(staff, self.about)]

    def save(self, staff: Staff, name: str, query: str) -> None:
        groups.save_segment(staff, self.about, name, dict(QueryDict(query).lists()))

    def remove(self, staff: Staff, key: str) -> None:
        """Only one's own; a strange key removes nothing."""
        if key.isascii() and key.isdigit():
            for segment in queries.segments(staff, self.about).filter(pk=int(key), staff=staff):
                groups.drop_segment(segment)


def _view(segment: Segment, staff: Staff) -> SavedView:
    query = QueryDict(mutable=True)
    for name, values in segment.filters.items():
        query.setlist(name, values)
    return SavedView(str(segment.pk), segment.name, query.urlencode(), own=segment.staff_id == staff.pk)
