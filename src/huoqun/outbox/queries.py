"""Reads, for this room and the floors above. The caller says which communities may be seen: here only short names are known."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When

from huoqun.outbox.models import OrganisationCap, Pause, Request
from huoqun.outbox.rules.states import LATE, State
from huoqun.vocabulary.ids import Account

Communities = Collection[str] | None
"""None: all."""


def requests(communities: Communities) -> QuerySet[Request]:
    rows = Request.objects.all()
    return rows if communities is None else rows.filter(community__in=communities)


def late(now: datetime) -> Q:
    return Q(state__in=[State.WAITING, State.LEASED], not_before__lt=now - LATE)


def by_need(rows: QuerySet[Request], *, now: datetime) -> QuerySet[Request]:
    """With `need`: what somebody must look at comes first (0), what is done last."""
    return rows.annotate(
        need=Case(
            When(state=State.UNKNOWN, then=Value(0)),
            When(late(now), then=Value(1)),
            When(state=State.REFUSED, then=Value(2)),
            When(state=State.EXPIRED, then=Value(3)),
            When(state=State.HANDED, then=Value(4)),
            When(state=State.CONFIRMING, then=Value(5)),
            When(state=State.HELD, then=Value(6)),
            When(state__in=[State.LEASED, State.WAITING], then=Value(7)),
            default=Value(8),
            output_field=IntegerField(),
        )
    )


OPEN = [State.UNKNOWN, State.HANDED, State.CONFIRMING, State.HELD, State.WAITING, State.LEASED]
"""Nobody knows yet how they end."""


def on_the_board(communities: Communities, *, start: datetime, end: datetime, now: datetime) -> QuerySet[Request]:
    """What is due between the two, and from before whatever somebody must still look at."""
    leftover = Q(state__in=OPEN, not_before__lt=start)
    due = Q(not_before__gte=start, not_before__lt=end)
    return by_need(requests(communities).filter(due | leftover), now=now)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many there are by state, and how many are late among those that wait."""

    by_state: dict[str, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    def number(self, state: str) -> int:
        return self.by_state.get(state, 0)


def standing(rows: QuerySet[Request], *, now: datetime) -> Standing:
    counted = rows.order_by().values("state").annotate(number=Count("pk"), behind=Count("pk", filter=late(now)))
    found = list(counted.values_list("state", "number", "behind"))
    return Standing({state: number for state, number, _ in found}, sum(behind for *_, behind in found))


def needing_somebody(communities: Communities) -> int:
    """Unknown ones: nobody but a person can settle them, so the navigation counts them."""
    return requests(communities).filter(state=State.UNKNOWN).count()


def in_hands() -> list[tuple[int, int]]:
    """(id, fence) of what some worker has in hand."""
    return list(Request.objects.filter(state=State.LEASED).values_list("pk", "fence"))


def open_pauses(communities: Communities = None) -> list[Pause]:
    """Of these communities, and those of everything."""
    rows = list(Pause.objects.filter(lifted_at__isnull=True).select_related("by").order_by("at"))
    return rows if communities is None else [row for row in rows if community_of(row) in {"", *communities}]


def community_of(pause: Pause) -> str:
    """Whose pause it is; "" for everything."""
    return pause.value.split("/", 1)[0]


def paused(pauses: Iterable[Pause]) -> Q:
    """The requests that may not go out."""
    stopped = Q(pk__in=[])
    for each in pauses:
        stopped |= _stopped_by(each)
    return stopped


def _stopped_by(pause: Pause) -> Q:
    match pause.scope:
        case Pause.Scope.COMMUNITY:
            return Q(community=pause.value)
        case Pause.Scope.ACCOUNT:
            account = account_named(pause.value)
            return Q(community=account.community, carrier=account.carrier, account=account.name)
        case Pause.Scope.RUN:
            community, _, run = pause.value.partition("/")
            return Q(community=community, run=run)
    return Q(pk__isnull=False)


def is_paused(request: Request) -> bool:
    return Request.objects.filter(paused(open_pauses()), pk=request.pk).exists()


NAMED = 200
"""So many runs are offered for pausing: the ones due next."""


def runs_going(communities: Communities) -> list[tuple[str, str]]:
    """(community, run) of which something may still go out, what is due first before the others."""
    waiting = requests(communities).filter(state__in=[State.WAITING, State.LEASED, State.HELD]).exclude(run="")
    rows = waiting.values("community", "run").annotate(first=Min("not_before")).order_by("first", "community", "run")
    return list(rows.values_list("community", "run")[:NAMED])


def accounts_in_use(communities: Communities, *, since: datetime) -> list[Account]:
    """Those something goes out through, or went since."""
    going = Q(state__in=[State.WAITING, State.LEASED, State.HELD, State.HANDED, State.CONFIRMING])
    rows = requests(communities).filter(going | Q(not_before__gte=since)).order_by("community", "carrier", "account")
    return [Account(*names) for names in rows.values_list("community", "carrier", "account").distinct()]


def account_named(words: str) -> Account:
    """An account as it writes itself."""
    return Account(*words.split("/", 2))


def caps(communities: Communities) -> QuerySet[OrganisationCap]:
    rows = OrganisationCap.objects.order_by("community")
    return rows if communities is None else rows.filter(community__in=[*communities, ""])
