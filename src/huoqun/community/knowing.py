"""What is told of a colleague and a person who know each other. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from huoqun.vocabulary.events import ContactAdded, ContactChanged, ContactEvent, ContactLost, Person


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenContact:
    """One telling, from an event or from the carrier's lists. None: nothing was said about it."""

    staff: Person
    """The colleague; ids are the carrier's own."""
    person: Person
    at: datetime
    """As of when this is so."""
    added_at: datetime | None = None
    lost_at: datetime | None = None
    lost_by_customer: bool = False
    remark: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    way: str = ""
    source: str = ""
    mutual: bool = True


def seen_in(happened: Iterable[ContactEvent]) -> Iterator[SeenContact]:
    """What events say, one telling each."""
    for event in happened:
        staff = Person(id=event.staff_id)
        match event:
            case ContactAdded(at=at, person=person, way=way, source=source, mutual=mutual):
                yield SeenContact(
                    staff=staff, person=person, at=at, added_at=at, way=way, source=source, mutual=mutual
                )  # fmt: skip
            case ContactChanged(at=at, person=person, remark=remark, description=description, tags=tags):
                yield SeenContact(
                    staff=staff, person=person, at=at, remark=remark, description=description, tags=tags
                )  # fmt: skip
            case ContactLost(at=at, person=person, by_customer=by_customer):
                yield SeenContact(staff=staff, person=person, at=at, lost_at=at, lost_by_customer=by_customer)
