"""What a carrier leaves to people becomes a to-do, with everything prepared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import prefetch_related_objects

from huoqun.community.models import Community, Group, Identity
from huoqun.community.parts import parts
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.models import State as RequestState
from huoqun.ownership.models import State, Todo
from huoqun.ownership.operations.doing import requests_of
from huoqun.ownership.operations.giving import give_many
from huoqun.ownership.rules.preparing import group_of, member_of
from huoqun.ownership.rules.times import due_at
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import Action
from huoqun.vocabulary.ids import group_key, person_key

SAYING_SO = MappingProxyType[str, str]({})
"""A tap is enough for all of them."""


@transaction.atomic
def take_over(slug: str, keys: Collection[str], *, wants: Mapping[str, str] = SAYING_SO, now: datetime) -> int:
    """Requests of a community by their keys; those that are with a carrier again, or settled, give nobody anything. `wants`: by
    key what has to be shown before it is done, also where the to-do was given before and is not done. Returns how many are new.
    """
    handed = [request for request in requests_of([(slug, key) for key in keys]) if request.state == RequestState.HANDED]
    if not handed:
        return 0
    prefetch_related_objects(handed, "asked_by")
    actions = {request.pk: codec.action(request.action, request.payload) for request in handed}
    community, groups, members = Community.objects.get(slug=slug), _groups(actions.values()), _members(actions.values())
    wishes = [_wish(community, request, actions[request.pk], groups, members, wants, now) for request in handed]
    new = give_many(wishes, now=now)
    _want(community, [wish for wish in wishes if wish.wants])
    return new


def _want(community: Community, wishes: Iterable[Give]) -> None:
    keys: dict[str, list[str]] = {}
    for wish in wishes:
        keys.setdefault(wish.wants, []).append(wish.key)
    for wants, given in keys.items():
        for some in parts(given):
            Todo.objects.filter(community=community, key__in=some, state=State.OPEN, wants="").update(wants=wants)


def _wish(
    community: Community,
    request: Request,
    action: Action,
    groups: Mapping[int, Group],
    members: Mapping[int, Identity],
    wants: Mapping[str, str],
    now: datetime,
) -> Give:
    return Give(
        community=community, key=f"request/{request.key}", room=request.room, about=request.about, why=request.reason,
        action=action, group=groups.get(_group(action)), member=members.get(_member(action)),
        due_at=due_at(request.not_before, request.expires_at, now=now), expires_at=request.expires_at, request=request.key,
        by=request.asked_by, wants=wants.get(request.key, ""),
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
