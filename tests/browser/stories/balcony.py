"""Twelve groups to write to: eleven of the pretended carrier, with a world of its own, and one that nobody is connected to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from huoqun.carriers.base import Carrier, Unreadable
from huoqun.carriers.registry import Fault, Kind, Pretend, Settlement, World
from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Staff
from huoqun.inbox import operations as inbox
from huoqun.vocabulary.ids import Account, group_key
from huoqun.wiring.worker import Worker, connected

ACCOUNT = Account("balcony", "pretend", "play")
ROOMS = 11
LATER = timedelta(minutes=10)
BY_HAND = "月季老群"


class Balcony:
    """The community and the world outside it. The worker's time, and the world's, runs `ahead` of the pages' own."""

    def __init__(self, folder: Path) -> None:
        self.ahead = timedelta()
        self.world = World(folder / "outside.sqlite3")
        self.carrier = Pretend(self.world, ACCOUNT, now=self.now)
        self.home: Community = communities.found("阳台种菜", slug=ACCOUNT.community, zone="Asia/Shanghai", now=self.now())
        self.worker = Worker(calendar=(), clock=self.now, carriers=self._carrier)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_by(self, span: timedelta) -> None:
        """So much time later the worker takes its turn."""
        self.ahead += span
        self.worker.run_dry()

    def come_to_life(self, *, operator: Staff) -> None:
        """Somebody speaks in every room, so that the groups are known; the one of which nobody hears has an operator."""
        at = self._milliseconds()
        self.world.settle(Settlement(rooms=ROOMS, people=3, pulse=0), at=at)
        for number in range(1, ROOMS + 1):
            self.world.say(f"r{number}", f"p{number * 3}", "早上好，今天浇水了吗", at=at)
        heard = self.carrier.receive("").records
        inbox.store([each for each in heard if not isinstance(each, Unreadable)], now=self.now())
        key = group_key(Account(self.home.slug, "qq", ""), "old")
        Group.objects.create(
            community=self.home, key=key, carrier="qq", native_id="old", name=BY_HAND, operator=operator, state="steady"
        )
        self.worker.run_dry()

    def make_trouble(self) -> None:
        """One group is dissolved out there, the first is turned away, and the four after it have to wait."""
        last = Group.objects.filter(community=self.home, carrier=ACCOUNT.carrier).order_by("name", "pk").last()
        assert last is not None
        self.world.close_room(last.native_id)
        self.world.plan(Fault(kind=Kind.FORBIDDEN, method="say"))
        self.world.plan(Fault(kind=Kind.TOO_FAST, method="say", times=4, seconds=LATER.total_seconds()))

    def posts(self) -> int:
        """How many posts really went out; none of them twice."""
        done = self.world.times_done()
        assert set(done.values()) <= {1}, done
        return len(done)

    def _carrier(self, account: Account) -> Carrier | None:
        return self.carrier if account == ACCOUNT else connected(account)

    def _milliseconds(self) -> int:
        return round(self.now().timestamp() * 1000)
