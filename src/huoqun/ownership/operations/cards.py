"""To-dos that were sent to colleagues as cards: their taps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from huoqun.console.models import Staff
from huoqun.ownership.models import Contact, State, Todo
from huoqun.ownership.operations.closing import close_card
from huoqun.ownership.operations.doing import do
from huoqun.ownership.operations.handing import cannot
from huoqun.ownership.rules.cards import Answer, Card, answer_to, card_of
from huoqun.vocabulary.events import StaffAnswered


def answered(events: Iterable[StaffAnswered], *, now: datetime) -> int:
    """Colleagues have tapped cards of ours: done, or for the leads. The card then says so. Returns how many were ours."""
    cards = [(event, card) for event in events if (card := card_of(event.task)) is not None]
    return sum(_answered(event, card, now=now) for event, card in cards)


@transaction.atomic
def _answered(event: StaffAnswered, card: Card, *, now: datetime) -> bool:
    staff = _who(event, card)
    todo = Todo.objects.filter(pk=card.todo, community__slug=event.account.community).select_related("community").first()
    if staff is None or todo is None:
        return False
    unshown = bool(todo.wants) and not todo.shown
    answer = answer_to(event.choice, is_open=todo.state == State.OPEN, assigned=todo.assigned_id, by=staff.pk, unshown=unshown)
    if answer == Answer.DONE:
        do(todo, by=staff, now=now)
    elif answer == Answer.SKIPPED:
        cannot(todo, by=staff, now=now)
    if event.code:
        close_card(event.account, event.staff_id, card, event.code, _said(answer, staff), now=now)
    return True


def _who(event: StaffAnswered, card: Card) -> Staff | None:
    """The colleague the card was for, if it is theirs who answered: a name on a card alone proves nothing."""
    account = event.account
    known = Contact.objects.filter(
        community__slug=account.community, carrier=account.carrier, native_id=event.staff_id, staff=card.staff
    )
    found = known.filter(staff__is_active=True).select_related("staff").first()
    return found.staff if found else None


def _said(answer: Answer, staff: Staff) -> str:
    with translation.override(staff.language):
        words = {
            Answer.DONE: _("Done"),
            Answer.SKIPPED: _("The leads see to it"),
            Answer.CLOSED: _("It was closed already"),
            Answer.NOT_THEIRS: _("Somebody else has it now"),
            Answer.UNSHOWN: _("Show it on its page: then it is done"),
        }
        return words[answer]
