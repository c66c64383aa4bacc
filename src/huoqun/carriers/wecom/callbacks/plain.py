"""Callbacks which say all there is to say, as events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from huoqun.carriers.wecom.client.calls.customers import Customer, Follow
from huoqun.carriers.wecom.sync.words import added_by
from huoqun.vocabulary import events
from huoqun.vocabulary.events import Event, Person, StaffChange
from huoqun.vocabulary.ids import Account

from .kinds import CARD, CONTACT, DIRECTORY
from .told import Told

CODE_LASTS = timedelta(seconds=20)
"""How long somebody new can be welcomed, counted from when it happened."""

BY_HAND_OVER = "DELETE_BY_TRANSFER"
ACTIVE = 1

ADDED = f"{CONTACT}/add_external_contact"
HALF_ADDED = f"{CONTACT}/add_half_external_contact"
EDITED = f"{CONTACT}/edit_external_contact"

Teller = Callable[[Told, Account], Event]


def added(told: Told, account: Account, customer: Customer | None) -> events.ContactAdded:
    """`customer`: who it is, where that could be learned in time."""
    person, staff, code = told.need("ExternalUserID"), told.need("UserID"), told.fields.text("WelcomeCode")
    follow, source = follow_of(customer, staff), told.fields.text("State")
    return events.ContactAdded(
        **told.common(account),
        person=Person(id=person, name=customer.external_contact.name if customer else ""),
        staff_id=staff,
        way=added_by(follow.add_way) if follow else "code" if source else "",
        source=source or (follow.state if follow else ""),
        code=code,
        code_expires_at=told.at + CODE_LASTS if code else None,
        mutual=told.kind != HALF_ADDED,
    )


def changed(told: Told, account: Account, customer: Customer) -> events.ContactChanged | None:
    """None: the colleague does not know them any more."""
    staff = told.need("UserID")
    follow = follow_of(customer, staff)
    if follow is None:
        return None
    return events.ContactChanged(
        **told.common(account, "details" if told.owed else ""),
        person=Person(id=told.need("ExternalUserID"), name=customer.external_contact.name),
        staff_id=staff,
        remark=follow.remark,
        description=follow.description,
        tags=tuple(tag.tag_name for tag in follow.tags if tag.tag_name),
    )


def follow_of(customer: Customer | None, staff: str) -> Follow | None:
    """How this colleague knows the customer."""
    return next((each for each in customer.follow_user if each.userid == staff), None) if customer else None


def _lost(told: Told, account: Account) -> Event:
    return events.ContactLost(
        **told.common(account),
        person=Person(id=told.need("ExternalUserID")),
        staff_id=told.need("UserID"),
        by_customer=told.kind.endswith("/del_follow_user"),
        handed_over=told.fields.text("Source") == BY_HAND_OVER,
    )


def _staff(change: StaffChange) -> Teller:
    def tell(told: Told, account: Account) -> Event:
        status = told.fields.number("Status")
        return events.StaffChanged(
            **told.common(account),
            staff_id=told.need("UserID"),
            change=change,
            name=told.fields.text("Name"),
            new_id=told.fields.text("NewUserID"),
            active=None if status is None else status == ACTIVE,
        )

    return tell


def _answered(told: Told, account: Account) -> Event:
    return events.StaffAnswered(
        **told.common(account),
        staff_id=told.need("FromUserName"),
        task=told.need("TaskId"),
        choice=told.need("EventKey"),
        code=told.fields.text("ResponseCode"),
    )


TELLERS: dict[str, Teller] = {
    f"{CONTACT}/del_external_contact": _lost,
    f"{CONTACT}/del_follow_user": _lost,
    f"{DIRECTORY}/create_user": _staff(StaffChange.ARRIVED),
    f"{DIRECTORY}/update_user": _staff(StaffChange.CHANGED),
    f"{DIRECTORY}/delete_user": _staff(StaffChange.LEFT),
    CARD: _answered,
}
