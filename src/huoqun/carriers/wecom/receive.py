"""The callbacks of one company as what its account tells (`carriers.base.Hearing`).

The front door keeps each callback as a row (`callbacks.operations`); here they are read in the order in which they came. What
can be told at once is told first, above all who has just become a customer, for they can be welcomed for twenty seconds only.
What needs details (groups, notes) comes in the next answer, and waits where WeCom does not answer.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from huoqun.carriers.base import CutOff, Heard, Received, Unreachable, Unreadable
from huoqun.carriers.wecom import queries
from huoqun.carriers.wecom.callbacks import chats, plain
from huoqun.carriers.wecom.callbacks import operations as deliveries
from huoqun.carriers.wecom.callbacks.told import LACKING, Lacking, Told, taken_apart, unreadable
from huoqun.carriers.wecom.client import pace_rows
from huoqun.carriers.wecom.client.calls import customers, groups
from huoqun.carriers.wecom.client.calls.customers import Customer
from huoqun.carriers.wecom.client.calls.groups import Group, GroupAnswer
from huoqun.carriers.wecom.client.client import Client, client_for
from huoqun.carriers.wecom.errors import Kind, WeComError
from huoqun.carriers.wecom.models import Corp, Delivery
from huoqun.carriers.wecom.operations import versions
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.ids import Account

log = logging.getLogger(__name__)

PAGE = 200
CHATS_AT_ONCE = 20

NAMES_WITHIN, DETAILS_WITHIN = 1.5, 3.0
"""Seconds. Somebody new is not kept waiting for their own name, and nobody for the details of others."""

OWED_AFTER = timedelta(seconds=3)
MOST_TRIES = 8
LONGEST_WAIT = timedelta(minutes=5)
FORGETS_EVERY = timedelta(hours=1)

State = Delivery.State
Trouble = WeComError | Unreachable | CutOff


@dataclass(slots=True)
class _Answer:
    """What is told this time."""

    records: list[Heard] = field(default_factory=list)
    ended: dict[int, State] = field(default_factory=dict)
    put_off: list[Told] = field(default_factory=list)
    trouble: Trouble | None = None

    def tell(self, told: Told, *events: Event, state: State = State.DONE) -> None:
        self.records += events
        self.ended[told.pk] = state

    @contextmanager
    def readable(self, told: Told) -> Iterator[None]:
        """What lacks something is kept to be looked at."""
        try:
            yield
        except Lacking as lacking:
            self.records.append(unreadable(told.pk, told.raw, lacking.field, LACKING))
            self.ended[told.pk] = State.UNREADABLE

    def wait(self, told: Iterable[Told], trouble: Trouble) -> None:
        self.put_off += told
        self.trouble = trouble


class Callbacks:
    """`clients` gives a client for the company as it is now: its secrets may have changed since the last time."""

    def __init__(
        self, account: Account, *, now: Callable[[], datetime] | None = None, clients: Callable[[Corp], Client] = client_for
    ) -> None:
        self._account, self._now, self._clients = account, now or _real_time, clients
        self._forgot_at: datetime | None = None
        self._made_wait = False

    def receive(self, since: str) -> Received:
        """`since` is the name of the last answer: what it told is settled. Anything that was told without being kept, because
        somebody died in between, is told again.
        """
        corp, now = queries.company_of(self._account), self._now()
        if corp is None:
            return Received(records=(), cursor=since, more=False)
        deliveries.SPOOL.take_over()
        deliveries.settle(corp, since)
        self._forget(corp, now)
        rows = deliveries.due(corp, PAGE, now=now)
        answer, left = self._answer(corp, rows)
        return self._received(corp, answer, since, more=left or len(rows) == PAGE)

    def _answer(self, corp: Corp, rows: Sequence[Delivery]) -> tuple[_Answer, bool]:
        """What can be told, and whether something is left that could be told at once."""
        answer = _Answer()
        needs_details = [told for told in self._apart(rows, answer) if not self._plainly(told, answer)]
        new = [told for told in needs_details if told.kind in _ADDED and not told.owed]
        self._welcome(corp, new, answer)
        rest = [told for told in needs_details if told.kind not in _ADDED or told.owed]
        self._made_wait = bool(answer.records and rest) and not self._made_wait
        if self._made_wait:  # once; a stream of newcomers must not keep everything else waiting for ever
            return answer, True
        self._notes(corp, [told for told in rest if not told.is_about_chat], answer)
        left = self._chats(corp, [told for told in rest if told.is_about_chat], answer)
        return answer, left

    def _received(self, corp: Corp, answer: _Answer, since: str, *, more: bool) -> Received:
        now = self._now()
        self._put_off(corp, answer, now)
        if not answer.ended:
            if isinstance(answer.trouble, Unreachable | CutOff):
                raise Unreachable("WeCom does not answer") from answer.trouble
            return Received(records=(), cursor=since, more=more, wait=self._wait(corp, now))
        name = uuid4().hex
        deliveries.told(corp, name, answer.ended, owed_at=now + OWED_AFTER)
        return Received(records=tuple(answer.records), cursor=name, more=more, wait=self._wait(corp, now))

    def _wait(self, corp: Corp, now: datetime) -> timedelta | None:
        first = deliveries.next_due(corp)
        return max(first - now, timedelta(milliseconds=20)) if first else None

    def _put_off(self, corp: Corp, answer: _Answer, now: datetime) -> None:
        by_tries: dict[int, list[int]] = defaultdict(list)
        for told in answer.put_off:
            by_tries[told.tries].append(told.pk)
        for tries, rows in by_tries.items():
            deliveries.put_off(corp, rows, until=now + min(timedelta(seconds=2 ** (tries + 1)), LONGEST_WAIT))

    def _forget(self, corp: Corp, now: datetime) -> None:
        if self._forgot_at is None or now - self._forgot_at >= FORGETS_EVERY:
            self._forgot_at = now
            deliveries.forget(corp, now=now)
            pace_rows.forget(now=now)

    # What needs nobody else

    def _apart(self, rows: Sequence[Delivery], answer: _Answer) -> list[Told]:
        found: list[Told] = []
        for row in rows:
            told = taken_apart(row.pk, row.key, row.kind, row.body, row.tries, row.state == State.OWED)
            if isinstance(told, Unreadable):
                answer.records.append(told)
                answer.ended[row.pk] = State.UNREADABLE
            else:
                found.append(told)
        return found

    def _plainly(self, told: Told, answer: _Answer) -> bool:
        """Whether it could be told, or passed over, as it is."""
        if told.kind in chats.KINDS or told.kind in _ADDED or told.kind == plain.EDITED:
            return False
        teller = plain.TELLERS.get(told.kind)
        if teller is None:
            answer.tell(told, state=State.PASSED_OVER)
        else:
            with answer.readable(told):
                answer.tell(told, teller(told, self._account))
        return True

    # Somebody new

    def _welcome(self, corp: Corp, new: Sequence[Told], answer: _Answer) -> None:
        found = self._customers(corp, new, within=NAMES_WITHIN)
        for told in new:
            who = found.get(told.fields.text("ExternalUserID"))
            customer = who if isinstance(who, Customer) else None
            state = State.DONE if customer else State.OWED
            with answer.readable(told):
                answer.tell(told, plain.added(told, self._account, customer), state=state)

    # What the colleague notes about them, and the names of those who were told without one

    def _notes(self, corp: Corp, rest: Sequence[Told], answer: _Answer) -> None:
        found = self._customers(corp, rest, within=DETAILS_WITHIN)
        for told in rest:
            who = found.get(told.fields.text("ExternalUserID"))
            if isinstance(who, Customer):
                with answer.readable(told):
                    answer.tell(told, *_some(plain.changed(told, self._account, who)))
            elif who is None or _is_lasting(who) or told.tries >= MOST_TRIES:
                answer.tell(told)
            else:
                answer.wait([told], who)

    def _customers(self, corp: Corp, told: Sequence[Told], *, within: float) -> dict[str, Customer | Trouble]:
        wanted = sorted({one.fields.text("ExternalUserID") for one in told} - {""})
        if not wanted:
            return {}
        client = self._clients(corp)
        try:
            with client.within(within):
                return dict(zip(wanted, customers.get_many(client, wanted), strict=True))
        except (WeComError, Unreachable, CutOff) as trouble:
            return dict.fromkeys(wanted, trouble)

    # Groups

    def _chats(self, corp: Corp, rest: Sequence[Told], answer: _Answer) -> bool:
        """Whether groups are left for the next answer."""
        by_chat: dict[str, list[Told]] = defaultdict(list)
        for told in rest:
            with answer.readable(told):
                by_chat[told.need("ChatId")].append(told)
        known = versions.known(corp, list(by_chat)[:CHATS_AT_ONCE])
        now_read = [chats.Chat(each, tuple(by_chat[each]), known.get(each, "")) for each in list(by_chat)[:CHATS_AT_ONCE]]
        found = self._groups(corp, [chat.id for chat in now_read if chat.must_be_asked])
        for chat in now_read:
            self._tell_chat(corp, chat, found.get(chat.id), answer)
        return len(by_chat) > CHATS_AT_ONCE

    def _tell_chat(self, corp: Corp, chat: chats.Chat, group: Group | Trouble | None, answer: _Answer) -> None:
        if isinstance(group, Trouble):
            if not _is_lasting(group) and max(told.tries for told in chat.told) < MOST_TRIES:
                answer.wait(chat.told, group)
                return
            log.warning("group %s of %s cannot be read, it is told as the callback has it: %s", chat.id, self._account, group)
            group = None
        heard = chats.heard(chat, group, self._account)
        answer.records += heard.events
        answer.ended.update(dict.fromkeys((told.pk for told in chat.told), State.DONE))
        versions.keep_version(corp, chat.id, heard.version)

    def _groups(self, corp: Corp, wanted: Sequence[str]) -> dict[str, Group | Trouble]:
        if not wanted:
            return {}
        client = self._clients(corp)
        try:
            with client.within(DETAILS_WITHIN):
                answers = groups.get_many(client, wanted)
        except (WeComError, Unreachable, CutOff) as trouble:
            return dict.fromkeys(wanted, trouble)
        return {
            chat: each.group_chat if isinstance(each, GroupAnswer) else each for chat, each in zip(wanted, answers, strict=True)
        }


_ADDED = {plain.ADDED, plain.HALF_ADDED}


def _real_time() -> datetime:
    return datetime.now(UTC)


def _some(event: Event | None) -> tuple[Event, ...]:
    return () if event is None else (event,)


def _is_lasting(trouble: Trouble) -> bool:
    """Asking again would not help."""
    return isinstance(trouble, WeComError) and trouble.kind is Kind.CALLER
