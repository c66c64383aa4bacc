"""What groups and people are called for whom rooms below, which know ids only, have something to do."""

from __future__ import annotations

from collections.abc import Iterable

from huoqun.community import queries
from huoqun.outbox.models import Request
from huoqun.vocabulary.ids import group_key, person_key


def of_requests(visitor: queries.Visitor, requests: Iterable[Request]) -> dict[int, str]:
    """By the request's number, in two queries for all; who has no name, or may not be seen, is left out."""
    groups, people = {}, {}
    for each in requests:
        kind, _slash, native = each.target.partition("/")
        if kind == "group":
            groups[each.pk] = int(group_key(each.through, native))
        elif kind in {"person", "staff"}:
            people[each.pk] = int(person_key(each.through, native))
    return _called(groups, queries.names_of_groups(visitor, set(groups.values()))) | _called(
        people, queries.names_of_people(visitor, set(people.values()))
    )


def _called(keys: dict[int, int], names: dict[int, str]) -> dict[int, str]:
    return {request: names[key] for request, key in keys.items() if key in names}
