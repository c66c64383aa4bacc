"""The pretended outside of these tests: it does what it is asked, unless it is told to misbehave, and remembers what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from huoqun.carriers.base import Ability, Asked, Confirmation, CutOff, Manifest, Pace, Unreachable
from huoqun.outbox.loop import Sender
from huoqun.outbox.models import Request
from huoqun.vocabulary.actions import (
    ACTIONS,
    Action,
    Body,
    DissolveGroup,
    HandOverCustomer,
    HandOverGroup,
    MessageMember,
    MessageStaff,
    PinMessage,
    PostMoment,
    PostToGroup,
)
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, TryLater, Waiting

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


def moment(staff: str = "mo") -> PostMoment:
    """A colleague confirms it."""
    return PostMoment(account=BALCONY, body=Body(text="春天到了"), staff_ids=(staff,))


def pass_on(member: str = "tao") -> HandOverCustomer:
    """It happens when some time has passed, and cannot be taken back."""
    return HandOverCustomer(account=BALCONY, member_id=member, from_staff_id="mo", to_staff_id="lin")


def pace(per: str, every: timedelta, at_most: int) -> Pace:
    return Pace(per=per, every=every, at_most=at_most, as_of=date(2026, 3, 1), source=SOURCE)  # type: ignore[arg-type]


REPEATABLE = Ability(how="api", repeatable=True)
FINDABLE = Ability(how="api", can_ask=True, batch=5)
RISKY = Ability(how="api")
BY_TAP = Confirmation(
    within=timedelta(hours=30), as_of=date(2026, 3, 1), source=SOURCE, reminders=2, every=timedelta(hours=8), can_withdraw=True
)
BY_TIME = Confirmation(within=timedelta(hours=5), as_of=date(2026, 3, 1), source=SOURCE)
CONFIRMED = Ability(how="api", can_ask=True, batch=3, confirmation=BY_TAP)
PASSING = Ability(how="api", can_ask=True, repeatable=True, confirmation=BY_TIME)


def manifest(**changes: Ability) -> Manifest:
    abilities: dict[str, Ability] = dict.fromkeys(ACTIONS, REPEATABLE)
    abilities |= {
        "PostToGroup": FINDABLE,
        "MessageStaff": RISKY,
        "WelcomeMember": RISKY,
        "DissolveGroup": Ability(how="hand", why="Only the owner can, in the app."),
        "HandOverGroup": Ability(how="no", why="Groups have no owner here."),
        "PostMoment": CONFIRMED,
        "HandOverCustomer": PASSING,
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


@dataclass
class Held:
    """What waits for a colleague. `ended`: "", "out" or "back"."""

    at: datetime
    asked: dict[str, Action] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    reminded: list[datetime] = field(default_factory=list)
    ended: str = ""


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
    held: dict[str, Held] = field(default_factory=dict)
    together: str = ""

    def send(self, asked: Asked) -> Outcome:
        assert connection.in_atomic_block is False or _in_a_test_transaction(), "a carrier is called outside transactions"
        self.calls[asked.key] += 1
        begun = self.clock.now
        answer = self.before(asked)
        if answer is not None:
            return answer
        ability = self.manifest.ability(asked.action)
        if ability.confirmation is not None:
            return self.after(asked) or self._hold(asked, repeatable=ability.repeatable)
        if not (ability.repeatable and self._done(asked.key)):
            self.deeds.append(Deed(asked.key, asked.action, begun))
        return self.after(asked) or Sent(message_id=f"m-{asked.key}", reached=1)

    def send_many(self, asked: Sequence[Asked]) -> list[Outcome]:
        assert len({type(each.action) for each in asked}) == 1
        assert len(asked) <= self.manifest.ability(asked[0].action).batch
        ended: list[Outcome] = []
        self.together = f"t{len(self.held)}"
        try:
            return self._each(asked, ended)
        finally:
            self.together = ""

    def _each(self, asked: Sequence[Asked], ended: list[Outcome]) -> list[Outcome]:
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
        if (task := self._task_of(asked.key)) is not None:
            return self._standing(task, asked.key)
        return Sent(message_id=f"m-{asked.key}") if self._done(asked.key) else TryLater(after=timedelta(0), reason="")

    # What waits for a colleague

    def follow(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        self.on_look(asked[0])
        return [self._standing(self._task(asked), each.key) for each in asked]

    def withdraw(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        self.on_look(asked[0])
        task = self._task(asked)
        self.held[task].ended = self.held[task].ended or "back"
        self.on_look(asked[0])
        return [self._standing(task, each.key) for each in asked]

    def remind(self, asked: Asked) -> Outcome:
        self.on_look(asked)
        held = self.held[asked.message_id]
        if held.ended:
            return Refused(reason="Nobody has to be reminded.")
        held.reminded.append(self.clock.now)
        return Sent()

    def confirms(self, task: str, *, refused: Sequence[str] = ()) -> bool:
        """A colleague says yes; some of those it is for cannot be reached any more. False: it was over."""
        held = self.held[task]
        told = self.manifest.ability(next(iter(held.asked.values()))).confirmation
        assert told is not None
        if held.ended or self.clock.now >= held.at + told.within:
            return False
        held.ended, held.refused = "out", set(refused)
        self.deeds += [Deed(key, action, self.clock.now) for key, action in held.asked.items() if key not in held.refused]
        return True

    def _hold(self, asked: Asked, *, repeatable: bool) -> Outcome:
        task = self._task_of(asked.key) if repeatable else None
        if task is None:
            task = self.together or f"t{len(self.held)}"
            self.held.setdefault(task, Held(self.clock.now)).asked[asked.key] = asked.action
        return Waiting(message_id=task, reason="A colleague has to say yes in the app.", staff_id="mo")

    def _task(self, asked: Sequence[Asked]) -> str:
        (task,) = {each.message_id for each in asked}
        return task

    def _task_of(self, key: str) -> str | None:
        return next((name for name, held in self.held.items() if key in held.asked), None)

    def _standing(self, task: str, key: str) -> Outcome:
        held = self.held[task]
        if held.ended == "out" and key not in held.refused:
            return Sent(message_id=task, reached=1)
        if held.ended:
            return Refused(reason="It did not go out.")
        return Waiting(message_id=task, reason="A colleague has to say yes in the app.", staff_id="mo")

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
