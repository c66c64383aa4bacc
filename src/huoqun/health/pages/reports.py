"""Reports: made on demand or every week, taken away after a permission check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Group
from huoqun.community.pages import looking
from huoqun.console import operations as console
from huoqun.console.lists import Choice, Column, Empty, ListPage
from huoqun.console.permissions import WORKERS, Role, may, needs, staff_of
from huoqun.health import operations, queries
from huoqun.health.models import Report, ReportPlan
from huoqun.health.operations.reports import FOLDER
from huoqun.health.report.fonts import PACKAGE
from huoqun.health.report.writing import FORMATS, NO_CHINESE_FONT, path_of
from huoqun.health.report_work import ask_check_up, ask_weekly
from huoqun.jobs.models import Job

TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "png": "image/png"}
LANGUAGES = dict(settings.LANGUAGES)
WEEKDAYS = (
    (0, gettext_lazy("Monday")),
    (1, gettext_lazy("Tuesday")),
    (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")),
    (4, gettext_lazy("Friday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
)


class MakeForm(forms.Form):
    """A report about all groups of a community."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = {community.slug: community for community in looking.seen(request)}
        self.fields["community"].choices = [(slug, home.name) for slug, home in self.visible.items()]  # type: ignore[attr-defined]
        now = looking.chosen(request)
        self.fields["community"].initial = now.slug if now else None
        self.fields["language"].initial = staff_of(request).language
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def home(self) -> Community:
        return self.visible[self.cleaned_data["community"]]


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    language.widget.attrs["class"] = "form-select"


class PlanForm(forms.Form):
    weekday = forms.TypedChoiceField(label=gettext_lazy("Made in the morning of"), choices=WEEKDAYS, coerce=int)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: no weekly report is made."),
    )
    weekday.widget.attrs["class"] = "form-select"


def kind_words(report: Report) -> str:
    return str(report.get_kind_display())


def language_words(report: Report) -> str:
    return LANGUAGES.get(report.language, report.language)


def plan_words(plan: ReportPlan | None) -> str:
    """The plan in short: on which day, in which languages."""
    if plan is None or not plan.languages:
        return _("no weekly report")
    return " · ".join([str(dict(WEEKDAYS)[plan.weekday]), *(LANGUAGES.get(code, code) for code in plan.languages)])


def asked_by(report: Report) -> str:
    return str(report.asked_by) if report.asked_by else _("the weekly plan")


def missing_words(report: Report) -> str:
    """Why a format is not there, and what to do."""
    if report.missing != NO_CHINESE_FONT:
        return ""
    words = _(
        "No PDF and no picture: this server has no Chinese font. Install the Debian package %(package)s and make it again."
    )
    return words % {"package": PACKAGE}


def files_of(report: Report) -> SafeString:
    """The files there are, each to be taken away."""
    links = [
        (reverse("health:report_file", args=[report.pk, form]), form.upper()) for form in FORMATS if form in report.formats
    ]
    shown = format_html_join(" ", '<a class="btn btn-sm" href="{}" download>{}</a>', links)
    words = missing_words(report)
    return format_html('{} <span class="soft">{}</span>', shown, words) if words else shown


def group_words(report: Report) -> str:
    return str(report.group) if report.group else _("all groups")


def group_link(report: Report) -> SafeString | str:
    if report.group is None:
        return group_words(report)
    return format_html('<a href="{}">{}</a>', reverse("health:group", args=[report.group.pk]), str(report.group))


class ReportList(ListPage):
    title = gettext_lazy("Reports")
    lead = gettext_lazy(
        "As they were made, for a year. When somebody is erased, the reports made before are deleted: they may name them."
    )
    order = "-made"
    export_name = "reports"
    template_name = "health/reports.html"
    nothing = Empty(gettext_lazy("No report yet. Make one above, or on the page of a group."))
    columns = (
        Column(name="made", label=gettext_lazy("Made"), value="made_at", sort="made_at"),
        Column(name="group", label=gettext_lazy("Of what"), value=group_words, cell=group_link, sort="group__name"),
        Column(name="files", label=gettext_lazy("Files"), value=lambda r: " ".join(r.formats), cell=files_of),
        Column(name="language", label=gettext_lazy("Language"), value=language_words, sort="language"),
        Column(name="kind", label=gettext_lazy("Report"), value=kind_words, sort="kind", wide_only=True),
        Column(
            name="community", label=gettext_lazy("Community"), value="community.name", sort="community__name", wide_only=True
        ),
        Column(name="as_of", label=gettext_lazy("As of"), sort="as_of", wide_only=True),
        Column(name="by", label=gettext_lazy("Asked by"), value=asked_by, wide_only=True),
    )
    filters = (
        Choice(name="kind", label=gettext_lazy("Report"), options=Report.Kind.choices),
        Choice(name="language", label=gettext_lazy("Language"), options=settings.LANGUAGES),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Report]:
        return looking.within(request, queries.reports(request.user))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        homes = list(looking.looked_at(request))
        may_plan = queries.may_see_all(request.user) and bool(homes)
        return {
            "form": MakeForm(request=request) if may_plan else None,
            "plans": _plans(request, homes) if may_plan else [],
            **_underway(request, homes),
        }


