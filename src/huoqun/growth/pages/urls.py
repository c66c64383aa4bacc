from __future__ import annotations

from django.urls import path

from huoqun.growth.pages import making, one
from huoqun.growth.pages.listed import CodeList

app_name = "growth"
urlpatterns = [
    path("", CodeList.as_view(), name="codes"),
    path("make/<str:kind>/", making.make, name="make"),
    path("<int:pk>/", one.one, name="code"),
    path("<int:pk>/change/", making.change, name="change"),
    path("<int:pk>/link/", one.enter, name="enter"),
    path("<int:pk>/end/", one.end, name="end"),
]
