"""What staff say about groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from huoqun.community.models import Community, Group, Person, RosterReading, Segment, Tag
from huoqun.community.operations.rewriting import rewrite
from huoqun.community.parts import parts
from huoqun.console.models import Staff
from huoqun.vocabulary.facts import RosterTaken
from huoqun.vocabulary.heard import HeardIn

DESCRIBED = (
    "operator",
    "capacity",
    "connects",
    "matter",
    "lifecycle",
    "planned_end",
    "strategy",
    "stage",
    "purpose",
)
"""The fields staff may set; the rest comes from the carrier or the audit."""


def describe(groups: Iterable[Group], **fields: object) -> int:
    """Set the same fields on all of them. Raises TypeError for a field that is not staff's to set."""
    if strange := set(fields) - set(DESCRIBED):
        raise TypeError(f"not for staff to set: {', '.join(sorted(strange))}")
    return sum(Group.objects.filter(id__in=ids).update(**fields) for ids in parts(group.id for group in groups))


@transaction.atomic
def tag(community: Community, name: str, *, groups: Iterable[Group] = (), people: Iterable[Person] = ()) -> Tag:
    """Put a tag on groups and people of one community. Putting it on twice changes nothing."""
    made, _ = Tag.objects.get_or_create(community=community, name=name.strip()[:40])
    made.groups.add(*[group for group in groups if group.community_id == community.id])
    made.people.add(*[person for person in people if person.community_id == community.id])
    return made


@transaction.atomic
def untag(tagged: Tag, *, groups: Iterable[Group] = (), people: Iterable[Person] = ()) -> None:
    """Take a tag off; a tag nobody carries any more goes."""
    tagged.groups.remove(*groups)
    tagged.people.remove(*people)
    if not tagged.groups.exists() and not tagged.people.exists():
        tagged.delete()


def turn(states: Mapping[int, tuple[str, date | None]]) -> None:
    """Keep the latest audit's word on each group: {group key: (state, since)}."""
    for keys in parts(states):
        rows = list(Group.objects.filter(key__in=keys))
        for row in rows:
            row.state, row.state_since = states[row.key]
        rewrite(rows, ["state", "state_since"], by=["key"])


def keep_heard(community: Community, carrier: str, told: Iterable[HeardIn]) -> int:
    """What the carrier says of which groups are heard. Returns how many it said otherwise of before. Groups that are not known
    are passed over.
    """
    said = {each.group_id: each for each in told}
    changed = []
    for ids in parts(said):
        for row in Group.objects.filter(community=community, carrier=carrier, native_id__in=ids):
            now = said[row.native_id]
            deaf = now.deaf.value if now.deaf else ""
            if (row.deaf, row.heard_since) != (deaf, now.since):
                row.deaf, row.heard_since = deaf, now.since
                changed.append(row)
    rewrite(changed, ["deaf", "heard_since"], by=["key"])
    return len(changed)


@transaction.atomic
def keep_reading(community: Community, taken: RosterTaken) -> None:
    """When an account was last read from end to end, and what that brought; of an older one than the last nothing is kept."""
    mine = RosterReading.objects.filter(community=community, carrier=taken.carrier, name=taken.name)
    if mine.filter(at__gte=taken.at).exists():
        return
    reading = mine.first() or RosterReading(community=community, carrier=taken.carrier, name=taken.name)
    reading.at, reading.groups, reading.people = taken.at, taken.groups, taken.people
    reading.joined, reading.left = taken.joined, taken.left
    reading.save()


def save_segment(
    staff: Staff, about: str, name: str, filters: Mapping[str, list[str]], *, share_in: Community | None = None
) -> Segment:
    """Keep a list page's question under a name; the same name again replaces it. Colleagues in `share_in` see it too."""
    return Segment.objects.update_or_create(
        staff=staff,
        about=about,
        name=name.strip()[:80],
        defaults={"filters": dict(filters), "shared": share_in is not None, "community": share_in},
    )[0]


def drop_segment(segment: Segment) -> None:
    segment.delete()
