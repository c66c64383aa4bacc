"""How likely the group falls silent within a month, why, and how such forecasts have done in this company's own past.

A forecast is never shown without its track record, or without the plain sentence why there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.charts import Table
from huoqun.console.figures import count_words
from huoqun.console.navigation import Words
from huoqun.health.forecast import wording
from huoqun.health.forecast.values import Reason, Track
from huoqun.health.models import Audit, GroupHealth
from huoqun.health.pages.group_columns import chance_words
from huoqun.health.pages.words import language

LIKELY, POSSIBLE = 0.5, 0.2
USELESS = 0.6
"""Below this share of pairs in the right order a forecast is little better than a coin."""


@dataclass(frozen=True)
class Calibration:
    """What was said beside what happened: a chart of `console.charts`, whose table has the counts."""

    title: Words
    bins: Sequence[Mapping[str, Any]]

    def plain(self) -> dict[str, Any]:
        parts = (("said", _("was said"), "quiet"), ("happened", _("fell silent"), "accent"))
        series = [
            {"name": words, "values": [round(100 * one[name]) for one in self.bins], "tone": tone}
            for name, words, tone in parts
        ]
        return {"kind": "bars", "labels": [_span(one) for one in self.bins], "series": series, "lying": False}

    def table(self) -> Table:
        heads = (_("When we said"), _("Forecasts"), _("Fell silent"), _("Share that fell silent"))
        return Table(heads, tuple(self._row(one) for one in self.bins))

    @staticmethod
    def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
        silent = round(one["happened"] * one["forecasts"])
        return (_span(one), count_words(one["forecasts"]), count_words(silent), f"{one['happened']:.0%}")


@dataclass(frozen=True, slots=True)
class Forecast:
    sentence: str
    interval: str
    reasons: list[tuple[str, bool]]
    """Each with whether it speaks for silence."""
    lead: str
    record: list[str]
    calibration: Calibration | None
    model: str


def block(health: GroupHealth, audit: Audit) -> Forecast | None:
    """None for groups nothing is foreseen for: nobody has spoken in them yet, or the plan has ended them."""
    if health.p_silent is None:
        return None
    track = audit.outlook.get("track")
    return Forecast(
        sentence=_sentence(health),
        interval=_interval(health),
        reasons=_reasons(health),
        lead=_lead(health.outlook.get("lead_days")),
        record=_record(audit.outlook, health.p_silent),
        calibration=Calibration(_("What was said beside what happened, in per cent"), track["bins"]) if track else None,
        model=_model(health, audit.outlook),
    )


def _sentence(health: GroupHealth) -> str:
    chance = health.p_silent or 0.0
    told = {"p": chance_words(chance)}
    if health.messages_30d == 0:
        return _("The chance that the silence goes on for another 30 days is %(p)s.") % told
    if chance >= LIKELY:
        return _("It will probably fall silent: the chance that nobody speaks in the next 30 days is %(p)s.") % told
    if chance >= POSSIBLE:
        return _("It may fall silent: the chance that nobody speaks in the next 30 days is %(p)s.") % told
    return _("It will probably go on: the chance that nobody speaks in the next 30 days is %(p)s.") % told


def _interval(health: GroupHealth) -> str:
    if health.p_silent_low is None or health.p_silent_high is None:
        return ""
    told = {"low": chance_words(health.p_silent_low), "high": chance_words(health.p_silent_high)}
    return _("90%% interval: %(low)s to %(high)s.") % told


def _reasons(health: GroupHealth) -> list[tuple[str, bool]]:
    found = [Reason(code, weight, figures) for code, weight, figures in health.outlook.get("reasons", [])]
    told = [(wording.reason_told(one, language()), one.weight > 0) for one in found if one.code in wording.REASONS]
    return [(words[:1].upper() + words[1:], against) for words, against in told]


def _record(outlook: Mapping[str, Any], chance: float) -> list[str]:
    """How forecasts like this one turned out and how good all of them are; or why nobody can say."""
    track, why_none = outlook.get("track"), outlook.get("why_none", "")
    if not track:
        unknown = _("How good such forecasts are here has not been checked yet.")
        return [wording.record_told(None, why_none, language()) if why_none in wording.WHY_NONE else unknown]
    told = [_alike(track["bins"], chance), wording.record_told(Track.from_plain(track), "", language())]
    return told + ([_("That is little to build on: take it as a hint.")] if track["auc_low"] < USELESS else [])


def _model(health: GroupHealth, outlook: Mapping[str, Any]) -> str:
    name = health.outlook.get("model") or outlook.get("model") or ""
    return wording.MODELS[name].say(language()) if name in wording.MODELS else name


def _lead(days: int | None) -> str:
    if not days:
        return ""
    words = ngettext(
        "In the past such a warning came %(n)s day before a month of silence was complete (median).",
        "In the past such a warning came %(n)s days before a month of silence was complete (median).",
        days,
    )
    return words % {"n": count_words(days)}


def _alike(bins: Sequence[Mapping[str, Any]], chance: float) -> str:
    one = next((one for one in bins if one["low"] <= chance < one["high"] or chance == one["high"] == 1), None)
    if one is None:
        return _("Nothing like this was ever said here before.")
    words = ngettext(
        "When we said %(span)s here before, %(silent)s of %(n)s group fell silent.",
        "When we said %(span)s here before, %(silent)s of %(n)s groups fell silent.",
        one["forecasts"],
    )
    silent = round(one["happened"] * one["forecasts"])
    return words % {"span": _span(one), "silent": count_words(silent), "n": count_words(one["forecasts"])}


def _span(one: Mapping[str, Any]) -> str:
    return f"{one['low'] * 100:.0f}–{one['high'] * 100:.0f}%"
