from __future__ import annotations

from django.urls import path

from huoqun.community.pages import imports, looking, settings
from huoqun.console.permissions import needs

app_name = "community"
urlpatterns = [
    path("choose/", needs()(looking.choose), name="choose"),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/hand-in/", imports.hand_in, name="hand_in"),
    path("imports/<int:pk>/", imports.one, name="import"),
    path("imports/<int:pk>/cancel/", imports.cancel, name="cancel_import"),
    path("imports/<int:pk>/undo/", imports.undo, name="undo_import"),
    path("imports/<int:pk>/unreadable.csv", imports.bad_file, name="bad_records"),
    path("communities/", settings.CommunityList.as_view(), name="communities"),
    path("communities/<slug:slug>/", settings.one, name="settings"),
    path("communities/<slug:slug>/rules/", settings.add_rule, name="add_rule"),
    path("communities/<slug:slug>/rules/<int:pk>/remove/", settings.drop_rule, name="drop_rule"),
    path("communities/<slug:slug>/house-list/", settings.take_house_list, name="house_list"),
    path("communities/<slug:slug>/group-list/", settings.take_group_list, name="group_list"),
    path("communities/<slug:slug>/seats/", settings.give_seat, name="give_seat"),
    path("communities/<slug:slug>/seats/<int:pk>/take/", settings.take_seat, name="take_seat"),
]
