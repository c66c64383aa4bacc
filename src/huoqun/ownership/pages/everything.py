"""All to-dos one may see, to filter and to hand on; for leads beside it who is drowning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.community.pages import looking
from huoqun.console.lists import Action, Choice, Column, Empty, ListPage, Multi, Range, Text
from huoqun.console.lists.filters import a_day
from huoqun.console.permissions import WORKERS, staff_of
from huoqun.console.templatetags.console import state
from huoqun.ownership import operations, queries, words
from huoqun.ownership.errors import CannotWorkHere
from huoqun.ownership.models import State, Todo
from huoqun.ownership.operations.doing import UNSHOWN, do_many
from huoqun.ownership.pages.people import LEADS, Somebody, choices, colleagues
from huoqun.ownership.pages.shown import state_code, state_words
from huoqun.ownership.rules.pressing import Pressure
from huoqun.ownership.rules.times import is_late


def is_late_now(todo: Todo) -> bool:
    return todo.state == State.OPEN and is_late(todo.due_at, timezone.now())


def standing(todo: Todo) -> str:
    return state_words(todo, late=is_late_now(todo))


def whose(todo: Todo) -> str:
    return str(todo.assigned) if todo.assigned else _("the leads")


def of_person(rows: QuerySet[Todo], value: str) -> QuerySet[Todo]:
    return rows.filter(assigned=None) if value == LEADS else rows.filter(assigned=int(value))


def in_state(rows: QuerySet[Todo], values: tuple[str, ...]) -> QuerySet[Todo]:
    plain = rows.filter(state__in=[value for value in values if value != "late"])
    return plain | rows.filter(queries.late(timezone.now())) if "late" in values else plain


def between_days(rows: QuerySet[Todo], ends: tuple[date | None, date | None]) -> QuerySet[Todo]:
    """Whole days by the clock of who is looking."""
    first, last = ends
    if first:
        rows = rows.filter(due_at__gte=_midnight(first))
    return rows.filter(due_at__lt=_midnight(last + timedelta(days=1))) if last else rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def hand_on_form(request: HttpRequest) -> type[forms.Form]:
    class HandOn(forms.Form):
        to = Somebody(request, label=gettext_lazy("Hand on to"))

    return HandOn


def hand_on(rows: QuerySet[Todo], request: HttpRequest, values: dict[str, Any]) -> str:
    try:
        moved = operations.hand_on(rows, values["to"], by=staff_of(request), now=timezone.now())
    except CannotWorkHere as refused:
        words_ = _("%(name)s may not work in the community of some of them. Nothing was handed on.")
        raise ValidationError(words_ % {"name": values["to"]}) from refused
    return ngettext("%(number)d to-do handed on.", "%(number)d to-dos handed on.", moved) % {"number": moved}


def done(rows: QuerySet[Todo], request: HttpRequest, values: dict[str, Any]) -> str:
    number = do_many(rows, by=staff_of(request), now=timezone.now())
    said = ngettext("%(number)d to-do done.", "%(number)d to-dos done.", number) % {"number": number}
    left = rows.filter(state=State.OPEN).filter(UNSHOWN).count()
    if not left:
        return said
    words_ = ngettext("%(number)d has to be shown first: open it.", "%(number)d have to be shown first: open them.", left)
    return f"{said} {words_ % {'number': left}}"


def cancel(rows: QuerySet[Todo], request: HttpRequest, values: dict[str, Any]) -> str:
    number = operations.cancel(rows, by=staff_of(request), now=timezone.now())
    return ngettext("%(number)d to-do cancelled.", "%(number)d to-dos cancelled.", number) % {"number": number}


class TodoList(ListPage):
    title = gettext_lazy("All to-dos")
    export_name = "todos"
    order = "due"
    template_name = "ownership/all.html"
    nothing = Empty(gettext_lazy("Nobody has been given anything yet. What a carrier cannot do by itself comes here."))
    columns = (
        Column(
            name="what",
            label=gettext_lazy("To-do"),
            value=words.heading,
            link=lambda row: reverse("ownership:one", args=[row.pk]),
        ),
        Column(
            name="state",
            label=gettext_lazy("State"),
            value=standing,
            sort="state",
            cell=lambda row: state(state_code(row, late=is_late_now(row)), standing(row)),
        ),
        Column(name="due", label=gettext_lazy("Due by"), value="due_at", sort="open_due"),
        Column(name="group", label=gettext_lazy("Group"), value=words.where, sort="group__name"),
        Column(name="person", label=gettext_lazy("Person"), value=words.who, wide_only=True),
        Column(name="whose", label=gettext_lazy("Whose"), value=whose, sort="assigned__username"),
        Column(name="given", label=gettext_lazy("Given"), value="given_at", sort="given_at", wide_only=True),
        Column(name="done", label=gettext_lazy("Done at"), value="done_at", sort="done_at", wide_only=True),
        Column(name="done_by", label=gettext_lazy("Done by"), value=lambda row: row.done_by, wide_only=True),
        Column(name="how", label=gettext_lazy("How it is known"), value=lambda row: row.get_how_display(), wide_only=True),
    )
    filters = (
        Text(
            name="q",
            label=gettext_lazy("Text, group"),
            lookups=("title__icontains", "text__icontains", "group__name__icontains"),
        ),
        Multi(
            name="state",
            label=gettext_lazy("State"),
            options=[("late", gettext_lazy("late")), *State.choices],
            narrow=in_state,
        ),
        Choice(name="whose", label=gettext_lazy("Whose"), options=choices, narrow=of_person),
        Range(name="due", label=gettext_lazy("Due by"), of=a_day, narrow=between_days),
    )
    actions = (
        Action(name="hand_on", label=gettext_lazy("Hand on"), run=hand_on, form=hand_on_form, roles=WORKERS),
        Action(name="done", label=gettext_lazy("Done"), run=done, roles=WORKERS),
        Action(
            name="cancel",
            label=gettext_lazy("Not wanted any more"),
            run=cancel,
            roles=queries.IN_CHARGE,
            confirm=gettext_lazy("Cancel the ticked to-dos? The requests they came from are cancelled too."),
        ),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Todo]:
        seen = looking.within(request, queries.todos(request.user))
        return queries.by_need(seen).select_related(*queries.ALONGSIDE)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        if request.headers.get("HX-Request") == "true" or not queries.is_in_charge(request.user):
            return {}
        staff, now, communities = staff_of(request), timezone.now(), looking.looked_at(request)
        loads = queries.workload(staff, communities, colleagues(request), now=now, zone=staff.zone)
        return {
            "loads": [(load, words.PRESSURES[load.pressure]) for load in loads if load.staff or load.open],
            "groups": queries.workload_by_group(staff, communities, now=now, zone=staff.zone),
            "sentence": drowning_sentence(loads),
        }


def drowning_sentence(loads: list[queries.Load]) -> str:
    """Who has too much, and who could help."""
    named = [str(load.staff) for load in loads if load.staff and load.pressure == Pressure.DROWNING and not load.away_until]
    free = [str(load.staff) for load in loads if load.staff and not load.today and not load.away_until]
    late = sum(load.late for load in loads)
    if not late and not named:
        return _("Nothing is late, and nobody has more than fits into a day.")
    if not named:
        return ngettext("%(number)d to-do is late.", "%(number)d to-dos are late.", late) % {"number": late}
    said = _("%(names)s is drowning; %(number)d late in all.") % {"names": _(", ").join(named), "number": late}
    return said + " " + _("Nothing due today: %(names)s.") % {"names": _(", ").join(free[:5])} if free else said
