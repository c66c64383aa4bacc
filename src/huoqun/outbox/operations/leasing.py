"""Taking due requests in hand: each by one worker at a time, and only what may go out at this very moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from huoqun.carriers.base import Ability, Manifest
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.operations.recording import add_stages, announce_settled
from huoqun.outbox.operations.spending import caps_of, spent_before, write_down
from huoqun.outbox.queries import open_pauses, paused
from huoqun.outbox.rules.endings import Dice, effect_of_death, effect_of_expiry
from huoqun.outbox.rules.going import Hour, hour_of
from huoqun.outbox.rules.paces import BOX, Book, Caps, Limit, Line, limits_of
from huoqun.outbox.rules.quiet import QuietHours, first_allowed
from huoqun.outbox.rules.states import State, Why
from huoqun.vocabulary.actions import Action
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import NeedsHand, Refused

ManifestOf = Callable[[Account], Manifest | None]
Place = tuple[Limit, int]

PRIORITIES = range(1, 10)
NO_CARRIER_WAIT = timedelta(minutes=5)
UNREADABLE = "This version of Huoqun cannot read what was asked."


@dataclass(slots=True)
class Leased:
    """A request this worker has in hand. Nothing is called for one with an `answer`: it is known without."""

    row: Request
    action: Action | None
    ability: Ability | None
    quiet: QuietHours | None = None
    answer: Refused | NeedsHand | None = None
    limits: list[Limit] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def account(self) -> Account:
        return self.row.through

    @property
    def is_risky(self) -> bool:
        """A call that is cut off can neither be repeated nor looked up: one is begun at a time."""
        return self.ability is not None and not (self.ability.repeatable or self.ability.can_ask)


@dataclass(frozen=True, slots=True)
class Hand:
    """What one worker has in hand."""

    leased: list[Leased]
    looked_at: int
    """How many were due, those included that were put off or have expired."""


@dataclass(slots=True)
class _Sorted:
    """What becomes of the rows looked at."""

    go: list[Leased] = field(default_factory=list)
    over: list[Request] = field(default_factory=list)
    later: dict[tuple[datetime, Why], list[int]] = field(default_factory=lambda: defaultdict(list))

    def put_off(self, row: Request, until: datetime, why: Why) -> None:
        # Looked at again at the latest when it expires.
        self.later[min(until, row.expires_at or until), why].append(row.pk)


def lease(
    most: int,
    *,
    manifest_of: ManifestOf,
    line: Line,
    resting: Collection[Account],
    clock: Callable[[], datetime],
    box: timedelta = BOX,
) -> Hand:
    """Up to `most` requests that are due, the most urgent first; nobody else gets them while this worker lives. What is past
    its time expires; what must wait for a place in a pace or for the end of quiet hours is put off until then.
    """
    if not _due(clock(), resting).exists():
        return Hand([], looked_at=0)  # the usual case: looked up without taking SQLite's one write lock
    with transaction.atomic():
        _one_at_a_time()
        now = clock()  # waiting for the lock may have taken a while
        rows = _chosen(most, resting, now)
        found = _sort(rows, manifest_of, line, now, box)
        _write(found, now)
    return Hand(found.go, looked_at=len(rows))


def _one_at_a_time() -> None:
    """Two workers that count the same pace at once would both find the last place free. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('huoqun.outbox.lease'))")


def _due(now: datetime, resting: Collection[Account]) -> QuerySet[Request]:
    pauses = open_pauses()
    due = Request.objects.filter(state=State.WAITING, next_try_at__lte=now).exclude(paused(pauses))
    for account in resting:
        due = due.exclude(community=account.community, carrier=account.carrier, account=account.name)
    return due


def _chosen(most: int, resting: Collection[Account], now: datetime) -> list[Request]:
    """Priority by priority, so that each is read in the order of its index however much is due."""
    due = _due(now, resting).select_for_update(skip_locked=True)
    chosen: list[Request] = []
    for priority in PRIORITIES:
        room = most - len(chosen)
        if room <= 0:
            break
        chosen += due.filter(priority=priority).order_by("next_try_at", "id")[:room]
    return chosen


def _sort(rows: Sequence[Request], manifest_of: ManifestOf, line: Line, now: datetime, box: timedelta) -> _Sorted:
    found, fit = _Sorted(), []
    caps = caps_of({row.community for row in rows})
    for row in rows:
        quiet = codec.quiet(row.quiet)
        hour = hour_of(row.not_before, row.expires_at, quiet, now=now)
        if hour is Hour.PAST:
            found.over.append(row)
        elif hour is Hour.QUIET:
            found.put_off(row, first_allowed(now, quiet), Why.QUIET)
        elif hour is Hour.NOT_YET:  # the clock was set back
            found.put_off(row, first_allowed(row.not_before, quiet), Why.NOT)
        else:
            fit.append(_prepared(row, quiet, manifest_of, caps[row.community]))
    _find_places(fit, found, line, now, box)
    return found


