"""What happens in the invented groups, and subscribers that remember what they were given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from huoqun.inbox.types import Batch, Subscription
from huoqun.vocabulary.events import Event, MemberJoined, MessagePosted, Person
from huoqun.vocabulary.ids import Account

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BALCONY = Account("balcony", "qq", "bot-1")
TAO = Person(id="tao", name="小陶")


def said(number: int, group: str = "g1", *, account: Account = BALCONY, text: str = "早上好") -> MessagePosted:
    at = NOW + timedelta(seconds=number)
    return MessagePosted(
        account=account, source_id=f"{group}-{number}", at=at, group_id=group, message_id=str(number), author=TAO, text=text
    )


def joined(number: int, group: str = "g1") -> MemberJoined:
    at = NOW + timedelta(seconds=number)
    return MemberJoined(account=BALCONY, source_id=f"join-{group}-{number}", at=at, group_id=group, member=TAO)


def many(count: int, groups: int = 40) -> list[Event]:
    return [said(number, f"g{number % groups}") for number in range(count)]


@dataclass
class Ears:
    """A handler that keeps what it heard, and refuses what it is told to refuse."""

    refuses: Callable[[Event], bool] = lambda event: False
    error: Exception = field(default_factory=lambda: ValueError("this one is odd"))
    batches: list[Batch] = field(default_factory=list)
    calls: int = 0

    def __call__(self, batch: Batch, /, *, now: datetime) -> None:
        self.calls += 1
        if any(self.refuses(stored.what) for stored in batch):  # type: ignore[arg-type]
            raise self.error
        self.batches.append(batch)

    @property
    def heard(self) -> list[str]:
        return [stored.what.source_id for batch in self.batches for stored in batch]  # type: ignore[union-attr]


def listening(ears: Ears, *, name: str = "ears", **more: object) -> Subscription:
    return Subscription(name=name, handler=ears, **({"hears": (MessagePosted,)} | more))  # type: ignore[arg-type]
