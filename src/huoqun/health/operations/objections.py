"""Keeps what a reader who knows the group holds against an audit. Nothing is ever taken back: the rows are their own trail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.community.models import Group
from huoqun.console.models import Staff
from huoqun.health.models import Audit, GroupHealth, Objection


@transaction.atomic
def keep_objection(
    group: Group, audit: Audit, about: str, code: str, instead: str, note: str, by: Staff, now: datetime
) -> Objection:
    """One row for each thing somebody says of one audit: sent twice, it is kept once, with what was known that day."""
    Group.objects.select_for_update().get(pk=group.pk)
    kept, _ = Objection.objects.get_or_create(
        group=group,
        audit_as_of=audit.as_of,
        about=about,
        code=code,
        instead=instead,
        note=note,
        by=by,
        defaults={"at": now, "then": _known(group, audit)},
    )
    return kept


def _known(group: Group, audit: Audit) -> dict[str, object]:
    names = ("state", "messages_30d", "speakers_7d", "p_silent")
    return GroupHealth.objects.filter(group=group, audit=audit).values(*names).first() or {}
