"""Which communities somebody may look at, and what groups and people are called, is decided above this room: by functions given
where its addresses are wired (`config/urls.py`). Without them nobody sees anything, and ids stand for names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse

from huoqun.outbox.models import Request

CommunitiesOf = Callable[[HttpRequest], Collection[str]]
NamesOf = Callable[[HttpRequest, Iterable[Request]], Mapping[int, str]]
"""By the request's number: what the group or person it is for is called."""

CalledOf = Callable[[HttpRequest], Mapping[str, str]]
"""By short name: what the communities that may be seen are called."""


def communities(request: HttpRequest) -> Collection[str]:
    """All that may be seen, asked for once a request."""
    known: Collection[str] | None = getattr(request, "_outbox_communities", None)
    if known is None:
        ask: CommunitiesOf | None = _wired(request).get("communities_of")
        known = ask(request) if ask else ()
        request._outbox_communities = known  # type: ignore[attr-defined]
    return known


def looked_at(request: HttpRequest) -> Collection[str]:
    """Those chosen by the switcher."""
    ask: CommunitiesOf | None = _wired(request).get("looked_at_of")
    return ask(request) if ask else communities(request)


def names(request: HttpRequest, rows: Iterable[Request]) -> Mapping[int, str]:
    ask: NamesOf | None = _wired(request).get("names_of")
    return ask(request, rows) if ask else {}


def called(request: HttpRequest) -> Mapping[str, str]:
    """All communities that may be seen, by short name, in the order of their names; asked for once a request."""
    known: Mapping[str, str] | None = getattr(request, "_outbox_called", None)
    if known is None:
        ask: CalledOf | None = _wired(request).get("called_of")
        names = ask(request) if ask else {slug: slug for slug in communities(request)}
        known = dict(sorted(names.items(), key=lambda pair: pair[1]))
        request._outbox_called = known  # type: ignore[attr-defined]
    return known


def _wired(request: HttpRequest) -> Mapping[str, Any]:
    """Also on pages of other rooms, where the pause and the badge stand."""
    found = request.resolver_match
    if found is not None and found.app_name == "outbox":
        return found.kwargs
    return resolve(reverse("outbox:board")).kwargs
