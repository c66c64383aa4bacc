"""How a request is shown: what will be said to whom, why it waits, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.console.templatetags.console import state
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State
from huoqun.outbox.words import ACTIONS, NEXT, STATES, WAITS_FOR
from huoqun.vocabulary.actions import Action, Body, Choice, Link

Words = str | Promise

FIELDS: dict[str, Promise] = {
    "text": gettext_lazy("Text"),
    "message_id": gettext_lazy("Message"),
    "member_id": gettext_lazy("Member"),
    "until": gettext_lazy("Until"),
    "name": gettext_lazy("New name"),
    "expires_at": gettext_lazy("Good until"),
    "uses": gettext_lazy("For how many"),
    "to_staff_id": gettext_lazy("To colleague"),
    "from_staff_id": gettext_lazy("From colleague"),
    "staff_ids": gettext_lazy("Colleagues"),
    "staff_id": gettext_lazy("Colleague"),
    "group_ids": gettext_lazy("Groups"),
    "more_group_ids": gettext_lazy("Further groups"),
    "title": gettext_lazy("Called"),
    "source": gettext_lazy("Source"),
    "new_groups": gettext_lazy("New groups are called"),
    "first_number": gettext_lazy("First number"),
    "asks_first": gettext_lazy("The colleague says yes first"),
    "resigned": gettext_lazy("Works here no more"),
    "words": gettext_lazy("Told"),
    "tags": gettext_lazy("Tags"),
    "tells_owners": gettext_lazy("Owners are told"),
    "choices": gettext_lazy("Buttons"),
    "add": gettext_lazy("Tags added"),
    "remove": gettext_lazy("Tags taken away"),
    "admit": gettext_lazy("Let in"),
    "reason": gettext_lazy("Reason"),
    "mentions": gettext_lazy("Mentioned"),
    "reply_to": gettext_lazy("Answers message"),
    "group_id": gettext_lazy("Known from group"),
}
HIDDEN = {"account", "body", "code", "request_id", "link_id", "task"}


@dataclass(frozen=True)
class Preview:
    """Everything that will reach people."""

    text: str
    pictures: int
    link: Link | None
    facts: tuple[tuple[Words, str], ...]


def preview(request: Request) -> Preview | None:
    """None where this version cannot read what was asked."""
    try:
        action = codec.action(request.action, request.payload)
    except msgspec.ValidationError:
        return None
    body = getattr(action, "body", None) or Body()
    return Preview(body.text, len(body.pictures), body.link, tuple(_facts(action, request)))


def _facts(action: Action, request: Request) -> list[tuple[Words, str]]:
    facts: list[tuple[Words, str]] = []
    for name in action.__dataclass_fields__:
        value = getattr(action, name)
        is_target = name in {"group_id", "member_id", "staff_id"} and request.target.endswith(f"/{value}")
        if name in HIDDEN or is_target or value in (None, "", ()):
            continue
        facts.append((FIELDS.get(name, name), _value(value)))
    return facts


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, tuple):
        return ", ".join(each.title if isinstance(each, Choice) else str(each) for each in value)
    return str(value)


def first_words(request: Request) -> str:
    shown = preview(request)
    if shown is None:
        return ""
    return (
        shown.text or (shown.link.title or shown.link.url if shown.link else "") or "; ".join(fact for _, fact in shown.facts)
    )


def what(request: Request) -> str:
    return str(ACTIONS.get(request.action, request.action))


def whom(request: Request) -> str:
    """Called by name where the name is known."""
    kind, _slash, native = request.target.partition("/")
    name = getattr(request, "name_shown", "") or native
    kinds = {
        "group": _("Group %(name)s"),
        "person": _("%(name)s"),
        "staff": _("Colleague %(name)s"),
        "link": _("Code %(name)s"),
        "account": _("Account %(name)s"),
    }
    return kinds.get(kind, "%(name)s") % {"name": name}


def state_words(request: Request, now: datetime) -> str:
    return _("late") if request.is_late(now) else str(STATES[request.state])


def mark(request: Request, now: datetime) -> SafeString:
    return state("outbox_late" if request.is_late(now) else f"outbox_{request.state}", state_words(request, now))


def why(request: Request) -> str:
    """The carrier's own words come after ours."""
    waits = request.state == State.WAITING and request.waits_for
    ours = str(WAITS_FOR[request.waits_for]) if waits else _confirming(request)
    return " ".join(filter(None, [ours, _(request.reason) if request.reason else ""]))


def _confirming(request: Request) -> str:
    """Whom it waits for, and how often they were reminded."""
    if request.state != State.CONFIRMING:
        return ""
    if request.unwanted:
        return _("It is being taken back.")
    who = getattr(request, "staff_shown", "") or request.waits_for_staff
    reminded = ngettext("Reminded once.", "Reminded %(n)s times.", request.reminders) % {"n": request.reminders}
    return " ".join(filter(None, [_("With %(name)s.") % {"name": who} if who else "", reminded if request.reminders else ""]))


def what_to_do(request: Request, now: datetime) -> str:
    if request.state == State.WAITING:
        if request.waits_for:
            return str(NEXT[request.waits_for])
        return _("Look whether a worker runs, or whether it is paused.") if request.is_late(now) else ""
    return str(NEXT.get(request.state, ""))
