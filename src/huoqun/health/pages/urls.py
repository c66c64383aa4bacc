from __future__ import annotations

from django.urls import path

from huoqun.health.pages import broadcasts, describe, home, overview, people, reports, trials
from huoqun.health.pages.compare import groups as compare_groups
from huoqun.health.pages.compare import operators as compare_operators
from huoqun.health.pages.group import objections, page
from huoqun.health.pages.groups import GroupList

app_name = "health"
urlpatterns = [
    path("", home.home, name="home"),
    path("portfolio/", overview.page, name="portfolio"),
    path("portfolio/hours/", overview.keep_hours, name="keep_hours"),
    path("groups/", GroupList.as_view(), name="groups"),
    path("groups/compare/", compare_groups.page, name="compare_groups"),
    path("groups/<int:pk>/", page.one, name="group"),
    path("groups/<int:pk>/object/", objections.keep, name="object"),
    path("groups/<int:pk>/describe/", describe.one, name="describe"),
    path("operators/compare/", compare_operators.page, name="compare_operators"),
    path("broadcasts/<int:pk>/followed/", broadcasts.followed, name="followed"),
    path("trials/<int:pk>/", trials.one, name="trial"),
    path("trials/<int:pk>/offer/", trials.offer, name="trial_offer"),
    path("trials/<int:pk>/without/", trials.go_without, name="trial_without"),
    path("people/", people.PeopleList.as_view(), name="people"),
    path("people/<int:pk>/", people.one, name="person"),
    path("people/<int:pk>/rename/", people.rename, name="rename_person"),
    path("people/<int:pk>/label/", people.label_one, name="label_person"),
    path("people/<int:pk>/split/", people.split, name="split_person"),
    path("people/<int:pk>/erase/", people.erase, name="erase_person"),
    path("people/<int:pk>/export.json", people.take_away, name="export_person"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/underway/", reports.underway, name="reports_underway"),
    path("reports/make/", reports.make, name="make_report"),
    path("reports/plan/<int:pk>/", reports.keep_plan, name="plan_reports"),
    path("reports/<int:pk>/<str:form>/", reports.take, name="report_file"),
    path("groups/<int:pk>/report/", reports.of_group, name="report_group"),
]
