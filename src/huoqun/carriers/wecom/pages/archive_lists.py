"""Which groups the archive hears, and the files it brought, as lists."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from huoqun.carriers.wecom.archive import queries
from huoqun.carriers.wecom.archive.files import path_of
from huoqun.carriers.wecom.models import ArchiveCoverage, ArchiveFile, Corp
from huoqun.carriers.wecom.pages import seen
from huoqun.console import states
from huoqun.console.lists import Choice, Column, Empty, ListPage, Range, Text
from huoqun.console.permissions import WORKERS, Role, needs
from huoqun.console.templatetags.console import state

IN_CHARGE = (Role.ADMIN, Role.LEAD)

states.mark("archive_hears", tone="good", shape="tick")
states.mark("archive_deaf", tone="red", shape="cross")

HEARS = [("yes", gettext_lazy("heard")), ("no", gettext_lazy("not heard")), ("unknown", gettext_lazy("not looked at yet"))]


def _heard(row: ArchiveCoverage) -> str:
    return "unknown" if row.checked_at is None else "yes" if row.licensed else "no"


def _heard_words(row: ArchiveCoverage) -> str:
    return str(dict(HEARS)[_heard(row)])


def _narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "unknown":
        return rows.filter(checked_at=None)
    looked_at = rows.filter(checked_at__isnull=False)
    return looked_at.filter(licensed__gt=0) if value == "yes" else looked_at.filter(licensed=0)


class OfCompany(ListPage):
    """A list of one company, with the way back to its archive."""

    template_name = "wecom/archive_list.html"

    @cached_property
    def corp(self) -> Corp:
        return seen.company(self.request, self.kwargs["pk"])

    def context(self, request: HttpRequest) -> dict[str, Any]:
        return {"corp": self.corp}


class Groups(OfCompany):
    title = gettext_lazy("Which groups the archive hears")
    lead = gettext_lazy("Only where a colleague with an archive licence is a member, and only customers who did not refuse.")
    roles = IN_CHARGE
    order = "licensed"
    export_name = "archive-coverage"
    nothing = Empty(gettext_lazy("No group is known yet. They are listed once the archive has its secret."))
    columns = (
        Column(name="name", label=gettext_lazy("Group"), value=lambda row: row.name or row.group_id, sort="name"),
        Column(
            name="heard",
            label=pgettext_lazy("of what is said", "Archive"),
            value=_heard_words,
            cell=lambda row: state({"yes": "archive_hears", "no": "archive_deaf"}.get(_heard(row), ""), _heard_words(row)),
        ),
        Column(name="licensed", label=gettext_lazy("With a licence"), sort="licensed", number=True),
        Column(name="colleagues", label=gettext_lazy("Colleagues"), sort="colleagues", number=True, wide_only=True),
        Column(name="customers", label=gettext_lazy("Customers"), sort="customers", number=True),
        Column(name="agreed", label=gettext_lazy("Agreed"), sort="agreed", number=True, wide_only=True),
        Column(name="by_default", label=gettext_lazy("Agreed by default"), sort="by_default", number=True, wide_only=True),
        Column(name="refused", label=gettext_lazy("Refused"), sort="refused", number=True),
        Column(name="last_at", label=gettext_lazy("Last message read"), sort="last_at"),
        Column(name="checked_at", label=gettext_lazy("Looked at"), sort="checked_at", wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Group"), lookups=("name__icontains", "group_id")),
        Choice(name="heard", label=pgettext_lazy("of what is said", "Archive"), options=HEARS, narrow=_narrow),
        Range(name="refused", label=gettext_lazy("Refused"), lookup="refused"),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.coverage(self.corp).order_by()


def _size_words(row: ArchiveFile) -> str:
    size = row.got or row.size
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} KB"


def _name(row: ArchiveFile) -> str:
    return row.name or row.kind


def _name_cell(row: ArchiveFile) -> SafeString | str:
    if row.state != ArchiveFile.State.KEPT:
        return _name(row)
    return format_html('<a href="{}">{}</a>', reverse("wecom:archive_file", args=[row.corp_id, row.pk]), _name(row))


class Files(OfCompany):
    title = gettext_lazy("Files of the archive")
    lead = gettext_lazy("Pictures, voices, films and documents of messages, as far as they are kept.")
    roles = IN_CHARGE
    order = "-at"
    export_name = "archive-files"
    nothing = Empty(gettext_lazy("No message with a file has come yet."))
    columns = (
        Column(name="at", label=gettext_lazy("Said"), sort="at"),
        Column(name="name", label=gettext_lazy("File"), value=_name, cell=_name_cell, sort="name"),
        Column(name="size", label=gettext_lazy("Size"), value=lambda row: row.got or row.size, cell=_size_words, number=True),
        Column(name="state", label=gettext_lazy("State"), value=lambda row: str(row.get_state_display()), sort="state"),
        Column(name="tries", label=gettext_lazy("Failed tries"), sort="tries", number=True, wide_only=True),
    )
    filters = (
        Text(name="q", label=gettext_lazy("Name of the file"), lookups=("name__icontains",)),
        Choice(name="state", label=gettext_lazy("State"), options=list(ArchiveFile.State.choices), lookup="state"),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.files(self.corp)


@needs(*WORKERS)
def file(request: HttpRequest, pk: int, file: int, **wired: object) -> FileResponse:
    """Always to be saved, never shown: what it is, somebody else has chosen."""
    found = queries.file_of(seen.company(request, pk), file)
    lies = None if found is None else path_of(found)
    if found is None or lies is None or not lies.is_file():
        raise Http404(_("This file is not kept here."))
    name = found.name or f"{found.kind}-{found.pk}"
    return FileResponse(lies.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")
