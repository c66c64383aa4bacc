"""Wired with what is decided above this floor (`pages/seen.py`):

path("wecom/", include("huoqun.carriers.wecom.pages.urls"), {"communities_of": f, "called_of": g})
"""

from __future__ import annotations

from django.urls import path

from huoqun.carriers.wecom.pages import archive, archive_lists, colleagues, connect, doctor, sign_in, sync

app_name = "wecom"
urlpatterns = [
    path("", connect.companies, name="companies"),
    path("connect/", connect.first, name="connect"),
    path("<int:pk>/", connect.company, name="company"),
    path("<int:pk>/app/", connect.app, name="app"),
    path("<int:pk>/customers/", connect.customers, name="customers"),
    path("<int:pk>/callback/", connect.callback, name="callback"),
    path("<int:pk>/callback/seen/", connect.callback_seen, name="callback_seen"),
    path("<int:pk>/colleagues/", colleagues.page, name="colleagues"),
    path("<int:pk>/colleagues/give/", colleagues.give, name="give_passport"),
    path("<int:pk>/colleagues/let-in/", colleagues.let_in, name="let_in"),
    path("<int:pk>/leave/", connect.leave, name="leave"),
    path("<int:pk>/sync/", sync.page, name="sync"),
    path("<int:pk>/sync/begin/", sync.begin, name="begin_sync"),
    path("<int:pk>/sync/halt/", sync.halt, name="halt_sync"),
    path("<int:pk>/archive/", archive.page, name="archive"),
    path("<int:pk>/archive/set-up/", archive.set_up, name="archive_set_up"),
    path("<int:pk>/archive/check/", archive.check, name="archive_check"),
    path("<int:pk>/archive/keys/make/", archive.make_key, name="archive_make_key"),
    path("<int:pk>/archive/keys/supply/", archive.supply_key, name="archive_supply_key"),
    path("<int:pk>/archive/keys/<int:key>/name/", archive.name_key, name="archive_name_key"),
    path("<int:pk>/archive/groups/", archive_lists.Groups.as_view(), name="archive_groups"),
    path("<int:pk>/archive/files/", archive_lists.Files.as_view(), name="archive_files"),
    path("<int:pk>/archive/files/<int:file>/", archive_lists.file, name="archive_file"),
    path("<int:pk>/doctor/", doctor.page, name="doctor"),
    path("<int:pk>/doctor/findings/", doctor.findings, name="findings"),
    path("<int:pk>/in/", sign_in.begin, name="sign_in"),
    path("in/back/", sign_in.back, name="sign_in_back"),
]
