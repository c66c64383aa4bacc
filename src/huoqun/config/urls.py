"""Every address of the console, room by room."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import import_string


def communities_of(request: HttpRequest) -> list[str]:
    """By its name, as `include` does: rooms read their paths from config, so config imports none of them."""
    slugs: list[str] = import_string("huoqun.community.queries.slugs")(request.user)
    return slugs


urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("huoqun.console.pages.sign_in")),
    path("", include("huoqun.health.pages.urls")),
    path("", include("huoqun.community.pages.urls")),
    path("jobs/", include("huoqun.jobs.pages.urls")),
    path("loops/", include("huoqun.inbox.pages.urls"), {"communities_of": communities_of}),
    path("", include("huoqun.console.pages.urls")),
]

handler400 = "huoqun.console.pages.front.bad_request"
handler403 = "huoqun.console.pages.front.refused"
handler404 = "huoqun.console.pages.front.not_found"
handler500 = "huoqun.console.pages.front.broken"
handler429 = "huoqun.console.pages.front.too_often"
