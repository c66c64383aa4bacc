from __future__ import annotations

from django.urls import path

from huoqun.health.pages import describe, group, home, people
from huoqun.health.pages.groups import GroupList

app_name = "health"
urlpatterns = [
    path("", home.home, name="home"),
    path("groups/", GroupList.as_view(), name="groups"),
    path("groups/<int:pk>/", group.one, name="group"),
    path("groups/<int:pk>/describe/", describe.one, name="describe"),
    path("people/", people.PeopleList.as_view(), name="people"),
    path("people/<int:pk>/", people.one, name="person"),
    path("people/<int:pk>/rename/", people.rename, name="rename_person"),
    path("people/<int:pk>/label/", people.label_one, name="label_person"),
    path("people/<int:pk>/split/", people.split, name="split_person"),
    path("people/<int:pk>/erase/", people.erase, name="erase_person"),
    path("people/<int:pk>/export.json", people.take_away, name="export_person"),
]
