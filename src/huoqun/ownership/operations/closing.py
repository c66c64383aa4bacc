"""Cards of to-dos that are over, or with somebody else, say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from huoqun.console.models import Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.outbox.types import Ask
from huoqun.ownership.models import State, Todo
from huoqun.ownership.rules.cards import Card, card_of
from huoqun.vocabulary.actions import CloseCard
from huoqun.vocabulary.ids import Account

ROOM = "ownership"
URGENT = 2
"""Before what members get: somebody waits for it."""

LASTS = timedelta(hours=72)
"""So long a card can be changed after it was sent."""


def close_card(account: Account, staff_id: str, card: Card, code: str, words: str, *, now: datetime) -> None:
    action = CloseCard(account=account, staff_id=staff_id, code=code, words=words)
    # One card is closed once: whoever comes first says how.
    key = f"close/{card.key}"
    outbox.ask(action, key=key, room=ROOM, about=f"todo/{card.todo}", now=now, expires=now + LASTS, priority=URGENT)


def close_cards(todos: Sequence[Todo], sent: Iterable[Request], *, now: datetime) -> None:
    """Their to-dos are over or with somebody else: the cards that are out say so. `sent`: the messages about these to-dos."""
    by_about = {f"todo/{todo.pk}": todo for todo in todos}
    wishes = []
    for request in sent:
        card = _sent_as(request, now)
        if card is not None and request.message_id:
            wishes.append(_closing(request, card, by_about[request.about], now))
    outbox.ask_many(wishes, now=now)


def _sent_as(request: Request, now: datetime) -> Card | None:
    """None: there was no card, or it can be changed no more."""
    is_out = request.state == RequestState.SENT and request.action == "MessageStaff"
    if not is_out or request.settled_at is None or request.settled_at < now - LASTS:
        return None
    return card_of(request.key.replace("/", "-"))


def _closing(request: Request, card: Card, todo: Todo, now: datetime) -> Ask:
    staff = Staff.objects.filter(pk=card.staff).first()
    with translation.override(staff.language if staff else None):
        words = _("Somebody else has it now") if todo.state == State.OPEN else _("It is over")
    native = request.target.removeprefix("staff/")
    action = CloseCard(account=request.through, staff_id=native, code=request.message_id, words=words)
    return Ask(action=action, key=f"close/{card.key}", room=ROOM, about=request.about, expires=now + LASTS, priority=URGENT)
