"""Broadcasts that may be seen, how they stand, and what went out when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from huoqun.community import queries as community
from huoqun.community.models import Community, Group
from huoqun.community.queries import Visitor
from huoqun.console.models import Role, Staff
from huoqun.content.models import Broadcast, Picture, Recipient
from huoqun.content.rules.counting import Counts
from huoqun.outbox.models import Pause, Request
from huoqun.outbox.rules.states import State


def broadcasts(visitor: Visitor) -> QuerySet[Broadcast]:
    """Of the communities that may be seen."""
    return Broadcast.objects.filter(community__in=community.communities(visitor)).select_related("community")


def recipients(visitor: Visitor) -> QuerySet[Recipient]:
    return Recipient.objects.filter(broadcast__in=broadcasts(visitor))


def pictures(visitor: Visitor) -> QuerySet[Picture]:
    return Picture.objects.filter(broadcast__in=broadcasts(visitor))


def own_groups(staff: Staff) -> QuerySet[Group]:
    """Those somebody may write to: an operator to the groups they operate, leads and administrators to all they see, an
    observer to none.
    """
    seen = community.groups(staff)
    if staff.role in {Role.ADMIN, Role.LEAD}:
        return seen
    return seen.filter(operator=staff) if staff.role == Role.OPERATOR else seen.none()


def may_handle(staff: Staff, broadcast: Broadcast) -> bool:
    """Change, send, pause or stop it: whoever wrote or sent it, and those in charge of its community."""
    if staff.role in {Role.ADMIN, Role.LEAD}:
        return True
    return staff.role == Role.OPERATOR and staff.pk in {broadcast.written_by_id, broadcast.sent_by_id}


def counts(ids: Collection[int]) -> dict[int, Counts]:
    """How each of these broadcasts stands, in one query."""
    outcomes: dict[int, dict[str, int]] = defaultdict(dict)
    left_out: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Recipient.objects.filter(broadcast__in=ids).values_list("broadcast", "left_out", "outcome")
    for broadcast, reason, outcome, number in rows.annotate(number=Count("pk")).order_by():
        place = left_out[broadcast] if reason else outcomes[broadcast]
        place[reason or outcome] = number
    return {pk: Counts(outcomes[pk], left_out[pk]) for pk in ids}


NEED = Case(
    When(~Q(left_out=""), then=Value(5)),
    When(outcome="unknown", then=Value(0)),
    When(outcome="refused", then=Value(1)),
    When(outcome="handed", then=Value(2)),
    When(outcome="confirming", then=Value(3)),
    When(outcome="expired", then=Value(4)),
    default=Value(6),
    output_field=IntegerField(),
)
"""What somebody must look at comes first (0), what nobody has to do anything about last."""


def needing(rows: QuerySet[Recipient], most: int) -> list[Recipient]:
    """The first of those somebody must look at."""
    ended = rows.filter(left_out="", outcome__in=["unknown", "refused", "handed", "expired"])
    return list(ended.order_by(NEED, "name", "pk")[:most])


def paused(rows: Collection[Broadcast]) -> set[int]:
    """Those of which nothing goes out at present because somebody paused the run. The outbox alone knows."""
    values = {f"{row.community.slug}/{row.run}": row.pk for row in rows}
    there = Pause.objects.filter(scope=Pause.Scope.RUN, value__in=values, lifted_at__isnull=True)
    return {values[value] for value in there.values_list("value", flat=True)}


def requests_of(broadcast: Broadcast) -> QuerySet[Request]:
    """What was asked of the outbox for it."""
    return Request.objects.filter(community=broadcast.community.slug, run=broadcast.run)


def on_its_way(broadcast: Broadcast) -> bool:
    """Something of it may still go out by itself."""
    return requests_of(broadcast).filter(state__in=[State.WAITING, State.LEASED, State.HELD, State.CONFIRMING]).exists()


def sent_between(home: Community, start: datetime, end: datetime) -> list[tuple[int, datetime]]:
    """(group key, when) of every post of a broadcast that arrived in a group from `start` to before `end`, in order of time.
    Answers and leavers afterwards are counted from these.
    """
    rows = Recipient.objects.filter(
        broadcast__community=home, kind=Recipient.Kind.GROUP, outcome="sent", settled_at__gte=start, settled_at__lt=end
    )
    found = rows.order_by("settled_at", "pk").values_list("key", "settled_at")
    return [(key, at) for key, at in found if at is not None]
