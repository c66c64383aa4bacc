"""A fair test in words: measures, effects in their own unit, what can be claimed and what not."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from huoqun.community.models import Connects, Lifecycle
from huoqun.console.figures import NOTHING, count_words
from huoqun.health.models import State
from huoqun.sop.errors import NoDraw

MOST_DAYS = 6
DOUBTFUL = 0.05
"""A placebo check this small is said to be a warning."""


@dataclass(frozen=True, slots=True)
class Measure:
    name: str | Promise
    unit: str | Promise
    """Behind a level: "4.2 days a week"."""
    apart: str | Promise
    """Around a difference, in a sentence of its own."""


MEASURES: dict[str, Measure] = {
    "messages": Measure(
        gettext_lazy("messages of members in a week"),
        gettext_lazy("%(number)s messages a week in a typical group"),
        gettext_lazy("%(number)s messages a week"),
    ),
    "speakers": Measure(
        gettext_lazy("different members who speak in a week"),
        gettext_lazy("%(number)s people a week in a group"),
        gettext_lazy("%(number)s people a week"),
    ),
    "days": Measure(
        gettext_lazy("days of a week on which a member speaks"),
        gettext_lazy("%(number)s of 7 days in a group"),
        gettext_lazy("%(number)s days a week"),
    ),
    "joins": Measure(
        gettext_lazy("people who come in in a week"),
        gettext_lazy("%(number)s people a week in a group"),
        gettext_lazy("%(number)s people a week"),
    ),
    "leaves": Measure(
        gettext_lazy("people who leave in a week"),
        gettext_lazy("%(number)s people a week in a group"),
        gettext_lazy("%(number)s people a week"),
    ),
    "alive": Measure(
        gettext_lazy("whether a member says anything in a week"),
        gettext_lazy("%(number)s of the groups in a week"),
        gettext_lazy("%(number)s points of a hundred groups"),
    ),
}

FEWER_IS_BETTER = frozenset({"leaves"})

KINDS: dict[str, str | Promise] = {
    "state": gettext_lazy("State"),
    "connects": gettext_lazy("What connects the group"),
    "lifecycle": gettext_lazy("Lifecycle"),
}

NO_DRAW: dict[NoDraw, Promise] = {
    NoDraw.NO_MEASURE: gettext_lazy(
        "This playbook does not say what it is meant to change. Without a measure chosen beforehand there is nothing to test: "
        "whoever chooses it afterwards finds one that suits."
    ),
    NoDraw.BEGUN: gettext_lazy(
        "Runs have begun already. Who has them was chosen and not drawn, so no test can be fair any more. Put the playbook to "
        "work anew, with a test from the start."
    ),
    NoDraw.DRAWN: gettext_lazy("The lots are dealt already. They are dealt once."),
    NoDraw.ENDED: gettext_lazy("It has been ended."),
    NoDraw.TOO_FEW: gettext_lazy(
        "There are too few groups. A test needs at least eight that can be drawn apart from each other, and one for each wave; "
        "groups that share many members count as one."
    ),
    NoDraw.TOO_SOON: gettext_lazy("The first wave has to start tomorrow or later, so that the draw comes before it."),
    NoDraw.ONE_MOMENT: gettext_lazy(
        "This playbook is about one moment: groups of a later wave would miss it. Take one wave, and hold some groups back."
    ),
    NoDraw.MISSES_IT: gettext_lazy("Its first steps are due before the first wave would start. Let the wave start earlier."),
}


def no_claim(reason: str) -> str:
    """Why no effect is claimed."""
    return {
        "not_drawn": _(
            "Whether it helped cannot be said: who started was chosen, not drawn by lot. A playbook is often given to groups "
            "that are doing badly, and those that are worst get better by themselves on average, with it or without it."
        ),
        "nobody_left": _(
            "Whether it helped cannot be said: there was no week in which some groups had started and others not."
        ),
        "too_few": _("Whether it helped cannot be said: fewer than eight units were known in all weeks."),
        "too_short": _("Whether it helped cannot be said: no week before the first wave, or none after it, is known."),
    }.get(reason, reason)


def unaudited(days: Sequence[date]) -> Iterator[str]:
    """Weeks that are not known because nobody audited their last day. Nothing stands in for them."""
    if not days:
        return
    told = ngettext(
        "%(n)s week is not known and is not guessed: its last day was not audited (%(days)s).",
        "%(n)s weeks are not known and are not guessed: their last days were not audited (%(days)s).",
        len(days),
    )
    named = pgettext("between names", ", ").join(day.isoformat() for day in days[:MOST_DAYS])
    yield told % {"n": len(days), "days": named + (" …" if len(days) > MOST_DAYS else "")}


def kind_words(kind: str, value: str) -> str:
    choices: Mapping[Any, Any] = {
        "state": dict(State.choices), "connects": dict(Connects.choices), "lifecycle": dict(Lifecycle.choices)
    }.get(kind, {})  # fmt: skip
    return str(choices.get(value, value)) or NOTHING


def level_words(measure: str, level: float | None) -> str:
    """ "4.2 of 7 days in a group"."""
    if level is None:
        return NOTHING
    return MEASURES[measure].unit % {"number": shown_level(measure, level)}


def shown_level(measure: str, level: float) -> str:
    number = plain_level(measure, level)
    return f"{number:.0f}%" if measure == "alive" else count_words(round(number, 1))


def plain_level(measure: str, level: float) -> float:
    """As a person counts: messages and not their logarithm, per cent and not shares."""
    if measure == "messages":
        return math.expm1(level)
    return 100 * level if measure == "alive" else level


def difference(measure: str, effect: float | None) -> str:
    """ "+12%", "−0.4", in the measure's own unit; an end that is open is called so."""
    if effect is None:
        return pgettext("end of an interval", "open")
    if measure == "messages":
        return _signed(100 * math.expm1(effect), 0 if abs(effect) >= 0.1 else 1) + "%"
    return _signed(100 * effect, 1) if measure == "alive" else _signed(effect, 2 if abs(effect) < 1 else 1)


