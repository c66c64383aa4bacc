from __future__ import annotations

from django.urls import path

from huoqun.jobs.pages.jobs import JobList

app_name = "jobs"
urlpatterns = [path("", JobList.as_view(), name="jobs")]
