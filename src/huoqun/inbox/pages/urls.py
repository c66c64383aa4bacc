"""Wired as `path("loops/", include("huoqun.inbox.pages.urls"), {"communities_of": f})`: which communities a lead may see is
decided above this room, by `f(request)`; without it leads see none.
"""

from __future__ import annotations

from django.urls import path

from huoqun.inbox.pages.parked import ParkedList

app_name = "inbox"
urlpatterns = [path("parked/", ParkedList.as_view(), name="parked")]
