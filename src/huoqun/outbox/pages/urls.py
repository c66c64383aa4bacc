"""Wired with what is decided above this room (`pages/seen.py`):

path("outbox/", include("huoqun.outbox.pages.urls"), {"communities_of": f, "looked_at_of": g, "names_of": h, "called_of": i})
"""

from __future__ import annotations

from django.urls import path

from huoqun.outbox.pages import caps, pauses, request
from huoqun.outbox.pages.board import Board

app_name = "outbox"
urlpatterns = [
    path("", Board.as_view(), name="board"),
    path("<int:pk>/", request.one, name="request"),
    path("<int:pk>/turn/", request.turn, name="turn"),
    path("paused/", pauses.pauses, name="pauses"),
    path("caps/", caps.caps, name="caps"),
    path("caps/drop/", caps.drop, name="drop_caps"),
    path("pause/", pauses.pause, name="pause"),
    path("lift/", pauses.lift, name="lift"),
]
