"""All groups, to compare and to work through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Case, F, FloatField, QuerySet, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.community import queries as community_queries
from huoqun.community.carrier_names import carrier_name
from huoqun.community.models import Connects, Group, Lifecycle, Stage, Strategy, Tag
from huoqun.community.operations import groups as operations
from huoqun.community.pages import looking
from huoqun.community.pages.segments import Segments
from huoqun.console.lists import Action, Choice, Column, Empty, ListPage, Multi, Range, Text
from huoqun.console.models import Role, Staff
from huoqun.console.permissions import WORKERS
from huoqun.health import queries
from huoqun.health.models import Audit, GroupHealth
from huoqun.health.pages import pond
from huoqun.health.pages.group_columns import COLUMNS
from huoqun.health.pages.next_words import actions, causes, trusted
from huoqun.health.pages.portfolio import latest_audits
from huoqun.health.pages.words import STATES, UNHEARD, state_words

WEEKS = 12


BY_URGENCY = ("declining", "dormant", "bubbling", "steady", "thriving", "dead", "planned_end", "unheard", "")
"""What can still be saved first, what is over last."""
URGENCY = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(BY_URGENCY)), default=Value(99))

GROWTH = Case(
    When(members__gt=0, then=(Cast(F("joins_30d"), FloatField()) - F("leaves_30d")) * 100.0 / F("members")),
    output_field=FloatField(),
)
"""Per hundred members; not known where joins are not reported. As `life_map.growth` has it."""
UNREAD = (
    "figures",
    "causes",
    "advice",
    "outlook",
    "audit__states",
    "audit__portfolio",
    "audit__coverage",
    "audit__advice",
    "audit__operators",
    "audit__outlook",
)
"""Large, and not in the list."""


def chances_from(audits: Sequence[Audit]) -> Case:
    """The chance of silence, where the forecast may be shown."""
    return Case(When(audit__in=[audit.pk for audit in trusted(audits)], then=F("p_silent")), output_field=FloatField())


def per_cent(field: str) -> Callable[[QuerySet[GroupHealth], Any], QuerySet[GroupHealth]]:
    """A filter asks in per cent, the field holds parts of one."""

    def narrow(rows: QuerySet[GroupHealth], ends: tuple[float | None, float | None]) -> QuerySet[GroupHealth]:
        low, high = ends
        asked = {f"{field}__gte": low, f"{field}__lte": high}
        return rows.filter(**{name: end / 100 for name, end in asked.items() if end is not None})

    return narrow


def states(request: HttpRequest) -> list[tuple[str, str]]:
    return [(code, state_words(code)) for code in (*STATES, UNHEARD)]


def carriers(request: HttpRequest) -> list[tuple[str, str]]:
    rows = Group.objects.filter(community__in=looking.looked_at(request)).values_list("carrier", flat=True)
    return [(carrier, carrier_name(carrier)) for carrier in rows.distinct().order_by("carrier")]


def operators(request: HttpRequest) -> list[tuple[str, str]]:
    rows = Staff.objects.filter(operated_groups__community__in=looking.looked_at(request)).distinct().order_by("username")
    return [(pond.NOBODY, _("no operator")), *((str(staff.pk), str(staff)) for staff in rows)]


def operated_by(rows: QuerySet[GroupHealth], operator: str) -> QuerySet[GroupHealth]:
    return rows.filter(group__operator=None if operator == pond.NOBODY else int(operator))


def owners(request: HttpRequest) -> list[tuple[str, str]]:
    return pond.owners()


def tags(request: HttpRequest) -> list[tuple[str, str]]:
    rows = Tag.objects.filter(community__in=looking.looked_at(request), groups__isnull=False).distinct()
    return [(str(tag.pk), tag.name) for tag in rows]


class TagForm(forms.Form):
    tag = forms.CharField(label=gettext_lazy("Tag"), max_length=40)


class DescribeForm(forms.Form):
    """Empty means: leave as it is."""

    connects = forms.ChoiceField(label=gettext_lazy("Connects"), required=False, choices=[("", "—"), *Connects.choices[:-1]])
    lifecycle = forms.ChoiceField(label=gettext_lazy("Lifecycle"), required=False, choices=[("", "—"), *Lifecycle.choices])
    strategy = forms.ChoiceField(label=gettext_lazy("Strategy"), required=False, choices=[("", "—"), *Strategy.choices])
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False, choices=[("", "—"), *Stage.choices])


def add_tag(rows: QuerySet[GroupHealth], request: HttpRequest, values: dict[str, Any]) -> str:
    groups = _groups(rows)
    by_community: dict[Any, list[Group]] = defaultdict(list)
    for group in groups:
        by_community[group.community].append(group)
    for community, own in by_community.items():
        operations.tag(community, values["tag"], groups=own)
    return _said(len(groups))


def remove_tag(rows: QuerySet[GroupHealth], request: HttpRequest, values: dict[str, Any]) -> str:
    groups = _groups(rows)
    for tag in community_queries.tags(request.user).filter(name=values["tag"].strip()):
        operations.untag(tag, groups=[group for group in groups if group.community_id == tag.community_id])
    return _said(len(groups))


def describe(rows: QuerySet[GroupHealth], request: HttpRequest, values: dict[str, Any]) -> str:
    groups = _groups(rows)
    operations.describe(groups, **{name: value for name, value in values.items() if value})
    return _said(len(groups))


def take_over(rows: QuerySet[GroupHealth], request: HttpRequest, values: dict[str, Any]) -> str:
    groups = _groups(rows)
    operations.describe(groups, operator=request.user)
    return _said(len(groups))


def _groups(rows: QuerySet[GroupHealth]) -> list[Group]:
    return list(Group.objects.filter(id__in=rows.order_by().values("group_id")).select_related("community"))


def _said(number: int) -> str:
    return ngettext("%(number)d group changed.", "%(number)d groups changed.", number) % {"number": number}


class GroupList(ListPage):
    title = gettext_lazy("Groups")
    export_name = "groups"
    order = "state"
    views = Segments("groups")
    nothing = Empty(gettext_lazy("No group has been audited yet."), gettext_lazy("Import chat history"), "/imports/")
    columns = COLUMNS
    filters = (
        Text(name="q", label=gettext_lazy("Name"), lookups=("group__name__icontains", "group__native_id__icontains")),
        Multi(name="state", label=gettext_lazy("State"), options=states),
        Choice(name="operator", label=gettext_lazy("Operator"), narrow=operated_by, options=operators),
        Choice(name="connects", label=gettext_lazy("Connects"), lookup="group__connects", options=Connects.choices[:-1]),
        Choice(name="lifecycle", label=gettext_lazy("Lifecycle"), lookup="group__lifecycle", options=Lifecycle.choices),
        Choice(name="carrier", label=gettext_lazy("Carrier"), lookup="group__carrier", options=carriers),
        Choice(name="owner", label=gettext_lazy("Owner"), narrow=queries.owned_by, options=owners),
        Multi(name="tag", label=gettext_lazy("Tag"), lookup="group__tags", options=tags),
        Multi(name="cause", label=gettext_lazy("Main cause"), lookup="main_cause", options=causes),
        Multi(name="action", label=gettext_lazy("Next action"), options=actions),
        Range(name="chance", label=gettext_lazy("Silent in 30 days, %"), narrow=per_cent("chance"), of=float),
        Range(name="alive", label=gettext_lazy("Alive, %"), narrow=per_cent("p_alive"), of=float),
        Range(name="growth", label=gettext_lazy("Net growth"), of=float),
        Range(name="speakers", label=gettext_lazy("Speakers, 7 days"), lookup="speakers_7d"),
    )
    actions = (
        Action(name="tag", label=gettext_lazy("Add tag"), run=add_tag, form=lambda request: TagForm, roles=WORKERS),
        Action(name="untag", label=gettext_lazy("Remove tag"), run=remove_tag, form=lambda request: TagForm, roles=WORKERS),
        Action(name="describe", label=gettext_lazy("Describe"), run=describe, form=lambda request: DescribeForm, roles=WORKERS),
        Action(
            name="take_over",
            label=gettext_lazy("I operate these"),
            run=take_over,
            roles=(Role.LEAD, Role.OPERATOR, Role.ADMIN),
            confirm=gettext_lazy("Make yourself the operator of the ticked groups?"),
        ),
    )

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        """Which community stands beside each only where there are several."""
        return self.columns if looking.chosen(request) is None else self.columns[:-1]

    def rows(self, request: HttpRequest) -> QuerySet[GroupHealth]:
        self.audits = latest_audits(request)
        allowed = community_queries.groups(request.user)
        return (
            GroupHealth.objects.filter(audit__in=self.audits, group__in=allowed)
            .select_related("group__community", "group__operator", "audit")
            .defer(*UNREAD)
            .annotate(urgency=URGENCY, growth=GROWTH, chance=chances_from(self.audits))
        )

    def prepare(self, rows: list[GroupHealth]) -> list[GroupHealth]:
        if not rows:
            return rows
        weeks = weeks_of(self.request, rows)
        for row in rows:
            row.weeks = weeks[row.group_id]  # type: ignore[attr-defined]
        return rows

    @property
    def lead(self) -> str:  # type: ignore[override]
        audits = getattr(self, "audits", None) or latest_audits(self.request)
        if not audits:
            return ""
        return _("As of %(day)s, house accounts left out.") % {"day": max(audit.as_of for audit in audits).isoformat()}


def weeks_of(request: HttpRequest, rows: list[GroupHealth]) -> dict[int, list[int | None]]:
    """Messages a week for the last twelve, for each row's group; before a group's first message nothing is known."""
    upto = max(row.audit.as_of for row in rows)
    counted: dict[int, list[int]] = {row.group_id: [0] * WEEKS for row in rows}
    days = queries.days_of(request.user, [row.group for row in rows], upto=upto, days=WEEKS * 7)
    for group, day, messages in days.values_list("group_id", "day", "messages"):
        counted[group][WEEKS - 1 - (upto - day).days // 7] += messages
    births = {row.group_id: row.group.born_at for row in rows}
    return {group: _known_from(values, births[group], upto) for group, values in counted.items()}


def _known_from(values: list[int], born: Any, upto: Any) -> list[int | None]:
    if born is None:
        return list(values)
    started = upto - timedelta(days=WEEKS * 7)
    unborn = max(0, min(WEEKS, (born.date() - started).days // 7))
    return [None] * unborn + list(values[unborn:])
