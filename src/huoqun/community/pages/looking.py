"""Which communities a page looks at: all that may be seen, or the one that was chosen."""

from __future__ import annotations

from typing import TypeVar, cast
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from huoqun.community import queries
from huoqun.community.models import Community
from huoqun.console.navigation import Choice, Switcher

M = TypeVar("M", bound=Model)

CHOSEN = "community"
"""Under this name the session keeps the short name of the chosen community."""


def seen(request: HttpRequest) -> list[Community]:
    """All communities this person may see, asked for once a request."""
    known = getattr(request, "_communities", None)
    if known is None:
        known = list(queries.communities(request.user))
        request._communities = known  # type: ignore[attr-defined]
    return cast("list[Community]", known)


def chosen(request: HttpRequest) -> Community | None:
    """The one community looked at; None for all. A choice that may no longer be seen counts as none."""
    slug = request.session.get(CHOSEN, "")
    visible = seen(request)
    return next((community for community in visible if community.slug == slug), visible[0] if len(visible) == 1 else None)


def looked_at(request: HttpRequest) -> QuerySet[Community]:
    one = chosen(request)
    return queries.communities(request.user).filter(id=one.id) if one else queries.communities(request.user)


def within(request: HttpRequest, rows: QuerySet[M], community: str = "community") -> QuerySet[M]:
    """Of rows that may be seen (they came through `community.queries`) those looked at."""
    one = chosen(request)
    return rows.filter(**{community: one}) if one else rows


def switcher(request: HttpRequest) -> Switcher | None:
    """Nothing to switch with one community or none."""
    visible = seen(request)
    if len(visible) < 2:
        return None
    now = chosen(request)
    everything = Choice(_("All communities"), _address(request, ""), now is None)
    return Switcher(
        "community", _("Community"), (everything, *(Choice(c.name, _address(request, c.slug), c == now) for c in visible))
    )


def choose(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to where it was made."""
    slug = request.GET.get("slug", "")
    if slug and queries.communities(request.user).filter(slug=slug).exists():
        request.session[CHOSEN] = slug
    else:
        request.session.pop(CHOSEN, None)
    back = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else "/")


def _address(request: HttpRequest, slug: str) -> str:
    return f"{reverse('community:choose')}?{urlencode({'slug': slug, 'next': request.path})}"
