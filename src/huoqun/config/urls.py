"""Every address of the console, room by room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import import_string


def communities_of(request: HttpRequest) -> list[str]:
    """By its name, as `include` does: rooms read their paths from config, so config imports none of them."""
    slugs: list[str] = import_string("huoqun.community.queries.slugs")(request.user)
    return slugs


def looked_at_of(request: HttpRequest) -> list[str]:
    """Those of them chosen by the switcher."""
    return list(import_string("huoqun.community.pages.looking.looked_at")(request).values_list("slug", flat=True))


def called_of(request: HttpRequest) -> dict[str, str]:
    """Names of the communities that may be seen, by short name."""
    return dict(import_string("huoqun.community.queries.communities")(request.user).values_list("slug", "name"))


def names_of(request: HttpRequest, rows: Iterable[Any]) -> dict[int, str]:
    """What the groups and people are called for whom requests of the outbox are; what may not be seen has no name."""
    names: dict[int, str] = import_string("huoqun.community.pages.named.of_requests")(request.user, rows)
    return names


def page_signature(account: Any, url: str) -> Any:
    """What a page needs to speak with a carrier's app around it; the carriers are reached through their registry alone."""
    return import_string("huoqun.carriers.registry.page_signature")(account, url)


def ask_sync(account: Any, **how: Any) -> Any:
    """Have an account read from end to end: a job, of which the carriers know nothing."""
    return import_string("huoqun.wiring.syncing.ask")(account, **how)


def stop_sync(account: Any, **how: Any) -> Any:
    return import_string("huoqun.wiring.syncing.stop")(account, **how)


urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("huoqun.console.pages.sign_in")),
    path("", include("huoqun.health.pages.urls")),
    path("broadcasts/", include("huoqun.content.pages.urls")),
    path("codes/", include("huoqun.growth.pages.urls")),
    path("sop/", include("huoqun.sop.pages.urls")),
    path("welcome/", include("huoqun.admission.pages.urls")),
    path("todos/", include("huoqun.ownership.pages.urls")),
    path("who/", include("huoqun.ownership.pages.who_urls"), {"signature_of": page_signature}),
    path(
        "wecom/",
        include("huoqun.carriers.wecom.pages.urls"),
        {"communities_of": communities_of, "called_of": called_of, "ask_sync": ask_sync, "stop_sync": stop_sync},
    ),
    path("", include("huoqun.community.pages.urls")),
    path("jobs/", include("huoqun.jobs.pages.urls")),
    path("loops/", include("huoqun.inbox.pages.urls"), {"communities_of": communities_of}),
    path(
        "outbox/",
        include("huoqun.outbox.pages.urls"),
        {"communities_of": communities_of, "looked_at_of": looked_at_of, "names_of": names_of, "called_of": called_of},
    ),
    path("", include("huoqun.console.pages.urls")),
]

handler400 = "huoqun.console.pages.front.bad_request"
handler403 = "huoqun.console.pages.front.refused"
handler404 = "huoqun.console.pages.front.not_found"
handler500 = "huoqun.console.pages.front.broken"
handler429 = "huoqun.console.pages.front.too_often"
