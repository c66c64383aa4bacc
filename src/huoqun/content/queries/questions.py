"""A saved view or a form's choices, answered as groups or people. Names and values are those of the list pages' addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from huoqun.community.models import Group, Person
from huoqun.content.errors import NotAnswerable

Question = Mapping[str, Sequence[str]]
Narrow = Callable[[Sequence[str]], Q]

M = TypeVar("M", bound=Model)

_ABOUT_THE_PAGE = {"sort", "page", "export"}


def _contains(*fields: str) -> Narrow:
    """Every word in one of the fields."""

    def narrow(values: Sequence[str]) -> Q:
        found = Q()
        for word in " ".join(values).replace("\0", "").split():
            found &= Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)
        return found

    return narrow


def _one_of(field: str) -> Narrow:
    return lambda values: Q(**{f"{field}__in": list(values)})


def _by_id(field: str) -> Narrow:
    """What is no number fits nothing rather than everything."""
    return lambda values: Q(**{f"{field}__in": [int(value) for value in values if value.isascii() and value.isdigit()]})


def _at(bound: str) -> Narrow:
    return lambda values: Q(**{bound: int(values[0])}) if values[0].isascii() and values[0].isdigit() else Q(pk__in=[])


GROUPS: dict[str, Narrow] = {
    "q": _contains("name", "native_id"),
    "state": _one_of("state"),
    "operator": _by_id("operator"),
    "connects": _one_of("connects"),
    "matter": _one_of("matter"),
    "lifecycle": _one_of("lifecycle"),
    "strategy": _one_of("strategy"),
    "stage": _one_of("stage"),
    "carrier": _one_of("carrier"),
    "tag": _by_id("tags"),
    "group": _by_id("pk"),
}
PEOPLE: dict[str, Narrow] = {
    "q": _contains("name", "identities__name", "identities__native_id"),
    "house": _one_of("house"),
    "tag": _by_id("tags"),
    "messages_from": _at("messages__gte"),
    "messages_to": _at("messages__lte"),
}


def groups(rows: QuerySet[Group], questions: Iterable[Question]) -> QuerySet[Group]:
    """Those that fit all questions. Raises NotAnswerable."""
    return _answered(rows, GROUPS, questions)


def people(rows: QuerySet[Person], questions: Iterable[Question]) -> QuerySet[Person]:
    return _answered(rows, PEOPLE, questions)


def strange(question: Question, known: Mapping[str, Narrow]) -> list[str]:
    """What only the list page itself can narrow by."""
    return sorted(name for name, values in question.items() if any(values) and name not in known.keys() | _ABOUT_THE_PAGE)


def _answered(rows: QuerySet[M], known: Mapping[str, Narrow], questions: Iterable[Question]) -> QuerySet[M]:
    for question in questions:
        if names := strange(question, known):
            raise NotAnswerable(names)
        for name, given in question.items():
            if name in known and (values := [value for value in given if value]):
                rows = rows.filter(pk__in=rows.model._default_manager.filter(known[name](values)).values("pk"))
    return rows
