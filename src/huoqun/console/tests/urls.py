"""The console alone: its tests need no room above it."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("huoqun.console.pages.sign_in")),
    path("", include("huoqun.console.pages.urls")),
]

handler400 = "huoqun.console.pages.front.bad_request"
handler403 = "huoqun.console.pages.front.refused"
handler404 = "huoqun.console.pages.front.not_found"
handler500 = "huoqun.console.pages.front.broken"
handler429 = "huoqun.console.pages.front.too_often"
