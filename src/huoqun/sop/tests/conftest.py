"""Lin leads the balcony gardeners, Mo runs three of their groups. What is sent through the pretended carrier really is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import huoqun.community.handlers as community
import huoqun.ownership.handlers as ownership
import huoqun.sop.handlers as sop
from huoqun.carriers.base import Carrier, Unreadable
from huoqun.carriers.registry import Pretend, Settlement, World
from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.content.models import Way
from huoqun.inbox import horizon
from huoqun.inbox.loop import Loop
from huoqun.inbox.operations import store
from huoqun.inbox.types import Subscription
from huoqun.outbox.loop import Sender
from huoqun.ownership.loop import look as keep
from huoqun.sop.loop import Planner
from huoqun.sop.models import Launch
from huoqun.sop.operations.keeping import keep as keep_book
from huoqun.sop.operations.launching import launch
from huoqun.sop.playbooks.reading import read
from huoqun.vocabulary.events import EVENTS
from huoqun.vocabulary.ids import Account, group_key, person_key

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday, nine in the morning in Shanghai."""

ACCOUNT = Account("balcony", "pretend", "play")
ROOMS = 3

HEARING = (
    Subscription(name="community", hears=tuple(EVENTS.values()), handler=community.take_in),
    Subscription(name="ownership", hears=ownership.HEARS, handler=ownership.hear, whole_log=True),
    Subscription(name="sop", hears=sop.HEARS, handler=sop.hear, whole_log=True),
)


class Life:
    """A community, its carrier and a worker, on a clock that moves when told."""

    def __init__(self, home: Community, lin: Staff) -> None:
        self.home, self.lin, self.now = home, lin, START
        self.world = World(":memory:")
        self.world.settle(Settlement(rooms=ROOMS, people=4, pulse=0), at=self.milliseconds())
        self.carrier = Pretend(self.world, ACCOUNT, now=lambda: self.now, sleep=lambda seconds: None)
        self._heard = ""
        self._planner = Planner(clock=lambda: self.now)
        self._sender = Sender(self._through, clock=lambda: self.now, dice=lambda: 0.5)
        self._loop = Loop(HEARING, clock=lambda: self.now, upto=horizon.newest)

    def milliseconds(self) -> int:
        return round(self.now.timestamp() * 1000)

    def _through(self, account: Account) -> Carrier | None:
        return self.carrier if account == ACCOUNT else None

    def work(self) -> None:
        """Everything that is due now."""
        for _ in range(60):
            heard = self.carrier.receive(self._heard)
            store([record for record in heard.records if not isinstance(record, Unreadable)], now=self.now)
            self._heard = heard.cursor
            busy = [self._loop.round(), self._planner.round(), self._sender.round(), keep(now=self.now)]
            if not any(busy) and not heard.records:
                return

    def until(self, moment: datetime, every: timedelta = timedelta(minutes=30)) -> None:
        while self.now < moment:
            self.now = min(self.now + every, moment)
            self.work()

    def put_to_work(self, text: str, **more: object) -> Launch:
        version = keep_book(read(text), self.home, by=self.lin, now=self.now)
        return launch(version, self.home, by=self.lin, now=self.now, **more)  # type: ignore[arg-type]

    def said(self, room: str = "") -> list[tuple[str, str]]:
        """(room, text) of what we really said, in order."""
        told = [json.loads(payload) for _, payload in self.world.news(0, at=self.milliseconds())]
        mine = [(news["room"]["id"], news["text"]) for news in told if news["what"] == "said" and news["who"]["id"] == "us"]
        return [each for each in mine if not room or each[0] == room]


@pytest.fixture
def home(db: None) -> Community:
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=START)


@pytest.fixture
def lin(home: Community) -> Staff:
    staff = Staff.objects.create(username="lin", name="林晓", role=Role.LEAD)
    communities.seat(staff, home)
    return staff


@pytest.fixture
def mo(home: Community) -> Staff:
    staff = Staff.objects.create(username="mo", name="莫", role=Role.OPERATOR)
    communities.seat(staff, home)
    return staff


@pytest.fixture
def life(home: Community, lin: Staff, mo: Staff) -> Life:
    made = Life(home, lin)
    for number in range(1, ROOMS + 1):
        group = Group.objects.create(
            community=home, key=group_key(ACCOUNT, f"r{number}"), carrier="pretend", native_id=f"r{number}",
            name=f"番茄{number}群", operator=mo, state="steady",
        )  # fmt: skip
        Way.objects.create(
            group_key=group.key, community="balcony", carrier="pretend", account="play", heard_at=START - timedelta(days=1)
        )
        for person in range((number - 1) * 4 + 1, number * 4 + 1):
            _member(home, group, f"p{person}")
    return made


def _member(home: Community, group: Group, native: str) -> None:
    person = Person.objects.create(community=home, name=f"群友{native}")
    identity = Identity.objects.create(
        person=person, community=home, key=person_key(ACCOUNT, native), carrier="pretend", native_id=native, name=person.name
    )
    Membership.objects.create(group=group, identity=identity, joined_at=START - timedelta(days=9))


@pytest.fixture
def groups(life: Life) -> Callable[[int], Group]:
    return lambda number: Group.objects.get(native_id=f"r{number}")
