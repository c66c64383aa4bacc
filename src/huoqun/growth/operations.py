"""The only place which changes live codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community, Group, Identity
from huoqun.console.models import Staff
from huoqun.growth.errors import LeadsNowhere, NotLive
from huoqun.growth.models import LiveCode, Step
from huoqun.growth.rules import MOST_COLLEAGUES, MOST_GROUPS, Kind, State, Wish, state_after, trouble_after, wish_of
from huoqun.outbox import operations as outbox
from huoqun.ownership.queries import account_of
from huoqun.vocabulary.actions import (
    Action,
    ChangeContactLink,
    ChangeJoinLink,
    EndContactLink,
    EndJoinLink,
    MakeContactLink,
    MakeJoinLink,
)
from huoqun.vocabulary.facts import RequestSettled

ROOM = "growth"


@dataclass(frozen=True, kw_only=True, slots=True)
class Leads:
    """Where a code leads and what it is called. Groups for a group code, colleagues for a contact code."""

    title: str
    groups: Sequence[Group] = ()
    colleagues: Sequence[Identity] = ()
    new_groups: str = ""
    asks_first: bool = False


@transaction.atomic
def make(home: Community, kind: Kind, leads: Leads, *, by: Staff, now: datetime) -> LiveCode:
    """The carrier is asked for it; it is live when the carrier has answered. Raises LeadsNowhere."""
    carrier = _check(home, kind, leads)
    account = account_of(home, carrier)
    code = LiveCode.objects.create(
        community=home, kind=kind, title=leads.title, carrier=carrier, account=account.name, new_groups=leads.new_groups,
        asks_first=leads.asks_first, made_at=now, made_by=by,
    )  # fmt: skip
    _point(code, leads)
    _ask(code, Wish.MAKE, _making(code, leads), by=by, now=now)
    return code


@transaction.atomic
def change(code: LiveCode, leads: Leads, *, by: Staff, now: datetime) -> LiveCode:
    """It leads there from now on; what is printed stays good. Raises LeadsNowhere, NotLive."""
    locked = _locked(code)
    if _check(locked.community, Kind(locked.kind), leads) != locked.carrier:
        raise LeadsNowhere("a code stays on the carrier it was made on")
    if locked.state != State.LIVE:
        raise NotLive
    locked.title, locked.new_groups, locked.asks_first = leads.title, leads.new_groups, leads.asks_first
    locked.save(update_fields=["title", "new_groups", "asks_first"])
    _point(locked, leads)
    if locked.link_id:  # what was made by hand is changed by hand, there
        _ask(locked, Wish.CHANGE, _changing(locked, leads), by=by, now=now)
    return locked


@transaction.atomic
def end(code: LiveCode, *, by: Staff, now: datetime) -> LiveCode:
    """Nobody comes in by it any more. Raises NotLive."""
    locked = _locked(code)
    if locked.state == State.ENDED or (locked.state == State.ASKED and not locked.link_id):
        raise NotLive
    if locked.state == State.LIVE and locked.link_id:
        kind = EndJoinLink if locked.is_join else EndContactLink
        _ask(locked, Wish.END, kind(account=locked.through, link_id=locked.link_id), by=by, now=now)
        return locked
    locked.state, locked.ended_at = State.ENDED, now
    locked.save(update_fields=["state", "ended_at"])
    return locked


@transaction.atomic
def enter_link(code: LiveCode, link: str, *, now: datetime) -> LiveCode:
    """Somebody has made it by hand. Raises NotLive where the carrier made it, or it has ended."""
    locked = _locked(code)
    if locked.link_id or locked.state == State.ENDED:
        raise NotLive
    locked.link, locked.state, locked.trouble = link, State.LIVE, ""
    locked.save(update_fields=["link", "state", "trouble"])
    return locked


def take_note(settled: Iterable[RequestSettled], *, now: datetime) -> None:
    """How requests ended. As often as they come, and an older one never overrides a newer one."""
    for fact in settled:
        named = wish_of(fact.about)
        if named is not None:
            _take(fact, *named, now=now)


@transaction.atomic
def _take(fact: RequestSettled, pk: int, wish: Wish, version: int, *, now: datetime) -> None:
    rows = LiveCode.objects.select_for_update(of=("self",)).select_related("community")
    code = rows.filter(pk=pk, community__slug=fact.community).first()
    if code is None:
        return
    if wish == Wish.MAKE and fact.outcome == "sent" and fact.message_id:
        code.link_id, code.link = fact.message_id, fact.link
    code.state = state_after(wish, fact.outcome, State(code.state))
    if version == code.version:
        code.trouble = trouble_after(fact.outcome, fact.reason)
    if code.state == State.ENDED and code.ended_at is None:
        code.ended_at = fact.at
    code.save(update_fields=["link_id", "link", "state", "trouble", "ended_at"])


def _locked(code: LiveCode) -> LiveCode:
    return LiveCode.objects.select_for_update(of=("self",)).select_related("community").get(pk=code.pk)


def _check(home: Community, kind: Kind, leads: Leads) -> str:
    """The carrier all of it is on."""
    places: Sequence[Group | Identity] = leads.groups if kind == Kind.JOIN else leads.colleagues
    most = MOST_GROUPS if kind == Kind.JOIN else MOST_COLLEAGUES
    carriers = {place.carrier for place in places}
    if len(carriers) != 1 or len(places) > most or any(place.community_id != home.pk for place in places):
        raise LeadsNowhere(f"a code leads to 1 to {most} places of one community on one carrier")
    return carriers.pop()


def _point(code: LiveCode, leads: Leads) -> None:
    code.steps.all().delete()
    if code.is_join:
        Step.objects.bulk_create(Step(code=code, group=group, place=place) for place, group in enumerate(leads.groups, 1))
    else:
        code.colleagues.set(leads.colleagues)


def _ask(code: LiveCode, wish: Wish, action: Action, *, by: Staff, now: datetime) -> None:
    code.version += 1
    code.save(update_fields=["version"])
    name = f"code/{code.pk}/{wish}/{code.version}"
    outbox.ask(action, key=name, room=ROOM, about=name, by=by, now=now)


def _making(code: LiveCode, leads: Leads) -> Action:
    account = code.through
    if code.is_join:
        first, *more = [group.native_id for group in leads.groups]
        return MakeJoinLink(
            account=account, group_id=first, more_group_ids=tuple(more), title=leads.title, source=code.source,
            new_groups=leads.new_groups, first_number=len(leads.groups) + 1,
        )  # fmt: skip
    staff = tuple(colleague.native_id for colleague in leads.colleagues)
    return MakeContactLink(account=account, staff_ids=staff, title=leads.title, source=code.source, asks_first=leads.asks_first)


def _changing(code: LiveCode, leads: Leads) -> Action:
    account, link = code.through, code.link_id
    if code.is_join:
        groups = tuple(group.native_id for group in leads.groups)
        return ChangeJoinLink(
            account=account, link_id=link, group_ids=groups, title=leads.title, source=code.source, new_groups=leads.new_groups,
            first_number=len(groups) + 1,
        )  # fmt: skip
    staff = tuple(colleague.native_id for colleague in leads.colleagues)
    return ChangeContactLink(
        account=account, link_id=link, staff_ids=staff, title=leads.title, source=code.source, asks_first=leads.asks_first
    )
