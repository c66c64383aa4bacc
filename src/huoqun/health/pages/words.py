"""States, reasons and concerns in the words of whoever reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from huoqun.console.figures import count_words
from huoqun.health.attention import Concern
from huoqun.health.life import wording
from huoqun.health.models import State
from huoqun.health.registry import Metric, registry

STATES = ("thriving", "steady", "bubbling", "declining", "dormant", "dead", "planned_end")
"""Those that are judgements."""
UNHEARD = "unheard"
TONES = {
    "thriving": "good",
    "steady": "good",
    "bubbling": "calm",
    "declining": "amber",
    "dormant": "quiet",
    "dead": "red",
    "planned_end": "accent",
}


def language() -> str:
    return get_language() or "zh-hans"


def state_words(state: str) -> str:
    return wording.state_name(state, language=language()) if state else str(State.NO_TALK_SEEN.label)


def state_meaning(state: str) -> str:
    if not state:
        return _("Nobody who is not house was seen to speak here. That may be silence or a gap in what was imported.")
    return wording.state_meaning(state, language=language())


def reason_sentences(reasons: Iterable[tuple[str, dict[str, object]]]) -> list[str]:
    return [wording.sentence(code, _dated(params), language=language()) for code, params in reasons]


def concern_words(concern: Concern) -> str:
    return _CONCERNS[concern.code](concern.figures)


def _dated(params: dict[str, object]) -> dict[str, object]:
    """Days stand in the snapshot as text; on the page as days."""
    return {name: _as_day(value) if name == "on" else value for name, value in params.items()}


def _as_day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


def estimate_words(number: float | None) -> str:
    """Whole numbers; what is more than nothing is never written as 0."""
    return "<1" if number and number < 0.5 else count_words(round(number) if number is not None else None)


_CONCERNS: dict[str, Callable[[dict[str, int]], str]] = {
    "declining": lambda f: ngettext("falling for %(days)d day", "falling for %(days)d days", f["days"]) % f,
    "fell_silent": lambda f: ngettext("fell silent %(days)d day ago", "fell silent %(days)d days ago", f["days"]) % f,
    "unanswered": lambda f: (
        ngettext("%(questions)d question without an answer", "%(questions)d questions without an answer", f["questions"]) % f
    ),
    "newcomers_ignored": lambda f: (
        ngettext("%(people)d newcomer spoke and nobody answered", "%(people)d newcomers spoke and nobody answered", f["people"])
        % f
    ),
    "likely_silent": lambda f: _("likely to fall silent within 30 days"),
    "record_gap": lambda f: _("the record seems to break off"),
    "ends_soon": lambda f: ngettext("planned to end in %(days)d day", "planned to end in %(days)d days", f["days"]) % f,
}


_WAYS = {
    "invited": lambda: _("by invitation"),
    "link": lambda: _("by a link"),
    "code": lambda: _("by a QR code"),
    "request": lambda: _("asked and was let in"),
    "added": lambda: _("added by somebody"),
    "created": lambda: _("made the group"),
}


def way_words(way: str) -> str:
    """How somebody came in; what only the carrier knows stays in its words."""
    return _WAYS[way]() if way in _WAYS else way


def metric_of(column: str) -> Metric | None:
    """The metric a figure comes from."""
    metrics = registry().choose()
    return next((metric for metric in metrics if any(one.name == column for one in metric.columns)), None)


def definition(metric: Metric) -> str:
    return metric.definition_zh if language().startswith("zh") else metric.definition_en


def together(first: str, second: str) -> str:
    """Two sentences one after the other: with a space between them in English, without in Chinese."""
    return _("%(first)s %(second)s") % {"first": first, "second": second}
