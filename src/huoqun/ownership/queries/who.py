"""Who a customer is, for the colleague who talks with them now. What may be seen comes through `community.queries`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from huoqun.carriers.queries import connections
from huoqun.community import queries as community_queries
from huoqun.community.models import Contact, Group, Identity, Membership, Person
from huoqun.community.queries import Visitor
from huoqun.history.of_people import Past, past_of
from huoqun.history.store import Store
from huoqun.ownership.models import State, Todo
from huoqun.ownership.queries.seeing import ALONGSIDE, todos
from huoqun.vocabulary.ids import Account

LOOKED_BACK = timedelta(days=180)
MOST_GROUPS, MOST_FOUND = 50, 20


@dataclass(frozen=True, slots=True)
class Customer:
    """One person of one community, with all their identities there."""

    person: Person
    identities: list[Identity]
    contacts: list[Contact]
    """Which colleagues know them, those who still do first."""
    places: list[Membership]
    """Groups they are in, the latest first; at most fifty."""
    in_groups: int
    left: int
    """How many groups they are no longer in."""

    @property
    def keys(self) -> list[int]:
        return [identity.key for identity in self.identities]

    @property
    def tags(self) -> list[str]:
        """Ours and the carrier's, each once."""
        ours = [tag.name for tag in self.person.tags.all()]
        return list(dict.fromkeys([*ours, *(tag for contact in self.contacts for tag in contact.tags)]))


def accounts(visitor: Visitor, carrier: str, name: str) -> list[Account]:
    """The live accounts of this carrier and name, in the communities that may be seen."""
    known = connections(community_queries.slugs(visitor)).filter(carrier=carrier, name=name)
    return [connection.account for connection in known]


def customers(visitor: Visitor, places: Sequence[Account], native_id: str) -> list[Customer]:
    """Whom the carrier means by this id: one in each community that is connected to the account."""
    slugs = {account.community for account in places}
    meant = community_queries.identities(visitor).filter(
        native_id=native_id, carrier__in={account.carrier for account in places}, community__slug__in=slugs
    )
    people = community_queries.people(visitor).filter(identities__in=meant).select_related("community").distinct()
    return [_customer(visitor, person) for person in people.prefetch_related("tags")]


def customer(visitor: Visitor, pk: int) -> Customer | None:
    person = community_queries.people(visitor).select_related("community").filter(pk=pk).first()
    return _customer(visitor, person) if person else None


def _customer(visitor: Visitor, person: Person) -> Customer:
    identities = list(person.identities.order_by("pk"))
    known = Contact.objects.filter(identity__in=identities).select_related("staff__person")
    contacts = sorted(known, key=lambda contact: (contact.lost_at is not None, contact.added_at is None, str(contact.staff)))
    places = community_queries.memberships(visitor).filter(identity__in=identities)
    here = places.filter(left_at=None, group__dissolved_at=None).select_related("group", "inviter__person")
    shown = list(here.order_by("-joined_at", "-pk")[:MOST_GROUPS])
    number = len(shown) if len(shown) < MOST_GROUPS else here.count()
    return Customer(person, identities, contacts, shown, number, places.exclude(left_at=None).count())


def called_like(visitor: Visitor, places: Sequence[Account], words: str) -> QuerySet[Person]:
    """People of these communities by a part of their name, or of what a colleague calls them."""
    slugs = {account.community for account in places}
    remarked = Contact.objects.filter(remark__icontains=words, community__slug__in=slugs).values("identity__person")
    found = community_queries.people(visitor).filter(community__slug__in=slugs, house="")
    return found.filter(Q(name__icontains=words) | Q(pk__in=remarked)).order_by("name", "pk")[:MOST_FOUND]


def due_with(visitor: Visitor, keys: Collection[int]) -> QuerySet[Todo]:
    """What is to be done about this person, the most pressing first."""
    rows = todos(visitor).filter(state=State.OPEN, member_key__in=keys)
    return rows.select_related(*ALONGSIDE).order_by("due_at", "pk")


def due_in(visitor: Visitor, group: Group) -> QuerySet[Todo]:
    rows = todos(visitor).filter(state=State.OPEN, group=group)
    return rows.select_related(*ALONGSIDE).order_by("due_at", "pk")


def groups_called(visitor: Visitor, places: Sequence[Account], native_id: str) -> list[Group]:
    """Which group the carrier means by this id: one in each community that is connected to the account."""
    slugs = {account.community for account in places}
    carriers = {account.carrier for account in places}
    found = community_queries.groups(visitor).filter(native_id=native_id, carrier__in=carriers, community__slug__in=slugs)
    return list(found.select_related("community", "owner__person", "operator"))


def past(store: Store, customer: Customer, *, now: datetime, most: int) -> Past:
    """Their last words and orders, of the groups they are in."""
    groups = [place.group.key for place in customer.places]
    slug = customer.person.community.slug
    return past_of(store, slug, customer.keys, groups=groups, start=now - LOOKED_BACK, most=most)
