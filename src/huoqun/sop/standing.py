"""Saved views a playbook is for, standing: their questions are kept with the launch, and answered anew whenever runs begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from huoqun.community.models import Community, Segment
from huoqun.content.queries import questions
from huoqun.sop.errors import CannotLaunch, CannotStand

KNOWN = {Segment.About.GROUPS: questions.GROUPS, Segment.About.PEOPLE: questions.PEOPLE}
LONGEST_NUMBER = 18
"""So many digits hold in every database."""
NUMBERS = frozenset({"operator", "tag", "group", "messages_from", "messages_to"})


def copied(views: Iterable[Segment], home: Community, about: str) -> dict[str, Any]:
    """What a launch about groups, or members, keeps of them, by what they are about. Raises CannotLaunch."""
    found: dict[str, Any] = {}
    for view in views:
        if view.community_id not in {None, home.pk}:
            raise CannotLaunch("This saved view belongs to another community.")
        if view.about == Segment.About.PEOPLE and about != "members":
            raise CannotLaunch("This playbook is not about members: choose a saved view of groups.")
        if names := not_askable(view.about, view.filters):
            raise CannotStand(view.about, names)
        found[view.about] = {"name": view.name, "filters": _plain(view)}
    return found


def not_askable(about: str, filters: Mapping[str, Sequence[str]]) -> list[str]:
    """What keeps the question from being answered without its own page: names, sorted; none where it can be."""
    odd = [name for name, values in filters.items() if not all(_holds(name, value) for value in values)]
    return sorted({*questions.strange(filters, KNOWN[Segment.About(about)]), *odd})


def _holds(name: str, value: str) -> bool:
    """A value no database takes would stop whoever asks, and with them all other playbooks."""
    return "\0" not in value and not (name in NUMBERS and len(value) > LONGEST_NUMBER)


def _plain(view: Segment) -> dict[str, list[str]]:
    """Without how the list was sorted and leafed through."""
    known = KNOWN[Segment.About(view.about)]
    return {name: [each for each in values if each] for name, values in view.filters.items() if name in known and any(values)}
