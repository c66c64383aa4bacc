"""A colleague leaves: their groups, customers and to-dos go to somebody else, and each is followed on its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community, Identity
from huoqun.console.models import Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox.types import Ask
from huoqun.ownership.errors import CannotTakeOver
from huoqun.ownership.models import Contact, Leaving, State, Todo
from huoqun.ownership.operations.closing import ROOM
from huoqun.ownership.operations.handing import hand_on
from huoqun.ownership.queries import account_of, at_work, customers_for, groups_of
from huoqun.vocabulary.actions import HandOverCustomer, HandOverGroup
from huoqun.vocabulary.ids import Account


@transaction.atomic
def leave(home: Community, leaver: Identity, to: Identity, *, resigned: bool, words: str, by: Staff, now: datetime) -> Leaving:
    """The carrier is asked to hand over every group they have now, and every customer whom the other does not know already;
    their open to-dos go at once.

    Raises CannotTakeOver where it is the same person, or somebody of another community or carrier.
    """
    if leaver.pk == to.pk or leaver.carrier != to.carrier or {leaver.community_id, to.community_id} != {home.pk}:
        raise CannotTakeOver
    leaving = Leaving.objects.create(
        community=home, leaver=leaver, leaver_name=str(leaver), successor=to, successor_name=str(to), resigned=resigned,
        words=words, made_at=now, made_by=by,
    )  # fmt: skip
    account = account_of(home, leaver.carrier)
    groups, customers = list(_groups(leaving, account, by)), list(_customers(leaving, account, by))
    outbox.ask_many([*groups, *customers], now=now)
    leaving.groups, leaving.customers = len(groups), len(customers)
    leaving.todos = _hand_on_todos(leaving, by=by, now=now)
    leaving.save(update_fields=["groups", "customers", "todos"])
    return leaving


def _groups(leaving: Leaving, account: Account, by: Staff) -> Iterator[Ask]:
    leaver, to = leaving.both
    for group in groups_of(leaver).iterator():
        action = HandOverGroup(account=account, group_id=group.native_id, to_staff_id=to.native_id, resigned=leaving.resigned)
        yield Ask(action=action, key=f"{leaving.run}/group/{group.key}", room=ROOM, about=leaving.run, run=leaving.run, by=by)


def _customers(leaving: Leaving, account: Account, by: Staff) -> Iterator[Ask]:
    leaver, to = leaving.both
    for contact in customers_for(leaver, to).select_related("identity").iterator():
        action = HandOverCustomer(
            account=account, member_id=contact.identity.native_id, from_staff_id=leaver.native_id,
            to_staff_id=to.native_id, resigned=leaving.resigned, words=leaving.words,
        )  # fmt: skip
        key = f"{leaving.run}/customer/{contact.identity.key}"
        yield Ask(action=action, key=key, room=ROOM, about=leaving.run, run=leaving.run, by=by)


def _hand_on_todos(leaving: Leaving, *, by: Staff, now: datetime) -> int:
    """To whoever takes over, if they work here with us, else to the leads."""
    leaver, to = (_staff_of(leaving.community, each) for each in leaving.both)
    if leaver is None:
        return 0
    allowed = at_work([leaving.community_id])[leaving.community_id]
    mine = Todo.objects.filter(community=leaving.community, state=State.OPEN, assigned=leaver)
    return hand_on(list(mine), to if to is not None and to.pk in allowed else None, by=by, now=now, said="")


def _staff_of(home: Community, who: Identity) -> Staff | None:
    found = Contact.objects.filter(community=home, carrier=who.carrier, native_id=who.native_id).select_related("staff").first()
    return found.staff if found else None
