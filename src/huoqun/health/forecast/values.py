"""What a forecast comes to: plain values, so that pages show them without what reckons them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FEWEST_FORECASTS, FEWEST_SILENCES = 30, 5
"""With fewer there is no track record."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`weight`: by how much it moves the log odds of silence; below 0 it speaks for life. `figures` fill the code's words."""

    code: str
    weight: float
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Forecast:
    """P(nobody who is not house speaks in the 30 days after the day), its 90 % interval, and what weighs most.

    `lead_days`: where p is 0.5 or more, how long before a silence of 30 days was complete p had usually got there in this
    community's past; None below 0.5, and where nobody knows.
    """

    p_silent_30d: float
    low: float
    high: float
    reasons: tuple[Reason, ...]
    lead_days: int | None = None


@dataclass(frozen=True, slots=True)
class Bin:
    """Of forecasts from `low` to below `high`: how many, the mean that was said, the share that fell silent."""

    low: float
    high: float
    forecasts: int
    said: float
    happened: float


@dataclass(frozen=True, slots=True)
class Track:
    """How the model has done here.

    `auc`: share of pairs put in the right order, with its 95 % interval over groups. `brier_base`: what always saying the
    past's own share would have scored. `calibration_error`: mean distance between said and happened in the bins. Of the `ended`
    silences, `warned` had p at 0.5 or more before the last words; `lead_days` is the median number of days from p getting there
    to the completed 30 days (None: half of them or more were never warned of).
    """

    groups: int
    forecasts: int
    silences: int
    windows: int
    first_day: int
    last_day: int
    auc: float
    auc_low: float
    auc_high: float
    calibration_error: float
    bins: tuple[Bin, ...]
    brier: float
    brier_base: float
    ended: int
    warned: int
    lead_days: int | None

    def as_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Track:
        return cls(**dict(plain) | {"bins": tuple(Bin(**each) for each in plain["bins"])})


@dataclass(frozen=True, slots=True)
class Outlook:
    """`track` is None where the past is too short to have one, and `why_none` (a code of `wording.WHY_NONE`) says why: show no
    forecast without saying either. Groups in which nobody has spoken by the day have no forecast."""

    forecasts: dict[int, Forecast]
    track: Track | None
    why_none: str
    model_name: str
