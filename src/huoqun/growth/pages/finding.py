"""The code a page is about."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from huoqun.growth.models import LiveCode
from huoqun.growth.queries import codes


def seen_one(request: HttpRequest, pk: int) -> LiveCode:
    """One of a community that may be seen; any other is not there."""
    found = codes(request.user).prefetch_related("steps__group", "colleagues").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def leads_to(code: LiveCode) -> list[str]:
    """Names of the groups or colleagues, in their order."""
    if code.is_join:
        return [str(step.group) for step in code.steps.all()]
    return [str(colleague) for colleague in code.colleagues.all()]
