"""Who counts as house: by hand, from a list, by rule, by the carrier (L02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community, House, Identity, Label, LabelRule, LabelSource, Person
from huoqun.community.parts import parts
from huoqun.community.rules import rule_for, standing
from huoqun.console.models import Staff
from huoqun.inbox.operations import announce
from huoqun.vocabulary.facts import HouseChanged
from huoqun.vocabulary.ids import PersonKey


def by_hand(people: Iterable[Person], house: str, *, by: Staff, now: datetime, reason: str = "") -> int:
    """Somebody says what these people are; "" says they are not house. Beats every other source. Returns how many changed.

    All people are of one community.
    """
    people = list(people)
    if not people:
        return 0
    return _say(people[0].community, {p.id: (house, reason) for p in people}, LabelSource.HAND, now=now, by=by)


def by_list(community: Community, listed: Mapping[str, str], *, by: Staff | None, now: datetime, reason: str = "") -> int:
    """A list of carrier ids with their label, e.g. a file of known bots. Ids nobody has seen are passed over."""
    said = {}
    for ids in parts(listed):
        rows = Identity.objects.filter(community=community, native_id__in=ids).values_list("person_id", "native_id")
        said.update({person: (listed[native], reason) for person, native in rows})
    return _say(community, said, LabelSource.LIST, now=now, by=by)


def by_carrier(community: Community, keys: Collection[int], *, now: datetime, house: str = House.BOT) -> int:
    """The carrier itself marks these identities (by key) as bots, or as colleagues."""
    said = {}
    for part in parts(keys):
        people = Identity.objects.filter(community=community, key__in=part).values_list("person_id", flat=True)
        said.update(dict.fromkeys(people, (house, "")))
    return _say(community, said, LabelSource.CARRIER, now=now)


def by_rules(community: Community, *, now: datetime, only: Collection[int] | None = None) -> int:
    """Apply the community's name patterns to everybody, or to the identities whose keys are in `only`."""
    rules = list(LabelRule.objects.filter(community=community).order_by("id").values_list("pattern", "house"))
    if not rules:
        return 0
    identities = Identity.objects.filter(community=community)
    some = [identities] if only is None else [identities.filter(key__in=keys) for keys in parts(only)]
    said = {}
    for part in some:
        for person, name, native in part.values_list("person_id", "name", "native_id").iterator():
            if found := rule_for([name, native], rules):
                said[person] = (found[1], found[0])
    return _say(community, said, LabelSource.RULE, now=now)


@transaction.atomic
def add_rule(community: Community, pattern: str, house: str, *, now: datetime) -> int:
    """From now on, and for everybody already known. Returns how many people changed."""
    LabelRule.objects.update_or_create(community=community, pattern=pattern, defaults={"house": house})
    return by_rules(community, now=now)


@transaction.atomic
def drop_rule(rule: LabelRule, *, now: datetime) -> int:
    """The rule's labels go with it."""
    labels = Label.objects.filter(person__community=rule.community, source=LabelSource.RULE, reason=rule.pattern)
    people = list(labels.values_list("person_id", flat=True))
    labels.delete()
    rule.delete()
    return settle(rule.community, people, now=now)


@transaction.atomic
def _say(
    community: Community, said: Mapping[int, tuple[str, str]], source: LabelSource, *, now: datetime, by: Staff | None = None
) -> int:
    for people in parts(said):
        Label.objects.bulk_create(
            (Label(person_id=p, house=said[p][0], source=source, reason=said[p][1][:200], by=by, at=now) for p in people),
            update_conflicts=True,
            unique_fields=["person", "source"],
            update_fields=["house", "reason", "by", "at"],
            batch_size=1_000,
        )
    return settle(community, said, now=now)


@transaction.atomic
def settle(community: Community, people: Collection[int], *, now: datetime) -> int:
    """Write down what each person's labels come to, and announce it where that changed. Returns how many changed."""
    changed: list[int] = []
    for part in parts(people):
        words: dict[int, dict[str, str]] = {person: {} for person in part}
        for person, source, house in Label.objects.filter(person_id__in=part).values_list("person_id", "source", "house"):
            words[person][source] = house
        turned: dict[str, list[int]] = defaultdict(list)
        for person, before in Person.objects.filter(id__in=part).values_list("id", "house"):
            if (house := standing(words[person])) != before:
                turned[house].append(person)
        for house, these in turned.items():
            Person.objects.filter(id__in=these).update(house=house)
            changed += these
    for part in parts(changed):
        keys = Identity.objects.filter(person_id__in=part).values_list("key", flat=True)
        announce([HouseChanged(community=community.slug, at=now, people=tuple(PersonKey(key) for key in keys))], now=now)
    return len(changed)