def _plans(request: HttpRequest, homes: list[Community]) -> list[tuple[Community, PlanForm, str]]:
    kept = {plan.community_id: plan for plan in queries.report_plans(request.user).filter(community__in=homes)}
    return [(home, _plan_form(kept.get(home.pk)), plan_words(kept.get(home.pk))) for home in homes]


def _plan_form(plan: ReportPlan | None) -> PlanForm:
    initial = {"weekday": plan.weekday, "languages": plan.languages} if plan else {"weekday": 0, "languages": []}
    return PlanForm(initial=initial, auto_id=False)


def _underway(request: HttpRequest, homes: list[Community], group: Group | None = None) -> dict[str, Any]:
    """What is being made, and what could not be: of all groups only for those who may see all."""
    jobs = queries.reports_underway(homes)
    mine = [job for job in jobs if _concerns(job, group) and (job.arguments.get("group") or queries.may_see_all(request.user))]
    return {
        "making": [job for job in mine if job.is_open],
        "failed": [job for job in mine if job.state == "failed"][:3],
    }


def _concerns(job: Job, group: Group | None) -> bool:
    return group is None or job.arguments.get("group") == group.pk


@needs(Role.ADMIN, Role.LEAD)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Ask for a report about all groups of a community."""
    form = MakeForm(request.POST, request=request)
    if not form.is_valid():
        messages.error(request, _("Choose a community and a language."))
        return HttpResponseRedirect(reverse("health:reports"))
    ask_weekly(form.home(), form.cleaned_data["language"], by=staff_of(request), now=timezone.now())
    messages.success(request, _("The report is being made; it will stand in this list in a moment."))
    return HttpResponseRedirect(reverse("health:reports"))


@needs(Role.ADMIN, Role.LEAD)
@require_POST
def keep_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """On which weekday, in which languages."""
    home = community_queries.communities(request.user).filter(pk=pk).first()
    if home is None:
        raise Http404
    form = PlanForm(request.POST)
    if form.is_valid():
        operations.plan_reports(home, weekday=form.cleaned_data["weekday"], languages=form.cleaned_data["languages"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose a weekday and languages from the list."))
    return HttpResponseRedirect(reverse("health:reports"))


@needs()
def of_group(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A group's check-ups; asked for by POST, made by a job."""
    group = community_queries.groups(request.user).select_related("community").filter(pk=pk).first()
    if group is None:
        raise Http404
    here = HttpResponseRedirect(reverse("health:report_group", args=[pk]))
    form = LanguageForm(request.POST or None, initial={"language": staff_of(request).language})
    if request.method == "POST":
        return _asked(request, group, form, here)
    context = {
        "group": group,
        "form": form if may(request.user, *WORKERS) else None,
        "reports": [
            (report, language_words(report), files_of(report))
            for report in queries.reports(request.user).filter(group=group)[:20]
        ],
        **_underway(request, [group.community], group),
    }
    return render(request, "health/report_group.html", context)


@needs()
def underway(request: HttpRequest) -> HttpResponse:
    """The part of a page that shows what is being made; once it is made the page is asked for anew."""
    group = community_queries.groups(request.user).filter(pk=_whole(request.GET.get("group", ""))).first()
    told = _underway(request, list(looking.looked_at(request)) if group is None else [group.community], group)
    answer = render(request, "health/reports_making.html", {"group": group, **told})
    if not told["making"]:
        answer["HX-Refresh"] = "true"
    return answer


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@needs(*WORKERS)
def _asked(request: HttpRequest, group: Group, form: LanguageForm, here: HttpResponse) -> HttpResponse:
    if form.is_valid():
        ask_check_up(group, form.cleaned_data["language"], by=staff_of(request), now=timezone.now())
        messages.success(request, _("The report is being made; it will stand in this list in a moment."))
    else:
        messages.error(request, _("Choose a language."))
    return here


@needs()
def take(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """A file to be kept, never shown in the console's own address."""
    report = queries.reports(request.user).filter(pk=pk).first()
    if report is None or form not in report.formats or form not in TYPES:
        raise Http404
    path = path_of(FOLDER / report.folder, form)
    if not path.is_file():
        raise Http404
    told = {"what": f"report {report.pk}", "kind": form, "query": "", "rows": 1}
    console.log_export(**told, by=staff_of(request), now=timezone.now())  # type: ignore[arg-type]
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=_filename(report, form), content_type=TYPES[form])
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _filename(report: Report, form: str) -> str:
    return f"huoqun-{report.community.slug}-{report.kind}-{report.as_of}-{report.language}.{form}"
