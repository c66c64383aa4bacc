"""The columns of the list of groups."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from huoqun.console.figures import NOTHING
from huoqun.console.lists import Column
from huoqun.console.templatetags.console import spark, state
from huoqun.health.models import GroupHealth
from huoqun.health.pages.next_words import action_words, why_words
from huoqun.health.pages.words import reason_sentences, state_words


def alive_words(row: GroupHealth) -> str:
    """The probability with its interval, as whole per cents."""
    if row.p_alive is None:
        return NOTHING
    if row.p_low is None or row.p_high is None:
        return chance_words(row.p_alive)
    if row.p_low > 0.99:
        return chance_words(row.p_alive)
    return f"{chance_words(row.p_alive)} ({chance_words(row.p_low)}–{chance_words(row.p_high)})"


def alive_cell(row: GroupHealth) -> SafeString | str:
    """Only the probability, so that a column of them can be compared; the interval on hover and in exports."""
    words = alive_words(row)
    short = words.partition(" ")[0]
    return format_html('<span title="{}">{}</span>', words, short) if short != words else words


def chance_words(chance: float) -> str:
    """Whole per cents; nothing is certain, so never 0% and never 100%."""
    if chance > 0.99:
        return ">99%"
    return "<1%" if chance < 0.01 else f"{chance:.0%}"


def chance_interval(chance: float | None, low: float | None, high: float | None) -> str:
    if chance is None:
        return NOTHING
    if low is None or high is None:
        return chance_words(chance)
    return f"{chance_words(chance)} ({chance_words(low)}–{chance_words(high)})"


def _silent_words(row: GroupHealth) -> str:
    return chance_interval(row.chance, row.p_silent_low, row.p_silent_high)  # type: ignore[attr-defined]


def _silent_cell(row: GroupHealth) -> SafeString | str:
    words = _silent_words(row)
    short = words.partition(" ")[0]
    return format_html('<span title="{}">{}</span>', words, short) if short != words else words


def _cause_cell(row: GroupHealth) -> SafeString | str:
    words = why_words(row)
    return format_html('<span class="text-nowrap">{}</span>', words) if words else NOTHING


def _action_cell(row: GroupHealth) -> SafeString | str:
    """Leads to the reasons for it. Who is to be left alone needs no pointer."""
    if not row.action:
        return NOTHING
    if row.action == "leave_alone":
        return format_html('<span class="soft">{}</span>', action_words(row.action))
    address = reverse("health:group", args=[row.group_id])
    return format_html('<a class="text-nowrap" href="{}#why">{}</a>', address, action_words(row.action))


def _growth_words(row: GroupHealth) -> str:
    growth: float | None = row.growth  # type: ignore[attr-defined]
    return NOTHING if growth is None else f"{growth:+.1f}".replace("-", "−").removesuffix(".0")


def _why(row: GroupHealth) -> str:
    """The reason after the count of days, which has a column of its own, where there is one."""
    return " ".join(reason_sentences(row.reasons[1:2] or row.reasons[:1]))


def _reason(row: GroupHealth) -> SafeString:
    return format_html('<span class="roomy">{}</span>', _why(row))


def _mark(row: GroupHealth) -> SafeString:
    return state(row.state, state_words(row.state))


def _figure(name: str, label: object, explain: object, **more: Any) -> Column:
    return Column(name=name, label=label, explain=explain, sort=name, number=True, **more)  # type: ignore[arg-type]


COLUMNS = (
    Column(
        name="name",
        label=_("Group"),
        value=lambda row: str(row.group),
        sort="group__name",
        link=lambda row: reverse("health:group", args=[row.group_id]),
    ),
    Column(name="state", label=_("State"), sort="urgency", value=lambda row: state_words(row.state), cell=_mark),
    Column(name="since", label=_("Since"), sort="since", wide_only=True),
    Column(name="cause", label=_("Main cause"), sort="main_cause", value=why_words, cell=_cause_cell, wide_only=True),
    Column(
        name="action",
        label=_("Next action"),
        sort="action",
        value=lambda row: action_words(row.action),
        cell=_action_cell,
    ),
    _figure(
        "chance",
        _("Silent in 30 days"),
        _("How likely the group is to fall silent within 30 days; only where it was tried on the community's own past."),
        cell=_silent_cell,
        export=_silent_words,
        wide_only=True,
    ),
    Column(name="weeks", label=_("12 weeks"), cell=lambda row: spark(row.weeks), export=False, wide_only=True),
    _figure("speakers_7d", _("Speakers, 7 days"), _("Members who spoke in the last 7 days, house left out."), wide_only=True),
    _figure(
        "messages_7d",
        _("Messages, 7 days"),
        _("Messages by members in the last 7 days, house left out."),
        wide_only=True,
    ),
    _figure("days_active_7d", _("Days of 7"), _("Days of the last 7 with talk by members."), wide_only=True),
    _figure(
        "p_alive",
        _("Alive"),
        _("How likely people will speak here again, from the group's own calendar of active days, with its 90% interval."),
        cell=alive_cell,
        export=alive_words,
        wide_only=True,
    ),
    _figure(
        "growth",
        _("Net growth"),
        _("Joins less leaves in 30 days, per 100 members."),
        cell=_growth_words,
        wide_only=True,
    ),
    _figure("members", _("Members"), _("People seen to join or speak, and not seen to leave."), wide_only=True),
    _figure("unanswered", _("Unanswered"), _("Questions of the last 30 days that nobody answered."), wide_only=True),
    Column(
        name="operator",
        label=_("Operator"),
        value=lambda row: str(row.group.operator or ""),
        sort="group__operator__username",
        wide_only=True,
    ),
    Column(name="why", label=_("Why"), value=_why, cell=_reason, wide_only=True),
    Column(name="community", label=_("Community"), value=lambda row: row.group.community.name, wide_only=True),
)
