from __future__ import annotations

from django.urls import path, re_path

from huoqun.sop.pages import book, calendar, compliance, feed, launched, run, starting, waiting, writing
from huoqun.sop.pages.listed import PlaybookList

app_name = "sop"
urlpatterns = [
    path("", PlaybookList.as_view(), name="playbooks"),
    path("new/", writing.new, name="new"),
    path("playbook.schema.json", book.schema, name="schema"),
    path("shipped/<slug:name>/", book.shipped_page, name="shipped"),
    path("shipped/<slug:name>/take/", book.take, name="take"),
    path("shipped/<slug:name>/playbook.yaml", book.shipped_yaml, name="shipped_yaml"),
    path("<int:pk>/", book.one, name="playbook"),
    path("<int:pk>/playbook.yaml", book.as_yaml, name="yaml"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/form/", writing.form, name="form"),
    path("<int:pk>/changes/", book.changes, name="changes"),
    path("<int:pk>/back/<int:number>/", book.back, name="back"),
    path("<int:pk>/renew/", book.renew, name="renew"),
    path("<int:pk>/preview/", starting.preview, name="preview"),
    path("<int:pk>/start/", starting.start, name="start"),
    path("at-work/", launched.LaunchList.as_view(), name="launches"),
    path("at-work/<int:pk>/", launched.RunList.as_view(), name="launch"),
    path("at-work/<int:pk>/pause/", launched.pause, name="pause"),
    path("at-work/<int:pk>/resume/", launched.resume, name="resume"),
    path("at-work/<int:pk>/end/", launched.end, name="end"),
    path("at-work/<int:pk>/begin/", launched.begin_by_hand, name="begin"),
    path("runs/", launched.RunList.as_view(), name="runs"),
    path("runs/<int:pk>/", run.one, name="run"),
    re_path(r"^runs/(?P<pk>\d{1,18})/(?P<what>pause|resume|stop)/$", run.change, name="change_run"),
    path("runs/<int:pk>/shift/", run.shift, name="shift"),
    path("runs/<int:pk>/words/<slug:step>/", run.reword, name="reword"),
    path("lines/<int:pk>/skip/", run.skip, name="skip"),
    path("waiting/", waiting.page, name="waiting"),
    re_path(r"^waiting/run/(?P<pk>\d{1,18})/(?P<answer>yes|no)/$", waiting.run, name="answer_run"),
    re_path(r"^waiting/step/(?P<pk>\d{1,18})/(?P<answer>yes|no)/$", waiting.line, name="answer_step"),
    path("calendar/", calendar.page, name="calendar"),
    path("calendar/<str:token>.ics", feed.feed, name="feed"),
    path("in-time/", compliance.page, name="compliance"),
]
