"""Imports: hand files in, follow the reading, see the result, undo it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huoqun.carriers import operations, registry
from huoqun.carriers.models import Import
from huoqun.carriers.queries import bad_records, imports
from huoqun.community import queries
from huoqun.community.errors import SlugTaken
from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.community.pages import looking, uploads, zones
from huoqun.console.lists import Choice, Column, Empty, ListPage
from huoqun.console.lists.files import csv_lines
from huoqun.console.permissions import WORKERS, Role, may, needs, staff_of
from huoqun.console.templatetags.console import state
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import State
from huoqun.jobs.queries import latest

OPEN = (Import.State.WAITING, Import.State.READING, Import.State.UNDOING)


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, each within the installation's limit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Files(attrs={"class": "form-control", "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list) and data else [data or None]
        files = [super(FilesField, self).clean(one, initial) for one in given]
        limit = settings.UPLOAD_LIMIT_BYTES
        for file in files:
            if file.size > limit:
                words = _("%(name)s is larger than %(limit)s MB. Import it with the command “huoqun import” on the server.")
                raise forms.ValidationError(words % {"name": file.name, "limit": limit // 1024**2})
        return files


class HandIn(forms.Form):
    exports = FilesField(
        label=gettext_lazy("Export files"),
        help_text=gettext_lazy("As the tool wrote them: JSON, TXT, MHT, CSV, Parquet, or a zip. Several at once are fine."),
    )
    community = forms.ChoiceField(label=gettext_lazy("Into community"), required=False)
    new_community = forms.CharField(label=gettext_lazy("or a new community"), required=False, max_length=120)
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone of the files"),
        required=False,
        help_text=gettext_lazy("Some formats write local times without a zone. Where the file says, the file counts."),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.visible = {community.slug: community for community in looking.seen(request)}
        choices = [(slug, community.name) for slug, community in self.visible.items()]
        self.fields["community"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        self.fields["zone"].choices = zones.choices(empty=_("as the community"))  # type: ignore[attr-defined]
        if not may(request.user, Role.ADMIN, Role.LEAD):
            del self.fields["new_community"]
        for name in ("community", "new_community", "zone"):
            if name in self.fields:
                kind = "form-control" if name == "new_community" else "form-select"
                self.fields[name].widget.attrs["class"] = kind
        if now := looking.chosen(request):
            self.fields["community"].initial = now.slug

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("community")) == bool(values.get("new_community")):
            raise forms.ValidationError(_("Choose a community, or name a new one."))
        return values

    def home(self) -> Community:
        """The community chosen or founded. Whoever founds one gets a seat."""
        if slug := self.cleaned_data.get("community"):
            return self.visible[slug]
        staff = staff_of(self.request)
        zone = self.cleaned_data["zone"] or staff.zone
        made = communities.found(self.cleaned_data["new_community"], zone=zone, now=timezone.now())
        communities.seat(staff, made)
        return made


def _progress(row: Import) -> str:
    return state(row.state, row.get_state_display())


def _format(row: Import) -> str:
    return registry.titles_told(row.format, _)


class ImportList(ListPage):
    title = gettext_lazy("Imports")
    lead = gettext_lazy("Chat history from files. Importing the same file again adds nothing; a longer one adds what is new.")
    export_name = "imports"
    order = "-asked"
    template_name = "community/imports.html"
    nothing = Empty(gettext_lazy("Nothing has been imported yet. Hand in an export file above."))
    columns = (
        Column(name="title", label=gettext_lazy("Files"), link=lambda row: reverse("community:import", args=[row.pk])),
        Column(name="community_name", label=gettext_lazy("Community")),
        Column(name="state", label=gettext_lazy("State"), cell=_progress, value=lambda row: row.get_state_display()),
        Column(name="format", label=gettext_lazy("Format"), value=_format, wide_only=True),
        Column(name="added", label=gettext_lazy("Added"), number=True, sort="added"),
        Column(name="bad", label=gettext_lazy("Could not be read"), number=True, sort="bad", wide_only=True),
        Column(name="asked", label=gettext_lazy("When"), value="asked_at", sort="asked_at"),
    )
    filters = (Choice(name="state", label=gettext_lazy("State"), options=Import.State.choices),)

    def rows(self, request: HttpRequest) -> QuerySet[Import]:
        return imports([community.slug for community in looking.looked_at(request)])

    def prepare(self, rows: list[Import]) -> list[Import]:
        names = {community.slug: community.name for community in looking.seen(self.request)}
        for row in rows:
            row.community_name = names[row.community]  # type: ignore[attr-defined]
        return rows

    def context(self, request: HttpRequest) -> dict[str, Any]:
        form = HandIn(request=request) if may(request.user, *WORKERS) else None
        return {"form": form, "formats": registry.formats()}


@needs(*WORKERS)
@require_POST
def hand_in(request: HttpRequest) -> HttpResponseBase:
    """Keep the files, write the import down, and let the worker read it."""
    form = HandIn(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return _again(request, form)
    try:
        home = form.home()
    except SlugTaken:
        form.add_error("new_community", _("There is a community of this name already."))
        return _again(request, form)
    paths = uploads.keep(form.cleaned_data["exports"])
    title = ", ".join(path.name for path in paths)
    staff, now = staff_of(request), timezone.now()
    zone = form.cleaned_data["zone"] or home.zone
    asked = operations.ask_import(home.slug, paths, title=title, zone=zone, by=staff, now=now)
    jobs.ask("import", {"import_id": asked.pk}, key=str(asked.pk), by=staff, now=now)
    return HttpResponseRedirect(reverse("community:import", args=[asked.pk]))


def _again(request: HttpRequest, form: HandIn) -> HttpResponse:
    context = {"form": form, "formats": registry.formats(), "alone": True}
    return render(request, "community/hand_in.html", context, status=422)


@needs()
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """An import: progress while it runs, then the result. Asked for by htmx, only the part that changes."""
    asked = _mine(request, pk)
    part = request.headers.get("HX-Request") == "true"
    job = latest(*_job(asked))
    broken = job is not None and job.state == State.FAILED and asked.state in OPEN
    context = {
        "asked": asked,
        "home": next(c for c in looking.seen(request) if c.slug == asked.community),
        "open": asked.state in OPEN and not broken,
        "job": job,
        "format": _format(asked),
        "trouble": _trouble(asked, broken=broken),
        "bad": bad_records(asked)[:50],
        "may_change": may(request.user, *WORKERS),
        "part": part,
    }
    return render(request, "community/import_part.html" if part else "community/import.html", context)


def _trouble(asked: Import, *, broken: bool) -> str:
    if broken:
        return _("An error nobody expected stopped this. An administrator can go on with it under “Long jobs”.")
    return registry.told(asked.error, asked.error_values, _) if asked.error else ""


@needs(*WORKERS)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop reading. What came in stays until somebody undoes the import."""
    asked = _mine(request, pk)
    if job := latest(*_job(asked)):
        jobs.cancel(job, now=timezone.now())
        if not job.is_open:
            operations.mark(asked, Import.State.CANCELLED, now=timezone.now())
    return HttpResponseRedirect(reverse("community:import", args=[pk]))


