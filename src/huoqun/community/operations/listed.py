"""Apply lists that staff bring along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huoqun.community.errors import BadList
from huoqun.community.lists import GroupLine, group_lines, house_lines, wrong
from huoqun.community.models import Community, Group
from huoqun.community.operations import groups, labels
from huoqun.console.models import Staff


def take_house_list(community: Community, lines: Iterable[str], *, by: Staff | None, now: datetime, reason: str = "") -> int:
    """Label everybody the list names. Returns how many people changed. Raises BadList, then nothing is applied."""
    return labels.by_list(community, house_lines(lines), by=by, now=now, reason=reason)


@transaction.atomic
def take_group_list(community: Community, lines: Iterable[str]) -> int:
    """Set what the list says about groups that are known. Returns how many groups were found. Raises BadList."""
    listed = group_lines(lines)
    staff = {account.username: account for account in Staff.objects.filter(username__in={line.operator for line in listed})}
    if strangers := [line for line in listed if line.operator and line.operator not in staff]:
        accounts = " / ".join(Staff.objects.filter(is_active=True).order_by("username").values_list("username", flat=True)[:20])
        raise BadList([wrong(line.line, "operator", line.operator, accounts) for line in strangers])
    return sum(_apply(community, line, staff) for line in listed)


def _apply(community: Community, line: GroupLine, staff: dict[str, Staff]) -> int:
    found = Group.objects.filter(community=community, native_id=line.group_id)
    if line.carrier:
        found = found.filter(carrier=line.carrier)
    rows = list(found)
    operator = {"operator": staff[line.operator]} if line.operator in staff else {}
    if rows and (line.fields or operator):
        groups.describe(rows, **line.fields, **operator)
    for name in line.tags if rows else ():
        groups.tag(community, name, groups=rows)
    return len(rows)
