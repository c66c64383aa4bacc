"""One worker's part in sending: takes due requests in hand, calls the carriers outside any transaction, writes down the end.

Wherever the process dies, each request is sent exactly once or reported unknown:
- before the lease is committed nothing was called;
- after it, whoever sees the same lease for longer than any call lasts (`LEASE`, by a clock that nobody sets) takes it over:
  what was not begun or may be repeated is sent again, the rest is looked up with the carrier or becomes unknown;
- what can neither be repeated nor looked up is begun one at a time, each beginning written down before the call: a crash leaves
  one such request unknown, not a batch.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from huoqun.carriers.base import Ability, Asked, Carrier, CutOff, Manifest, Unreachable
from huoqun.outbox.following import Follower, asked_of
from huoqun.outbox.models import Request
from huoqun.outbox.operations import Ended, expire_overdue, lease, look_again, mark_begun, record, take_over, to_look_up
from huoqun.outbox.operations.leasing import Leased
from huoqun.outbox.operations.recording import Until
from huoqun.outbox.queries import in_hands
from huoqun.outbox.rules.confirming import UNSAID, confirm_by, next_reminder
from huoqun.outbox.rules.endings import LEASE, Dice, Effect, Ending, doubted, effect_of, effect_of_look, wait_after
from huoqun.outbox.rules.going import Hour, hour_of
from huoqun.outbox.rules.paces import BOX, LARGEST_BOX, Line
from huoqun.outbox.rules.quiet import first_allowed
from huoqun.outbox.rules.states import State, Why
from huoqun.outbox.types import Carriers
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import NeedsHand, Refused, TryLater

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

MOST, FEWEST = 500, 8
"""Leased at once. A slow carrier gets through few in its time, so few are taken."""

LOOKED_UP_AT_ONCE = 5
PATIENCE_FOR_LATER = 3
"""So often in a row one account may be told "later" before the rest of its requests wait too."""

LONGEST_REST = timedelta(minutes=1)
ZONE = settings.DEFAULT_ZONE
"""By whose clock it is night for colleagues who are to be reminded, unless somebody says another."""

UNEXPECTED = "An error nobody expected; it is in the worker's log."


class Sender:
    """`clock` is what time it is, and may be set; `steady` only runs, in seconds; `dice` gives 0 to below 1."""

    def __init__(
        self,
        carriers: Carriers,
        *,
        clock: Clock,
        dice: Dice = random.random,
        steady: Callable[[], float] = time.monotonic,
        most: int = MOST,
        zone: str = ZONE,
    ) -> None:
        self._carriers = carriers
        self._clock = clock
        self._dice = dice
        self._steady = steady
        self._most = most
        self._appetite = min(most, 10 * FEWEST)
        self._ready: dict[Account, Carrier] = {}
        self._line = Line()
        self._unwritten: list[Ended] = []
        self._box = BOX
        self._box_opened = 0.0
        self._too_late = 0
        self._last_seen: datetime | None = None
        self._in_hands: dict[tuple[int, int], float] = {}
        self._hands_seen_at: float | None = None
        self._expired_at: float | None = None
        self._troubles: Counter[Account] = Counter()
        self._resting: dict[Account, float] = {}
        self._told_later: Counter[Account] = Counter()
        self._zone = zone
        self._follower = Follower(self._carrier, clock=clock, zone=zone)

    def round(self) -> bool:
        """Send what is due, up to a batch. True if anything was done: go round again at once."""
        self._write()
        self._mind_the_clock()
        done = [self._take_over(), self._expire(), self._send(), self._look_up(), self._follower.round()]
        return any(done)

    def run_dry(self) -> None:
        """Go round until nothing is due: for tests and for commands that wait for their own effect."""
        while self.round():
            pass

    # Sending

    def _send(self) -> bool:
        resting = self._still_resting()
        hand = lease(
            self._appetite, manifest_of=self._manifest, line=self._line, resting=resting, clock=self._open_box, box=self._box
        )
        self._told_later.clear()
        self._too_late = 0
        called = 0
        for portion in _portions(hand.leased):
            called += self._do(portion)
        self._write()
        if hand.leased:
            self._appetite = self._appetite_after(len(hand.leased), called)
            in_vain = self._too_late > 0 and not called
            self._box = min(self._box * 2, LARGEST_BOX) if in_vain else max(self._box / 2, BOX)
        return hand.looked_at > 0

    def _appetite_after(self, leased: int, called: int) -> int:
        return min(self._most, max(FEWEST, 2 * called, self._appetite if called == leased else 0))

    def _open_box(self) -> datetime:
        self._box_opened = self._steady()
        return self._clock()

    def _do(self, portion: Sequence[Leased]) -> int:
        """How many the carrier was asked for."""
        now = self._clock()
        going = [each for each in portion if not self._is_kept_back(each, now)]
        if going and going[0].is_risky:
            going = [each for each in going if self._begin(each, now)]
        if not going:
            return 0
        for each, ending in zip(going, self._called(going), strict=True):
            self._end(each, ending, called_at=now)
        return len(going)

    def _is_kept_back(self, each: Leased, now: datetime) -> bool:
        """Answered without a call, or given back because this is not the moment."""
        if each.answer is not None:
            self._end(each, each.answer, called_at=None)
            return True
        if self._steady() - self._box_opened >= self._box.total_seconds():
            self._too_late += 1
            return self._give_back(each, now)
        if each.account in self._resting:
            return self._give_back(each, now, Why.UNREACHABLE)
        if self._told_later[each.account] >= PATIENCE_FOR_LATER:
            return self._give_back(each, now + timedelta(seconds=1), Why.CARRIER)
        hour = hour_of(each.row.not_before, each.row.expires_at, each.quiet, now=now)
        if hour is Hour.COME:
            return False
        return self._give_back(each, first_allowed(max(now, each.row.not_before), each.quiet))

    def _give_back(self, each: Leased, until: datetime, why: Why = Why.NOT) -> bool:
        self._unwritten.append(Ended(each.row, None, until=until, why=why, unused=tuple(each.places)))
        return True

    def _begin(self, each: Leased, now: datetime) -> bool:
        """Everything before is written down, and that this one may be done from now on."""
        with transaction.atomic():
            self._record()
            begun = mark_begun(each.row, now=now)
        self._unwritten.clear()
        return begun

    def _called(self, going: Sequence[Leased]) -> list[Ending]:
        carrier = self._carrier(going[0].account)
        asked = [Asked(key=each.row.key, action=each.action) for each in going if each.action is not None]
        if carrier is None or len(asked) != len(going):
            raise RuntimeError("leased without a carrier or an action")  # `lease` lets none of these through
        try:
            return [*carrier.send_many(asked)] if len(asked) > 1 else [carrier.send(asked[0])]
        except (CutOff, Unreachable) as ending:
            return [ending] * len(going)
        except Exception:
            # The loop is where an unexpected error of a carrier ends: nobody knows what was done.
            log.exception("%s failed while sending %s", going[0].account, [each.key for each in asked])
            return [CutOff(UNEXPECTED)] * len(going)

    def _end(self, each: Leased, ending: Ending, *, called_at: datetime | None) -> None:
        now, account = self._clock(), each.account
        if isinstance(ending, Refused | NeedsHand) or each.ability is None:
            effect = _answered(ending)
        else:
            effect = effect_of(ending, each.ability, attempts=each.row.attempts + 1, now=now, dice=self._dice)
        if each.row.in_doubt:
            effect = doubted(effect, each.ability, now=now)
        unused = tuple(place for place in each.places if effect.reached_nobody and place[0].why is not Why.PACE)
        until = self._until(each.row, effect, each.ability)
        self._unwritten.append(Ended(each.row, effect, called_at=called_at, unused=unused, waiting=until))
        if called_at is not None:
            self._told_later[account] = self._told_later[account] + 1 if isinstance(ending, TryLater) else 0
            self._rest(account, in_trouble=effect.rests)

    # The account is in trouble

    def _rest(self, account: Account, *, in_trouble: bool) -> None:
        if not in_trouble:
            self._troubles.pop(account, None)
            return
        if account not in self._resting:
            self._troubles[account] += 1
            rest = min(wait_after(self._troubles[account], self._dice), LONGEST_REST)
            self._resting[account] = self._steady() + rest.total_seconds()

    def _still_resting(self) -> list[Account]:
        now = self._steady()
        self._resting = {account: until for account, until in self._resting.items() if until > now}
        return list(self._resting)

    # What was left lying

    def _take_over(self) -> bool:
        now = self._steady()
        if self._hands_seen_at is not None and now - self._hands_seen_at < 1:
            return False
        self._hands_seen_at = now
        seen = in_hands()
        self._in_hands = {hand: self._in_hands.get(hand, now) for hand in seen}
        dead = {pk: fence for (pk, fence), since in self._in_hands.items() if now - since >= LEASE.total_seconds()}
        return take_over(dead, manifest_of=self._manifest, dice=self._dice, now=self._clock()) > 0

    def _look_up(self) -> bool:
        rows = to_look_up(LOOKED_UP_AT_ONCE, now=self._clock())
        for row in rows:
            effect, manifest = self._looked(row), self._manifest(row.through)
            ability = manifest.abilities.get(row.action) if manifest else None
            self._unwritten.append(Ended(row, effect, waiting=self._until(row, effect, ability)))
        self._write()
        return bool(rows)

    def _until(self, row: Request, effect: Effect, ability: Ability | None) -> Until | None:
        if effect.state != State.CONFIRMING:
            return None
        now, told = self._clock(), ability.confirmation if ability and ability.confirmation else UNSAID
        end = confirm_by(told, row.expires_at, now=now)
        return Until(end, told.can_withdraw, next_reminder(told, 0, self._zone, now=now))

    def _looked(self, row: Request) -> Effect:
        carrier = self._carrier(row.through)
        if carrier is None or not carrier.manifest.abilities[row.action].can_ask:
            return Effect(State.UNKNOWN, looks=row.looks, quietly=True)
        found: Ending | None
        try:
            found = carrier.look_up(asked_of(row))
        except (CutOff, Unreachable) as ending:
            found = ending
        except Exception:  # a carrier that breaks while asked has told nothing: asked again later
            log.exception("%s failed while looking up %s", row.through, row.key)
            found = None
        return effect_of_look(found, looks=row.looks, now=self._clock(), dice=self._dice)

    def _expire(self) -> bool:
        now = self._steady()
        if self._expired_at is not None and now - self._expired_at < 60:
            return False
        self._expired_at = now
        return expire_overdue(now=self._clock()) > 0

    def _mind_the_clock(self) -> None:
        now = self._clock()
        if self._last_seen is not None and now < self._last_seen - timedelta(seconds=1):
            log.warning("the clock was set back from %s to %s", self._last_seen, now)
            self._line.dissolve()
            look_again(now=now)
        self._last_seen = now
        self._line.forget_before(now)

    # Helpers of the above

    def _write(self) -> None:
        """What could not be written (the database was locked) stays here and is written first in the next round."""
        self._record()
        self._unwritten.clear()

    def _record(self) -> None:
        lost = len(self._unwritten) - record(self._unwritten, now=self._clock())
        if lost:
            log.warning("%s requests were taken over by another worker, or decided by somebody, while they were sent", lost)

    def _carrier(self, account: Account) -> Carrier | None:
        carrier = self._ready.get(account) or self._carriers(account)
        if carrier is not None:
            self._ready[account] = carrier
        return carrier

    def _manifest(self, account: Account) -> Manifest | None:
        carrier = self._carrier(account)
        return carrier.manifest if carrier is not None else None


def _answered(ending: Ending) -> Effect:
    match ending:
        case Refused(reason=reason):
            return Effect(State.REFUSED, reason, reached_nobody=True)
        case NeedsHand(reason=reason):
            return Effect(State.HANDED, reason)
    raise TypeError(f"{type(ending).__name__} needs to know what the carrier can do")


def _portions(leased: Iterable[Leased]) -> Iterator[Sequence[Leased]]:
    """What goes in one call: what the carrier takes together, the first of it in its turn. Risky ones always go alone."""
    together: dict[tuple[Account, str, datetime | None], list[Leased]] = {}
    order: list[list[Leased]] = []
    for each in leased:
        lane = (each.account, each.row.action, _ends_with(each))
        portion = together.get(lane)
        if each.answer is None and portion is not None and each.ability is not None and len(portion) < each.ability.batch:
            portion.append(each)
            continue
        fresh = [each]
        order.append(fresh)
        if each.answer is None and not each.is_risky:
            together[lane] = fresh
    yield from order


def _ends_with(each: Leased) -> datetime | None:
    """What a colleague confirms in one go must also be over at one time: the carrier takes it back as a whole."""
    return each.row.expires_at if each.ability is not None and each.ability.confirmation else None
