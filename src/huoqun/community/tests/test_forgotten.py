"""What is left of what happened once somebody is erased."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from huoqun.community.forgotten import Forgotten
from huoqun.vocabulary import events as ev
from huoqun.vocabulary.ids import Account, person_key

ACCOUNT = Account("balcony", "qq", "import-1")
REN, MO = ev.Person(id="ren", name="阿仁"), ev.Person(id="mo", name="莫")
COMMON: dict[str, Any] = {
    "account": ACCOUNT, "source_id": "1", "at": datetime(2026, 3, 1, tzinfo=UTC), "group_id": "g1", "group_name": "番茄群",
}  # fmt: skip
BETWEEN = {name: COMMON[name] for name in ("account", "source_id", "at")} | {"staff_id": "mo"}
FORGOTTEN = Forgotten({person_key(ACCOUNT, "ren")})


def posted(**more: Any) -> ev.MessagePosted:
    return ev.MessagePosted(**{**COMMON, "message_id": "1", "author": MO, **more})


THEIRS = [
    posted(author=REN),
    ev.MemberJoined(**COMMON, member=REN, inviter=MO),
    ev.MemberLeft(**COMMON, member=REN),
    ev.MemberRenamed(**COMMON, member=REN, before="仁"),
    ev.OwnerChanged(**COMMON, owner=REN, before=MO),
    ev.RedPacketClaimed(**COMMON, member=REN, sender=MO),
    ev.NoticePosted(**COMMON, text="阿仁开启了全员禁言", by=REN),
    ev.OrderPaid(**COMMON, member=REN, order_id="1", amount=990),
    ev.ContactAdded(**BETWEEN, person=REN, code="w1"),
    ev.ContactChanged(**BETWEEN, person=REN, remark="老顾客"),
    ev.ContactLost(**BETWEEN, person=REN, by_customer=True),
]
OTHERS = [
    (posted(reply_to="7", reply_to_author="ren"), posted(reply_to="7")),
    (posted(mentions=("ren", "mo")), posted(mentions=("mo",))),
    (ev.MessageRecalled(**COMMON, message_id="7", by=REN), ev.MessageRecalled(**COMMON, message_id="7")),
    (ev.MemberJoined(**COMMON, member=MO, inviter=REN, way="invited"), ev.MemberJoined(**COMMON, member=MO, way="invited")),
    (ev.MemberLeft(**COMMON, member=MO, removed_by=REN), ev.MemberLeft(**COMMON, member=MO)),
    (ev.GroupCreated(**COMMON, by=REN), ev.GroupCreated(**COMMON)),
    (ev.GroupRenamed(**COMMON, before="番茄", by=REN), ev.GroupRenamed(**COMMON, before="番茄")),
    (ev.GroupDissolved(**COMMON, by=REN), ev.GroupDissolved(**COMMON)),
    (ev.OwnerChanged(**COMMON, owner=MO, before=REN), ev.OwnerChanged(**COMMON, owner=MO)),
    (ev.RedPacketClaimed(**COMMON, member=MO, sender=REN), ev.RedPacketClaimed(**COMMON, member=MO)),
]


@pytest.mark.parametrize("event", THEIRS, ids=lambda event: type(event).__name__)
def test_what_they_said_and_did_goes(event: ev.Event) -> None:
    assert FORGOTTEN.left_of(event) is None
    assert Forgotten({person_key(ACCOUNT, "mo")}).left_of(event) is not None


@pytest.mark.parametrize(("event", "left"), OTHERS, ids=lambda event: type(event).__name__)
def test_what_others_did_stays_without_them(event: ev.Event, left: ev.Event) -> None:
    assert FORGOTTEN.left_of(event) == left
    assert Forgotten({person_key(ACCOUNT, "tao")}).left_of(event) is event


def test_every_place_where_an_event_names_somebody_is_thought_of() -> None:
    people = {"Person", "Person | None"}
    named = {
        (kind, field.name) for kind in ev.EVENTS.values() for field in fields(kind)
        if field.type in people or field.name in {"reply_to_author", "mentions"}
    }  # fmt: skip
    tried = set()
    for event in [*THEIRS, *(event for event, _ in OTHERS)]:
        for field in fields(event):
            value = getattr(event, field.name)
            if value == REN or (field.name in {"reply_to_author", "mentions"} and value and "ren" in value):
                tried.add((type(event), field.name))
    assert tried == named


def test_the_same_id_elsewhere_is_somebody_else() -> None:
    for account in (Account("elsewhere", "qq", "import-1"), Account("balcony", "telegram", "import-1")):
        event = posted(account=account, author=REN)
        assert FORGOTTEN.left_of(event) is event
    again = posted(account=Account("balcony", "qq", "import-9"), author=REN)
    assert FORGOTTEN.left_of_all([again, posted()]) == [posted()]
