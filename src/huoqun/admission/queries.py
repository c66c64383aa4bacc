"""What may be seen of welcomes, and what they are filled with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from huoqun.admission.models import Greeting, Welcome
from huoqun.carriers.models import Connection
from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Contact, Identity
from huoqun.community.parts import parts
from huoqun.community.queries import Visitor
from huoqun.outbox import queries as outbox
from huoqun.outbox.models import Request
from huoqun.vocabulary.ids import Account

LOOKED_AT = 5_000
"""Of the latest greetings: enough for a sentence about a week."""


def welcomes(visitor: Visitor) -> QuerySet[Welcome]:
    return Welcome.objects.filter(community__in=community_queries.communities(visitor))


def greetings(visitor: Visitor) -> QuerySet[Greeting]:
    return Greeting.objects.filter(community__in=community_queries.communities(visitor))


def welcomes_on(community: Community) -> dict[str, Welcome]:
    """By source."""
    return {welcome.source: welcome for welcome in Welcome.objects.filter(community=community, is_on=True)}


def names(keys: Collection[int]) -> dict[int, str]:
    """What identities are called, by key; those without a name are left out."""
    found: dict[int, str] = {}
    for some in parts(keys):
        rows = Identity.objects.filter(key__in=some).values_list("key", "person__name", "name")
        found.update({key: person or own for key, person, own in rows if person or own})
    return found


def met_already(people: Iterable[int]) -> set[tuple[int, int]]:
    """(person, colleague), by key, of those among these people who have come to a colleague before."""
    known = Greeting.objects.filter(person_key__in=set(people))
    return set(known.values_list("person_key", "staff_key"))


FOR_GROUPS = "group-welcome"
"""What these requests are about."""
WITHOUT = ("pretend",)


def account_keeping_words(home: Community) -> Account | None:
    """Through which words for newcomers of groups are kept; the pretended carrier only where there is no other."""
    # An archive is an account that only listens.
    speaking = Connection.objects.filter(community=home.slug).exclude(name__endswith="/archive").order_by("pk")
    accounts = sorted((each.account for each in speaking), key=lambda account: account.carrier in WITHOUT)
    return accounts[0] if accounts else None


def prepared_for_groups(communities: Collection[str]) -> QuerySet[Request]:
    """The newest first."""
    return outbox.requests(communities).filter(room="admission", about=FOR_GROUPS).order_by("-pk")


def sources(communities: QuerySet[Community]) -> list[str]:
    """By which people have come so far: offered to whoever writes a text."""
    known = Contact.objects.filter(community__in=communities).exclude(source="").values_list("source", flat=True)
    return sorted(set(known.distinct()[:500]))


@dataclass(frozen=True, slots=True)
class Lately:
    """How it went with those who came since a moment."""

    outcomes: Counter[str]
    seconds: tuple[int, ...]
    """How long each of the welcomed waited, shortest first."""

    @property
    def came(self) -> int:
        return self.outcomes.total()

    @property
    def half_within(self) -> int | None:
        return self.seconds[(len(self.seconds) - 1) // 2] if self.seconds else None


def lately(rows: QuerySet[Greeting], *, since: datetime) -> Lately:
    latest = rows.filter(came_at__gte=since).order_by("-came_at").only("outcome", "came_at", "settled_at")[:LOOKED_AT]
    found = list(latest)
    return Lately(Counter(row.outcome for row in found), tuple(sorted(row.seconds for row in found if row.seconds is not None)))
