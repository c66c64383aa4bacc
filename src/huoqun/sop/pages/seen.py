"""What a page is about, as far as whoever asks may see and change it. Operators see the runs of the groups they run."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Group
from huoqun.community.pages import looking
from huoqun.console.models import Role, Staff
from huoqun.console.permissions import NotYourRole, may
from huoqun.sop import queries
from huoqun.sop.models import Launch, Line, Playbook, Run, Version

IN_CHARGE = (Role.ADMIN, Role.LEAD)

M = TypeVar("M", bound=Model)


def _found(rows: QuerySet[M], **which: object) -> M:
    found = rows.filter(**which).first()
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, rows: QuerySet[M], group: str) -> QuerySet[M]:
    staff = request.user
    if isinstance(staff, Staff) and staff.role == Role.OPERATOR:
        return rows.filter(**{f"{group}operator": staff})
    return rows


def groups(request: HttpRequest) -> QuerySet[Group]:
    return _own(request, looking.within(request, community_queries.groups(request.user)), "")


def runs(request: HttpRequest) -> QuerySet[Run]:
    return _own(request, looking.within(request, queries.runs(request.user), "group__community"), "group__")


def runs_of(request: HttpRequest, launch: Launch) -> QuerySet[Run]:
    """Whichever community is looked at: the page is about this launch."""
    return _own(request, queries.runs(request.user).filter(launch=launch), "group__")


def lines(request: HttpRequest) -> QuerySet[Line]:
    return _own(request, looking.within(request, queries.lines(request.user), "run__group__community"), "run__group__")


def launches(request: HttpRequest) -> QuerySet[Launch]:
    rows = looking.within(request, queries.launches(request.user))
    return rows.select_related("version__playbook", "community")


def one_launch(request: HttpRequest, pk: int) -> Launch:
    return _found(queries.launches(request.user).select_related("version__playbook", "community", "began_by"), pk=pk)


def one_run(request: HttpRequest, pk: int) -> Run:
    alongside = ("launch__community", "launch__version__playbook", "version__playbook", "group__operator", "member__person")
    return _found(_own(request, queries.runs(request.user), "group__").select_related(*alongside), pk=pk)


def one_line(request: HttpRequest, pk: int) -> Line:
    rows = _own(request, queries.lines(request.user), "run__group__")
    return _found(rows.select_related("run__group", "run__launch__community", "run__version"), pk=pk)


def one_playbook(request: HttpRequest, pk: int) -> Playbook:
    """Of a community: what ships with the product is looked at as files."""
    return _found(queries.playbooks(request.user).filter(community__isnull=False).select_related("community"), pk=pk)


def version_of(playbook: Playbook, number: str | int | None) -> Version:
    """The latest where none is named."""
    rows = playbook.versions.select_related("made_by", "playbook__community").order_by("-number")
    if number in (None, ""):
        return _found(rows)
    if not str(number).isascii() or not str(number).isdigit() or len(str(number)) > 6:
        raise Http404
    return _found(rows, number=int(str(number)))


def home(request: HttpRequest) -> Community | None:
    """The community something new is for: named in the address, or the one looked at."""
    slug = request.GET.get("community", "")
    if slug:
        return next((each for each in looking.seen(request) if each.slug == slug), None)
    return looking.chosen(request)


def may_lead(request: HttpRequest) -> bool:
    return may(request.user, *IN_CHARGE)


def may_change(request: HttpRequest, group: Group) -> bool:
    """Those in charge, and whoever runs the group."""
    staff = request.user
    if not isinstance(staff, Staff):
        return False
    return staff.role in IN_CHARGE or (staff.role == Role.OPERATOR and group.operator_id == staff.pk)


def changed_run(request: HttpRequest, pk: int) -> Run:
    """Raises PermissionDenied for somebody who only looks."""
    run = one_run(request, pk)
    if not may_change(request, run.group):
        raise NotYourRole((*IN_CHARGE, Role.OPERATOR))
    return run


def changed_line(request: HttpRequest, pk: int) -> Line:
    line = one_line(request, pk)
    if not may_change(request, line.run.group):
        raise NotYourRole((*IN_CHARGE, Role.OPERATOR))
    return line
