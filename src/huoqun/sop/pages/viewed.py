"""Saved views a launch is for, in words: what they ask, and whether that can still be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.community.carrier_names import carrier_name
from huoqun.community.models import Community, Connects, Group, House, Lifecycle, Matter, Segment, Stage, Strategy, Tag
from huoqun.console.models import Staff
from huoqun.sop import words
from huoqun.sop.models import Launch
from huoqun.sop.standing import not_askable

Names = Callable[[Community, Sequence[str]], Sequence[str]]
Choices = type[Connects] | type[House] | type[Lifecycle] | type[Matter] | type[Stage] | type[Strategy]

LABELS: Mapping[str, Promise] = {
    "q": gettext_lazy("Name or id contains"),
    "state": gettext_lazy("State"),
    "operator": gettext_lazy("Operator"),
    "connects": gettext_lazy("connects"),
    "matter": gettext_lazy("one matter or several"),
    "lifecycle": gettext_lazy("lifecycle"),
    "strategy": gettext_lazy("strategy"),
    "stage": gettext_lazy("stage"),
    "carrier": gettext_lazy("Carrier"),
    "tag": gettext_lazy("Tag"),
    "group": gettext_lazy("Groups"),
    "house": gettext_lazy("House accounts"),
    "messages_from": gettext_lazy("Messages in 90 days, at least"),
    "messages_to": gettext_lazy("Messages in 90 days, at most"),
}


@dataclass(frozen=True, slots=True)
class Viewed:
    label: str
    name: str
    asks: list[str]
    """What it narrows by, in words."""
    strange: str
    """What of it cannot be answered any more: nothing begins."""


def views_of(launch: Launch) -> list[Viewed]:
    labels = {"groups": _("Saved view of groups"), "people": _("Saved view of people")}
    return [_viewed(launch.community, about, labels[about], launch.views[about]) for about in labels if about in launch.views]


def _viewed(home: Community, about: str, label: str, view: Mapping[str, Mapping[str, Sequence[str]]]) -> Viewed:
    filters = view["filters"]
    return Viewed(label, str(view["name"]), asks(home, filters), ", ".join(not_askable(about, filters)))


def asks(home: Community, filters: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{LABELS.get(name, name)}: {_(', ').join(_named(home, name, values))}" for name, values in filters.items()]


def trouble_words(about: str, names: Sequence[str]) -> str:
    """What to do about a view that asks what only its own list can answer."""
    if about == Segment.About.PEOPLE:
        said = _("Only the list of people itself can narrow by %(names)s: take that out of the view, or tag the people.")
    else:
        said = _("Only the list of groups itself can narrow by %(names)s: take that out of the view, or tag the groups.")
    return said % {"names": ", ".join(names)}


def _named(home: Community, name: str, values: Sequence[str]) -> Sequence[str]:
    return NAMES[name](home, values) if name in NAMES else values


def _by_choice(choices: Choices) -> Names:
    names = {str(value): label for value, label in choices.choices}
    return lambda home, values: [str(names.get(value, value)) for value in values]


def _numbers(values: Sequence[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit()]


def _tags(home: Community, values: Sequence[str]) -> Sequence[str]:
    return list(Tag.objects.filter(community=home, pk__in=_numbers(values)).values_list("name", flat=True)) or values


def _groups(home: Community, values: Sequence[str]) -> Sequence[str]:
    return [str(group) for group in Group.objects.filter(community=home, pk__in=_numbers(values))[:20]] or values


def _operators(home: Community, values: Sequence[str]) -> Sequence[str]:
    found = Staff.objects.filter(operated_groups__community=home, pk__in=_numbers(values))
    return [str(staff) for staff in found.distinct()] or values


NAMES: Mapping[str, Names] = {
    "state": lambda home, values: [str(words.GROUP_STATES.get(value, value)) for value in values],
    "carrier": lambda home, values: [str(carrier_name(value)) for value in values],
    "connects": _by_choice(Connects),
    "matter": _by_choice(Matter),
    "lifecycle": _by_choice(Lifecycle),
    "strategy": _by_choice(Strategy),
    "stage": _by_choice(Stage),
    "house": _by_choice(House),
    "tag": _tags,
    "group": _groups,
    "operator": _operators,
}
