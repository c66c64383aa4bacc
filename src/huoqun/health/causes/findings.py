"""What a diagnosis consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Figures = Mapping[str, Any]
CODES = (
    "no_purpose",
    "burst_then_silence",
    "operator_dependent",
    "same_old_faces",
    "ad_fatigue",
    "newcomers_ignored",
    "questions_unanswered",
    "key_people_left",
    "bots_and_fakes",
    "too_large",
    "too_small",
    "season_closed",
    "record_gap",
)
ACTIONS = (
    "revive",
    "welcome_and_answer",
    "thin_out_ads",
    "share_the_load",
    "split",
    "merge",
    "farewell",
    "leave_alone",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What looking for one cause came to: how strongly it shows (0 to 1), and the figures that say so."""

    strength: float
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cause:
    """`sources` are the kinds of messages that would show it to a reader; see `evidence`."""

    code: str
    strength: float
    figures: Figures
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The one thing to do next. `effort` is hours a week, `watch` the figures to look at again after `watch_days`."""

    code: str
    first_step: str
    figures: Figures = field(default_factory=dict)
    effort: float = 0.0
    watch: tuple[str, ...] = ()
    watch_days: int = 0
    with_group: int | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Up to three causes, the strongest first. `enough` is False where a group is not well and nothing can be said of why;
    `unseen` are the causes that could not be looked for, because the figures they rest on are not known."""

    causes: tuple[Cause, ...]
    action: Action
    enough: bool = True
    unseen: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values, as they are stored beside a group's snapshot."""
        action = self.action
        return {
            "causes": [
                {"code": cause.code, "strength": round(cause.strength, 3), "figures": dict(cause.figures)}
                for cause in self.causes
            ],
            "enough": self.enough,
            "unseen": list(self.unseen),
            "action": action.code,
            "advice": {
                "figures": dict(action.figures),
                "effort": action.effort,
                "first_step": action.first_step,
                "watch": list(action.watch),
                "watch_days": action.watch_days,
                "with_group": action.with_group,
            },
        }
