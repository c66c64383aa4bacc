"""What a page is about, as far as whoever asks may see and change it. Operators see the runs of the groups they run."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse

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


def own(request: HttpRequest, rows: QuerySet[M], group: str) -> QuerySet[M]:
    staff = request.user
    if isinstance(staff, Staff) and staff.role == Role.OPERATOR:
        return rows.filter(**{f"{group}operator": staff})
    return rows


def groups(request: HttpRequest) -> QuerySet[Group]:
    return own(request, looking.within(request, community_queries.groups(request.user)), "")


def _within(request: HttpRequest, rows: QuerySet[M]) -> QuerySet[M]:
    """By launch, so that each of a million rows need not be joined to its own."""
    one = looking.chosen(request)
    return rows.filter(launch__in=Launch.objects.filter(community=one).order_by().values("pk")) if one else rows


def runs(request: HttpRequest) -> QuerySet[Run]:
    return own(request, _within(request, queries.runs(request.user)), "group__")


def runs_of(request: HttpRequest, launch: Launch) -> QuerySet[Run]:
    """Whichever community is looked at: the page is about this launch."""
    return own(request, queries.runs(request.user).filter(launch=launch), "group__")


def lines(request: HttpRequest) -> QuerySet[Line]:
    return own(request, _within(request, queries.lines(request.user)), "group__")


def launches(request: HttpRequest) -> QuerySet[Launch]:
    rows = looking.within(request, queries.launches(request.user))
    return rows.select_related("version__playbook", "community")


def one_launch(request: HttpRequest, pk: int) -> Launch:
    return _found(queries.launches(request.user).select_related("version__playbook", "community", "began_by"), pk=pk)


def one_run(request: HttpRequest, pk: int) -> Run:
    alongside = ("launch__community", "launch__version__playbook", "version__playbook", "group__operator", "member__person")
    return _found(own(request, queries.runs(request.user), "group__").select_related(*alongside), pk=pk)


def one_line(request: HttpRequest, pk: int) -> Line:
    rows = own(request, queries.lines(request.user), "group__")
    return _found(rows.select_related("run__group", "run__launch__community", "run__version"), pk=pk)


def one_playbook(request: HttpRequest, pk: int) -> Playbook:
    """Of a community, also an archived one: what ships with the product is looked at as files."""
    return _found(queries.all_playbooks(request.user).filter(community__isnull=False).select_related("community"), pk=pk)


def one_offered(request: HttpRequest, pk: int) -> Playbook:
    """Nothing new is made of an archived one."""
    return _found(queries.playbooks(request.user).filter(community__isnull=False).select_related("community"), pk=pk)


def launches_of(request: HttpRequest, playbook: Playbook) -> QuerySet[Launch]:
    rows = queries.launches(request.user).filter(version__playbook=playbook)
    return rows.select_related("version__playbook", "community", "began_by").order_by("pk")


def to_playbook(playbook: Playbook) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("sop:playbook", args=[playbook.pk]))


def onward(request: HttpRequest, kept: Version) -> HttpResponseRedirect:
    """To the question what becomes of what is under way, where there is something and this is somebody who decides it."""
    behind = launches_of(request, kept.playbook).exclude(version=kept).exclude(state=Launch.State.ENDED)
    if may_lead(request) and behind.exists():
        return HttpResponseRedirect(reverse("sop:going_over", args=[kept.playbook_id]))
    return to_playbook(kept.playbook)


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
