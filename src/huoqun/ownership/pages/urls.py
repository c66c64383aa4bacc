from __future__ import annotations

from django.urls import path

from huoqun.ownership.pages import absences, leaving, one, today
from huoqun.ownership.pages.everything import TodoList

app_name = "ownership"
urlpatterns = [
    path("", today.page, name="today"),
    path("all/", TodoList.as_view(), name="all"),
    path("away/", absences.page, name="away"),
    path("away/add/", absences.add, name="go_away"),
    path("away/<int:pk>/back/", absences.back, name="come_back"),
    path("leaving/", leaving.page, name="leaving"),
    path("leaving/<int:pk>/", leaving.one, name="leaving_one"),
    path("reach/", absences.reach, name="reach"),
    path("reach/<int:pk>/remove/", absences.unreach, name="unreach"),
    path("<int:pk>/", one.page, name="one"),
    path("<int:pk>/card/", one.card, name="card"),
    path("<int:pk>/do/", one.do, name="do"),
    path("<int:pk>/evidence/", one.evidence, name="evidence"),
    path("<int:pk>/undo/", one.undo, name="undo"),
    path("<int:pk>/cannot/", one.cannot, name="cannot"),
    path("<int:pk>/hand-on/", one.hand_on, name="hand_on"),
    path("<int:pk>/cancel/", one.cancel, name="cancel"),
    path("<int:pk>/pictures/<int:place>/", one.picture, name="picture"),
]
