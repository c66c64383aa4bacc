"""What somebody may see, decided above this floor and wired in by `config.urls`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.http import Http404, HttpRequest

from huoqun.carriers.wecom import queries
from huoqun.carriers.wecom.models import Corp


def communities(request: HttpRequest) -> Collection[str]:
    """Short names of the communities this person may see."""
    ask: Callable[[HttpRequest], Collection[str]] = _wired(request)["communities_of"]
    return ask(request)


def called(request: HttpRequest) -> Mapping[str, str]:
    """Names of these communities, by short name."""
    ask: Callable[[HttpRequest], Mapping[str, str]] = _wired(request)["called_of"]
    return ask(request)


def company(request: HttpRequest, pk: int) -> Corp:
    """The company, where this person may see its community; otherwise there is none."""
    found = queries.companies(communities(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _wired(request: HttpRequest) -> Mapping[str, Any]:
    match = request.resolver_match
    assert match is not None, "only a page asks"
    return match.kwargs
