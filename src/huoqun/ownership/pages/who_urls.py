"""Wired with who signs pages for the app around them: `{"signature_of": f}`, f(account, url) or None where it cannot now."""

from __future__ import annotations

from django.urls import path

from huoqun.ownership.pages import who

app_name = "who"
urlpatterns = [
    path("person/<int:pk>/", who.person, name="person"),
    path("person/<int:pk>/past/", who.past, name="past"),
    path("<str:carrier>/<str:account>/", who.page, name="page"),
    path("<str:carrier>/<str:account>/signature/", who.signature, name="signature"),
    path("<str:carrier>/<str:account>/customer/", who.customer, name="customer"),
    path("<str:carrier>/<str:account>/group/", who.group, name="group"),
]
