"""What this room does when something happened."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from huoqun.community.knowing import seen_in
from huoqun.community.models import Community
from huoqun.community.operations import contacts, groups, intake
from huoqun.vocabulary.events import ContactAdded, ContactChanged, ContactEvent, ContactLost, GroupEvent, StaffChanged
from huoqun.vocabulary.facts import GroupTurned, RosterTaken
from huoqun.vocabulary.log import Batch


def take_in(batch: Batch, *, now: datetime) -> None:
    """Live events make groups, people and memberships known."""
    by_community: dict[str, list[GroupEvent]] = defaultdict(list)
    for stored in batch:
        if isinstance(stored.what, GroupEvent):
            by_community[stored.what.account.community].append(stored.what)
    for slug, happened in by_community.items():
        intake.take_in(Community.objects.get(slug=slug), happened, now=now)


HEARS_OF_CONTACTS = (ContactAdded, ContactChanged, ContactLost, StaffChanged)


def take_contacts(batch: Batch, *, now: datetime) -> None:
    """Live events make known which colleague knows whom, and who the colleagues are."""
    known: dict[tuple[str, str], list[ContactEvent]] = defaultdict(list)
    staff: dict[str, list[StaffChanged]] = defaultdict(list)
    for stored in batch:
        match stored.what:
            case ContactEvent(account=account):
                known[account.community, account.carrier].append(stored.what)
            case StaffChanged(account=account):
                staff[account.community].append(stored.what)
    for slug, changed in staff.items():
        contacts.take_staff(Community.objects.get(slug=slug), changed, now=now)
    for (slug, carrier), happened in known.items():
        contacts.take_contacts(Community.objects.get(slug=slug), carrier, seen_in(happened), now=now)


def keep_readings(batch: Batch, *, now: datetime) -> None:
    """When the carriers' own lists were last compared with ours, for the pages of groups."""
    taken = [stored.what for stored in batch if isinstance(stored.what, RosterTaken)]
    for community in Community.objects.filter(slug__in={fact.community for fact in taken}):
        for fact in taken:
            if fact.community == community.slug:
                groups.keep_reading(community, fact)


def keep_states(batch: Batch, *, now: datetime) -> None:
    """The audit's word on each group, for every room to read."""
    turned = [stored.what for stored in batch if isinstance(stored.what, GroupTurned)]
    groups.turn({fact.group: (fact.state, fact.since) for fact in turned})
