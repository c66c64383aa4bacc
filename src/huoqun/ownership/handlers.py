"""What this room does when something happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import prefetch_related_objects

from huoqun.community.models import Community, Group, Identity
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.models import State as RequestState
from huoqun.ownership.operations import answered, close_settled, erase, give_many, see_done
from huoqun.ownership.operations.closing import ROOM
from huoqun.ownership.operations.doing import requests_of
from huoqun.ownership.rules.preparing import group_of, member_of
from huoqun.ownership.rules.proving import PROVING
from huoqun.ownership.rules.times import due_at
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import Action
from huoqun.vocabulary.events import GroupEvent, StaffAnswered
from huoqun.vocabulary.facts import PersonErased, RequestSettled
from huoqun.vocabulary.ids import group_key, person_key
from huoqun.vocabulary.log import Batch

HEARS = (RequestSettled, StaffAnswered, *PROVING)


def hear(batch: Batch, *, now: datetime) -> None:
    """What a carrier leaves to people becomes a to-do; what is settled elsewhere, or seen to be done, is closed."""
    outcomes: dict[str, dict[str, str]] = defaultdict(dict)
    for stored in batch:
        if isinstance(stored.what, RequestSettled) and not _is_our_message(stored.what):
            outcomes[stored.what.community][stored.what.request] = stored.what.outcome
    for slug, settled in outcomes.items():
        _take(Community.objects.get(slug=slug), settled, now)
    answered((stored.what for stored in batch if isinstance(stored.what, StaffAnswered)), now=now)
    see_done((stored.what for stored in batch if isinstance(stored.what, GroupEvent)), now=now)


def _is_our_message(settled: RequestSettled) -> bool:
    """What of it cannot be delivered is on the page anyhow: nobody is asked to deliver it by hand."""
    return settled.room == ROOM and settled.action in {"MessageStaff", "CloseCard"}


def _take(community: Community, outcomes: Mapping[str, str], now: datetime) -> None:
    """`outcomes`: by the request's key the last one heard of."""
    close_settled(community, outcomes, now=now)
    handed = [(community.slug, key) for key, outcome in outcomes.items() if outcome == RequestState.HANDED]
    requests = [request for request in requests_of(handed) if request.state == RequestState.HANDED]
    prefetch_related_objects(requests, "asked_by")
    actions = {request.pk: codec.action(request.action, request.payload) for request in requests}
    groups, members = _groups(actions.values()), _members(actions.values())
    give_many([_wish(community, request, actions[request.pk], groups, members, now) for request in requests], now=now)


def _wish(
    community: Community,
    request: Request,
    action: Action,
    groups: Mapping[int, Group],
    members: Mapping[int, Identity],
    now: datetime,
) -> Give:
    return Give(
        community=community, key=f"request/{request.key}", room=request.room, about=request.about, why=request.reason,
        action=action, group=groups.get(_group(action)), member=members.get(_member(action)),
        due_at=due_at(request.not_before, request.expires_at, now=now), expires_at=request.expires_at, request=request.key,
        by=request.asked_by,
    )  # fmt: skip


def _group(action: Action) -> int:
    native = group_of(action)
    return group_key(action.account, native) if native else 0


def _member(action: Action) -> int:
    native = member_of(action)
    return person_key(action.account, native) if native else 0


def _groups(actions: Iterable[Action]) -> dict[int, Group]:
    keys = {key for action in actions if (key := _group(action))}
    return {group.key: group for group in Group.objects.filter(key__in=keys)}


def _members(actions: Iterable[Action]) -> dict[int, Identity]:
    keys = {key for action in actions if (key := _member(action))}
    return {member.key: member for member in Identity.objects.filter(key__in=keys)}


def forget_people(batch: Batch, *, now: datetime) -> None:
    """Nobody has anything to do about an erased person any more."""
    for stored in batch:
        if isinstance(stored.what, PersonErased):
            erase(stored.what.people, Community.objects.get(slug=stored.what.community), now=now)
