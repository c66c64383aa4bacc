"""How much of the group's talk is the house's own, and what members do when the house is silent (A08, A24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.charts import Series, Table
from huoqun.console.figures import count_words, percent_words
from huoqun.console.navigation import Words
from huoqun.health.models import GroupHealth
from huoqun.health.pages.group.life import ByDay, values, window
from huoqun.health.pages.words import together

DAYS_SHOWN = 90
DAYS_NEEDED = 5
"""Fewer days with or without house talk are too few to compare."""


@dataclass(frozen=True)
class Strip:
    """A chart of `console.charts`, drawn by static/console/strip.js: the first series upwards, the second downwards."""

    title: Words
    labels: Sequence[str]
    series: tuple[Series, Series]

    def plain(self) -> dict[str, Any]:
        told = [{"name": str(one.name), "values": list(one.values), "tone": one.tone} for one in self.series]
        return {"kind": "strip", "labels": list(self.labels), "series": told}

    def table(self) -> Table:
        columns = [[count_words(value) for value in one.values] for one in self.series]
        rows = tuple((label, *(column[place] for column in columns)) for place, label in enumerate(self.labels))
        return Table((_("Day"), *(str(one.name) for one in self.series)), rows)


@dataclass(frozen=True, slots=True)
class Dependence:
    sentence: str
    strip: Strip
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Apart:
    """Days the house spoke and days it did not, with what members wrote on them."""

    days_with: int
    days_without: int
    written_with: int
    written_without: int


def block(health: GroupHealth, by_day: ByDay, as_of: date) -> Dependence | None:
    """None where the house was never seen to speak: there is nothing to depend on."""
    days = window(by_day, as_of, DAYS_SHOWN) if by_day else []
    members, house = values(by_day, days, "messages"), values(by_day, days, "house_messages")
    if not any(house) and not health.figures.get("house_share_90d"):
        return None
    strip = Strip(
        _("Members above, house below, message by message a day"),
        [day.isoformat() for day in days],
        (Series(_("Members"), members, tone="accent"), Series(_("House accounts"), house, tone="amber")),
    )
    return Dependence(_sentence(members, house), strip, _facts(health.figures))


def apart(members: Sequence[int], house: Sequence[int]) -> Apart:
    days = list(zip(members, house, strict=True))
    loud, quiet = [m for m, h in days if h], [m for m, h in days if not h]
    return Apart(len(loud), len(quiet), sum(loud), sum(quiet))


def _sentence(members: Sequence[int], house: Sequence[int]) -> str:
    whole = sum(members) + sum(house)
    words = _("%(share)s of the messages shown here are the house's own.")
    said = words % {"share": percent_words(sum(house) / whole)} if whole else _("Nobody spoke in these days.")
    seen = apart(members, house)
    if min(seen.days_with, seen.days_without) < DAYS_NEEDED:
        return together(said, _("There are too few days with or without house talk to compare them."))
    told = {
        "without": count_words(round(seen.written_without / seen.days_without, 1)),
        "with": count_words(round(seen.written_with / seen.days_with, 1)),
        "quiet": count_words(seen.days_without),
        "loud": count_words(seen.days_with),
    }
    words = _(
        "On the %(quiet)s days the house was silent members wrote %(without)s messages a day, "
        "on the other %(loud)s days %(with)s."
    )
    return together(said, words % told)


def _facts(figures: Mapping[str, Any]) -> list[str]:
    told = (_starts(figures), _kept(figures), _after(figures), _own_life(figures), _spent(figures), _silence(figures))
    return [words for words in told if words]


def _starts(figures: Mapping[str, Any]) -> str:
    share, starts = figures.get("house_starts_share"), figures.get("conversation_starts")
    if share is None or not starts:
        return ""
    words = _("Of %(starts)s conversations (first words after an hour of silence) the house began %(share)s.")
    return words % {"starts": count_words(starts), "share": percent_words(share)}


def _kept(figures: Mapping[str, Any]) -> str:
    kept = figures.get("talk_kept_without_house")
    if kept is None:
        return ""
    return _("On days without the house %(kept)s of the members' usual talk is kept.") % {"kept": percent_words(kept)}


def _after(figures: Mapping[str, Any]) -> str:
    share = figures.get("after_house_share")
    if share is None:
        return ""
    words = _("%(share)s of what members say comes within two hours after the house said something.")
    return words % {"share": percent_words(share)}


def _own_life(figures: Mapping[str, Any]) -> str:
    ratio = figures.get("self_excitation")
    if ratio is None:
        return ""
    words = _("A member's message draws %(ratio)s further messages from members by itself; at 1.0 talk would carry itself.")
    return words % {"ratio": f"{ratio:.2f}"}


def _spent(figures: Mapping[str, Any]) -> str:
    ratio = figures.get("house_per_member_message")
    if ratio is None:
        return ""
    return _("The house spends %(ratio)s messages for each message of a member.") % {"ratio": f"{ratio:.2f}"}


def _silence(figures: Mapping[str, Any]) -> str:
    days = figures.get("house_silent_days")
    if not days:
        return ""
    words = ngettext("The house has said nothing for %(n)s day.", "The house has said nothing for %(n)s days.", days)
    return words % {"n": count_words(days)}
