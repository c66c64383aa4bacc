"""The pretended outside of these tests: it does what it is asked, unless it is told to misbehave, and remembers what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from huoqun.carriers.base import Ability, Asked, CutOff, Manifest, Pace, Unreachable
from huoqun.outbox.loop import Sender
from huoqun.outbox.models import Request
from huoqun.vocabulary.actions import (
    ACTIONS,
    Action,
    Body,
    DissolveGroup,
    HandOverGroup,
    MessageMember,
    MessageStaff,
    PinMessage,
    PostToGroup,
)
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, TryLater

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BALCONY = Account("balcony", "fake", "bot-1")
ELSEWHERE = Account("elsewhere", "fake", "bot-9")
SOURCE = "written down by us for the tests"


def post(group: str = "g1", text: str = "早上好", account: Account = BALCONY) -> PostToGroup:
    return PostToGroup(account=account, group_id=group, body=Body(text=text))


def note(member: str = "tao", text: str = "欢迎", account: Account = BALCONY) -> MessageMember:
    return MessageMember(account=account, member_id=member, body=Body(text=text))


def call(staff: str = "mo", account: Account = BALCONY) -> MessageStaff:
    """Neither repeatable nor to be looked up."""
    return MessageStaff(account=account, staff_id=staff, body=Body(text="看一下"))


def pin(group: str = "g1", account: Account = BALCONY) -> PinMessage:
    return PinMessage(account=account, group_id=group, message_id="7")


def dissolve(group: str = "g1") -> DissolveGroup:
    return DissolveGroup(account=BALCONY, group_id=group)


def hand_over(group: str = "g1") -> HandOverGroup:
    return HandOverGroup(account=BALCONY, group_id=group, to_staff_id="mo")


def pace(per: str, every: timedelta, at_most: int) -> Pace:
    return Pace(per=per, every=every, at_most=at_most, as_of=date(2026, 3, 1), source=SOURCE)  # type: ignore[arg-type]


REPEATABLE = Ability(how="api", repeatable=True)
FINDABLE = Ability(how="api", can_ask=True, batch=5)
RISKY = Ability(how="api")


def manifest(**changes: Ability) -> Manifest:
    abilities: dict[str, Ability] = dict.fromkeys(ACTIONS, REPEATABLE)
    abilities |= {
        "PostToGroup": FINDABLE,
        "MessageStaff": RISKY,
        "WelcomeMember": RISKY,
        "DissolveGroup": Ability(how="hand", why="Only the owner can, in the app."),
        "HandOverGroup": Ability(how="no", why="Groups have no owner here."),
    }
    return Manifest(name="fake", title="fake", abilities=abilities | changes)


@dataclass
class Clock:
    """What time it is, which can be set, and how much time has passed, which cannot."""

    now: datetime = NOW
    passed: float = 0.0

    def __call__(self) -> datetime:
        return self.now

    def steady(self) -> float:
        return self.passed

    def goes_on(self, span: timedelta) -> None:
        self.now += span
        self.passed += span.total_seconds()

    def is_set(self, span: timedelta) -> None:
        self.now += span


@dataclass(frozen=True)
class Deed:
    key: str
    action: Action
    at: datetime


Mishap = Callable[[Asked], Outcome | None]
"""Called before the work: it may answer instead, raise, or let things happen meanwhile."""


@dataclass
class Outside:
    """Outlives every worker."""

    clock: Clock
    manifest: Manifest = field(default_factory=manifest)
    deeds: list[Deed] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    before: Mishap = lambda asked: None
    after: Mishap = lambda asked: None
    on_look: Callable[[Asked], None] = lambda asked: None

    def send(self, asked: Asked) -> Outcome:
        assert connection.in_atomic_block is False or _in_a_test_transaction(), "a carrier is called outside transactions"
        self.calls[asked.key] += 1
        begun = self.clock.now
        answer = self.before(asked)
        if answer is not None:
            return answer
        if not (self.manifest.ability(asked.action).repeatable and self._done(asked.key)):
            self.deeds.append(Deed(asked.key, asked.action, begun))
        return self.after(asked) or Sent(message_id=f"m-{asked.key}", reached=1)

    def send_many(self, asked: Sequence[Asked]) -> list[Outcome]:
        assert len({type(each.action) for each in asked}) == 1
        assert len(asked) <= self.manifest.ability(asked[0].action).batch
        ended: list[Outcome] = []
        for each in asked:
            try:
                ended.append(self.send(each))
            except Unreachable as out:
                if not ended:
                    raise
                raise CutOff("the line broke half-way") from out
        return ended

    def look_up(self, asked: Asked) -> Outcome | None:
        assert self.manifest.ability(asked.action).can_ask
        self.on_look(asked)
        return Sent(message_id=f"m-{asked.key}") if self._done(asked.key) else TryLater(after=timedelta(0), reason="")

    def _done(self, key: str) -> bool:
        return any(deed.key == key for deed in self.deeds)

    @property
    def done(self) -> Counter[str]:
        return Counter(deed.key for deed in self.deeds)


def _in_a_test_transaction() -> bool:
    """pytest-django's own transaction, around tests that need no real commits."""
    return len(connection.savepoint_ids) == 0 and len(connection.atomic_blocks) <= 1


def sender(outside: Outside, **more: object) -> Sender:
    def carrier(account: Account) -> Outside | None:
        return outside if account.carrier == "fake" else None

    options = {"clock": outside.clock, "dice": lambda: 0.5, "steady": outside.clock.steady} | more
    return Sender(carrier, **options)  # type: ignore[arg-type]


def state(key: str) -> str:
    return Request.objects.get(key=key).state


def cut_off(asked: Asked) -> Outcome | None:
    raise CutOff("the line broke")


def refused(asked: Asked) -> Outcome | None:
    return Refused(reason="the bot is no longer in the group")
