"""Telling people on their carrier what they have to do. Where nobody knows how to reach them, the page has it alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.community.models import Community
from huoqun.console.models import Role, Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox import queries as outbox_queries
from huoqun.outbox.rules.states import State as RequestState
from huoqun.outbox.types import Ask
from huoqun.ownership import words
from huoqun.ownership.models import Contact, State, Todo
from huoqun.ownership.operations.closing import ROOM, URGENT, close_cards
from huoqun.ownership.rules.cards import Card, Tap
from huoqun.vocabulary.actions import Body, Choice, Link, MessageStaff
from huoqun.vocabulary.ids import Account

NAMED = 5


def tell(todos: Sequence[Todo], *, now: datetime) -> int:
    """Who has it in hand is written to, once each time they get it, however often this is called. Returns how many were."""
    contacts = _contacts(todos)
    rows = Todo.objects.filter(pk__in=[todo.pk for todo in todos], state=State.OPEN).annotate(handed=Count("hands"))
    rows = rows.select_related("group", "member__person", "community")
    asks = [
        _ask(todo, contact, todo.handed) for todo in rows if (contact := contacts.get((todo.community_id, todo.assigned_id)))
    ]
    outbox.ask_many(asks, now=now)
    return len(asks)


def with_contact(community: Community, staff: Collection[int]) -> set[int]:
    """Who of them can be written to."""
    reached = Contact.objects.filter(community=community, staff__in=staff, staff__is_active=True)
    return set(reached.values_list("staff", flat=True))


def _contacts(todos: Iterable[Todo]) -> dict[tuple[int, int | None], Contact]:
    wanted = {(todo.community_id, todo.assigned_id) for todo in todos if todo.assigned_id}
    rows = Contact.objects.filter(staff__in={staff for _community, staff in wanted}, staff__is_active=True)
    return {(row.community_id, row.staff_id): row for row in rows.select_related("staff", "community")}


def _ask(todo: Todo, contact: Contact, handed: int) -> Ask:
    address = f"{settings.PUBLIC_URL}{reverse('ownership:one', args=[todo.pk])}"
    with translation.override(contact.staff.language), timezone.override(ZoneInfo(contact.staff.zone)):
        text, title = _words(todo), words.heading(todo)
        choices = (Choice(key=Tap.DONE, title=_("Done")), Choice(key=Tap.SKIP, title=_("I cannot do it")))
    body = Body(text=text, link=Link(url=address, title=title))
    card = Card(todo.pk, contact.staff.pk, handed)
    return _message(contact, body, key=card.key, about=about(todo), task=card.task, choices=choices)


def about(todo: Todo) -> str:
    return f"todo/{todo.pk}"


def _words(todo: Todo) -> str:
    due = _("Due %(time)s") % {"time": f"{timezone.localtime(todo.due_at):%m-%d %H:%M}"}
    head = _("To do: %(what)s") % {"what": " · ".join(filter(None, (words.heading(todo), words.where(todo), words.who(todo))))}
    return "\n\n".join(filter(None, (f"{head}\n{due}", words.steps(todo), todo.text)))


def tell_leads(todos: Sequence[Todo], *, now: datetime) -> None:
    """One message to each lead for all that are late of one community."""
    by_community: dict[int, list[Todo]] = defaultdict(list)
    for todo in todos:
        by_community[todo.community_id].append(todo)
    leads = Contact.objects.filter(community__in=by_community, staff__role=Role.LEAD, staff__is_active=True)
    leads = leads.filter(staff__seats__community__in=by_community).distinct()
    asks = [_late(contact, by_community[contact.community_id]) for contact in leads.select_related("staff", "community")]
    outbox.ask_many(asks, now=now)


def _late(contact: Contact, todos: Sequence[Todo]) -> Ask:
    with translation.override(contact.staff.language):
        head = ngettext("%(number)d to-do is late.", "%(number)d to-dos are late.", len(todos)) % {"number": len(todos)}
        lines = [" · ".join(filter(None, (words.heading(t), words.where(t), _whose(t.assigned)))) for t in todos[:NAMED]]
        title = _("Late to-dos")
    body = Body(text="\n".join((head, *lines)), link=Link(url=f"{settings.PUBLIC_URL}{reverse('ownership:all')}", title=title))
    # The first of them is told of once only, so its number names the message.
    key = f"todos-late/{min(todo.pk for todo in todos)}/{contact.staff.pk}"
    return _message(contact, body, key=key, about="late")


def _whose(staff: Staff | None) -> str:
    return str(staff) if staff else _("the leads")


def _message(contact: Contact, body: Body, *, key: str, about: str, task: str = "", choices: tuple[Choice, ...] = ()) -> Ask:
    account = Account(contact.community.slug, contact.carrier, contact.account)
    action = MessageStaff(account=account, staff_id=contact.native_id, body=body, task=task, choices=choices)
    return Ask(action=action, key=key, room=ROOM, about=about, priority=URGENT)


def call_off(todos: Sequence[Todo], *, now: datetime) -> None:
    """What has not gone out yet need not, and what has says so: it is done, or somebody else has it."""
    rows = outbox_queries.requests({todo.community.slug for todo in todos}).filter(
        room=ROOM, about__in=[about(todo) for todo in todos]
    )
    rows = rows.exclude(action="CloseCard")
    waiting = list(rows.filter(state__in=[RequestState.WAITING, RequestState.HELD, RequestState.HANDED]))
    if waiting:
        outbox.cancel(waiting, by=None, now=now)
    close_cards(todos, rows.filter(state=RequestState.SENT), now=now)
