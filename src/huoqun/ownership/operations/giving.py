"""Giving somebody something to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community
from huoqun.community.parts import parts
from huoqun.outbox import codec
from huoqun.outbox.operations.disk import add_new_models
from huoqun.ownership.errors import NotGivable
from huoqun.ownership.models import Evidence, Todo
from huoqun.ownership.operations.telling import tell, with_contact
from huoqun.ownership.queries import absences_now, at_work
from huoqun.ownership.rules.preparing import Prepared, group_of, member_of, prepared
from huoqun.ownership.rules.receiving import Absence, receiver
from huoqun.ownership.types import Give
from huoqun.vocabulary.ids import group_key, person_key

_LONGEST = {"key": 220, "room": 40, "about": 200, "title": 200, "place": 200, "who": 300, "request": 200}
_NEEDED = {"key", "room"}


def give(wish: Give, *, now: datetime) -> Todo:
    """The to-do with this key, as it was first given: giving again changes nothing. In the caller's transaction: if that is
    undone, nobody was given anything or told. Raises NotGivable, naming the field.
    """
    give_many([wish], now=now)
    return Todo.objects.get(community=wish.community, key=wish.key)


@transaction.atomic
def give_many(wishes: Iterable[Give], *, now: datetime) -> int:
    """The same for many; returns how many were new. All or nothing."""
    by_community: dict[Community, dict[str, Give]] = defaultdict(dict)
    for wish in wishes:
        _check(wish)
        by_community[wish.community].setdefault(wish.key, wish)
    return sum(_give_in(community, list(given.values()), now) for community, given in by_community.items())


def _give_in(community: Community, wishes: Sequence[Give], now: datetime) -> int:
    there = _keys(community, [wish.key for wish in wishes])
    fresh = [wish for wish in wishes if wish.key not in there]
    if not fresh:
        return 0
    here, absences = at_work([community.pk])[community.pk], absences_now(now)
    rows = [_row(wish, _receiver(wish, here, absences, now), now) for wish in fresh]
    # Somebody may give the same at this very moment: then theirs stands, and telling twice is telling once.
    new = add_new_models(rows, unique=("community_id", "key"))
    _tell(community, rows, now)
    return new


def _tell(community: Community, rows: Sequence[Todo], now: datetime) -> None:
    """Only those who are reached on a carrier: in most communities nobody is, and then nothing is looked up again."""
    reached = with_contact(community, {row.assigned_id for row in rows if row.assigned_id})
    for part in parts(row.key for row in rows if row.assigned_id in reached):
        tell(list(Todo.objects.filter(community=community, key__in=part)), now=now)


def _keys(community: Community, keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in parts(keys):
        found.update(Todo.objects.filter(community=community, key__in=part).values_list("key", flat=True))
    return found


def _meant_for(wish: Give) -> int | None:
    if wish.to is not None:
        return wish.to.pk
    if wish.to_leads:
        return None
    return wish.group.operator_id if wish.group else None


def _receiver(wish: Give, here: set[int], absences: list[Absence], now: datetime) -> int | None:
    return receiver(_meant_for(wish), absences, here, now=now)


def _row(wish: Give, assigned: int | None, now: datetime) -> Todo:
    ready, meant_for = _prepared(wish), _meant_for(wish)
    group, member = _group_key(wish), _member_key(wish)
    return Todo(
        community=wish.community, key=wish.key, title=wish.title, why=_clean(wish.why)[:500],
        action=type(wish.action).__name__ if wish.action else "", payload=codec.written(wish.action) if wish.action else "",
        group=wish.group, group_key=group, member=wish.member, member_key=member,
        text=_clean(ready.text), pictures=list(ready.pictures), link=asdict(ready.link) if ready.link else None,
        place=wish.place or (group_of(wish.action)[:200] if wish.action else ""),
        who=wish.who or (member_of(wish.action)[:300] if wish.action and not wish.member else ""),
        due_at=wish.due_at, expires_at=wish.expires_at, assigned_id=assigned,
        meant_for_id=meant_for if meant_for != assigned else None, room=wish.room, about=wish.about, request=wish.request,
        wants=wish.wants,
        given_at=now, asked_by=wish.by,
    )  # fmt: skip


def _prepared(wish: Give) -> Prepared:
    own = Prepared(wish.text, wish.pictures, wish.link)
    return prepared(wish.action) if wish.action and own == Prepared() else own


def _group_key(wish: Give) -> int | None:
    if wish.group is not None:
        return wish.group.key
    native = group_of(wish.action) if wish.action else ""
    return group_key(wish.action.account, native) if wish.action and native else None


def _member_key(wish: Give) -> int | None:
    if wish.member is not None:
        return wish.member.key
    native = member_of(wish.action) if wish.action else ""
    return person_key(wish.action.account, native) if wish.action and native else None


def _check(wish: Give) -> None:
    for name, longest in _LONGEST.items():
        text = getattr(wish, name)
        if len(text) > longest or "\0" in text or (not text and name in _NEEDED):
            raise NotGivable(wish.key, f"its {name} is empty, holds a null character or is over {longest} long")
    if wish.wants and wish.wants not in Evidence.values:
        raise NotGivable(wish.key, f"nobody can show “{wish.wants}”: ask for {', '.join(Evidence.values)}")
    if not wish.title and wish.action is None:
        raise NotGivable(wish.key, "it has neither a title nor an action: say what is to be done")
    for name, moment in (("due_at", wish.due_at), ("expires_at", wish.expires_at)):
        if moment is not None and moment.tzinfo is None:
            raise NotGivable(wish.key, f"{name} has no zone; give it one (times are kept in UTC)")
    _check_community(wish)


def _check_community(wish: Give) -> None:
    owners = {
        "group": wish.group.community_id if wish.group else wish.community.pk,
        "member": wish.member.community_id if wish.member else wish.community.pk,
    }
    for name, owner in owners.items():
        if owner != wish.community.pk:
            raise NotGivable(wish.key, f"its {name} belongs to another community")
    if wish.action is not None and wish.action.account.community != wish.community.slug:
        raise NotGivable(wish.key, "its action is for another community")


def _clean(text: str) -> str:
    return text.replace("\0", "")
