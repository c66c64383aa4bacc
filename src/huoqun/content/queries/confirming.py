"""What of a broadcast colleagues must confirm in their app, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, Sum

from huoqun.community.models import Community, Identity
from huoqun.content.models import Broadcast
from huoqun.content.queries.broadcasts import requests_of
from huoqun.outbox.rules.states import State
from huoqun.vocabulary.ids import Account, PersonKey, person_key


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Of everything the carrier gave to colleagues."""

    confirmed: int
    waiting: int
    reminded: int
    """Of those that wait."""
    expired: int
    people: int
    """Whom it reached, as far as the carrier says."""

    @property
    def total(self) -> int:
        return self.confirmed + self.waiting + self.expired


NOTHING_TO_CONFIRM = Confirmations(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who has not confirmed yet."""

    name: str
    waiting: int
    reminders: int
    reminded_at: datetime | None
    confirm_by: datetime | None


def confirmations(broadcast: Broadcast) -> Confirmations:
    given, waiting = Q(confirm_by__isnull=False), Q(state=State.CONFIRMING)
    found = requests_of(broadcast).aggregate(
        confirmed=Count("pk", filter=given & Q(state=State.SENT)),
        waiting=Count("pk", filter=waiting),
        reminded=Count("pk", filter=waiting & Q(reminders__gt=0)),
        expired=Count("pk", filter=given & Q(state=State.EXPIRED)),
        people=Sum("reached"),
    )
    return Confirmations(**{name: number or 0 for name, number in found.items()})


def colleagues(broadcast: Broadcast) -> list[Colleague]:
    """Those with most to confirm first."""
    rows = requests_of(broadcast).filter(state=State.CONFIRMING).values("carrier", "account", "waits_for_staff")
    counted = rows.annotate(
        waiting=Count("pk"), reminders=Max("reminders"), reminded_at=Max("reminded_at"), confirm_by=Min("confirm_by")
    )
    found = list(counted.order_by("-waiting", "waits_for_staff"))
    names = _names(broadcast.community, {(row["carrier"], row["account"], row["waits_for_staff"]) for row in found})
    return [
        Colleague(
            name=names.get((row["carrier"], row["waits_for_staff"]), row["waits_for_staff"]),
            waiting=row["waiting"],
            reminders=row["reminders"],
            reminded_at=row["reminded_at"],
            confirm_by=row["confirm_by"],
        )
        for row in found
    ]


def _names(home: Community, staff: set[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    keys = {person_key(Account(home.slug, carrier, account), native): (carrier, native) for carrier, account, native in staff}
    known = Identity.objects.filter(community=home, key__in=list(keys)).exclude(name="")
    return {keys[PersonKey(key)]: name for key, name in known.values_list("key", "name")}
