"""The calendar as an iCal feed, behind a link that is signed for one account and ends with its password."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from huoqun.community import queries as community_queries
from huoqun.console.models import Role, Staff
from huoqun.console.permissions import staff_of
from huoqun.sop import queries, timetable
from huoqun.sop.ical import Event, calendar
from huoqun.sop.pages.entries import heading

SALT = "sop.calendar"
BACK, AHEAD = 7, 28
"""Days."""


def link(request: HttpRequest, *, operator: int = 0, group: int = 0) -> str:
    """Whoever has it sees what this account sees, until its password is changed."""
    staff = staff_of(request)
    token = signing.dumps({"s": staff.pk, "k": _key(staff), "o": operator, "g": group}, salt=SALT, compress=True)
    return request.build_absolute_uri(reverse("sop:feed", args=[token]))


def _key(staff: Staff) -> str:
    return staff.get_session_auth_hash()[:20]


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    staff, operator, group = _read(token)
    zone, now = ZoneInfo(staff.zone), timezone.now()
    first = now.astimezone(zone).date() - timedelta(days=BACK)
    with translation.override(staff.language):
        found = timetable.entries(_sight(staff, operator, group), first=first, number=BACK + AHEAD, now=now)
        events = [_event(request, entry) for day in found.values() for entry in day]
        text = calendar(_("Huoqun: playbooks"), events, now=now)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _read(token: str) -> tuple[Staff, int, int]:
    """Whoever guesses, or comes with an old link, is told nothing."""
    try:
        told = signing.loads(token, salt=SALT)
    except signing.BadSignature as bad:
        raise Http404 from bad
    staff = Staff.objects.filter(pk=told["s"], is_active=True).first()
    if staff is None or _key(staff) != told["k"]:
        raise Http404
    return staff, told["o"], told["g"]


def _sight(staff: Staff, operator: int, group: int) -> timetable.Sight:
    """What this account may see now, which may be less than when the link was made."""
    whole = timetable.Sight(queries.lines(staff), queries.launches(staff), queries.runs(staff))
    whose = operator or (staff.pk if staff.role == Role.OPERATOR else 0)
    if not (whose or group):
        return whole
    groups = community_queries.groups(staff)
    if staff.role == Role.OPERATOR:
        groups = groups.filter(operator=staff)
    if operator:
        groups = groups.filter(operator=operator)
    if group:
        groups = groups.filter(pk=group)
    return timetable.narrowed(whole, groups, operator=whose, only=bool(group))


def _event(request: HttpRequest, entry: timetable.Entry) -> Event:
    counted = ngettext("%(n)d group", "%(n)d groups", entry.groups) % {"n": entry.groups}
    where = counted if entry.is_planned else _("to come")
    return Event(
        uid=f"{entry.launch}-{entry.key}-{entry.at:%Y%m%d}@huoqun",
        start=entry.at,
        end=entry.until,
        summary=f"{heading(entry)} · {where}",
        description=entry.title,
        url=request.build_absolute_uri(reverse("sop:launch", args=[entry.launch])),
    )
