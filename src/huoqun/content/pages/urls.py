from __future__ import annotations

from django.urls import path

from huoqun.content.pages import one
from huoqun.content.pages.listed import BroadcastList, RecipientList

app_name = "content"
urlpatterns = [
    path("", BroadcastList.as_view(), name="broadcasts"),
    path("write/", one.write, name="write"),
    path("pictures/<str:upload_id>", one.picture, name="picture"),
    path("<int:pk>/", one.one, name="broadcast"),
    path("<int:pk>/edit/", one.edit, name="edit"),
    path("<int:pk>/discard/", one.discard, name="discard"),
    path("<int:pk>/pictures/<str:upload_id>/drop/", one.drop_picture, name="drop_picture"),
    path("<int:pk>/send/", one.send, name="send"),
    path("<int:pk>/test/", one.try_out, name="try"),
    path("<int:pk>/pause/", one.pause, name="pause"),
    path("<int:pk>/resume/", one.resume, name="resume"),
    path("<int:pk>/remind/", one.remind, name="remind"),
    path("<int:pk>/stop/", one.stop, name="stop"),
    path("<int:pk>/recipients/", RecipientList.as_view(), name="recipients"),
]
