"""Lin leads, Mo runs the tomato group, Tao is a colleague, Yu belongs elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from huoqun.carriers.base import Ability, Manifest
from huoqun.community.models import Community, Group, House, Identity, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.inbox.models import Entry
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.ownership.handlers import hear
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import ACTIONS, Action, Body, PostToGroup
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.facts import Fact, RequestSettled
from huoqun.vocabulary.ids import Account, group_key, person_key
from huoqun.vocabulary.log import Batch, Stored
from huoqun.vocabulary.outcomes import NeedsHand

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""

ACCOUNT = Account("balcony", "wechat", "main")
TEXT = "今晚八点，番茄群里一起认叶子，带上照片来。"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def balcony(db: None) -> Community:
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def elsewhere(db: None) -> Community:
    return communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)


def _colleague(home: Community, username: str, name: str, role: Role, language: str = "zh-hans") -> Staff:
    staff = Staff.objects.create(username=username, name=name, role=role, language=language)
    communities.seat(staff, home)
    return staff


@pytest.fixture
def lin(balcony: Community) -> Staff:
    return _colleague(balcony, "lin", "林晓", Role.LEAD)


@pytest.fixture
def mo(balcony: Community) -> Staff:
    return _colleague(balcony, "mo", "莫言秋", Role.OPERATOR)


@pytest.fixture
def tao(balcony: Community) -> Staff:
    return _colleague(balcony, "tao", "陶然", Role.OPERATOR)


@pytest.fixture
def yu(elsewhere: Community) -> Staff:
    return _colleague(elsewhere, "yu", "于北", Role.LEAD)


@pytest.fixture
def tomatoes(balcony: Community, mo: Staff) -> Group:
    key = group_key(ACCOUNT, "g1")
    return Group.objects.create(community=balcony, key=key, carrier="wechat", native_id="g1", name="番茄群", operator=mo)


@pytest.fixture
def ren(balcony: Community) -> Identity:
    return identity(balcony, "ren", "小任")


def identity(community: Community, native_id: str, name: str, house: str = "") -> Identity:
    person = Person.objects.create(community=community, name=name, house=house)
    key = person_key(ACCOUNT, native_id)
    return Identity.objects.create(
        person=person, community=community, key=key, carrier="wechat", native_id=native_id, name=name
    )  # fmt: skip


@pytest.fixture
def helper(balcony: Community) -> Identity:
    """Mo's own account on the carrier, known to be house."""
    return identity(balcony, "mo-wx", "阿莫", House.STAFF)


@pytest.fixture
def post() -> PostToGroup:
    return PostToGroup(account=ACCOUNT, group_id="g1", body=Body(text=TEXT))


@pytest.fixture
def wish(balcony: Community, tomatoes: Group, post: PostToGroup) -> Callable[..., Give]:
    """A post in the tomato group, due in two hours."""

    def make(key: str = "k1", **changed: object) -> Give:
        facts: dict[str, object] = {
            "community": balcony, "key": key, "room": "sop", "about": "run/1", "due_at": NOW + timedelta(hours=2),
            "action": post, "group": tomatoes,
        }  # fmt: skip
        return Give(**{**facts, **changed})  # type: ignore[arg-type]

    return make


class ByHand:
    """A carrier where everything is done by hand."""

    manifest = Manifest(
        name="wechat", title="WeChat", abilities={name: Ability(how="hand", why="Only by hand here.") for name in ACTIONS}
    )

    def send(self, asked: object) -> NeedsHand:
        return NeedsHand(reason="Only by hand here.")


@pytest.fixture
def handed(balcony: Community) -> Callable[..., Request]:
    """A request that the carrier has left to a person."""

    def make(action: Action, key: str = "r1", **facts: object) -> Request:
        from huoqun.outbox.loop import Sender

        outbox.ask(action, key=key, room="sop", about="run/1", now=NOW, **facts)  # type: ignore[arg-type]
        Sender(lambda account: ByHand(), clock=lambda: NOW).run_dry()  # type: ignore[arg-type, return-value]
        return Request.objects.get(key=key)

    return make


@pytest.fixture
def deliver() -> Callable[..., None]:
    """What is said reaches the room's handler, as one batch."""

    def make(*said: Event | Fact, now: datetime = NOW) -> None:
        entries = tuple(Stored(place, now, what) for place, what in enumerate(said, start=1))
        hear(Batch(entries, "ownership/-1"), now=now)

    return make


def announced(kind: str) -> list[Entry]:
    return list(Entry.objects.filter(name=kind).order_by("position"))


def settled(request: Request) -> RequestSettled:
    """The fact the outbox announced about it last."""
    return RequestSettled(
        community=request.community, at=NOW, request=request.key, action=request.action, target=request.target,
        outcome=request.state, reason=request.reason, room=request.room, about=request.about,
    )  # fmt: skip
