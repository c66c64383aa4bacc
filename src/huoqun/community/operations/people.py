"""One person, several identities: merge, split, name, erase."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huoqun.carriers.operations import forget_mentions
from huoqun.community.errors import NothingToSplit, NotTheSameCommunity
from huoqun.community.models import Erased, Group, Identity, Label, Membership, Person
from huoqun.community.operations.labels import settle
from huoqun.inbox.operations import announce
from huoqun.vocabulary.facts import HouseChanged, PersonErased
from huoqun.vocabulary.ids import PersonKey


@transaction.atomic
def merge(others: Iterable[Person], *, into: Person, now: datetime) -> Person:
    """They turn out to be one person: identities, tags and labels move over, the others' rows go.

    Raises NotTheSameCommunity. Labels already on `into` win over those of the same source on the others.
    """
    for other in others:
        if other.id == into.id:
            continue
        if other.community_id != into.community_id:
            raise NotTheSameCommunity(into, other)
        sources = into.labels.values_list("source", flat=True)
        other.labels.exclude(source__in=list(sources)).update(person=into)
        other.identities.update(person=into)
        into.tags.add(*other.tags.all())
        into.note = "\n".join(filter(None, (into.note, other.note)))
        other.delete()
    into.save()
    _changed(into, now=now)
    return into


@transaction.atomic
def split(identity: Identity, *, now: datetime) -> Person:
    """This identity is somebody else after all: a person of its own, with the same labels and tags to begin with.

    Raises NothingToSplit where the person has only this identity.
    """
    person = identity.person
    if person.identities.count() < 2:
        raise NothingToSplit(person)
    alone = Person.objects.create(community=person.community, name=identity.name, house=person.house)
    alone.tags.set(person.tags.all())
    Label.objects.bulk_create(
        Label(person=alone, house=row.house, source=row.source, reason=row.reason, by=row.by, at=row.at)
        for row in person.labels.all()
    )
    identity.person = alone
    identity.save(update_fields=["person"])
    _changed(person, alone, now=now)
    return alone


def rename(person: Person, name: str) -> None:
    """Staff give a person a name of their own; the carrier's names no longer overwrite it. "" gives that up."""
    person.named_by_staff = bool(name)
    person.name = name or (person.identities.order_by("-named_at").values_list("name", flat=True).first() or "")
    person.save(update_fields=["name", "named_by_staff"])


@transaction.atomic
def erase(person: Person, *, now: datetime) -> None:
    """On request: every row about the person goes, and the fact makes the other rooms and the history follow.

    Groups they owned stay, without an owner. Their identities are remembered as erased: what is read or heard of them from now
    on is left out.
    """
    keys = list(person.identities.values_list("key", flat=True))
    forget_mentions(person.community.slug, list(person.identities.values_list("native_id", flat=True)))
    Group.objects.filter(owner__person=person).update(owner=None)
    Membership.objects.filter(inviter__person=person).update(inviter=None)
    community = person.community
    Erased.objects.bulk_create((Erased(community=community, key=key, at=now) for key in keys), ignore_conflicts=True)
    person.delete()
    announce([PersonErased(community=community.slug, at=now, people=tuple(PersonKey(key) for key in keys))], now=now)


def _changed(*people: Person, now: datetime) -> None:
    """Whose messages are whose has changed, so the figures have, even where nobody's label did."""
    for person in people:
        settle(person.community, [person.id], now=now)
        keys = person.identities.values_list("key", flat=True)
        fact = HouseChanged(community=person.community.slug, at=now, people=tuple(PersonKey(key) for key in keys))
        announce([fact], now=now)