def _signed(number: float, digits: int) -> str:
    words = f"{number:+,.{digits}f}"
    return (words[1:] if float(words.replace(",", "")) == 0 else words).replace("-", "−")


def difference_words(measure: str, effect: float | None) -> str:
    return MEASURES[measure].apart % {"number": difference(measure, effect)}


def between(measure: str, low: float | None, high: float | None) -> str:
    return _("%(low)s to %(high)s") % {"low": difference(measure, low), "high": difference(measure, high)}


def smallest_words(measure: str, effect: float, level: float | None) -> str:
    """What can be seen, and what it is beside what there is now."""
    size = {"size": difference(measure, abs(effect)).removeprefix("+")}
    seen = MEASURES[measure].apart % {"number": size["size"]}
    words = _(
        "The smallest effect this test would see is about %(seen)s, in four tests of five. A smaller one would mostly be taken "
        "for chance."
    ) % {"seen": seen}
    if level is None or measure == "messages":
        return words
    return _("%(words)s Now it is %(level)s.") % {"words": words, "level": level_words(measure, level)}


def verdict(measure: str, effect: Mapping[str, Any]) -> str:
    """The one sentence of a result."""
    if "no" in effect:
        return no_claim(str(effect["no"]))
    found = {
        "difference": difference_words(measure, effect["estimate"]),
        "between": between(measure, effect["low"], effect["high"]),
    }
    if effect["verdict"] == "cannot_tell":
        return (
            _(
                "It cannot be told whether it changes anything: the difference is %(difference)s, anything from %(between)s "
                "fits what was seen."
            )
            % found
        )
    up = effect["verdict"] == "helps"
    if up != (measure in FEWER_IS_BETTER):
        return _("It helps: %(difference)s on average; with what chance does, it is %(between)s.") % found
    return _("It does harm: %(difference)s on average; with what chance does, it is %(between)s.") % found


def short_verdict(measure: str, effect: Mapping[str, Any]) -> str:
    if "no" in effect:
        return {
            "too_few": _("too few to say"),
            "nobody_left": _("nobody to compare with"),
            "too_short": _("too short to say"),
        }.get(str(effect["no"]), "")
    if effect["verdict"] == "cannot_tell":
        return _("cannot be told")
    return _("helps") if (effect["verdict"] == "helps") != (measure in FEWER_IS_BETTER) else _("does harm")


def chance(effect: Mapping[str, Any]) -> str:
    """What the p-value says, to somebody who never heard of one."""
    p = effect["p"]
    often = _("fewer than one in a thousand") if p < 0.001 else pgettext("of a hundred draws", "%(n)s of a hundred") % {
        "n": f"{100 * p:.1f}" if p < 0.1 else f"{100 * p:.0f}"
    }  # fmt: skip
    return _("If it changed nothing, %(often)s draws of the lots would show a difference as large.") % {"often": often}


def placebo(p: float | None) -> str:
    """The same comparison in the weeks before anybody had started."""
    if p is None:
        return _("Whether the lots were fair cannot be checked on the weeks before: fewer than four are known.")
    if p < DOUBTFUL:
        return _(
            "Careful: in the weeks before anybody had started, those who were to start early and late already differed more "
            "than lots usually make them. It may be bad luck, or the draw was not kept to."
        )
    return _("Checked on the weeks before anybody had started: those who were to start early and late did not differ.")


def day_words(day: date) -> str:
    return day.isoformat()
