"""Making it less again: people who asked to be forgotten, and what is long closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community
from huoqun.community.parts import parts
from huoqun.ownership.models import Away, Todo
from huoqun.ownership.operations.showing import drop_pictures
from huoqun.ownership.operations.telling import call_off


def erase(people: Collection[int], community: Community, *, now: datetime) -> int:
    """Delete every to-do about these people (by the keys of their identities). Returns how many went."""
    gone = 0
    with transaction.atomic():
        for part in parts(people):
            rows = list(Todo.objects.filter(community=community, member_key__in=part).select_related("community"))
            call_off(rows, now=now)
            drop_pictures(rows)
            Todo.objects.filter(pk__in=[row.pk for row in rows]).delete()
            gone += len(rows)
    return gone


def forget(before: datetime) -> int:
    """Delete to-dos closed before, and absences that were over by then. Returns how many to-dos went."""
    Away.objects.filter(end__lt=before).delete()
    closed = Todo.objects.filter(settled_at__lt=before, given_at__lt=before)
    gone = 0
    while ids := list(closed.order_by("pk").values_list("pk", flat=True)[:2000]):
        drop_pictures(Todo.objects.filter(pk__in=ids).exclude(shown=""))
        Todo.objects.filter(pk__in=ids).delete()
        gone += len(ids)
    return gone