@needs(Role.ADMIN, Role.LEAD)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole import back: a long job too."""
    asked, now = _mine(request, pk), timezone.now()
    if asked.state in OPEN:
        messages.error(request, _("It is still being worked on. Cancel it first, or wait."))
    else:
        operations.mark(asked, Import.State.UNDOING, now=now)
        jobs.ask("undo_import", {"import_id": asked.pk}, key=str(asked.pk), by=staff_of(request), now=now)
    return HttpResponseRedirect(reverse("community:import", args=[pk]))


@needs(*WORKERS)
def bad_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Everything that could not be read, as it was, for somebody to mend."""
    asked = _mine(request, pk)
    heads = ["file", "line", "field", "problem", "record"]

    def rows() -> Iterator[list[Any]]:
        for bad in bad_records(asked).iterator(chunk_size=2000):
            yield [bad.file, bad.line, bad.field, _(bad.problem), bad.raw]

    response = StreamingHttpResponse(
        (line.encode() for line in csv_lines(heads, rows())), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-unreadable.csv"'
    return response


def _mine(request: HttpRequest, pk: int) -> Import:
    asked = imports(queries.slugs(request.user)).filter(pk=pk).first()
    if asked is None:
        raise Http404
    return asked


def _job(asked: Import) -> tuple[str, str]:
    """Kind and key of the job that works on it."""
    return ("undo_import" if asked.state == Import.State.UNDOING else "import", str(asked.pk))
