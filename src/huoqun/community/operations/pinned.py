"""What is pinned up in groups and who helps their owners, as the carrier lists it: only differences are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from huoqun.community.models import Group
from huoqun.community.operations.filling import amend
from huoqun.community.parts import parts
from huoqun.vocabulary.ids import Account, person_key
from huoqun.vocabulary.roster import GroupSeen

Helper = Group.admins.through


def keep(
    account: Account, groups: Mapping[int, GroupSeen], rows: Mapping[int, int], ids: Mapping[int, int], *, at: datetime
) -> None:
    """`rows`: of the groups, by key; `ids`: of the identities, by key, of everybody listed. Where the carrier says nothing of a
    group's notice or admins, they stay as they were.
    """
    _keep_notices({rows[key]: seen.notice for key, seen in groups.items() if seen.notice is not None}, at)
    _keep_admins({rows[key]: _among(account, seen.admins, ids) for key, seen in groups.items() if seen.admins is not None})


def _among(account: Account, admins: tuple[str, ...], ids: Mapping[int, int]) -> set[int]:
    """Their rows; who was erased, or is no longer listed as a member, is nobody's helper."""
    keys = (int(person_key(account, each)) for each in admins)
    return {ids[key] for key in keys if key in ids}


def _keep_notices(notices: Mapping[int, str], at: datetime) -> None:
    changed = []
    for part in parts(notices):
        older = Q(noticed_at=None) | Q(noticed_at__lte=at)
        for row, before in Group.objects.filter(older, pk__in=part).values_list("pk", "notice"):
            if before != notices[row]:
                changed.append((row, notices[row], at))
    amend(Group, ("notice", "noticed_at"), changed)


def _keep_admins(wanted: Mapping[int, set[int]]) -> None:
    for part in parts(wanted):
        known = set(Helper.objects.filter(group_id__in=part).values_list("group_id", "identity_id"))
        there = {(group, identity) for group in part for identity in wanted[group]}
        for group, identity in known - there:
            Helper.objects.filter(group_id=group, identity_id=identity).delete()
        Helper.objects.bulk_create(Helper(group_id=group, identity_id=identity) for group, identity in sorted(there - known))
