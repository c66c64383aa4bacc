"""Done, taken back, seen to be done, not wanted any more, over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from huoqun.community.models import Community, Identity
from huoqun.community.parts import parts
from huoqun.console.models import Staff
from huoqun.inbox.operations import announce
from huoqun.outbox import operations as outbox
from huoqun.outbox import queries as outbox_queries
from huoqun.outbox.models import Request
from huoqun.ownership import words
from huoqun.ownership.models import How, State, Todo
from huoqun.ownership.operations.telling import call_off
from huoqun.ownership.rules.proving import PROVABLE, PROVING, proves
from huoqun.ownership.rules.times import UNDO
from huoqun.vocabulary.events import GroupEvent, MessagePosted
from huoqun.vocabulary.facts import TodoDone
from huoqun.vocabulary.ids import Account, group_key, person_key

AT_ONCE = 500
UNSHOWN = ~Q(wants="") & Q(shown="")
"""Nothing proves these but what somebody shows."""


def do(todo: Todo, *, by: Staff, now: datetime) -> bool:
    """They say that it is done. For a minute they can take it back; only then others are told. False: it was closed already, or
    something has to be shown first (`operations.show`).
    """
    return do_many([todo], by=by, now=now) == 1


def do_many(todos: Iterable[Todo], *, by: Staff, now: datetime) -> int:
    rows = Todo.objects.filter(pk__in=[todo.pk for todo in todos], state=State.OPEN).exclude(UNSHOWN)
    return rows.update(state=State.DONE, done_at=now, done_by=by, how=How.TAP, settled_at=None)


def undo(todo: Todo, *, by: Staff, now: datetime) -> bool:
    """It is not done after all. False: it was somebody else's tap, or others have been told already."""
    tapped = Todo.objects.filter(pk=todo.pk, state=State.DONE, settled_at=None, done_by=by, how=How.TAP)
    return tapped.filter(done_at__gt=now - UNDO).update(state=State.OPEN, done_at=None, done_by=None, how="") == 1


def settle(*, now: datetime, most: int = AT_ONCE) -> int:
    """What can no longer be taken back is confirmed where it came from, and announced. Returns how many."""
    due = Todo.objects.filter(state=State.DONE, settled_at=None, done_at__lte=now - UNDO)
    if not due.exists():
        return 0
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("community").order_by("pk")[:most])
        _settle(rows, now=now)
    return len(rows)


def _settle(rows: Sequence[Todo], *, now: datetime) -> None:
    """They are done for good, in the caller's transaction, which holds the rows."""
    Todo.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=now)
    for by, requests in _requests_by_doer(rows).items():
        outbox.confirm(requests, by=by, now=now)
    call_off(rows, now=now)
    announce([_done(row, now) for row in rows], now=now)


def _requests_by_doer(rows: Iterable[Todo]) -> dict[Staff | None, list[Request]]:
    found: dict[Staff | None, list[Request]] = defaultdict(list)
    doers = Staff.objects.in_bulk({row.done_by_id for row in rows if row.done_by_id})
    by_request = {(row.community.slug, row.request): row for row in rows if row.request}
    for request in requests_of(by_request):
        doer = by_request[request.community, request.key].done_by_id
        found[doers.get(doer) if doer else None].append(request)
    return found


def requests_of(keys: Iterable[tuple[str, str]]) -> list[Request]:
    """By community and key."""
    by_community: dict[str, list[str]] = defaultdict(list)
    for community, key in keys:
        by_community[community].append(key)
    found: list[Request] = []
    for community, wanted in by_community.items():
        for part in parts(wanted):
            found += outbox_queries.requests([community]).filter(key__in=part).order_by("pk")
    return found


def _done(row: Todo, now: datetime) -> TodoDone:
    return TodoDone(
        community=row.community.slug, at=row.done_at or now, todo=row.pk, key=row.key, room=row.room, about=row.about,
        how=row.how, by=row.done_by_id, request=row.request,
    )  # fmt: skip


# The carrier's own events


