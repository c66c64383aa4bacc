"""The broadcast a page is about."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from huoqun.console.permissions import NotYourRole, Role, staff_of
from huoqun.content.models import Broadcast
from huoqun.content.queries.broadcasts import broadcasts, may_handle


def seen_one(request: HttpRequest, pk: int) -> Broadcast:
    """One of a community that may be seen; any other is not there."""
    found = broadcasts(request.user).select_related("written_by", "sent_by", "stopped_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def handled_one(request: HttpRequest, pk: int) -> Broadcast:
    """One this person may change, send and stop. Raises PermissionDenied for a colleague's."""
    found = seen_one(request, pk)
    if not may_handle(staff_of(request), found):
        raise NotYourRole((Role.ADMIN, Role.LEAD))
    return found
