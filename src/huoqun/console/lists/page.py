"""The page of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from huoqun.console import operations
from huoqun.console.lists.actions import Action
from huoqun.console.lists.columns import Cell, Column
from huoqun.console.lists.files import csv_lines, xlsx
from huoqun.console.lists.filters import Filter, Option, Reading
from huoqun.console.lists.views import SavedView, ViewStore
from huoqun.console.navigation import Words
from huoqun.console.permissions import Needs, staff_of

COUNTED = 100_000
"""Beyond this many rows a list says "more than": counting them all would cost more than it tells."""


@dataclass(frozen=True)
class Empty:
    """What stands there when there is nothing at all: why, and what to do next."""

    words: Words
    next_step: Words = ""
    url: str = ""


@dataclass(frozen=True)
class Asked:
    """A filter as this request has it."""

    filter: Filter
    reading: Reading
    options: Sequence[Option]

    @property
    def template(self) -> str:
        return f"console/lists/filter_{self.filter.kind}.html"


@dataclass(frozen=True)
class Head:
    column: Column
    query: str
    direction: str
    """"ascending", "descending" or ""."""


@dataclass(frozen=True)
class Drawn:
    """A row as the page shows it."""

    key: Any
    cells: list[tuple[Column, Cell]]


class ListPage(Needs, View):
    """Give `title`, `columns`, `rows()`; the rest as needed. One address answers page, part of a page, export and action."""

    title: Words
    lead: Words = ""
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    actions: Sequence[Action] = ()
    order: str = ""
    """The column sorted by at first, "-" before it for downwards; empty: by key."""
    export_name: str = "huoqun"
    page_size = 50
    template_name = "console/lists/page.html"
    """Extends console/lists/page.html to add blocks such as `actions`; gets `list` (this object) and `context()`."""
    views: ViewStore | None = None
    nothing = Empty(gettext_lazy("There is nothing here yet."))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """All rows this person may see, with what the columns need joined. No order, no filter."""
        raise NotImplementedError

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The rows of one page; hang on what costs one query for all of them, such as sparklines."""
        return rows

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """More for the page's own template."""
        return {}

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        return self.columns

    def filters_for(self, request: HttpRequest) -> Sequence[Filter]:
        return self.filters

    # What the address asks

    @property
    def query(self) -> QueryDict:
        return self.request.GET

    @cached_property
    def asked(self) -> list[Asked]:
        found = []
        for one in self.filters_for(self.request):
            options = one.options_for(self.request)
            found.append(Asked(one, one.read(self.query, options), options))
        return found

    @property
    def wrong(self) -> list[str]:
        return [asked.reading.wrong for asked in self.asked if asked.reading.wrong]

    @property
    def is_narrowed(self) -> bool:
        return any(asked.reading.on for asked in self.asked)

    @cached_property
    def sorted_by(self) -> tuple[Column | None, bool]:
        """The column, and whether downwards. An unknown one in the address is passed over."""
        for words in (self.query.get("sort", ""), self.order):
            for column in self.shown_columns:
                if column.sort and column.name == words.removeprefix("-"):
                    return column, words.startswith("-")
        return None, False

    @cached_property
    def shown_columns(self) -> Sequence[Column]:
        return self.columns_for(self.request)

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        rows = self.rows(self.request)
        for asked in self.asked:
            rows = asked.filter.apply(rows, asked.reading)
        return rows

    @property
    def ordered(self) -> QuerySet[Any]:
        """Sorted, what is not known last, the key as tie-breaker so that pages never overlap."""
        column, downwards = self.sorted_by
        if column is None:
            return self.narrowed.order_by("pk")
        if column.filled:
            sign = "-" if downwards else ""
            return self.narrowed.order_by(f"{sign}{column.sort}", f"{sign}pk")
        return self.narrowed.order_by(OrderBy(F(column.sort), descending=downwards, nulls_last=True), "pk")

    # What the page shows

    @cached_property
    def total(self) -> int:
        """How many rows there are, COUNTED + 1 for more than that."""
        return self.narrowed.order_by()[: COUNTED + 1].count()

    @property
    def is_more_than_counted(self) -> bool:
        return self.total > COUNTED

    @property
    def most_counted(self) -> int:
        return COUNTED

    @property
    def last_page(self) -> int:
        return max(1, -(-min(self.total, COUNTED) // self.page_size))

    @cached_property
    def page(self) -> int:
        asked = self.query.get("page", "1")
        return min(max(1, int(asked)), self.last_page) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1

    @property
    def first_shown(self) -> int:
        return (self.page - 1) * self.page_size + 1

    @property
    def last_shown(self) -> int:
        return self.first_shown - 1 + len(self.drawn)

    @cached_property
    def drawn(self) -> list[Drawn]:
        start = (self.page - 1) * self.page_size
        rows = self.prepare(list(self.ordered[start : start + self.page_size]))
        drawers = [(column, column.drawer()) for column in self.shown_columns]
        return [Drawn(row.pk, [(column, draw(row)) for column, draw in drawers]) for row in rows]

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.shown_columns]

    def _head(self, column: Column) -> Head:
        by, downwards = self.sorted_by
        if by is not column:
            return Head(column, self.query_with(sort=("-" if column.number else "") + column.name), "")
        turned = column.name if downwards else f"-{column.name}"
        return Head(column, self.query_with(sort=turned), "descending" if downwards else "ascending")

    def query_with(self, **changes: str) -> str:
        """The address's query with something changed; going anywhere but to a page starts on the first."""
        query = self.query.copy()
        query.pop("page", None)
        query.pop("export", None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"

    @property
    def previous_query(self) -> str:
        return self.query_with(page=str(self.page - 1)) if self.page > 1 else ""

    @property
    def next_query(self) -> str:
        return self.query_with(page=str(self.page + 1)) if self.page < self.last_page else ""

    @property
    def csv_query(self) -> str:
        return self.query_with(export="csv")

    @property
    def xlsx_query(self) -> str:
        return self.query_with(export="xlsx")

    @property
    def view_query(self) -> str:
        return self.query_with().removeprefix("?")

    @property
    def sort_words(self) -> str:
        return self.query.get("sort", "")

    @cached_property
    def saved_views(self) -> list[SavedView]:
        return self.views.list(staff_of(self.request)) if self.views else []

    @property
    def offered(self) -> list[tuple[Action, Any]]:
        """The actions this person may take, each with its form."""
        role = staff_of(self.request).role
        return [(action, action.asked(self.request)) for action in self.actions if action.is_for(role)]

    # Answers

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wanted = request.GET.get("export")
        if wanted:
            return self.exported(wanted)
        part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
        template = "console/lists/list.html" if part else self.template_name
        response = render(request, template, {"list": self, "part": part, **self.context(request)})
        patch_vary_headers(response, ["HX-Request"])
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "save-view" in request.POST:
            return self.save_view()
        if "remove-view" in request.POST:
            return self.remove_view()
        return self.act()

    def act(self) -> HttpResponseBase:
        """Do the chosen action to the ticked rows, or to the whole filtered list where that was said."""
        action = next((action for action, _form in self.offered if action.name == self.request.POST.get("action")), None)
        if action is None:
            raise Http404
        form = action.asked(self.request, self.request.POST)
        if form is not None and not form.is_valid():
            return self.refused([f"{form[name].label}: {words}" for name, errors in form.errors.items() for words in errors])
        rows = self.chosen()
        if not rows.exists():
            return self.refused([_("Tick the rows first.")])
        try:
            said = action.run(rows, self.request, form.cleaned_data if form else {})
        except ValidationError as refusal:
            return self.refused(refusal.messages)
        messages.success(self.request, said)
        return self.back()

    def chosen(self) -> QuerySet[Any]:
        if self.request.POST.get("whole"):
            return self.narrowed
        keys = [int(key) for key in self.request.POST.getlist("rows") if key.isascii() and key.lstrip("-").isdigit()]
        return self.rows(self.request).filter(pk__in=keys)

    def refused(self, reasons: Sequence[str]) -> HttpResponseBase:
        for reason in reasons:
            messages.error(self.request, reason)
        return self.back()

    def back(self) -> HttpResponseBase:
        return HttpResponseRedirect(self.request.get_full_path())

    def save_view(self) -> HttpResponseBase:
        if self.views is None:
            raise Http404
        name = self.request.POST.get("save-view", "").strip()
        if not 0 < len(name) <= 80:
            return self.refused([_("Give the view a name of at most 80 characters.")])
        self.views.save(staff_of(self.request), name, self.view_query)
        messages.success(self.request, _("The view “%(name)s” is saved.") % {"name": name})
        return self.back()

    def remove_view(self) -> HttpResponseBase:
        if self.views is None:
            raise Http404
        self.views.remove(staff_of(self.request), self.request.POST["remove-view"])
        return self.back()

    # Exports

    def exported(self, kind: str) -> HttpResponseBase:
        """The whole filtered list as a file; who took what is written down first."""
        makers: dict[str, Callable[[str], HttpResponseBase]] = {"csv": self.as_csv, "xlsx": self.as_xlsx}
        if kind not in makers:
            raise Http404
        now = timezone.now()
        operations.log_export(
            self.export_name, kind=kind, query=self.view_query, rows=self.total, by=staff_of(self.request), now=now
        )
        return makers[kind](f"{self.export_name}-{timezone.localtime(now):%Y%m%d-%H%M}.{kind}")

    @property
    def exported_columns(self) -> list[Column]:
        return [column for column in self.shown_columns if column.export is not False]

    def exported_rows(self) -> Iterator[list[Any]]:
        """Batch by batch, so that neither rows nor what hangs on them pile up."""
        batch: list[Model] = []
        for row in self.ordered.iterator(chunk_size=2000):
            batch.append(row)
            if len(batch) == 2000:
                yield from self._lines(batch)
                batch = []
        yield from self._lines(batch)

    def _lines(self, batch: list[Any]) -> Iterator[list[Any]]:
        for row in self.prepare(batch):
            yield [column.exported(row) for column in self.exported_columns]

    def _heads(self) -> list[str]:
        return [str(column.label) for column in self.exported_columns]

    def as_csv(self, filename: str) -> HttpResponseBase:
        language, zone = translation.get_language(), timezone.get_current_timezone()

        def lines() -> Iterator[bytes]:
            # The body is read after the middleware has put back language and zone.
            with translation.override(language), timezone.override(zone):
                for line in csv_lines(self._heads(), self.exported_rows()):
                    yield line.encode()

        response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
        return response

    def as_xlsx(self, filename: str) -> HttpResponseBase:
        file = xlsx(str(self.title), self._heads(), self.exported_rows())
        return FileResponse(file, as_attachment=True, filename=filename)