def see_done(events: Iterable[GroupEvent], *, now: datetime) -> int:
    """To-dos which these events prove are done, at once and for good. Returns how many."""
    heard = [event for event in events if isinstance(event, PROVING)]
    by_group = _by_group(heard)
    with transaction.atomic():
        waiting = Todo.objects.filter(state=State.OPEN, action__in=PROVABLE, group_key__in=by_group).exclude(UNSHOWN)
        rows = list(waiting.select_for_update(of=("self",)).select_related("community").order_by("pk"))
        if not rows:
            return 0
        house = _house(heard)
        proven = [row for row in rows if _prove(row, by_group[row.group_key or 0], house)]
        Todo.objects.bulk_update(proven, ["state", "how", "done_at", "done_by", "proof"], batch_size=500)
        _settle(proven, now=now)
    return len(proven)


def _by_group(events: Iterable[GroupEvent]) -> dict[int, list[GroupEvent]]:
    keys: dict[tuple[Account, str], int] = {}
    found: dict[int, list[GroupEvent]] = defaultdict(list)
    for event in events:
        place = (event.account, event.group_id)
        if place not in keys:
            keys[place] = group_key(*place)
        found[keys[place]].append(event)
    return found


def _house(events: Iterable[GroupEvent]) -> set[int]:
    """Keys of those among the speakers who are house; what the carrier itself marks is house too."""
    speakers: set[int] = set()
    marked: set[int] = set()
    for event in events:
        if isinstance(event, MessagePosted):
            key = person_key(event.account, event.author.id)
            (marked if event.house else speakers).add(key)
    known = Identity.objects.filter(key__in=speakers).exclude(person__house="")
    return marked | set(known.values_list("key", flat=True))


def _prove(row: Todo, events: Iterable[GroupEvent], house: set[int]) -> bool:
    """Marks the row, which the caller saves."""
    action = words.action_of(row)
    for event in events if action else ():
        by_house = isinstance(event, MessagePosted) and person_key(event.account, event.author.id) in house
        if action and proves(event, action, since=row.given_at, by_house=by_house):
            row.state, row.how, row.done_at = State.DONE, How.SEEN, event.at
            row.done_by_id, row.proof = row.assigned_id, event.source_id[:500]
            return True
    return False


# Not done


def cancel(todos: Iterable[Todo], *, by: Staff | None, now: datetime, reason: str = "") -> int:
    """Nobody needs to do them any more, and the requests they came from are cancelled. Returns how many were open."""
    return _close(todos, State.CANCELLED, by=by, now=now, reason=reason)


def expire(*, now: datetime, most: int = AT_ONCE) -> int:
    """What nobody did while it was of use is closed, and its request cancelled. Returns how many."""
    over = Todo.objects.filter(state=State.OPEN, expires_at__lte=now).order_by("pk")
    return _close(over[:most], State.EXPIRED, by=None, now=now, reason="Nobody did it in time.") if over.exists() else 0


def _close(todos: Iterable[Todo], state: State, *, by: Staff | None, now: datetime, reason: str) -> int:
    ids = [todo.pk for todo in todos]
    with transaction.atomic():
        opened = Todo.objects.filter(pk__in=ids, state=State.OPEN).order_by("pk")
        rows = list(opened.select_for_update(of=("self",)).select_related("community"))
        Todo.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, settled_at=now)
        for row in rows:
            row.state = state
        outbox.cancel(requests_of([(r.community.slug, r.request) for r in rows if r.request]), by=by, now=now, reason=reason)
        call_off(rows, now=now)
    return len(rows)


_ENDS = {"sent": State.DONE, "cancelled": State.CANCELLED, "expired": State.EXPIRED}


def close_settled(community: Community, outcomes: Mapping[str, str], *, now: datetime) -> int:
    """The requests (by key) they came from were settled elsewhere, such as in the outbox. Returns how many were open."""
    with transaction.atomic():
        opened = Todo.objects.filter(community=community, state=State.OPEN, request__in=[key for key in outcomes if key])
        rows = list(opened.select_for_update(of=("self",)).select_related("community").order_by("pk"))
        ended = [row for row in rows if outcomes[row.request] in _ENDS]
        for row in ended:
            row.state, row.settled_at = _ENDS[outcomes[row.request]], now
            if row.state == State.DONE:
                row.done_at, row.how = now, How.OUTBOX
        Todo.objects.bulk_update(ended, ["state", "settled_at", "done_at", "how"], batch_size=500)
        call_off(ended, now=now)
        announce([_done(row, now) for row in ended if row.state == State.DONE], now=now)
    return len(ended)
