from __future__ import annotations

from django.urls import path

from huoqun.admission.pages import group_welcome, texts
from huoqun.admission.pages.greeted import GreetingList

app_name = "admission"
urlpatterns = [
    path("", texts.welcomes, name="welcomes"),
    path("groups/", group_welcome.page, name="group_welcome"),
    path("write/", texts.write, name="write"),
    path("preview/", texts.preview, name="preview"),
    path("<int:pk>/", texts.edit, name="edit"),
    path("<int:pk>/remove/", texts.remove, name="remove"),
    path("greeted/", GreetingList.as_view(), name="greeted"),
]
