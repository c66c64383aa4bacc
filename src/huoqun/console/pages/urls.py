"""Addresses of the console itself."""

from __future__ import annotations

from django.urls import path

from huoqun.console.pages import front, links, own, staff

app_name = "console"
urlpatterns = [
    path("", front.home, name="home"),
    path("healthz", front.healthz, name="healthz"),
    path("tallies/", front.tallies, name="tallies"),
    path("account/language/", own.choose_language, name="language"),
    path("account/passport/", own.drop_passport, name="passport"),
    path("account/", own.OwnPage.as_view(), name="own"),
    path("account/link/<str:token>/", links.LinkPage.as_view(), name="link"),
    path("staff/", staff.StaffList.as_view(), name="staff"),
    path("staff/add/", staff.AddStaff.as_view(), name="staff-add"),
    path("staff/<int:pk>/", staff.StaffPage.as_view(), name="staff-one"),
    path("staff/exports/", staff.ExportList.as_view(), name="exports"),
]