def _prepared(row: Request, quiet: QuietHours | None, manifest_of: ManifestOf, caps: Caps) -> Leased | Request:
    """The row itself where no carrier is set up for it."""
    manifest = manifest_of(row.through)
    if manifest is None:
        return row
    ability = manifest.abilities.get(row.action)
    try:
        action = codec.action(row.action, row.payload)
    except msgspec.ValidationError:
        return Leased(row, None, ability, answer=Refused(reason=UNREADABLE))
    if ability is None or ability.how == "no":
        return Leased(row, action, ability, answer=Refused(reason=ability.why if ability else UNREADABLE))
    if ability.how == "hand":
        return Leased(row, action, ability, answer=NeedsHand(reason=ability.why))
    return Leased(row, action, ability, quiet, limits=limits_of(action, ability.paces, caps))


def _find_places(fit: Iterable[Leased | Request], found: _Sorted, line: Line, now: datetime, box: timedelta) -> None:
    fit = list(fit)
    scopes = {limit.scope for each in fit if isinstance(each, Leased) for limit in each.limits}
    book = Book(spent_before(scopes, now=now), now=now, box=box)
    for each in fit:
        if isinstance(each, Request):
            found.put_off(each, now + NO_CARRIER_WAIT, Why.NO_CARRIER)
            continue
        blocked = book.blocked_by(each.limits)
        if blocked is None:
            each.places = book.spend(each.limits)
            found.go.append(each)
            continue
        limit, free = blocked
        has_stood = each.row.waits_for == limit.why
        until = line.place(limit, free, priority=each.row.priority, has_stood=has_stood)
        found.put_off(each.row, until, limit.why)
    write_down(book.fresh)


def _write(found: _Sorted, now: datetime) -> None:
    for (until, why), ids in found.later.items():
        Request.objects.filter(pk__in=ids).update(next_try_at=until, waits_for=why)
    safe = [each.row.pk for each in found.go if not each.is_risky]
    risky = [each.row.pk for each in found.go if each.is_risky]
    for ids, begun_at in ((safe, now), (risky, None)):
        if ids:
            taken = Request.objects.filter(pk__in=ids)
            taken.update(state=State.LEASED, fence=F("fence") + 1, leased_at=now, begun_at=begun_at, next_try_at=None)
    for each in found.go:
        each.row.fence += 1
    _expire(found.over, now)


def _expire(rows: Sequence[Request], now: datetime) -> None:
    if not rows:
        return
    effects = [(row, effect_of_expiry(in_doubt=row.in_doubt, now=now)) for row in rows]
    for state in (State.EXPIRED, State.UNKNOWN):
        ids = [row.pk for row, effect in effects if effect.state == state]
        over, unknown = state == State.EXPIRED, state == State.UNKNOWN
        Request.objects.filter(pk__in=ids).update(
            state=state, in_doubt=False, settled_at=now if over else None, next_try_at=now if unknown else None
        )
    add_stages([(row.pk, now, effect.state.value, "", None) for row, effect in effects])
    announce_settled(effects, now=now)


def expire_overdue(*, now: datetime, most: int = 500) -> int:
    """Also what is held or paused expires when its time is over. Returns how many did."""
    past = Request.objects.filter(state__in=[State.WAITING, State.HELD], expires_at__lte=now)
    if not past.exists():
        return 0
    with transaction.atomic():
        rows = list(past.select_for_update(skip_locked=True)[:most])
        _expire(rows, now)
    return len(rows)


def mark_begun(row: Request, *, now: datetime) -> bool:
    """From now on it may be done. False where this worker has lost it: then nothing may be called."""
    held = Request.objects.filter(pk=row.pk, state=State.LEASED, fence=row.fence)
    return held.update(begun_at=now) > 0


def take_over(hands: Mapping[int, int], *, manifest_of: ManifestOf, dice: Dice, now: datetime) -> int:
    """Requests (id and fence) that were seen in dead workers' hands for longer than any call lasts. What may have been done and
    cannot be repeated becomes unknown. Returns how many were taken.
    """
    if not hands:
        return 0
    with transaction.atomic():
        rows = Request.objects.select_for_update(skip_locked=True).filter(pk__in=list(hands), state=State.LEASED)
        taken = [row for row in rows if hands[row.pk] == row.fence]
        for row in taken:
            _take(row, manifest_of, dice, now)
    return len(taken)


def _take(row: Request, manifest_of: ManifestOf, dice: Dice, now: datetime) -> None:
    manifest = manifest_of(row.through)
    ability = manifest.abilities.get(row.action) if manifest else None
    row.attempts += 1
    effect = effect_of_death(ability, begun=row.begun_at is not None, attempts=row.attempts, now=now, dice=dice)
    row.state, row.next_try_at, row.waits_for = effect.state, effect.next_try_at, effect.waits_for
    row.leased_at, row.in_doubt = None, row.in_doubt if effect.in_doubt is None else effect.in_doubt
    row.save(update_fields=["state", "next_try_at", "waits_for", "leased_at", "attempts", "in_doubt"])
    if effect.state == State.UNKNOWN:
        add_stages([(row.pk, now, State.UNKNOWN.value, "", None)])
        announce_settled([(row, effect)], now=now)


def look_again(*, now: datetime) -> None:
    """The clock was set back: what was put off to times that now lie far ahead is looked at anew, never before its own time."""
    put_off = Request.objects.filter(~Q(waits_for=Why.NOT), state=State.WAITING, next_try_at__gt=now)
    put_off.update(next_try_at=Greatest(F("not_before"), now))
